//! The inbox: what fans write is in it a moment later, in the order in which it has to be answered, and what a team does
//! with it stays.

use std::time::Duration;

use futures::StreamExt;
use kit::Millis;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fan_import::{import_again, imported, settings},
    hub::{Bound, Hub, PASSWORD},
    team::{Browser, add_person},
    templates,
};

const HOUR: Duration = Duration::from_secs(3600);
const HOUR_MS: Millis = 3_600_000;
const SEND: &str = "/cgi-bin/message/custom/send";
const TYPING: &str = "/cgi-bin/message/custom/typing";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

fn items(page: &Value) -> Vec<Value> {
    page["items"].as_array().expect("items").clone()
}

/// A conversation with this fan that says what is wanted of it.
async fn conversation(hub: &Hub, openid: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
    hub.until(what, async || {
        let all = hub.get("/conversations?state=all&limit=200").await.expect(200);
        items(&all).into_iter().find(|one| one["openid"] == openid && fits(one))
    })
    .await
}

async fn there(hub: &Hub, openid: &str) -> Value {
    conversation(hub, openid, "the conversation", |_| true).await
}

async fn lines(hub: &Hub, conversation: &Value) -> Vec<Value> {
    items(&hub.get(&format!("/conversations/{}/messages?limit=200", text(&conversation["id"]))).await.expect(200))
}

async fn order(hub: &Hub, query: &str) -> Vec<String> {
    items(&hub.get(&format!("/conversations?{query}")).await.expect(200))
        .iter()
        .map(|one| text(&one["last"]["text"]))
        .collect()
}

async fn say(hub: &Hub, conversation: &Value, words: &str) -> Value {
    let body = json!({ "account_id": conversation["account_id"], "content": { "type": "text", "text": words } });
    let customer = text(&conversation["customer"]["id"]);
    let send = hub.post(&format!("/customers/{customer}/messages"), body).await.expect(201);
    let path = format!("/sends/{}", text(&send["id"]));
    hub.until("the send is settled", async || {
        let send = hub.get(&path).await.expect(200);
        (send["state"] != "queued" && send["state"] != "sending").then_some(send)
    })
    .await
}

