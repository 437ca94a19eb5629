//! Fans come in, stay true, and are never doubled or lost.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use store::sql;

use crate::hub::{Bound, Hub};

pub const LIST: &str = "/cgi-bin/user/get";
pub const FETCH: &str = "/cgi-bin/user/info/batchget";

pub async fn import(hub: &Hub, account: &Bound) -> Value {
    hub.get(&format!("/accounts/{}/import", account.id)).await.expect(200)
}

pub async fn in_state(hub: &Hub, account: &Bound, state: &str) -> Value {
    let last = std::cell::RefCell::new(Value::Null);
    hub.until(state, async || {
        let import = import(hub, account).await;
        // Shown when the test fails.
        if last.replace(import.clone()) != import {
            println!("{:?} {import}", hub.engine);
        }
        (import["state"] == state).then_some(import)
    })
    .await
}

pub async fn import_again(hub: &Hub, account: &Bound) -> Value {
    hub.post(&format!("/accounts/{}/import", account.id), json!({})).await.expect(202);
    in_state(hub, account, "done").await
}

/// A bound account with so many fans, all of whom are in.
pub async fn imported(hub: &Hub, fans: u64) -> Bound {
    let account = hub.bind_direct().await;
    in_state(hub, &account, "done").await;
    if fans > 0 {
        hub.fans(&account, fans).await;
        import_again(hub, &account).await;
    }
    account
}

pub async fn count(hub: &Hub, text: &'static str) -> i64 {
    hub.running.ctx().store().read().await.unwrap().scalar(sql(text)).await.unwrap().unwrap()
}

pub async fn customers(hub: &Hub) -> i64 {
    count(hub, "select count(*) from customers where merged_into is null").await
}

pub async fn settings(hub: &Hub, account: &Bound, patch: Value) {
    hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), patch).await.expect(200);
}

