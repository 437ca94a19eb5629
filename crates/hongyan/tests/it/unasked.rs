//! What is said unasked, and what keeps it back: opt-outs, quiet hours, the frequency cap, WeChat's blacklist. All of them
//! are looked at when the intent is written.

use std::time::Duration;

use entities::{campaigns::OnQuota, messages::sends::SendState};
use reqwest::Method;
use serde_json::{Value, json};
use store::sql;

use crate::{
    hub::{Bound, Hub},
    ledger::{account, becomes, campaign, counts, made, message, settled, start},
};

const SEND: &str = "/cgi-bin/message/template/send";
const HOUR: Duration = Duration::from_secs(3600);

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

async fn customers(hub: &Hub, account: &Bound) -> Vec<String> {
    let mut all = Vec::new();
    for openid in hub.openids(account).await {
        all.push(id(&hub.customer(&openid).await));
    }
    all
}

/// Puts a template message in line.
async fn say(hub: &Hub, account: &Bound, template: &str, customer: &str, purpose: &str) -> Value {
    let mut message = message(template);
    message["data"]["thing2"] = "手工陶瓷杯".into();
    let body = json!({ "account_id": account.id, "customer_id": customer, "message": message, "purpose": purpose });
    hub.post("/template-messages", body).await.expect(201)
}

async fn refused(hub: &Hub, account: &Bound, template: &str, customer: &str, purpose: &str) -> String {
    let mut message = message(template);
    message["data"]["thing2"] = "手工陶瓷杯".into();
    let body = json!({ "account_id": account.id, "customer_id": customer, "message": message, "purpose": purpose });
    let refused = hub.post("/template-messages", body).await.refused(409, "not_reachable");
    assert!(["zh-CN", "en-US"].iter().all(|language| refused["params"]["words"][language].is_string()), "{refused}");
    refused["params"]["reason"].as_str().expect("a reason").to_owned()
}

/// Nothing of the tenant goes out.
async fn pause(hub: &Hub) {
    let tx = hub.running.ctx().store().write().await.unwrap();
    let pause = sql(
        "insert into send_pauses (tenant_id, reason, evidence, paused_at) select id, 'restored', 'a test', 0 from tenants where id in (select tenant_id from accounts)",
    );
    tx.execute(pause).await.unwrap();
    tx.commit().await.unwrap();
}

async fn resume(hub: &Hub) {
    hub.post("/sending/resume", json!({})).await.expect(200);
}

fn fate(send: &Value) -> (&str, &str) {
    (send["state"].as_str().unwrap_or_default(), send["reason"].as_str().unwrap_or_default())
}

/// One of the ways to reach a customer.
async fn way(hub: &Hub, customer: &str, n: usize) -> Value {
    hub.get(&format!("/customers/{customer}/reach")).await.expect(200)["accounts"][0]["ways"][n].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_between_queueing_and_sending_means_that_nothing_is_sent() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 6).await;
        let people = customers(&hub, &account).await;
        pause(&hub).await;
        assert_eq!(way(&hub, &people[0], 1).await["waits"]["code"], "paused");
        let alone = say(&hub, &account, &template, &people[0], "marketing").await;
        let service = say(&hub, &account, &template, &people[1], "service").await;
        let which = campaign(&hub, &account, &template, OnQuota::Wait).await;
        start(&hub, which).await;
        hub.until("all are in line", async || (counts(&hub, which, [SendState::Queued]).await == [6]).then_some(()))
            .await;
        for customer in &people[..3] {
            let path = format!("/customers/{customer}/opt_outs");
            let body = json!({ "way": "template", "note": "退订" });
            let known = hub.post(&path, body).await.expect(201);
            assert_eq!(known["items"][0]["note"], "退订");
            assert_eq!(hub.post(&path, json!({ "way": "template" })).await.expect(201)["items"], known["items"]);
        }
        resume(&hub).await;
        for send in [&alone, &service] {
            assert_eq!(fate(&settled(&hub, send).await), ("refused", "opted_out"));
        }
        becomes(&hub, which, "done").await;
        assert_eq!(counts(&hub, which, [SendState::Sent, SendState::Refused]).await, [3, 3]);
        assert_eq!(made(&hub), (3, 3), "no call for who opted out");
        let story = hub.story(&hub.openids(&account).await[0]).await;
        assert!(story.iter().any(|event| event["properties"]["reason"] == "opted_out"), "{story:?}");
        assert!(story.iter().any(|event| event["properties"]["type"] == "opt_out"), "{story:?}");
        assert_eq!(refused(&hub, &account, &template, &people[0], "service").await, "opted_out");

        let path = format!("/customers/{}/opt_outs", people[0]);
        hub.post(&format!("{path}/withdraw"), json!({ "way": "template" })).await.expect(200);
        let all = hub.get(&path).await.expect(200);
        assert!(all["items"][0]["withdrawn_at"].is_i64() && all["items"][0]["withdrawn_by"].is_string(), "{all}");
        let again = say(&hub, &account, &template, &people[0], "marketing").await;
        assert_eq!(settled(&hub, &again).await["state"], "sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_that_was_answered_comes_before_every_call_that_begins_later() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 24).await;
        let people = customers(&hub, &account).await;
        for _ in 0..3 {
            futures::future::join_all(people.iter().map(|customer| race(&hub, &account, &template, customer))).await;
        }
    }
}