/// Calls to WeChat's path since the journal was emptied.
async fn calls(hub: &Hub, path: &str) -> Vec<i64> {
    let journal = hub.wechat(Method::GET, "/journal?limit=1000", Value::Null).await.expect(200);
    let calls = items(&journal).into_iter().filter(|call| call["path"] == path);
    calls.map(|call| call["errcode"].as_i64().expect("a code")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_the_inbox_shows_who_has_to_be_answered_first_and_what_is_left_of_the_window() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 4).await;
        let fans = hub.openids(&account).await;
        hub.says(&account, &fans[0], "first").await;
        there(&hub, &fans[0]).await;
        hub.advance(HOUR).await;
        hub.says(&account, &fans[1], "second").await;
        hub.says(&account, &fans[2], "third").await;
        let third = there(&hub, &fans[2]).await;
        there(&hub, &fans[1]).await;
        assert_eq!(order(&hub, "").await[0], "first", "its window ends first");
        let window = &third["window"];
        assert_eq!((&window["left"], &third["unread"], &third["attention"]), (&json!(5), &json!(1), &json!("unread")));
        let rest = window["until"].as_i64().expect("an instant") - hub.clock.now();
        assert!((48 * HOUR_MS - 5000..=48 * HOUR_MS).contains(&rest), "{rest}");

        // Looked at, it waits behind what nobody has looked at; answered, behind what waits.
        let first = there(&hub, &fans[0]).await;
        let read = hub.post(&format!("/conversations/{}/read", text(&first["id"])), json!({})).await.expect(200);
        assert_eq!((&read["unread"], &read["attention"]), (&json!(0), &json!("unanswered")), "{read}");
        assert_eq!(order(&hub, "").await.last().map(String::as_str), Some("first"));
        assert_eq!(say(&hub, &third, "here you are").await["state"], "sent");
        let third = conversation(&hub, &fans[2], "answered", |one| one["last"]["from"] == "person").await;
        assert_eq!((&third["attention"], &third["waiting_since_at"]), (&json!("nothing"), &Value::Null));
        assert_eq!(third["window"]["left"], 4, "{third}");
        assert_eq!(order(&hub, "").await, ["second", "first", "here you are"]);
        let pages = hub.get("/conversations?limit=1").await.expect(200);
        let next = hub.get(&format!("/conversations?limit=2&cursor={}", text(&pages["next_cursor"]))).await.expect(200);
        assert_eq!(items(&next).len(), 2);
        assert_eq!(order(&hub, "only=unread").await, ["second"]);
        assert_eq!(order(&hub, "only=waiting").await, ["second", "first"]);

        let inbox = hub.get("/inbox").await.expect(200);
        assert_eq!((&inbox["unread"], &inbox["waiting"], &inbox["closing"]), (&json!(1), &json!(2), &json!(0)));
        hub.advance(45 * HOUR + HOUR / 2).await;
        assert_eq!(order(&hub, "only=closing").await, ["first"], "less than two hours are left of it");
        let needs = hub.get("/home").await.expect(200)["needs"].clone();
        let need = |code: &str| needs.as_array().unwrap().iter().find(|need| need["code"] == code).cloned();
        assert_eq!(need("windows_closing").expect("a need")["link"], "/inbox?only=closing");
        assert_eq!(need("unanswered").expect("a need")["params"]["count"], 1);
        hub.advance(2 * HOUR).await;
        hub.says(&account, &fans[3], "fourth").await;
        there(&hub, &fans[3]).await;
        assert_eq!(order(&hub, "only=waiting").await, ["second", "fourth", "first"], "what is over comes last");
        let first = there(&hub, &fans[0]).await;
        assert_eq!((&first["window"], &first["why"]["code"]), (&Value::Null, &json!("window_closed")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_keyword_answered_needs_nobody_and_the_default_answer_is_none() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 2).await;
        let fans = hub.openids(&account).await;
        let rule =
            |trigger: Value, say: &str| json!({ "trigger": trigger, "answers": [{ "type": "text", "text": say }] });
        let path = format!("/accounts/{}/replies", account.id);
        hub.post(&path, rule(json!({ "kind": "keyword", "words": ["price"] }), "ten")).await.expect(201);
        hub.post(&path, rule(json!({ "kind": "default" }), "later")).await.expect(201);
        assert_eq!(hub.says(&account, &fans[0], "price").await.as_deref(), Some("ten"));
        let asked = there(&hub, &fans[0]).await;
        assert_eq!(
            (&asked["state"], &asked["unread"], &asked["attention"]),
            (&json!("done"), &json!(0), &json!("nothing"))
        );
        assert_eq!(hub.says(&account, &fans[1], "who are you").await.as_deref(), Some("later"));
        let asked = there(&hub, &fans[1]).await;
        assert_eq!(
            (&asked["state"], &asked["unread"], &asked["attention"]),
            (&json!("open"), &json!(1), &json!("unread"))
        );
        let said = lines(&hub, &asked).await;
        assert_eq!(said[0]["event"]["properties"]["text"], "later");
        assert!(said[0]["rule"]["id"].is_string(), "{said:?}");
        // One that waits goes on waiting when a keyword answers something else.
        hub.says(&account, &fans[1], "price").await;
        let asked = conversation(&hub, &fans[1], "the price", |one| one["last"]["text"] == "price").await;
        assert_eq!((&asked["unread"], &asked["attention"]), (&json!(1), &json!("unread")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_handed_over_put_off_and_done_until_the_fan_writes_again() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        hub.says(&account, &fan, "hello").await;
        let one = there(&hub, &fan).await;
        let path = format!("/conversations/{}", text(&one["id"]));
        let ben = add_person(&hub, "ben@shop.example", "operator").await;
        let browser = Browser::sign_in(&hub, "ben@shop.example", PASSWORD).await.unwrap();
        let of_ben = async |query: &str| {
            let page = browser.call(Method::GET, &format!("/api/v1/conversations?{query}"), None).await.expect(200);
            items(&page).len()
        };
        assert_eq!((of_ben("assigned=me").await, of_ben("assigned=nobody").await), (0, 1));
        hub.post(&format!("{path}/read"), json!({})).await.expect(200);
        let handed =
            hub.post(&format!("{path}/assign"), json!({ "person_id": ben, "note": "yours" })).await.expect(200);
        assert_eq!((&handed["assignee"]["id"], &handed["attention"]), (&json!(ben), &json!("unread")));
        assert_eq!((of_ben("assigned=me").await, of_ben("assigned=nobody").await), (1, 0));
        let mine = browser.call(Method::GET, "/api/v1/inbox", None).await.expect(200);
        assert_eq!(mine["mine"], 1);
        hub.post(&format!("{path}/assign"), json!({ "person_id": "77" })).await.refused(422, "invalid");

        hub.post(&format!("{path}/notes"), json!({ "text": " knows our shop " })).await.expect(201);
        hub.post(&format!("{path}/notes"), json!({ "text": " " })).await.refused(422, "invalid");

        hub.post(&format!("{path}/state"), json!({ "state": "done" })).await.expect(200);
        assert_eq!((order(&hub, "").await.len(), order(&hub, "state=done").await.len()), (0, 1));
        hub.says(&account, &fan, "one more thing").await;
        let again = conversation(&hub, &fan, "it is open again", |one| one["state"] == "open").await;
        assert_eq!((&again["unread"], &again["assignee"]["name"]), (&json!(1), &handed["assignee"]["name"]));

        for wrong in [
            json!({ "state": "snoozed" }),
            json!({ "state": "snoozed", "until": 5 }),
            json!({ "state": "open", "until": hub.clock.now() + HOUR_MS }),
        ] {
            hub.post(&format!("{path}/state"), wrong).await.refused(422, "invalid");
        }
        let until = hub.clock.now() + HOUR_MS;
        hub.post(&format!("{path}/state"), json!({ "state": "snoozed", "until": until })).await.expect(200);
        assert_eq!((order(&hub, "").await.len(), order(&hub, "state=snoozed").await.len()), (0, 1));
        hub.advance(HOUR).await;
        let woken = conversation(&hub, &fan, "it comes back", |one| one["state"] == "open").await;
        assert_eq!((&woken["attention"], &woken["snoozed_until"]), (&json!("unread"), &Value::Null));

        let told: Vec<String> = lines(&hub, &again)
            .await
            .iter()
            .filter(|line| line["entry"].is_object())
            .map(|line| text(&line["entry"]["kind"]))
            .collect();
        assert_eq!(told, ["state", "state", "note", "assigned"], "newest first");
        let whole = lines(&hub, &again).await.len();
        let mut met = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = hub.get(&format!("{path}/messages?limit=2{cursor}")).await.expect(200);
            met.extend(items(&page).iter().map(|line| text(&line["id"])));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let mut once = met.clone();
        once.sort();
        once.dedup();
        assert_eq!((met.len(), once.len()), (whole, whole), "page by page it is the same");
    }
}

async fn sent(hub: &Hub, account: &Bound, openid: &str, what: Value) {
    hub.fan(account, openid, "send", what).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_message_is_shown_and_files_are_fetched_once_and_kept() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        for what in [
            json!({ "type": "text", "text": "see https://shop.example" }),
            json!({ "type": "image" }),
            json!({ "type": "voice", "duration_ms": 1000 }),
            json!({ "type": "video" }),
            json!({ "type": "location", "latitude": 31.2, "longitude": 121.4, "label": "the Bund" }),
            json!({ "type": "link", "title": "a page", "url": "https://shop.example/p" }),
        ] {
            sent(&hub, &account, &fan, what).await;
        }
        let one = conversation(&hub, &fan, "six messages", |one| one["unread"] == 6).await;
        assert_eq!((&one["last"]["kind"], &one["last"]["text"]), (&json!("link"), &json!("a page")));
        let all = hub
            .until("the files are here", async || {
                let all = lines(&hub, &one).await;
                let kept = all.iter().filter(|line| line["file"]["state"] == "kept").count();
                (kept == 3).then_some(all)
            })
            .await;
        let said: Vec<&str> = all
            .iter()
            .filter(|line| line["event"]["kind"] == "message_in")
            .filter_map(|line| line["event"]["properties"]["type"].as_str())
            .collect();
        assert_eq!(said, ["link", "location", "video", "voice", "image", "text"]);
        for (kind, content_type) in [("image", "image/jpeg"), ("voice", "audio/amr"), ("video", "video/mp4")] {
            let file = all.iter().map(|line| &line["file"]).find(|file| file["kind"] == kind).expect("a file");
            let answer =
                hub.http.get(format!("{}{}", hub.url, text(&file["url"]))).bearer_auth(&hub.key).send().await.unwrap();
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["content-type"], content_type);
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            assert!(answer.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
            let bytes = answer.bytes().await.unwrap();
            assert_eq!(bytes.len() as i64, file["size"].as_i64().unwrap());
        }
        assert_eq!(calls(&hub, "/cgi-bin/media/get").await, [0, 0, 0], "each once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_had_is_tried_again_and_gone_when_wechat_has_forgotten_it() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        hub.fault("/cgi-bin/media/get", json!({ "kind": "errcode", "errcode": -1 }), 1).await;
        sent(&hub, &account, &fan, json!({ "type": "image" })).await;
        let one = there(&hub, &fan).await;
        hub.until("it was tried", async || (!calls(&hub, "/cgi-bin/media/get").await.is_empty()).then_some(())).await;
        let file = async || lines(&hub, &one).await.into_iter().map(|line| line["file"].clone()).find(Value::is_object);
        assert_eq!(file().await.expect("a file")["state"], "waiting");
        hub.advance(Duration::from_secs(10)).await;
        hub.until("it is kept after all", async || file().await.filter(|file| file["state"] == "kept")).await;

        hub.fault("/cgi-bin/media/get", json!({ "kind": "errcode", "errcode": 40007 }), 1).await;
        sent(&hub, &account, &fan, json!({ "type": "image" })).await;
        let gone = hub.until("it is gone", async || file().await.filter(|file| file["state"] == "gone")).await;
        assert_eq!((&gone["problem"], &gone["url"]), (&json!("expired"), &Value::Null));
        hub.get(&format!("/received_files/{}", text(&gone["id"]))).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_an_answer_in_doubt_is_shown_with_what_is_known_and_somebody_has_to_look() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        hub.says(&account, &fan, "hello").await;
        let one = there(&hub, &fan).await;
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        hub.fault(SEND, json!({ "kind": "drop_after" }), 1).await;
        assert_eq!(say(&hub, &one, "did you get this?").await["state"], "unknown");
        let doubt = conversation(&hub, &fan, "somebody has to look", |one| one["attention"] == "unread").await;
        assert!(doubt["waiting_since_at"].is_i64(), "{doubt}");
        let line = lines(&hub, &one).await.remove(0);
        assert_eq!(line["event"]["properties"]["state"], "unknown");
        assert!(line["evidence"].is_string(), "{line}");
        hub.advance(Duration::from_secs(60)).await;
        assert_eq!(calls(&hub, SEND).await.len(), 1, "it is never repeated");
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45015 }), 1).await;
        assert_eq!(say(&hub, &one, "again").await["reason"], "window_closed");
        let line = lines(&hub, &one).await.remove(0);
        assert_eq!(
            (&line["event"]["properties"]["state"], &line["event"]["properties"]["reason"]),
            (&json!("refused"), &json!("window_closed"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_message_stands_in_the_chat_with_what_wechat_reported_of_it() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        let template = templates::added(&hub, &account, templates::order()).await;
        hub.says(&account, &fan, "hello").await;
        let one = there(&hub, &fan).await;
        assert_eq!(say(&hub, &one, "hello you").await["state"], "sent");
        let reported = async |number: &str| {
            let message = json!({
                "type": "template",
                "template_id": template,
                "data": { "character_string1": number, "thing2": "手工陶瓷杯" },
            });
            let body = json!({
                "account_id": account.id,
                "customer_id": one["customer"]["id"],
                "message": message,
                "purpose": "service",
            });
            hub.post("/template-messages", body).await.expect(201);
            hub.until("WeChat's report is shown", async || {
                let said = |line: &Value| line["event"]["properties"]["data"]["character_string1"] == number;
                lines(&hub, &one).await.into_iter().find(|line| said(line) && line["delivery"].is_string())
            })
            .await
        };
        let line = reported("A1").await;
        assert_eq!((&line["delivery"], &line["event"]["properties"]["state"]), (&json!("delivered"), &json!("sent")));
        assert_eq!(line["evidence"], Value::Null, "{line}");
        let mute = format!("/accounts/{}/fans/{fan}/mute", account.app_id);
        hub.wechat(Method::POST, &mute, json!({ "on": true })).await;
        assert_eq!(reported("A2").await["delivery"], "blocked");
        // Of what is said in a chat, WeChat reports nothing.
        let plain = lines(&hub, &one).await.into_iter().find(|line| line["event"]["properties"]["via"] == "custom");
        assert_eq!(plain.expect("the answer")["delivery"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_that_somebody_types_is_shown_only_when_wechat_takes_it_and_is_never_an_error() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        hub.says(&account, &fan, "hello").await;
        let one = there(&hub, &fan).await;
        let path = format!("/conversations/{}/typing", text(&one["id"]));
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let called = async |times: usize| {
            hub.until("WeChat is told", async || (calls(&hub, TYPING).await.len() >= times).then_some(())).await;
            let codes = calls(&hub, TYPING).await;
            assert!(codes.len() == times && codes.iter().all(|code| *code == 0), "{codes:?}");
        };
        for _ in 0..3 {
            hub.post(&path, json!({ "typing": true })).await.expect(204);
        }
        called(1).await;
        hub.advance(Duration::from_secs(16)).await;
        hub.post(&path, json!({ "typing": true })).await.expect(204);
        called(2).await;
        hub.post(&path, json!({ "typing": false })).await.expect(204);
        called(3).await;
        hub.advance(Duration::from_secs(20)).await;
        hub.post(&path, json!({ "typing": true })).await.expect(204);
        tokio::time::sleep(Duration::from_millis(200)).await;
        called(3).await;
        hub.says(&account, &fan, "still there").await;
        conversation(&hub, &fan, "the second message", |one| one["unread"] == 2).await;
        hub.fault(TYPING, json!({ "kind": "errcode", "errcode": 45081 }), 1).await;
        hub.post(&path, json!({ "typing": true })).await.expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn canned_answers_are_the_teams_and_have_one_shortcut_each() {
    for hub in Hub::on_each_database().await {
        let new = |shortcut: &str, words: &str| json!({ "shortcut": shortcut, "text": words });
        let made = hub.post("/canned_answers", new("hi", "Hello {{customer.name|there}}!")).await.expect(201);
        hub.post("/canned_answers", new("hi", "other")).await.refused(409, "shortcut_taken");
        hub.post("/canned_answers", new("a b", "{{customer.phone}}")).await.refused(422, "invalid");
        let other = hub.post("/canned_answers", new("bye", "Goodbye")).await.expect(201);
        let path = format!("/canned_answers/{}", text(&other["id"]));
        hub.put(&path, new("hi", "Goodbye")).await.refused(409, "shortcut_taken");
        hub.put(&path, new("ciao", "Goodbye")).await.expect(200);
        let all = items(&hub.get("/canned_answers").await.expect(200));
        assert_eq!(all.iter().map(|one| text(&one["shortcut"])).collect::<Vec<_>>(), ["ciao", "hi"]);
        hub.delete(&path).await.expect(204);
        hub.delete(&path).await.refused(404, "not_found");
        assert_eq!(items(&hub.get("/canned_answers").await.expect(200)).len(), 1);
        assert_eq!(made["text"], "Hello {{customer.name|there}}!");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_the_conversation_goes_with_the_fan_to_whom_they_turn_out_to_be_and_is_found_by_words() {
    for hub in Hub::on_each_database().await {
        let (first, second) = (imported(&hub, 1).await, imported(&hub, 1).await);
        let (one, two) = (hub.openids(&first).await.remove(0), hub.openids(&second).await.remove(0));
        hub.says(&second, &two, "where is the lighthouse").await;
        let before = there(&hub, &two).await;
        for account in [&first, &second] {
            settings(&hub, account, json!({ "open_platform": true })).await;
            import_again(&hub, account).await;
        }
        let kept = text(&hub.customer(&one).await["id"]);
        let after = there(&hub, &two).await;
        assert_eq!((&after["id"], &after["customer"]["id"]), (&before["id"], &json!(kept)));
        let said = lines(&hub, &after).await;
        assert!(said.iter().any(|line| line["event"]["properties"]["text"] == "where is the lighthouse"), "{said:?}");
        assert_eq!(after["window"]["left"], 5);
        let found = hub
            .until("words are found", async || {
                let found = items(&hub.get("/conversations?query=lighthouse").await.expect(200));
                (found.len() == 1).then(|| found[0].clone())
            })
            .await;
        assert_eq!((&found["id"], &found["match"]["field"]), (&before["id"], &json!("message")));
        assert_eq!(items(&hub.get(&format!("/conversations?account={}", first.id)).await.expect(200)).len(), 0);
        assert_eq!(items(&hub.get(&format!("/conversations?customer={kept}")).await.expect(200)).len(), 1);
        hub.get("/conversations?account=77").await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_others_hear_that_a_message_came_and_that_somebody_types() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let fan = hub.openids(&account).await.remove(0);
        let response = hub.http.get(format!("{}/api/v1/stream", hub.url)).bearer_auth(&hub.key).send().await.unwrap();
        let mut stream = response.bytes_stream();
        let mut heard = String::new();
        let mut until = async |words: &str| {
            while !heard.contains(words) {
                let chunk = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("told in time");
                heard.push_str(&String::from_utf8_lossy(&chunk.unwrap().unwrap()));
            }
        };
        hub.says(&account, &fan, "hello").await;
        until("event: conversations").await;
        let one = there(&hub, &fan).await;
        hub.post(&format!("/conversations/{}/typing", text(&one["id"])), json!({ "typing": true })).await.expect(204);
        until("event: typing").await;
    }
}
