//! The callback door: proof, once-only, order, and the database being away.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use wechat::{
    Format,
    crypto::{
        EncodingAesKey, KeyAge, MsgCipher,
        envelope::{Outer, parse_reply_envelope, seal_push},
        signature,
    },
};

use crate::hub::{Bound, Hub, Said};

/// A push as anybody with these secrets could make it.
struct Forged<'a> {
    account: &'a Bound,
    token: String,
    app_id: String,
    aes_key: String,
    at: i64,
}

impl<'a> Forged<'a> {
    fn of(hub: &Hub, account: &'a Bound) -> Self {
        Self {
            account,
            token: account.token.clone(),
            app_id: account.app_id.clone(),
            aes_key: account.aes_key.clone(),
            at: hub.clock.now() / 1000,
        }
    }

    fn text(&self, hub: &Hub, from: &str, msg_id: u64, text: &str) -> String {
        self.text_at(hub.clock.now() / 1000, from, msg_id, text)
    }

    fn text_at(&self, create_time: i64, from: &str, msg_id: u64, text: &str) -> String {
        let to = &self.account.original_id;
        format!(
            "<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{from}]]></FromUserName><CreateTime>{create_time}</CreateTime>\
             <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content><MsgId>{msg_id}</MsgId></xml>"
        )
    }

    async fn push(&self, hub: &Hub, document: &str) -> Said {
        let cipher = MsgCipher::new(&self.app_id, EncodingAesKey::parse(&self.aes_key).unwrap(), None);
        let encrypt = cipher.encrypt(document.as_bytes(), *b"0123456789abcdef", KeyAge::Current);
        let body = seal_push(Format::Xml, Outer::Account(&self.account.original_id), &encrypt);
        self.send(hub, &encrypt, body).await
    }