/// A message and an opt-out set off at the same instant.
async fn race(hub: &Hub, account: &Bound, template: &str, customer: &str) {
    let path = format!("/customers/{customer}/opt_outs");
    let opt_out = async {
        hub.post(&path, json!({ "way": "template" })).await.expect(201);
        hub.clock.now()
    };
    let (send, answered_at) = tokio::join!(say_or_not(hub, account, template, customer), opt_out);
    if let Some(send) = send {
        let send = settled(hub, &send).await;
        let began = send["sending_at"].as_i64().expect("it was claimed");
        assert!(
            fate(&send) == ("refused", "opted_out") || (send["state"] == "sent" && began <= answered_at),
            "opted out at {answered_at}: {send}"
        );
    }
    hub.post(&format!("{path}/withdraw"), json!({ "way": "template" })).await.expect(200);
}

async fn say_or_not(hub: &Hub, account: &Bound, template: &str, customer: &str) -> Option<Value> {
    let mut message = message(template);
    message["data"]["thing2"] = "手工陶瓷杯".into();
    let body = json!({ "account_id": account.id, "customer_id": customer, "message": message });
    let said = hub.post("/template-messages", body).await;
    (said.status == 201).then_some(said.body)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opt_out_holds_no_answer_back() {
    for hub in Hub::on_each_database().await {
        let (account, _) = account(&hub, 1).await;
        let openid = hub.openids(&account).await.remove(0);
        let customer = id(&hub.customer(&openid).await);
        hub.post(&format!("/customers/{customer}/opt_outs"), json!({ "way": "custom_message" })).await.expect(201);
        hub.says(&account, &openid, "one question").await;
        let custom = way(&hub, &customer, 0).await;
        assert_eq!(
            (&custom["may"], &custom["answers"], &custom["opted_out"]),
            (&json!(true), &json!(true), &json!(true))
        );
        let body = json!({ "content": { "type": "text", "text": "one answer" } });
        let send = hub.post(&format!("/customers/{customer}/messages"), body.clone()).await.expect(201);
        assert_eq!(send["purpose"], "answer");
        assert_eq!(settled(&hub, &send).await["state"], "sent");
        hub.advance(2 * HOUR).await;
        assert_eq!(way(&hub, &customer, 0).await["why"]["code"], "opted_out", "they have their answer");
        let refused = hub.post(&format!("/customers/{customer}/messages"), body).await.refused(409, "not_reachable");
        assert_eq!(refused["params"]["reason"], "opted_out");
    }
}

/// Minutes of the day in Shanghai, so many after now.
fn minute(hub: &Hub, later: i64) -> i64 {
    (hub.clock.now() / 60_000 + 8 * 60 + later).rem_euclid(24 * 60)
}

#[tokio::test(flavor = "multi_thread")]
async fn in_quiet_hours_what_is_due_waits_for_the_morning_and_goes_out_then() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 3).await;
        let people = customers(&hub, &account).await;
        let night = json!({ "from": minute(&hub, -60), "until": minute(&hub, 120), "service_too": false });
        let settings = json!({ "quiet_hours": night, "frequency_cap": null });
        assert_eq!(hub.put("/reach_settings", settings.clone()).await.expect(200), settings);
        assert_eq!(hub.get("/reach_settings").await.expect(200), settings);
        let wait = way(&hub, &people[0], 1).await["waits"].clone();
        assert_eq!(wait["code"], "quiet_hours");
        let morning = wait["until"].as_i64().expect("an instant");
        assert!((110 * 60_000..=120 * 60_000).contains(&(morning - hub.clock.now())), "{wait}");

        let send = say(&hub, &account, &template, &people[0], "marketing").await;
        let path = format!("/sends/{}", id(&send));
        let put_off = hub
            .until("it is put off", async || {
                let send = hub.get(&path).await.expect(200);
                (send["due_at"] == morning).then_some(send)
            })
            .await;
        assert_eq!((fate(&put_off), &put_off["attempts"]), (("queued", "quiet_hours"), &json!(0)));
        let which = campaign(&hub, &account, &template, OnQuota::Wait).await;
        start(&hub, which).await;
        let told = say(&hub, &account, &template, &people[1], "service").await;
        assert_eq!(settled(&hub, &told).await["state"], "sent", "what tells of something they did may go");
        hub.says(&account, &hub.openids(&account).await[0], "still up?").await;
        let answer = json!({ "content": { "type": "text", "text": "yes" } });
        let answer = hub.post(&format!("/customers/{}/messages", people[0]), answer).await.expect(201);
        assert_eq!(settled(&hub, &answer).await["state"], "sent", "an answer may go");
        hub.until("the campaign waits", async || {
            let lines = hub.get("/sends?state=queued").await.expect(200);
            let off = |send: &&Value| send["due_at"] == morning && send["reason"] == "quiet_hours";
            (lines["items"].as_array().unwrap().iter().filter(off).count() == 4).then_some(())
        })
        .await;
        assert_eq!(made(&hub), (1, 1));

        hub.advance(2 * HOUR).await;
        assert_eq!(settled(&hub, &send).await["state"], "sent");
        becomes(&hub, which, "done").await;
        assert_eq!(counts(&hub, which, [SendState::Sent]).await, [3]);
        assert_eq!(made(&hub), (5, 5));
        let wrong = json!({ "quiet_hours": { "from": 60, "until": 60 } });
        hub.put("/reach_settings", wrong).await.refused(422, "invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_frequency_cap_counts_marketing_in_all_ways_and_nothing_else() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 2).await;
        let people = customers(&hub, &account).await;
        hub.put("/reach_settings", json!({ "frequency_cap": { "messages": 2, "days": 7 } })).await.expect(200);
        let mut ids = Vec::new();
        pause(&hub).await;
        for _ in 0..4 {
            ids.push(say(&hub, &account, &template, &people[0], "marketing").await);
        }
        ids.push(say(&hub, &account, &template, &people[0], "service").await);
        resume(&hub).await;
        let mut sent = 0;
        for send in &ids[..4] {
            match fate(&settled(&hub, send).await) {
                ("sent", _) => sent += 1,
                other => assert_eq!(other, ("refused", "too_often")),
            }
        }
        assert_eq!(sent, 2);
        assert_eq!(settled(&hub, &ids[4]).await["state"], "sent");
        assert_eq!(made(&hub), (3, 3));
        let full = way(&hub, &people[0], 1).await;
        assert_eq!(full["why"]["code"], "too_often");
        let rest = full["again_at"].as_i64().expect("an instant") - hub.clock.now();
        assert!((6 * 24 * 3_600_000..=7 * 24 * 3_600_000).contains(&rest), "{full}");
        assert_eq!(refused(&hub, &account, &template, &people[0], "marketing").await, "too_often");
        let told = say(&hub, &account, &template, &people[0], "service").await;
        assert_eq!(settled(&hub, &told).await["state"], "sent");
        let which = campaign(&hub, &account, &template, OnQuota::Wait).await;
        start(&hub, which).await;
        becomes(&hub, which, "done").await;
        assert_eq!(counts(&hub, which, [SendState::Sent, SendState::Refused]).await, [1, 1]);
        hub.advance(7 * 24 * HOUR).await;
        let again = say(&hub, &account, &template, &people[0], "marketing").await;
        assert_eq!(settled(&hub, &again).await["state"], "sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_wechat_keeps_away_is_found_out_and_can_be_changed_here() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 2).await;
        let people = customers(&hub, &account).await;
        let openids = hub.openids(&account).await;
        let path = format!("/accounts/{}/blacklist/{}", account.id, openids[0]);
        hub.put(&path, json!({})).await.expect(204);
        hub.put(&format!("/accounts/{}/blacklist/oNobody", account.id), json!({})).await.refused(404, "not_found");
        let reach = hub.get(&format!("/customers/{}/reach", people[0])).await.expect(200);
        assert_eq!(reach["accounts"][0]["blocked"], true);
        assert_eq!(way(&hub, &people[0], 1).await["why"]["code"], "blacklisted");
        assert_eq!(refused(&hub, &account, &template, &people[0], "service").await, "blacklisted");
        let at_wechat = async |n: usize| {
            let path = format!("/accounts/{}/fans/{}", account.app_id, openids[n]);
            hub.wechat(Method::GET, &path, Value::Null).await.expect(200)["blacklisted"].clone()
        };
        assert_eq!(at_wechat(0).await, true);
        hub.delete(&path).await.expect(204);
        assert_eq!(at_wechat(0).await, false);
        assert_eq!(way(&hub, &people[0], 1).await["may"], true);

        // Somebody does it at WeChat: its refusal tells us.
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 43019 }), 1).await;
        let send = say(&hub, &account, &template, &people[1], "marketing").await;
        assert_eq!(fate(&settled(&hub, &send).await), ("refused", "blacklisted"));
        assert_eq!(way(&hub, &people[1], 1).await["why"]["code"], "blacklisted");
        // And the daily comparison finds that it is not so.
        hub.advance(25 * HOUR).await;
        hub.until("the comparison", async || (way(&hub, &people[1], 1).await["may"] == true).then_some(())).await;
    }
}
