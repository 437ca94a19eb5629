//! What an account answers by itself.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::hub::{Bound, Hub};

fn keyword(matching: &str, words: &[&str], text: &str) -> Value {
    json!({ "trigger": { "kind": "keyword", "match": matching, "words": words }, "answers": [{ "type": "text", "text": text }] })
}

async fn rule(hub: &Hub, account: &Bound, body: Value) -> Value {
    hub.post(&format!("/accounts/{}/replies", account.id), body).await.expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn r2_a_keyword_is_answered_in_every_encryption_and_format() {
    for hub in Hub::on_each_database().await {
        for mode in ["safe", "compatible", "plain"] {
            let account = hub.bind_direct_as("service", 0, mode).await;
            let fan = hub.fans(&account, 1).await.remove(0);
            rule(&hub, &account, keyword("contains", &["price"], "9.9 元")).await;
            for format in ["xml", "json"] {
                hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), json!({ "format": format }))
                    .await
                    .expect(200);
                assert_eq!(
                    hub.says(&account, &fan, "What is the ＰＲＩＣＥ?").await.as_deref(),
                    Some("9.9 元"),
                    "{mode} {format}"
                );
                let silent = hub.fan(&account, &fan, "say", json!({ "text": "hello" })).await;
                assert_eq!(silent["outcome"], "silent", "{mode} {format}: {silent}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_rule_in_order_answers_and_the_default_comes_last() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        rule(
            &hub,
            &account,
            json!({ "trigger": { "kind": "default" }, "answers": [{ "type": "text", "text": "default" }] }),
        )
        .await;
        let first = rule(&hub, &account, keyword("contains", &["a"], "first")).await;
        let second = rule(&hub, &account, keyword("exact", &["ab"], "second")).await;
        assert_eq!(hub.says(&account, &fan, "ab").await.as_deref(), Some("first"));
        assert_eq!(hub.says(&account, &fan, "zzz").await.as_deref(), Some("default"));

        let list = hub.get(&format!("/accounts/{}/replies", account.id)).await.expect(200);
        let default = list["items"][0]["id"].clone();
        let order = json!({ "ids": [default, second["id"], first["id"]] });
        hub.post(&format!("/accounts/{}/replies/order", account.id), order).await.expect(204);
        assert_eq!(hub.says(&account, &fan, "ab").await.as_deref(), Some("second"));

        let off = format!("/accounts/{}/replies/{}", account.id, second["id"].as_str().unwrap());
        hub.patch(&off, json!({ "enabled": false })).await.expect(200);
        assert_eq!(hub.says(&account, &fan, "ab").await.as_deref(), Some("first"));
        hub.delete(&off).await.expect(204);
        hub.get(&off).await.refused(404, "not_found");

        hub.until("the hits", async || {
            let hits = hub.get(&format!("/accounts/{}/replies", account.id)).await.expect(200);
            let rules = hits["items"].as_array().unwrap();
            let of = |name: &str| rules.iter().find(|rule| rule["answers"][0]["text"] == name).unwrap()["hits"].clone();
            ((of("first"), of("default")) == (json!(2), json!(1))).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_a_new_fan_and_a_returning_fan_are_greeted_differently() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let follow = |when: &str, text: &str| json!({ "trigger": { "kind": "follow", "follow": when }, "answers": [{ "type": "text", "text": text }] });
        rule(&hub, &account, follow("first", "welcome")).await;
        rule(&hub, &account, follow("returning", "welcome back")).await;
        let fan = hub.fans(&account, 1).await.remove(0);
        hub.fan(&account, &fan, "unfollow", json!({})).await;
        let back = hub.fan(&account, &fan, "follow", json!({})).await;
        assert_eq!(back["answer"]["text"], "welcome back", "{back}");

        // Somebody who follows another account and has never met this one.
        let elsewhere = hub.bind_direct().await;
        hub.fans(&elsewhere, 9).await;
        let people = hub.wechat(Method::GET, "/people/8", Value::Null).await.expect(200);
        let chat = people["chats"]
            .as_array()
            .unwrap()
            .iter()
            .find(|chat| chat["appid"] == account.app_id.as_str())
            .unwrap()
            .clone();
        let stranger = chat["openid"].as_str().unwrap().to_owned();
        let new = hub.fan(&account, &stranger, "follow", json!({})).await;
        assert_eq!(new["answer"]["text"], "welcome", "{new}");
        let story = hub.story(&stranger).await;
        let follow = story.iter().find(|event| event["kind"] == "follow").unwrap();
        assert_eq!(follow["properties"]["first"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_several_answers_go_first_in_the_reply_and_then_as_customer_service_messages() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let texts: Vec<Value> =
            ["one", "two", "three"].iter().map(|text| json!({ "type": "text", "text": text })).collect();
        rule(&hub, &account, json!({ "trigger": { "kind": "keyword", "words": ["go"] }, "answers": texts })).await;
        assert_eq!(hub.says(&account, &fan, "go").await.as_deref(), Some("one"));
        let lines = hub
            .until("three lines from the account", async || {
                let chat = hub.chat(&account, &fan).await;
                let said: Vec<String> =
                    chat.into_iter().filter(|(from, ..)| from == "account").map(|(_, _, text)| text).collect();
                (said.len() == 3).then_some(said)
            })
            .await;
        assert_eq!(lines, ["one", "two", "three"]);
        let out = hub
            .until("three lines on the timeline", async || {
                let story = hub.story(&fan).await;
                let out: Vec<Value> = story.into_iter().filter(|event| event["kind"] == "message_out").collect();
                (out.len() == 3).then_some(out)
            })
            .await;
        let via: Vec<&str> = out.iter().rev().map(|event| event["properties"]["via"].as_str().unwrap()).collect();
        assert_eq!(via, ["passive", "custom", "custom"]);
        assert!(out.iter().all(|event| event["properties"]["state"] == "sent"), "{out:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_answers_a_fan_once_in_its_interval() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let body = json!({ "trigger": { "kind": "default", "message_kinds": ["text"] }, "answers": [{ "type": "text", "text": "we are out" }], "once_per_seconds": 3600 });
        rule(&hub, &account, body).await;
        assert_eq!(hub.says(&account, &fan, "x").await.as_deref(), Some("we are out"));
        assert_eq!(hub.says(&account, &fan, "y").await, None);
        hub.advance(Duration::from_secs(3601)).await;
        assert_eq!(hub.says(&account, &fan, "z").await.as_deref(), Some("we are out"));
        let picture = hub.fan(&account, &fan, "send", json!({ "type": "image" })).await;
        assert_eq!(picture["outcome"], "silent", "{picture}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_reply_is_said_as_success_and_nothing_else_answers() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        rule(
            &hub,
            &account,
            json!({ "trigger": { "kind": "keyword", "words": ["quiet"] }, "answers": [{ "type": "none" }] }),
        )
        .await;
        rule(
            &hub,
            &account,
            json!({ "trigger": { "kind": "default" }, "answers": [{ "type": "text", "text": "default" }] }),
        )
        .await;
        let came = hub.fan(&account, &fan, "say", json!({ "text": "quiet" })).await;
        assert_eq!((came["outcome"].as_str(), came["attempts"].as_i64()), (Some("silent"), Some(1)), "{came}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_no_keyword_caught_are_grouped_and_can_be_put_away() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fans = hub.fans(&account, 2).await;
        for (fan, text) in [
            (0, "Opening hours"),
            (1, "ＯＰＥＮＩＮＧ hours"),
            (0, "opening HOURS "),
            (1, "opening  hours？！"),
            (1, "parking?"),
        ] {
            hub.says(&account, &fans[fan], text).await;
        }
        let path = format!("/accounts/{}/replies/unmatched", account.id);
        let counted = async |wanted: &[i64]| {
            hub.until("the unmatched texts", async || {
                let list = hub.get(&path).await.expect(200);
                let groups = list["items"].as_array().unwrap();
                let counts: Vec<i64> = groups.iter().map(|group| group["count"].as_i64().unwrap()).collect();
                (counts == wanted).then_some(())
            })
            .await;
        };
        counted(&[4, 1]).await;
        let first = hub.get(&format!("{path}?limit=1")).await.expect(200);
        let next =
            hub.get(&format!("{path}?limit=1&cursor={}", first["next_cursor"].as_str().unwrap())).await.expect(200);
        assert_eq!((next["items"][0]["text"].as_str(), &next["next_cursor"]), (Some("parking?"), &Value::Null));
        hub.delete(&format!("{path}/{}", first["items"][0]["id"].as_str().unwrap())).await.expect(204);
        assert_eq!(hub.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 1);
        hub.says(&account, &fans[0], "opening hours").await;
        counted(&[5, 1]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_handed_up_to_wechat_and_answered_passively() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let picture = reqwest::multipart::Part::bytes(b"\x89PNG\r\n\x1a\n0000".to_vec()).file_name("spring.png");
        let form = reqwest::multipart::Form::new().text("kind", "image").part("file", picture);
        let request = hub.http.post(format!("{}/api/v1/media", hub.url)).bearer_auth(&hub.key).multipart(form);
        let file = crate::hub::Said::of(request.send().await.unwrap()).await.expect(201);
        let body = json!({ "trigger": { "kind": "keyword", "words": ["pic"] }, "answers": [{ "type": "image", "media_id": file["id"] }] });
        let made = rule(&hub, &account, body).await;
        hub.until("the picture in the answer", async || {
            let came = hub.fan(&account, &fan, "say", json!({ "text": "pic" })).await;
            (came["answer"]["kind"] == "image").then_some(())
        })
        .await;
        let path = format!("/media/{}", file["id"].as_str().unwrap());
        let refused = hub.delete(&path).await.refused(409, "media_used");
        assert_eq!(refused["params"]["rules"][0]["rule_id"], made["id"], "it says which rule: {refused}");
        let uses = hub
            .until("what was asked before WeChat had the file is sent", async || {
                let uses = hub.get(&format!("{path}/uses")).await.expect(200);
                (uses["waiting"] == 0).then_some(uses)
            })
            .await;
        assert_eq!(uses["rules"][0]["account_id"], json!(account.id), "{uses}");
        hub.delete(&format!("/accounts/{}/replies/{}", account.id, made["id"].as_str().unwrap())).await.expect(204);
        hub.delete(&path).await.expect(204);
        hub.get(&format!("{path}/uses")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_bench_says_which_rule_why_and_what_is_sent() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        rule(&hub, &account, keyword("contains", &["price"], "9.9")).await;
        rule(&hub, &account, keyword("exact", &["the price"], "never")).await;
        let path = format!("/accounts/{}/replies/test", account.id);
        let said = hub.post(&path, json!({ "kind": "text", "text": "the PRICE" })).await.expect(200);
        let why: Vec<&str> =
            said["considered"].as_array().unwrap().iter().map(|one| one["why"].as_str().unwrap()).collect();
        assert_eq!(why, ["matched", "later"]);
        assert_eq!(said["passive"], json!({ "type": "text", "text": "9.9" }));
        let draft = keyword("exact", &["hello"], "hi there");
        let said = hub.post(&path, json!({ "kind": "text", "text": "hello", "draft": draft })).await.expect(200);
        assert_eq!(said["passive"]["text"], "hi there");
        let meets = hub
            .post(
                &format!("/accounts/{}/replies/conflicts", account.id),
                json!({ "trigger": { "kind": "keyword", "match": "exact", "words": ["PRICE list"] } }),
            )
            .await
            .expect(200);
        assert_eq!(meets["items"][0]["kind"], "shadowed", "{meets}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p24_rules_of_another_tenant_are_absent() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let made = rule(&hub, &account, keyword("exact", &["x"], "y")).await;
        let (list, one) = (
            format!("/accounts/{}/replies", account.id),
            format!("/accounts/{}/replies/{}", account.id, made["id"].as_str().unwrap()),
        );
        for (method, path, body) in [
            (Method::GET, &list, None),
            (Method::POST, &list, Some(keyword("exact", &["a"], "b"))),
            (Method::GET, &one, None),
            (Method::PUT, &one, Some(keyword("exact", &["a"], "b"))),
            (Method::PATCH, &one, Some(json!({ "enabled": false }))),
            (Method::DELETE, &one, None),
        ] {
            hub.call(&hub.other, method, path, body).await.refused(404, "not_found");
        }
        assert_eq!(hub.get(&one).await.expect(200)["enabled"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_what_an_account_answers_is_written_changed_switched_off_and_deleted_from_here() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let trigger = |kind: &str, text: &str| json!({ "trigger": { "kind": kind }, "answers": [{ "type": "text", "text": text }] });
        let welcome = rule(&hub, &account, trigger("follow", "Welcome aboard")).await;
        let price = rule(&hub, &account, keyword("contains", &["price"], "9.9")).await;
        rule(&hub, &account, trigger("default", "A person will answer")).await;
        let at = |rule: &Value| format!("/accounts/{}/replies/{}", account.id, rule["id"].as_str().unwrap());
        let says = async |text: &str| hub.says(&account, &fan, text).await;
        hub.fan(&account, &fan, "unfollow", json!({})).await;
        let back = hub.fan(&account, &fan, "follow", json!({})).await;
        assert_eq!(back["answer"]["text"], "Welcome aboard", "{back}");
        assert_eq!(says("what is the price").await.as_deref(), Some("9.9"));
        assert_eq!(says("good morning").await.as_deref(), Some("A person will answer"));

        let dearer = hub.put(&at(&price), keyword("contains", &["price"], "19.9")).await.expect(200);
        assert_eq!(says("the price?").await.as_deref(), Some("19.9"));
        hub.patch(&at(&price), json!({ "enabled": false })).await.expect(200);
        assert_ne!(says("price").await.as_deref(), Some("19.9"), "switched off: {dearer}");
        hub.patch(&at(&price), json!({ "enabled": true })).await.expect(200);
        assert_eq!(says("price").await.as_deref(), Some("19.9"));

        hub.delete(&at(&price)).await.expect(204);
        assert_ne!(says("price").await.as_deref(), Some("19.9"));
        hub.delete(&at(&welcome)).await.expect(204);
        // WeChat knows what a fan does by its second.
        hub.advance(Duration::from_secs(2)).await;
        hub.fan(&account, &fan, "unfollow", json!({})).await;
        let back = hub.fan(&account, &fan, "follow", json!({})).await;
        assert_eq!(back["answer"]["text"], Value::Null, "{back}");
        // What the phone was shown is what was answered, in this order.
        let chat = hub.chat(&account, &fan).await;
        let heard: Vec<&str> =
            chat.iter().filter(|(from, _, _)| from == "account").map(|(_, _, text)| text.as_str()).collect();
        assert_eq!(heard[..4], ["Welcome aboard", "9.9", "A person will answer", "19.9"], "{heard:?}");
    }
}