    async fn send(&self, hub: &Hub, encrypt: &str, body: String) -> Said {
        let (at, nonce) = (self.at.to_string(), "nonce1");
        let signature = signature::sign(&[&self.token, &at, nonce]);
        let msg_signature = signature::sign(&[&self.token, &at, nonce, encrypt]);
        let query = [
            ("signature", signature.as_str()),
            ("timestamp", &at),
            ("nonce", nonce),
            ("encrypt_type", "aes"),
            ("msg_signature", &msg_signature),
        ];
        let request = hub.http.post(&self.account.callback_url).query(&query).body(body);
        Said::of(request.send().await.unwrap()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_what_is_not_provably_wechats_changes_nothing_and_learns_nothing() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let stranger = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        hub.says(&account, &fan, "before").await;
        let good = Forged::of(&hub, &account);
        let document = good.text(&hub, &fan, 1, "forged");

        let mut refusals = Vec::new();
        let wrong_token = Forged { token: "wrong".into(), ..Forged::of(&hub, &account) };
        refusals.push(wrong_token.push(&hub, &document).await);
        let other_app = Forged { app_id: stranger.app_id.clone(), ..Forged::of(&hub, &account) };
        refusals.push(other_app.push(&hub, &document).await);
        let other_key = Forged { aes_key: stranger.aes_key.clone(), ..Forged::of(&hub, &account) };
        refusals.push(other_key.push(&hub, &document).await);
        let stale = Forged { at: good.at - 3600, ..Forged::of(&hub, &account) };
        refusals.push(stale.push(&hub, &document).await);
        let other_gh = document.replace(&account.original_id, &stranger.original_id);
        refusals.push(good.push(&hub, &other_gh).await);
        // Plain text in safe mode: the request does not choose how much is verified.
        refusals.push(good.send(&hub, "", document.clone()).await);
        refusals.push(
            good.send(
                &hub,
                "",
                "<xml><!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Encrypt>&e;</Encrypt></xml>".into(),
            )
            .await,
        );
        let unknown = Bound { callback_url: format!("{}/wx/nobody", hub.url), ..account.clone() };
        refusals.push(Forged { account: &unknown, ..Forged::of(&hub, &account) }.push(&hub, &document).await);

        for refusal in &refusals {
            assert_eq!((refusal.status.as_u16(), &refusal.body), (403, &json!("forbidden")));
        }
        let texts: Vec<_> = hub
            .story(&fan)
            .await
            .into_iter()
            .filter(|event| event["kind"] == "message_in")
            .map(|event| event["properties"]["text"].clone())
            .collect();
        assert_eq!(texts, [json!("before")]);
        assert_eq!(good.push(&hub, &document).await.status, 200);
        assert_eq!(hub.story(&fan).await.iter().filter(|event| event["kind"] == "message_in").count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p12_a_repeated_callback_hears_the_same_and_has_no_further_effect() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fans = hub.fans(&account, 2).await;
        let random: Vec<_> = (0..20).map(|n| json!({ "type": "text", "text": format!("lot {n}") })).collect();
        let made = hub
            .post(&format!("/accounts/{}/replies", account.id), json!({ "trigger": { "kind": "keyword", "words": ["draw"] }, "answers": random[..6], "send": "random" }))
            .await
            .expect(201);
        let forged = Forged::of(&hub, &account);
        let document = forged.text(&hub, &fans[0], 77, "draw");
        let first = opened(&account, forged.push(&hub, &document).await);
        hub.delete(&format!("/accounts/{}/replies/{}", account.id, made["id"].as_str().unwrap())).await.expect(204);
        for _ in 0..3 {
            assert_eq!(opened(&account, forged.push(&hub, &document).await), first);
        }
        assert_eq!(hub.story(&fans[0]).await.iter().filter(|event| event["kind"] == "message_in").count(), 1);
        // The same MsgId from another fan, and another message in the same second, are messages of their own.
        let other_fan = forged.text(&hub, &fans[1], 77, "draw");
        assert_eq!(forged.push(&hub, &other_fan).await.body, json!("success"));
        assert_eq!(hub.story(&fans[1]).await.iter().filter(|event| event["kind"] == "message_in").count(), 1);
    }
}

/// The text inside an encrypted reply, with its CreateTime.
fn opened(account: &Bound, said: Said) -> String {
    assert_eq!(said.status, 200, "{}", said.body);
    let body = said.body.as_str().unwrap().to_owned();
    let envelope = parse_reply_envelope(body.as_bytes()).unwrap();
    assert!(envelope.verify(&account.token));
    let cipher = MsgCipher::new(&account.app_id, EncodingAesKey::parse(&account.aes_key).unwrap(), None);
    String::from_utf8(cipher.decrypt(&envelope.encrypt).unwrap().message).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn p12_a_push_that_wechat_sends_twice_counts_once() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        hub.wechat(
            Method::POST,
            "/faults",
            json!({ "where": { "appid": account.app_id }, "what": { "kind": "duplicate_push" }, "times": 5 }),
        )
        .await
        .expect(201);
        for text in ["a", "b", "c"] {
            hub.says(&account, &fan, text).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(hub.story(&fan).await.iter().filter(|event| event["kind"] == "message_in").count(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p14_a_late_unfollow_moves_nobody_backwards_and_r16_every_one_is_kept() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        hub.says(&account, &fan, "hi").await;
        let now = hub.clock.now() / 1000;
        let event = |at: i64, event: &str| {
            format!(
                "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName><![CDATA[{fan}]]></FromUserName><CreateTime>{at}</CreateTime>\
                 <MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{event}]]></Event><EventKey><![CDATA[]]></EventKey></xml>",
                account.original_id
            )
        };
        let forged = Forged::of(&hub, &account);
        // The follow of just now arrives before the unfollow of a minute ago.
        for (at, what) in [(now + 5, "subscribe"), (now - 60, "unsubscribe")] {
            assert_eq!(forged.push(&hub, &event(at, what)).await.status, 200);
        }
        let customer = hub.customer(&fan).await;
        assert_eq!(customer["fans"][0]["status"], "following", "{customer}");
        let page = hub.get(&format!("/customers/{}", customer["id"].as_str().unwrap())).await.expect(200);
        let periods = page["fans"][0]["periods"].as_array().unwrap();
        assert_eq!(periods.len(), 2, "{page}");
        assert_eq!((periods[0]["left_at"].as_i64(), periods[1]["left_at"].as_i64()), (Some((now - 60) * 1000), None));
        // Gone for good: the customer stays.
        assert_eq!(forged.push(&hub, &event(now + 6, "unsubscribe")).await.status, 200);
        assert_eq!(hub.customer(&fan).await["fans"][0]["status"], "left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_before_the_last_change_still_opens() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        let new_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        hub.patch(&format!("/accounts/{}", account.id), json!({ "encoding_aes_key": new_key })).await.expect(200);
        let before = Forged::of(&hub, &account);
        assert_eq!(before.push(&hub, &before.text(&hub, &fan, 1, "old key")).await.status, 200);
        let after = Forged { aes_key: new_key.into(), ..Forged::of(&hub, &account) };
        assert_eq!(after.push(&hub, &after.text(&hub, &fan, 2, "new key")).await.status, 200);
        assert_eq!(hub.story(&fan).await.iter().filter(|event| event["kind"] == "message_in").count(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_of_an_unknown_kind_is_kept_and_answered_success() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        hub.says(&account, &fan, "hi").await;
        let now = hub.clock.now() / 1000;
        let document = format!(
            "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName><![CDATA[{fan}]]></FromUserName><CreateTime>{now}</CreateTime>\
             <MsgType><![CDATA[event]]></MsgType><Event><![CDATA[brand_new_event]]></Event><What><![CDATA[x]]></What></xml>",
            account.original_id
        );
        let forged = Forged::of(&hub, &account);
        assert_eq!(forged.push(&hub, &document).await.body, json!("success"));
        let story = hub.story(&fan).await;
        assert!(
            story.iter().any(|event| event["kind"] == "other" && event["properties"]["event"] == "brand_new_event"),
            "{story:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p11_many_fans_at_once_are_each_answered_and_kept_once() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let fans = hub.fans(&account, 40).await;
        let body = json!({ "trigger": { "kind": "keyword", "match": "contains", "words": ["n"] }, "answers": [{ "type": "text", "text": "ok" }] });
        hub.post(&format!("/accounts/{}/replies", account.id), body).await.expect(201);
        let forged = Forged::of(&hub, &account);
        let documents: Vec<String> = fans
            .iter()
            .enumerate()
            .flat_map(|(f, fan)| (0..5).map(move |n| (fan.clone(), f as u64 * 100 + n)))
            .map(|(fan, id)| forged.text(&hub, &fan, id, &format!("n{id}")))
            .collect();
        let pushes =
            documents.iter().flat_map(|document| [document, document]).map(|document| forged.push(&hub, document));
        for said in futures::future::join_all(pushes).await {
            assert_eq!(said.status, 200, "{}", said.body);
        }
        for fan in &fans {
            let story = hub.story(fan).await;
            let count = |kind: &str| story.iter().filter(|event| event["kind"] == kind).count();
            assert_eq!((count("message_in"), count("message_out")), (5, 5));
        }
    }
}

/// Closes or opens a PostgreSQL database to everybody, as a failover does.
async fn reachable(url: &str, yes: bool) {
    use sqlx::{AssertSqlSafe, Connection, Executor};
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (server, name) = base.rsplit_once('/').unwrap();
    let mut admin = sqlx::PgConnection::connect(&format!("{server}/postgres?{query}")).await.unwrap();
    let alter = format!("alter database {name} with allow_connections {yes}");
    admin.execute(AssertSqlSafe(alter)).await.unwrap();
    if !yes {
        let end = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        admin.execute(AssertSqlSafe(end)).await.unwrap();
    }
    admin.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn p13_callbacks_are_kept_while_the_database_is_away_and_taken_in_when_it_is_back() {
    for hub in Hub::on_each_database().await {
        if hub.engine == store::Engine::Sqlite {
            // The file is in this process: there is no "away" but the whole machine's.
            continue;
        }
        let account = hub.bind_direct().await;
        let fan = hub.fans(&account, 1).await.remove(0);
        hub.says(&account, &fan, "before").await;
        let id = hub.customer(&fan).await["id"].as_str().unwrap().to_owned();
        let forged = Forged::of(&hub, &account);
        reachable(&hub.db.url, false).await;
        let documents: Vec<String> =
            (0..5).map(|n| forged.text(&hub, &fan, 100 + n, &format!("while away {n}"))).collect();
        for document in &documents {
            let said = forged.push(&hub, document).await;
            assert_eq!((said.status.as_u16(), said.body), (200, json!("success")));
        }
        reachable(&hub.db.url, true).await;
        let texts = hub
            .until("what was kept is on the timeline", async || {
                let said = hub.get(&format!("/customers/{id}/timeline?limit=200")).await;
                // A connection from before may be the one that is asked.
                if said.status != 200 {
                    return None;
                }
                let texts: Vec<String> = said.body["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter(|event| event["kind"] == "message_in")
                    .map(|event| event["properties"]["text"].as_str().unwrap().to_owned())
                    .collect();
                (texts.len() >= 6).then_some(texts)
            })
            .await;
        assert_eq!(texts.len(), 6, "{texts:?}");
        // WeChat had its answer; a late copy changes nothing.
        forged.push(&hub, &documents[0]).await;
        assert_eq!(hub.story(&fan).await.iter().filter(|event| event["kind"] == "message_in").count(), 6);
    }
}