/// Every fan once: rows, customers, and one line of the story each.
pub async fn all_are_in_once(hub: &Hub, fans: i64) {
    assert_eq!(count(hub, "select count(*) from fans").await, fans);
    assert_eq!(customers(hub).await, fans);
    assert_eq!(count(hub, "select count(distinct customer_id) from fans").await, fans);
    assert_eq!(count(hub, "select count(*) from events where kind = 'import'").await, fans);
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_binding_brings_every_fan_in_as_a_customer_and_again_doubles_nobody() {
    for hub in Hub::on_each_database().await {
        let made = hub
            .wechat(Method::POST, "/accounts", json!({ "kind": "service", "verify_type": 0, "fans": 1234 }))
            .await
            .expect(201);
        let body = json!({ "mode": "direct", "app_id": made["appid"], "app_secret": made["appsecret"], "token": made["token"],
            "encoding_aes_key": made["encoding_aes_key"], "encryption": "safe", "kind": "service", "verify_type": 0, "nick_name": "Harbour" });
        let id = hub.post("/accounts", body).await.expect(201)["id"].as_str().unwrap().to_owned();
        let account = Bound {
            id,
            app_id: made["appid"].as_str().unwrap().into(),
            original_id: String::new(),
            token: String::new(),
            aes_key: String::new(),
            callback_url: String::new(),
        };
        let done = in_state(&hub, &account, "done").await;
        assert_eq!(
            (done["total"].as_i64(), done["done"].as_i64(), done["problem"].as_str()),
            (Some(1234), Some(1234), None),
            "{done}"
        );
        all_are_in_once(&hub, 1234).await;

        import_again(&hub, &account).await;
        all_are_in_once(&hub, 1234).await;

        let openid = hub.openids(&account).await.remove(5);
        let customer = hub.customer(&openid).await;
        assert_eq!(customer["name"], Value::Null);
        assert_eq!(customer["display_name"], json!(format!("#{}", &openid[openid.len() - 4..])));
        assert_eq!(customer["fans"][0]["status"], "following");
        let page = hub.get(&format!("/customers/{}", customer["id"].as_str().unwrap())).await.expect(200);
        let fan = &page["fans"][0];
        assert_eq!(fan["periods"][0]["followed_at"], fan["subscribed_at"]);
        assert!(fan["scene"].as_str().unwrap().starts_with("ADD_SCENE_"), "{fan}");
        let ninety_days = 90 * 24 * 3_600_000;
        let (mut seen, mut not_seen) = (0, 0);
        for openid in &hub.openids(&account).await[..60] {
            let customer = hub.customer(openid).await;
            let page = hub.get(&format!("/customers/{}", customer["id"].as_str().unwrap())).await.expect(200);
            let fan = &page["fans"][0];
            if fan["subscribed_at"].as_i64().unwrap() >= customer["created_at"].as_i64().unwrap() - ninety_days {
                assert_eq!(customer["last_seen_at"], fan["subscribed_at"], "the follow was something they did lately");
                seen += 1;
            } else {
                assert_eq!(customer["last_seen_at"], Value::Null, "that was too long ago");
                not_seen += 1;
            }
        }
        assert!(seen > 0 && not_seen > 0, "{seen} were seen lately, and {not_seen} were not");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_a_name_once_known_survives_wechats_silence_and_a_persons_word_survives_wechat() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 20).await;
        settings(&hub, &account, json!({ "legacy_profile": true })).await;
        import_again(&hub, &account).await;
        let openids = hub.openids(&account).await;
        let (one, two) = (hub.customer(&openids[0]).await, hub.customer(&openids[1]).await);
        assert!(!one["name"].as_str().unwrap().is_empty(), "{one}");
        let path = format!("/customers/{}", two["id"].as_str().unwrap());
        let page = hub.patch(&path, json!({ "name": "Old friend" })).await.expect(200);
        assert_eq!(page["fields"]["name"]["source"], "api");
        import_again(&hub, &account).await;
        settings(&hub, &account, json!({ "legacy_profile": false })).await;
        import_again(&hub, &account).await;
        assert_eq!(hub.customer(&openids[0]).await["name"], one["name"]);
        assert_eq!(hub.customer(&openids[1]).await["name"], "Old friend");
        let page = hub.get(&format!("/customers/{}", one["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(page["fields"]["name"]["source"], "wechat");
        all_are_in_once(&hub, 20).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_killed_again_and_again_loses_and_doubles_nobody() {
    for mut hub in Hub::on_each_database().await {
        let account = imported(&hub, 0).await;
        hub.wechat(Method::POST, &format!("/accounts/{}/fans", account.app_id), json!({ "count": 26_000 }))
            .await
            .expect(200);
        // Slow enough to be met on the way: in the list, and in each chunk.
        hub.fault(FETCH, json!({ "kind": "latency", "ms": 30 }), 100_000).await;
        hub.fault(LIST, json!({ "kind": "latency", "ms": 200 }), 100_000).await;
        hub.post(&format!("/accounts/{}/import", account.id), json!({})).await.expect(202);
        for wait_ms in [0, 250, 700, 900, 350, 600, 800] {
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            let next = hub.second_node().await;
            std::mem::replace(&mut hub.running, next).kill();
            hub.url = format!("http://{}", hub.running.addr());
            // The dead one's lease runs out.
            hub.advance(Duration::from_secs(150)).await;
        }
        let done = in_state(&hub, &account, "done").await;
        assert_eq!(done["done"].as_i64(), Some(26_000), "{done}");
        all_are_in_once(&hub, 26_000).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_pauses_and_goes_on_where_it_was() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 0).await;
        hub.wechat(Method::POST, &format!("/accounts/{}/fans", account.app_id), json!({ "count": 30_000 }))
            .await
            .expect(200);
        hub.fault(FETCH, json!({ "kind": "latency", "ms": 100 }), 100_000).await;
        let path = format!("/accounts/{}/import", account.id);
        hub.post(&path, json!({})).await.expect(202);
        hub.until("some fans are in", async || (import(&hub, &account).await["done"].as_i64()? > 0).then_some(()))
            .await;
        let paused = hub.post(&format!("{path}/pause"), json!({})).await.expect(200);
        assert_eq!(
            (paused["state"].as_str(), paused["rate"].as_i64(), paused["remaining_seconds"].as_i64()),
            (Some("paused"), Some(0), None),
            "{paused}"
        );
        // The fans that were on their way may still come in.
        tokio::time::sleep(Duration::from_millis(4000)).await;
        let rested = import(&hub, &account).await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!(import(&hub, &account).await["done"], rested["done"], "nothing comes in while it is paused");
        assert!(rested["done"].as_i64().unwrap() < 30_000, "{rested}");
        hub.post(&format!("{path}/resume"), json!({})).await.expect(200);
        in_state(&hub, &account, "done").await;
        all_are_in_once(&hub, 30_000).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_used_up_is_shown_and_waited_for() {
    for hub in Hub::on_each_database().await {
        for (errcode, problem, wait) in [(45009, "wechat_day", 25 * 3600), (45011, "wechat_minute", 61)] {
            let account = imported(&hub, 0).await;
            hub.fans(&account, 150).await;
            hub.fault(FETCH, json!({ "kind": "errcode", "errcode": errcode }), 1).await;
            hub.post(&format!("/accounts/{}/import", account.id), json!({})).await.expect(202);
            let waiting = hub
                .until("the import waits", async || {
                    let import = import(&hub, &account).await;
                    (!import["problem"].is_null()).then_some(import)
                })
                .await;
            assert_eq!(
                (waiting["state"].as_str(), waiting["problem"].as_str(), waiting["errcode"].as_i64()),
                (Some("running"), Some(problem), Some(errcode))
            );
            assert_eq!((waiting["rate"].as_i64(), waiting["remaining_seconds"].as_i64()), (Some(0), None));
            tokio::time::sleep(Duration::from_millis(1200)).await;
            assert_eq!(import(&hub, &account).await["state"], "running", "it does not try before");
            hub.advance(Duration::from_secs(wait)).await;
            let done = in_state(&hub, &account, "done").await;
            assert_eq!((done["done"].as_i64(), done["problem"].as_str()), (Some(150), None), "{done}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r16_whoever_leaves_stays_a_customer_with_every_follow_and_unfollow() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 3).await;
        let openid = hub.openids(&account).await.remove(0);
        hub.advance(Duration::from_secs(60)).await;
        hub.fan(&account, &openid, "unfollow", json!({})).await;
        let customer = hub.customer(&openid).await;
        assert_eq!(customer["fans"][0]["status"], "left");
        hub.advance(Duration::from_secs(60)).await;
        hub.fan(&account, &openid, "follow", json!({})).await;
        let page = hub.get(&format!("/customers/{}", customer["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(page["fans"][0]["status"], "following");
        let periods = page["fans"][0]["periods"].as_array().unwrap();
        assert_eq!(periods.len(), 2, "{page}");
        assert!(periods[0]["left_at"].is_i64() && periods[1]["left_at"].is_null(), "{page}");
        let kinds: Vec<Value> = hub.story(&openid).await.into_iter().map(|event| event["kind"].clone()).collect();
        assert_eq!(kinds, ["follow", "unfollow", "import"]);
        assert_eq!(customers(&hub).await, 3);
        let left = hub.get(&format!("/customers?account={}&status=left", account.id)).await.expect(200);
        assert_eq!(left["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r16_follows_and_unfollows_that_were_missed_are_found_by_comparing() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 30).await;
        let openids = hub.openids(&account).await;
        // More people than follow this account.
        let elsewhere = hub.new_account("service", 0).await;
        hub.wechat(
            Method::POST,
            &format!("/accounts/{}/fans", elsewhere["appid"].as_str().unwrap()),
            json!({ "count": 100 }),
        )
        .await
        .expect(200);
        // Nobody hears what happens now.
        settings(&hub, &account, json!({ "callback_url": "" })).await;
        hub.advance(Duration::from_secs(600)).await;
        hub.fan(&account, &openids[0], "unfollow", json!({})).await;
        hub.fan(&account, "90", "follow", json!({})).await;
        hub.advance(Duration::from_secs(600)).await;
        features::fan_import::reconcile_all(hub.running.ctx().clone()).await.unwrap();
        hub.until("who left is known to have left", async || {
            (hub.customer(&openids[0]).await["fans"][0]["status"] == "left").then_some(())
        })
        .await;
        hub.until("who came is known", async || (customers(&hub).await == 31).then_some(())).await;
        let story = hub.story(&openids[0]).await;
        assert_eq!(
            (story[0]["kind"].as_str(), &story[0]["properties"]["following"]),
            (Some("import"), &json!(false)),
            "{story:?}"
        );
        assert_eq!(import(&hub, &account).await["done"].as_i64(), Some(30), "what people see of the import stays");
        assert_eq!(count(&hub, "select count(*) from fans where status = 'following'").await, 30);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r19_r20_customers_outlive_the_account_and_are_found_again() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 40).await;
        let openids = hub.openids(&account).await;
        let before = hub.customer(&openids[0]).await;
        hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
        assert_eq!(customers(&hub).await, 40);

        // Bound again after a cancel: nothing changed but what happened meanwhile, and it is caught up with.
        hub.advance(Duration::from_secs(60)).await;
        hub.fan(&account, &openids[1], "unfollow", json!({})).await;
        hub.post(&format!("/accounts/{}/rebind", account.id), json!({})).await.expect(200);
        hub.until("what was missed is known", async || {
            (hub.customer(&openids[1]).await["fans"][0]["status"] == "left").then_some(())
        })
        .await;
        assert_eq!(hub.customer(&openids[0]).await["id"], before["id"]);

        // Deleted and bound anew: the customers are the same, what they were to the old account is history.
        in_state(&hub, &account, "done").await;
        hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
        let name = hub.get(&format!("/accounts/{}", account.id)).await.expect(200)["nick_name"].clone();
        hub.call(&hub.key, Method::DELETE, &format!("/accounts/{}", account.id), Some(json!({ "confirm": name })))
            .await
            .expect(204);
        assert_eq!(customers(&hub).await, 40);
        let official = hub.wechat(Method::GET, &format!("/accounts/{}", account.app_id), Value::Null).await.expect(200);
        let body = json!({ "mode": "direct", "app_id": account.app_id, "app_secret": official["appsecret"], "token": account.token,
            "encoding_aes_key": account.aes_key, "encryption": "safe", "kind": "service", "verify_type": 0, "nick_name": "Harbour" });
        let anew = hub.post("/accounts", body).await.expect(201);
        let anew = Bound { id: anew["id"].as_str().unwrap().to_owned(), ..account.clone() };
        in_state(&hub, &anew, "done").await;
        assert_eq!(customers(&hub).await, 40);
        let page = hub.get(&format!("/customers/{}", before["id"].as_str().unwrap())).await.expect(200);
        let status =
            |id: &str| page["fans"].as_array().unwrap().iter().find(|fan| fan["account_id"] == id).unwrap().clone();
        assert_eq!(status(&anew.id)["status"], "following");
        assert_eq!(status(&account.id)["status"], "frozen");
        assert!(status(&account.id)["status_until"].is_i64());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_fans_of_two_accounts_are_one_customer_through_the_unionid_and_only_so() {
    for hub in Hub::on_each_database().await {
        let first = imported(&hub, 0).await;
        let second = imported(&hub, 0).await;
        settings(&hub, &first, json!({ "open_platform": true })).await;
        hub.fans(&first, 50).await;
        hub.fans(&second, 50).await;
        import_again(&hub, &first).await;
        import_again(&hub, &second).await;
        assert_eq!(customers(&hub).await, 100, "without a unionid nobody knows that they are the same");
        let lone = hub.openids(&second).await.remove(7);
        let one_before = hub.customer(&lone).await;

        // The second account joins the Open Platform account: now WeChat says who is whom.
        settings(&hub, &second, json!({ "open_platform": true })).await;
        import_again(&hub, &second).await;
        assert_eq!(customers(&hub).await, 50);
        let joined = hub.customer(&lone).await;
        assert_eq!(joined["fans"].as_array().unwrap().len(), 2, "{joined}");
        let by_old_id = hub.get(&format!("/customers/{}", one_before["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(by_old_id["id"], joined["id"]);
        assert!(by_old_id["identities"].as_array().unwrap().iter().any(|identity| identity["kind"] == "unionid"));
        let story = hub.story(&lone).await;
        assert_eq!(
            story.iter().filter(|event| event["kind"] == "import").count(),
            2,
            "both stories are told: {story:?}"
        );
        assert_eq!(story.iter().filter(|event| event["kind"] == "merge").count(), 1);

        // A third account finds the customer at the first meeting.
        let third = imported(&hub, 0).await;
        settings(&hub, &third, json!({ "open_platform": true })).await;
        hub.fans(&third, 60).await;
        import_again(&hub, &third).await;
        assert_eq!(customers(&hub).await, 60);
        import_again(&hub, &first).await;
        assert_eq!(customers(&hub).await, 60);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_who_comes_by_themselves_is_asked_about_and_known_across_accounts() {
    for hub in Hub::on_each_database().await {
        let first = imported(&hub, 0).await;
        settings(&hub, &first, json!({ "open_platform": true })).await;
        hub.fans(&first, 40).await;
        import_again(&hub, &first).await;
        let second = imported(&hub, 0).await;
        settings(&hub, &second, json!({ "open_platform": true })).await;
        hub.fan(&second, "33", "follow", json!({})).await;
        hub.until("the follow is known", async || (count(&hub, "select count(*) from fans").await == 41).then_some(()))
            .await;
        features::fan_import::nudge_imports(hub.running.ctx().clone()).await.unwrap();
        hub.until("both are one", async || (customers(&hub).await == 40).then_some(())).await;
        assert_eq!(count(&hub, "select count(*) from fans where info_at is null").await, 0);
        let page = hub.get(&format!("/customers?account={}", second.id)).await.expect(200);
        assert_eq!(page["items"][0]["fans"].as_array().unwrap().len(), 2, "{page}");
    }
}
