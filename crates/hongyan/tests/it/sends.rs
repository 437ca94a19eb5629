//! The ledger under lost answers, refusals and dead processes.

use reqwest::Method;
use serde_json::{Value, json};

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
