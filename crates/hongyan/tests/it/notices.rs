//! Subscription notices that a program asks for, one fan at a time: each uses up what they agreed to once.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fan_import::imported,
    hub::{Bound, Hub, Said},
    ledger::settled,
    templates::{added, notice},
};

const SEND: &str = "/cgi-bin/message/subscribe/bizsend";

/// A fan of an account with a notice: the account, the fan, the customer, the template.
async fn fan(hub: &Hub) -> (Bound, String, String, String) {
    let account = imported(hub, 2).await;
    let template = added(hub, &account, notice()).await;
    let openid = hub.openids(&account).await.remove(0);
    let customer = hub.customer(&openid).await["id"].as_str().unwrap().to_owned();
    hub.patch(&format!("/customers/{customer}"), json!({ "name": "安妮" })).await.expect(200);
    (account, openid, customer, template)
}

async fn agrees(hub: &Hub, account: &Bound, openid: &str, template: &str) {
    // WeChat knows a choice by its second.
    hub.advance(Duration::from_secs(2)).await;
    let yes = json!({ "choices": [{ "template_id": template, "accept": true }], "scene": 1 });
    hub.fan(account, openid, "choose-notices", yes).await;
}

fn body(account: &Bound, customer: &str, template: &str, data: Value) -> Value {
    let message = json!({ "type": "notice", "template_id": template, "data": data });
    json!({ "account_id": account.id, "customer_id": customer, "message": message, "purpose": "service" })
}

fn fine() -> Value {
    json!({ "thing1": "{{event.title}}", "time2": "2026-11-29 15:00" })
}

async fn post(hub: &Hub, key: &str, body: &Value) -> Said {
    let request = hub.http.post(format!("{}/api/v1/subscription-notices", hub.url)).bearer_auth(&hub.key);
    Said::of(request.header("idempotency-key", key).json(body).send().await.unwrap()).await
}

/// How many notices they may still be sent.
async fn left(hub: &Hub, customer: &str) -> i64 {
    let list = hub.get(&format!("/customers/{customer}/notices")).await.expect(200);
    list["items"].as_array().unwrap().iter().map(|one| one["left"].as_i64().unwrap()).sum()
}

/// How often the phone shows this.
async fn on_the_phone(hub: &Hub, account: &Bound, openid: &str, text: &str) -> usize {
    let chat = format!("/accounts/{}/fans/{openid}/chat?limit=200", account.app_id);
    let chat = hub.wechat(Method::GET, &chat, Value::Null).await.expect(200);
    chat["items"].as_array().unwrap().iter().filter(|item| item.to_string().contains(text)).count()
}

