//! The ledger under lost answers, refusals and dead processes.

use reqwest::Method;
use serde_json::{Value, json};
use store::sql;

use crate::hub::{Bound, Hub};

const SEND: &str = "/cgi-bin/message/custom/send";

async fn two_texts(hub: &Hub, account: &Bound) {
    let body = json!({ "trigger": { "kind": "keyword", "words": ["go"] }, "answers": [{ "type": "text", "text": "one" }, { "type": "text", "text": "two" }] });
    hub.post(&format!("/accounts/{}/replies", account.id), body).await.expect(201);
}

/// The customer-service message on the timeline, once it is settled.
async fn custom(hub: &Hub, fan: &str) -> Value {
    hub.until("the second message is settled", async || {
        let story = hub.story(fan).await;
        story
            .into_iter()
            .find(|event| event["kind"] == "message_out" && event["properties"]["via"] == "custom")
            .map(|event| event["properties"].clone())
    })
    .await
}

async fn executions(hub: &Hub) -> (i64, i64) {
    let journal = hub.wechat(Method::GET, "/journal?limit=1000", Value::Null).await.expect(200);
    let calls: Vec<&Value> = journal["items"].as_array().unwrap().iter().filter(|call| call["path"] == SEND).collect();
    (calls.len() as i64, calls.iter().filter(|call| call["executed"] == true).count() as i64)
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_lost_answer_is_unknown_and_is_never_sent_again() {
    for hub in Hub::on_each_database().await {
        for (what, executed) in [("drop_after", 1), ("truncate", 1), ("html", 0), ("drop_before", 0)] {
            hub.wechat(Method::DELETE, "/journal", Value::Null).await;
            let account = hub.bind_direct().await;
            let fan = hub.fans(&account, 1).await.remove(0);
            two_texts(&hub, &account).await;
            hub.fault(SEND, json!({ "kind": what }), 1).await;
            assert_eq!(hub.says(&account, &fan, "go").await.as_deref(), Some("one"));
            let settled = custom(&hub, &fan).await;
            assert_eq!(settled["state"], "unknown", "{what}: {settled}");
            assert_eq!(settled["reason"], "answer_lost");
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            assert_eq!(executions(&hub).await, (1, executed), "{what}");
            hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p1_a_refusal_is_told_with_wechats_reason_and_sent_once() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        two_texts(&hub, &account).await;
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45047 }), 1).await;
        hub.says(&account, &fan, "go").await;
        let settled = custom(&hub, &fan).await;
        assert_eq!(
            (settled["state"].as_str(), settled["reason"].as_str(), settled["errcode"].as_i64()),
            (Some("refused"), Some("allowance_used"), Some(45047))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p16_a_token_taken_by_a_stranger_is_replaced_and_the_message_sent_once() {
    for hub in Hub::on_each_database().await {
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        two_texts(&hub, &account).await;
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 40001 }), 1).await;
        hub.says(&account, &fan, "go").await;
        let settled = custom(&hub, &fan).await;
        assert_eq!(settled["state"], "sent", "{settled}");
        assert_eq!(executions(&hub).await.1, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p5_a_send_that_a_dead_process_began_is_unknown_and_is_not_repeated() {
    for mut hub in Hub::on_each_database().await {
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        two_texts(&hub, &account).await;
        hub.fault(SEND, json!({ "kind": "latency", "ms": 20_000 }), 1).await;
        assert_eq!(hub.says(&account, &fan, "go").await.as_deref(), Some("one"));
        // Long enough for the intent to be on disk and the call on its way.
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        let next = hub.second_node().await;
        hub.url = format!("http://{}", next.addr());
        std::mem::replace(&mut hub.running, next).kill();
        // The sign of life of the dead one runs out.
        hub.advance(std::time::Duration::from_secs(60)).await;
        let settled = custom(&hub, &fan).await;
        assert_eq!(
            (settled["state"].as_str(), settled["reason"].as_str()),
            (Some("unknown"), Some("process_died")),
            "{settled}"
        );
        assert!(executions(&hub).await.0 <= 1);
    }
}

/// Changes the database behind the hub's back.
async fn change(hub: &Hub, text: &'static str) {
    let tx = hub.running.ctx().store().write().await.unwrap();
    tx.execute(sql(text)).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn p1_an_outcome_that_could_not_be_written_at_once_is_written_later_and_is_the_true_one() {
    for hub in Hub::on_each_database().await {
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        two_texts(&hub, &account).await;
        hub.fault(SEND, json!({ "kind": "latency", "ms": 1000 }), 1).await;
        hub.says(&account, &fan, "go").await;
        hub.until("the call is under way", async || {
            let faults = hub.wechat(Method::GET, "/faults", Value::Null).await.expect(200);
            (faults["items"][0]["hits"] == 1).then_some(())
        })
        .await;
        change(&hub, "alter table sends rename column settled_at to settled_elsewhere").await;
        hub.until("WeChat has said it", async || (executions(&hub).await.1 == 1).then_some(())).await;
        // Long enough for the first tries to fail.
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        change(&hub, "alter table sends rename column settled_elsewhere to settled_at").await;
        let settled = custom(&hub, &fan).await;
        assert_eq!(settled["state"], "sent", "{settled}");
        assert_eq!(executions(&hub).await, (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_send_that_a_living_process_has_lost_hold_of_becomes_unknown() {
    for hub in Hub::on_each_database().await {
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        two_texts(&hub, &account).await;
        hub.says(&account, &fan, "go").await;
        assert_eq!(custom(&hub, &fan).await["state"], "sent");
        // As if the commit of the claim had been cut off: the row says that this process is sending it, and it is not.
        change(&hub, "update sends set state = 'sending', settled_at = null, holder = (select max(holder) from leases where name like 'node:%')").await;
        let unknown = hub
            .until("the send is settled", async || {
                let story = hub.story(&fan).await;
                story.into_iter().map(|event| event["properties"].clone()).find(|event| event["state"] == "unknown")
            })
            .await;
        assert_eq!(unknown["reason"], "answer_lost");
        assert_eq!(executions(&hub).await, (1, 1), "it is not repeated");
    }
}
