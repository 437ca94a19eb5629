//! Whom one may speak to, and what comes of it: the answer of the hub, beside what WeChat then says.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fan_import::{import_again, imported, settings},
    hub::{Bound, Hub, Said},
    team::{Browser, add_person},
};

const SEND: &str = "/cgi-bin/message/custom/send";
const HOUR_MS: i64 = 3_600_000;

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The id of the customer that a new fan of a newly bound account is.
async fn fan(hub: &Hub) -> (Bound, String, String) {
    let account = imported(hub, 1).await;
    let openid = hub.openids(&account).await.remove(0);
    let customer = text(&hub.customer(&openid).await["id"]);
    (account, openid, customer)
}

/// The way by customer-service message.
async fn way(hub: &Hub, customer: &str) -> Value {
    let reach = hub.get(&format!("/customers/{customer}/reach")).await.expect(200);
    assert_eq!(reach["accounts"].as_array().map(Vec::len), Some(1), "{reach}");
    let way = reach["accounts"][0]["ways"][0].clone();
    assert_eq!(way["function"], "custom_message");
    way
}

async fn why(hub: &Hub, customer: &str) -> String {
    let way = way(hub, customer).await;
    assert_eq!(way["may"], way["why"].is_null(), "{way}");
    way["why"]["code"].as_str().unwrap_or("may").to_owned()
}

/// How many more, and for how many milliseconds.
async fn left(hub: &Hub, customer: &str) -> (Option<i64>, i64) {
    let way = way(hub, customer).await;
    assert_eq!(way["may"], true, "{way}");
    let until = way["window"]["until"].as_i64().expect("an instant");
    (way["window"]["left"].as_i64(), until - hub.clock.now())
}

fn saying(words: &str) -> Value {
    json!({ "content": { "type": "text", "text": words } })
}

/// Says something; the send when it is over.
async fn say(hub: &Hub, customer: &str, words: &str) -> Value {
    let send = hub.post(&format!("/customers/{customer}/messages"), saying(words)).await.expect(201);
    assert_eq!(send["content"]["text"], words);
    let path = format!("/sends/{}", text(&send["id"]));
    hub.until("the send is settled", async || {
        let send = hub.get(&path).await.expect(200);
        (send["state"] != "queued" && send["state"] != "sending").then_some(send)
    })
    .await
}