fn made(hub: &Hub) -> (u64, u64) {
    let total = hub.sandbox.total(SEND);
    (total.calls, total.executions)
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_a_notice_arrives_once_for_each_time_a_fan_agreed_and_under_one_key_it_is_one() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer, template) = fan(&hub).await;
        let mut wanted = body(&account, &customer, &template, fine());
        wanted["event"] = json!({ "title": "周末读书会" });
        let not_agreed = async || {
            let refused = hub.post("/subscription-notices", wanted.clone()).await.refused(409, "not_reachable");
            assert_eq!(
                (&refused["params"]["reason"], &refused["params"]["rule"]),
                (&json!("not_agreed"), &json!("R8"))
            );
        };
        not_agreed().await;

        agrees(&hub, &account, &openid, &template).await;
        assert_eq!(left(&hub, &customer).await, 1);
        let send = post(&hub, "reading-1", &wanted).await.expect(201);
        assert_eq!(post(&hub, "reading-1", &wanted).await.expect(201)["id"], send["id"]);
        let send = settled(&hub, &send).await;
        assert_eq!(
            (&send["state"], &send["service"], &send["attempts"]),
            (&json!("sent"), &json!("notice"), &json!(1))
        );
        assert_eq!(send["content"]["data"]["thing1"], "周末读书会");
        assert_eq!(on_the_phone(&hub, &account, &openid, "周末读书会").await, 1);
        hub.until("WeChat has reported", async || (left(&hub, &customer).await == 0).then_some(())).await;
        not_agreed().await;
        assert_eq!(made(&hub), (1, 1), "and WeChat was not asked");
        assert_eq!(hub.get("/sends").await.expect(200)["items"].as_array().unwrap().len(), 1);

        // Agreed twice: what is on its way is taken off, whether WeChat has reported on it or not.
        agrees(&hub, &account, &openid, &template).await;
        agrees(&hub, &account, &openid, &template).await;
        hub.fault(SEND, json!({ "kind": "latency", "ms": 400 }), 2).await;
        let (first, second) = (
            hub.post("/subscription-notices", wanted.clone()).await.expect(201),
            hub.post("/subscription-notices", wanted.clone()).await.expect(201),
        );
        not_agreed().await;
        for send in [&first, &second] {
            assert_eq!(settled(&hub, send).await["state"], "sent");
        }
        assert_eq!(on_the_phone(&hub, &account, &openid, "周末读书会").await, 3);

        // For good: as often as there is something to say.
        let lasting = json!({ "kind": "notice", "title_id": 1004, "keyword_ids": [1, 2], "scene": "取书" });
        let lasting = added(&hub, &account, lasting).await;
        let book = body(&account, &customer, &lasting, json!({ "thing1": "海错图笔记", "character_string2": "A1001" }));
        hub.post("/subscription-notices", book.clone()).await.refused(409, "not_reachable");
        agrees(&hub, &account, &openid, &lasting).await;
        for _ in 0..2 {
            let send = hub.post("/subscription-notices", book.clone()).await.expect(201);
            assert_eq!(settled(&hub, &send).await["state"], "sent");
        }
        assert_eq!(on_the_phone(&hub, &account, &openid, "海错图笔记").await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_notice_whose_answer_is_lost_is_unknown_and_is_not_said_again() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer, template) = fan(&hub).await;
        // No report comes that would settle it.
        agrees(&hub, &account, &openid, &template).await;
        hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), json!({ "callback_url": "" }))
            .await
            .expect(200);
        hub.fault(SEND, json!({ "kind": "drop_after" }), 1).await;
        let mut wanted = body(&account, &customer, &template, fine());
        wanted["event"] = json!({ "title": "周末读书会" });
        let send = hub.post("/subscription-notices", wanted).await.expect(201);
        let send = settled(&hub, &send).await;
        assert_eq!((&send["state"], &send["reason"]), (&json!("unknown"), &json!("answer_lost")), "{send}");
        hub.advance(Duration::from_secs(600)).await;
        assert_eq!(made(&hub), (1, 1));
        assert_eq!(on_the_phone(&hub, &account, &openid, "周末读书会").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_a_notice_is_refused_at_its_field_and_uses_nothing_up() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer, template) = fan(&hub).await;
        agrees(&hub, &account, &openid, &template).await;
        let wrong = async |template: &str, data: Value| -> Vec<String> {
            let said = hub.post("/subscription-notices", body(&account, &customer, template, data)).await;
            let refused = said.refused(422, "invalid");
            let line = |one: &Value| format!("{}: {}", one["field"].as_str().unwrap(), one["code"].as_str().unwrap());
            let mut lines: Vec<String> = refused["errors"].as_array().unwrap().iter().map(line).collect();
            lines.sort_unstable();
            lines
        };
        let long = "一二三四五六七八九十一二三四五六七八九十一";
        assert_eq!(
            wrong(&template, json!({ "thing1": long, "time2": "tomorrow", "colour": "red" })).await,
            ["message.data.colour: no_such_key", "message.data.thing1: too_long", "message.data.time2: shape"]
        );
        assert_eq!(wrong(&template, json!({ "thing1": "杯" })).await, ["message.data.time2: empty"]);
        assert_eq!(wrong(&template, fine()).await, ["message.data.thing1: missing_value"]);
        assert_eq!(wrong("nothing-of-theirs", json!({ "thing1": "杯" })).await, ["message.template_id: not_found"]);
        let mut other = body(&account, &customer, &template, json!({ "thing1": "杯", "time2": "2026-11-29 15:00" }));
        other["message"]["type"] = "template".into();
        hub.post("/subscription-notices", other).await.refused(422, "invalid");
        assert_eq!((left(&hub, &customer).await, made(&hub)), (1, (0, 0)));

        // Who has left is not told, whatever they agreed to; a subscription account tells nobody.
        let right = body(&account, &customer, &template, json!({ "thing1": "杯", "time2": "2026-11-29 15:00" }));
        hub.fan(&account, &openid, "unfollow", json!({})).await;
        let refused = hub.post("/subscription-notices", right.clone()).await.refused(409, "not_reachable");
        assert_eq!(refused["params"]["reason"], "not_following");
        let subscription = hub.bind_direct_as("subscription", 0, "safe").await;
        let mut theirs = right.clone();
        theirs["account_id"] = subscription.id.into();
        let refused = hub.post("/subscription-notices", theirs).await.refused(409, "function_not_allowed");
        assert_eq!(refused["params"]["rule"], "R8");
        let stranger = hub.bind_direct().await;
        let mut theirs = right;
        theirs["account_id"] = stranger.id.into();
        theirs["message"]["template_id"] = "t".into();
        hub.post("/subscription-notices", theirs).await.refused(409, "not_a_fan");
    }
}