async fn heard(hub: &Hub, account: &Bound, openid: &str) -> Vec<String> {
    let chat = hub.chat(account, openid).await;
    chat.into_iter().filter(|(from, _, _)| from == "account").map(|(_, _, text)| text).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_five_messages_in_48_hours_after_the_fan_wrote_and_not_one_more() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        assert_eq!(why(&hub, &customer).await, "window_closed", "whoever has done nothing is not spoken to");
        let refused =
            hub.post(&format!("/customers/{customer}/messages"), saying("hi")).await.refused(409, "not_reachable");
        assert_eq!(
            (refused["params"]["reason"].as_str(), refused["params"]["rule"].as_str()),
            (Some("window_closed"), Some("R3"))
        );
        assert!(
            ["zh-CN", "en-US"].iter().all(|language| refused["params"]["words"][language].is_string()),
            "{refused}"
        );

        hub.says(&account, &openid, "hello").await;
        let (count, rest) = left(&hub, &customer).await;
        assert_eq!(count, Some(5));
        assert!((48 * HOUR_MS - 3000..=48 * HOUR_MS).contains(&rest), "{rest}");
        for n in 1..=5 {
            let send = say(&hub, &customer, &format!("message {n}")).await;
            assert_eq!((send["state"].as_str(), send["reason"].as_str()), (Some("sent"), None), "{send}");
        }
        assert_eq!(why(&hub, &customer).await, "allowance_used");
        hub.post(&format!("/customers/{customer}/messages"), saying("sixth")).await.refused(409, "not_reachable");
        let all: Vec<String> = (1..=5).map(|n| format!("message {n}")).collect();
        assert_eq!(heard(&hub, &account, &openid).await, all);

        hub.says(&account, &openid, "again").await;
        assert_eq!(left(&hub, &customer).await.0, Some(5), "another message begins anew");
        hub.advance(Duration::from_secs(48 * 3600 + 1)).await;
        assert_eq!(why(&hub, &customer).await, "window_closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_three_messages_in_a_minute_after_a_follow() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        hub.fan(&account, &openid, "unfollow", json!({})).await;
        assert_eq!(why(&hub, &customer).await, "not_following");
        hub.advance(Duration::from_secs(5)).await;
        hub.fan(&account, &openid, "follow", json!({})).await;
        let (count, rest) = left(&hub, &customer).await;
        assert_eq!(count, Some(3));
        assert!((0..=60_000).contains(&rest), "{rest}");
        assert_eq!(say(&hub, &customer, "welcome").await["state"], "sent");
        assert_eq!(left(&hub, &customer).await.0, Some(2));
        hub.advance(Duration::from_secs(61)).await;
        assert_eq!(why(&hub, &customer).await, "window_closed");
        hub.says(&account, &openid, "hello").await;
        assert_eq!(left(&hub, &customer).await.0, Some(5));
        hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
        assert_eq!(why(&hub, &customer).await, "unbound");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_an_account_under_the_classic_table_speaks_without_counting() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        let path = format!("/accounts/{}", account.id);
        assert_eq!(
            hub.get(&path).await.expect(200)["allowance"],
            "2023-06",
            "the table of today unless somebody says so"
        );
        let changed = hub.patch(&path, json!({ "allowance": "classic" })).await.expect(200);
        assert_eq!(changed["allowance"], "classic");
        hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), json!({ "allowance": "classic" }))
            .await
            .expect(200);
        let body = json!({ "trigger": { "kind": "follow" }, "answers": [{ "type": "text", "text": "one" }, { "type": "text", "text": "two" }] });
        hub.post(&format!("{path}/replies"), body).await.expect(201);
        hub.fan(&account, &openid, "unfollow", json!({})).await;
        hub.advance(Duration::from_secs(5)).await;
        hub.fan(&account, &openid, "follow", json!({})).await;
        let page = hub.get(&format!("/sends?customer={customer}")).await.expect(200);
        let second = &page["items"][0];
        let lasts = second["deadline_at"].as_i64().unwrap() - second["due_at"].as_i64().unwrap();
        assert!((47 * HOUR_MS..=48 * HOUR_MS).contains(&lasts), "what a rule says later may wait as long: {second}");
        for n in 0..7 {
            assert_eq!(left(&hub, &customer).await.0, None);
            assert_eq!(say(&hub, &customer, &format!("message {n}")).await["state"], "sent");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_what_wechat_says_of_the_allowance_stands_over_what_we_counted() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        hub.says(&account, &openid, "hello").await;
        // Somebody else speaks for the account as well.
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45047 }), 1).await;
        let send = say(&hub, &customer, "one").await;
        assert_eq!((send["state"].as_str(), send["reason"].as_str()), (Some("refused"), Some("allowance_used")));
        assert_eq!(why(&hub, &customer).await, "allowance_used");
        hub.says(&account, &openid, "still there?").await;
        assert_eq!(left(&hub, &customer).await.0, Some(5));
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45015 }), 1).await;
        assert_eq!(say(&hub, &customer, "two").await["reason"], "window_closed");
        assert_eq!(why(&hub, &customer).await, "window_closed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_one_key_says_it_once() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        hub.says(&account, &openid, "hello").await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            let request = hub
                .http
                .post(format!("{}/api/v1/customers/{customer}/messages", hub.url))
                .bearer_auth(&hub.key)
                .header("idempotency-key", "7c2f")
                .json(&saying("once"));
            ids.push(text(&Said::of(request.send().await.expect("the hub answers")).await.expect(201)["id"]));
        }
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        hub.until("the fan reads it", async || (!heard(&hub, &account, &openid).await.is_empty()).then_some(())).await;
        assert_eq!(say(&hub, &customer, "twice").await["state"], "sent");
        assert_eq!(heard(&hub, &account, &openid).await, ["once", "twice"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_what_was_said_to_one_is_in_the_ledger_and_the_allowance_of_who_they_are() {
    for hub in Hub::on_each_database().await {
        let (first, second) = (imported(&hub, 1).await, imported(&hub, 1).await);
        let (one, two) = (hub.openids(&first).await.remove(0), hub.openids(&second).await.remove(0));
        let other = text(&hub.customer(&two).await["id"]);
        hub.says(&second, &two, "hello").await;
        assert_eq!(say(&hub, &other, "hi").await["state"], "sent");
        for account in [&first, &second] {
            settings(&hub, account, json!({ "open_platform": true })).await;
            import_again(&hub, account).await;
        }
        let kept = text(&hub.customer(&one).await["id"]);
        assert_ne!(kept, other);
        for id in [&kept, &other] {
            let sends = hub.get(&format!("/sends?customer={id}")).await.expect(200);
            assert_eq!(sends["items"].as_array().map(Vec::len), Some(1), "{sends}");
            let reach = hub.get(&format!("/customers/{id}/reach")).await.expect(200);
            let of = |account: &Bound| {
                let found =
                    reach["accounts"].as_array().unwrap().iter().find(|one| one["account_id"] == json!(account.id));
                found.map(|one| one["ways"][0].clone()).expect("a fan of both")
            };
            assert_eq!(of(&first)["why"]["code"], "window_closed", "{reach}");
            assert_eq!(of(&second)["window"]["left"], 4, "{reach}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_what_is_in_doubt_is_found_in_the_ledger_with_what_is_known_of_it() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        hub.says(&account, &openid, "hello").await;
        hub.fault(SEND, json!({ "kind": "drop_after" }), 1).await;
        let lost = say(&hub, &customer, "did you get this?").await;
        assert_eq!((lost["state"].as_str(), lost["reason"].as_str()), (Some("unknown"), Some("answer_lost")));
        assert!(lost["evidence"].is_string() && lost["sending_at"].is_i64() && lost["by"].is_string(), "{lost}");
        assert_eq!(left(&hub, &customer).await.0, Some(4), "it may have been executed, so that it counts");
        hub.advance(Duration::from_secs(5)).await;
        let sent = say(&hub, &customer, "and this?").await;
        let listed = async |query: &str| -> Vec<String> {
            let page = hub.get(&format!("/sends?{query}")).await.expect(200);
            page["items"].as_array().unwrap().iter().map(|send| text(&send["id"])).collect()
        };
        let (lost_id, sent_id) = (text(&lost["id"]), text(&sent["id"]));
        assert_eq!(listed("state=unknown").await, std::slice::from_ref(&lost_id));
        assert_eq!(listed(&format!("customer={customer}")).await, [sent_id.clone(), lost_id.clone()]);
        assert_eq!(listed(&format!("account={}&state=sent", account.id)).await, std::slice::from_ref(&sent_id));
        let first = hub.get("/sends?limit=1").await.expect(200);
        let next = hub.get(&format!("/sends?limit=1&cursor={}", text(&first["next_cursor"]))).await.expect(200);
        assert_eq!((text(&first["items"][0]["id"]), text(&next["items"][0]["id"])), (sent_id, lost_id));
        let story = hub.story(&openid).await;
        let told = story.iter().filter(|event| event["properties"]["via"] == "custom").count();
        assert_eq!(told, 2, "both are part of the story");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_is_refused_at_the_door_and_a_viewer_says_nothing() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        hub.says(&account, &openid, "hello").await;
        let path = format!("/customers/{customer}/messages");
        for content in [
            json!({ "type": "text", "text": " " }),
            json!({ "type": "text", "text": "x".repeat(2049) }),
            json!({ "type": "image", "media_id": "77" }),
        ] {
            hub.post(&path, json!({ "content": content })).await.refused(422, "invalid");
        }
        let other = hub.bind_direct().await;
        let elsewhere = json!({ "account_id": other.id, "content": { "type": "text", "text": "hi" } });
        hub.post(&path, elsewhere).await.refused(409, "not_a_fan");
        add_person(&hub, "looks@shop.example", "viewer").await;
        let viewer = Browser::sign_in(&hub, "looks@shop.example", crate::hub::PASSWORD).await.unwrap();
        let refused = viewer.call(Method::POST, &format!("/api/v1{path}"), Some(saying("hi"))).await;
        assert_eq!(refused.status, 403);
        assert_eq!(left(&hub, &customer).await.0, Some(5));
        assert_eq!(heard(&hub, &account, &openid).await, [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_whom_one_may_speak_to_is_told_of_an_instant_to_come() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = fan(&hub).await;
        hub.says(&account, &openid, "hello").await;
        let quiet = json!({ "quiet_hours": { "from": 22 * 60, "until": 8 * 60 } });
        hub.put("/reach_settings", quiet).await.expect(200);
        let now = hub.clock.now();
        let shanghai = chrono::FixedOffset::east_opt(8 * 3600).expect("an offset");
        let written = |at: i64| {
            let at = chrono::DateTime::from_timestamp_millis(at).expect("an instant");
            at.with_timezone(&shanghai).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
        };
        let ask = async |at: &str| {
            let at = at.replace('+', "%2B");
            hub.get(&format!("/customers/{customer}/reach?at={at}")).await
        };
        let ways = async |at: i64| -> Value {
            let reach = ask(&written(at)).await.expect(200);
            // The test's own clock goes on.
            assert!((at..at + 60_000).contains(&reach["at"].as_i64().expect("an instant")), "{reach}");
            reach["accounts"][0]["ways"].clone()
        };
        // Open now, whatever the hour, for they wait for an answer; closed an hour after the 48.
        let open = ways(now).await;
        assert_eq!((&open[0]["may"], &open[0]["answers"]), (&json!(true), &json!(true)), "{open}");
        assert_eq!(ways(now + 47 * HOUR_MS).await[0]["may"], true);
        let closed = ways(now + 49 * HOUR_MS).await;
        assert_eq!(
            (&closed[0]["may"], &closed[0]["why"]["code"]),
            (&json!(false), &json!("window_closed")),
            "{closed}"
        );

        // Template messages: in the night they wait for the morning, by day they do not.
        const DAY_MS: i64 = 24 * HOUR_MS;
        let midnight = (now + 8 * HOUR_MS).div_euclid(DAY_MS) * DAY_MS + DAY_MS - 8 * HOUR_MS;
        let night = ways(midnight + HOUR_MS).await;
        assert_eq!((&night[1]["may"], &night[1]["waits"]["code"]), (&json!(true), &json!("quiet_hours")), "{night}");
        assert_eq!(night[1]["waits"]["until"], midnight + 8 * HOUR_MS);
        let noon = ways(midnight + 12 * HOUR_MS).await;
        assert_eq!((&noon[1]["may"], &noon[1]["waits"]), (&json!(true), &Value::Null), "{noon}");

        // What is no instant, or has passed.
        for wrong in ["tomorrow", "2026-11-30", "1795449600000", "2026-02-30T10:00:00Z"] {
            ask(wrong).await.refused(422, "invalid");
        }
        let passed = ask(&written(now - 2 * HOUR_MS)).await.refused(422, "invalid");
        assert_eq!((&passed["errors"][0]["field"], &passed["errors"][0]["code"]), (&json!("at"), &json!("range")));
        // A plus sign that nobody escaped.
        let plain = written(now + HOUR_MS);
        hub.get(&format!("/customers/{customer}/reach?at={plain}")).await.expect(200);
    }
}
