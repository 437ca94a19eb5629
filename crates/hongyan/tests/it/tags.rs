//! Tags of ours and of WeChat's.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::hub::{Bound, Hub, Said};

const TAG: &str = "/cgi-bin/tags/members/batchtagging";
const UNTAG: &str = "/cgi-bin/tags/members/batchuntagging";

async fn account_with(hub: &Hub, fans: u64) -> (Bound, Vec<String>) {
    let account = hub.bind_direct().await;
    let openids = hub.fans(&account, fans).await;
    imported(hub, &account).await;
    hub.post(&format!("/accounts/{}/import", account.id), json!({})).await.expect(202);
    imported(hub, &account).await;
    synced(hub, &account).await;
    (account, openids)
}

async fn imported(hub: &Hub, account: &Bound) {
    hub.until("the import is done", async || {
        let import = hub.get(&format!("/accounts/{}/import", account.id)).await.expect(200);
        (import["state"] == "done").then_some(())
    })
    .await
}

/// The account's tags at WeChat, once the mirror rests.
async fn synced(hub: &Hub, account: &Bound) -> Value {
    hub.until("the mirror rests", async || {
        let tags = hub.get(&format!("/accounts/{}/wechat_tags", account.id)).await.expect(200);
        (tags["state"] != "running").then_some(tags)
    })
    .await
}

async fn sync(hub: &Hub, account: &Bound) -> Value {
    hub.post(&format!("/accounts/{}/wechat_tags/sync", account.id), json!({})).await.expect(202);
    synced(hub, account).await
}

/// A call of WeChat's own API, as somebody at WeChat's console would change things.
async fn at_wechat(hub: &Hub, account: &Bound, path: &str, body: Value) -> Value {
    let official = hub.wechat(Method::GET, &format!("/accounts/{}", account.app_id), Value::Null).await.expect(200);
    let ask = json!({ "grant_type": "client_credential", "appid": account.app_id, "secret": official["appsecret"] });
    let token = hub.http.post(format!("{}/cgi-bin/stable_token", hub.wechat)).json(&ask).send().await.unwrap();
    let token = Said::of(token).await.expect(200)["access_token"].as_str().unwrap().to_owned();
    let url = format!("{}{path}?access_token={token}", hub.wechat);
    let request = if body.is_null() { hub.http.get(url) } else { hub.http.post(url).json(&body) };
    let answer = request.send().await.unwrap();
    let answer = Said::of(answer).await.expect(200);
    assert_eq!(answer["errcode"].as_i64().unwrap_or(0), 0, "{path}: {answer}");
    answer
}

/// How often these calls were carried out since the journal was wiped.
async fn calls(hub: &Hub, path: &str) -> usize {
    let journal = hub.wechat(Method::GET, "/journal?limit=1000", Value::Null).await.expect(200);
    journal["items"].as_array().unwrap().iter().filter(|call| call["path"] == path).count()
}

async fn tags_of(hub: &Hub, openid: &str) -> Vec<String> {
    let customer = hub.customer(openid).await;
    customer["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap().to_owned()).collect()
}

async fn tagged_at_wechat(hub: &Hub, account: &Bound, wechat_id: i64) -> usize {
    let page = at_wechat(hub, account, "/cgi-bin/user/tag/get", json!({ "tagid": wechat_id, "next_openid": "" })).await;
    page["data"]["openid"].as_array().map_or(0, Vec::len)
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

async fn put(hub: &Hub, openid: &str, tag: &Value) {
    let customer = hub.customer(openid).await;
    hub.put(&format!("/customers/{}/tags/{}", id(&customer), id(tag)), json!({})).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_made_put_counted_and_deleted() {
    for hub in Hub::on_each_database().await {
        let (_, openids) = account_with(&hub, 3).await;
        let vip = hub.post("/tags", json!({ "name": " VIP ", "group": "Value", "colour": "red" })).await.expect(201);
        assert_eq!(
            (vip["name"].as_str(), vip["group"].as_str(), vip["customers"].as_i64()),
            (Some("VIP"), Some("Value"), Some(0))
        );
        hub.post("/tags", json!({ "name": "VIP" })).await.refused(409, "tag_taken");
        hub.post("/tags", json!({ "name": "", "colour": "beige" })).await.refused(422, "invalid");
        put(&hub, &openids[0], &vip).await;
        put(&hub, &openids[0], &vip).await;
        put(&hub, &openids[1], &vip).await;
        let renamed =
            hub.patch(&format!("/tags/{}", id(&vip)), json!({ "name": "Gold", "group": null })).await.expect(200);
        assert_eq!(
            (
                renamed["name"].as_str(),
                renamed["group"].as_str(),
                renamed["colour"].as_str(),
                renamed["customers"].as_i64()
            ),
            (Some("Gold"), None, Some("red"), Some(2))
        );
        let customer = hub.customer(&openids[0]).await;
        for _ in 0..2 {
            hub.delete(&format!("/customers/{}/tags/{}", id(&customer), id(&vip))).await.expect(204);
        }
        let kinds: Vec<Value> = hub
            .story(&openids[0])
            .await
            .into_iter()
            .map(|event| event["kind"].clone())
            .filter(|kind| kind != "import")
            .collect();
        assert_eq!(kinds, ["tag_remove", "tag_add"], "twice is once");
        let other = hub.call(&hub.other, Method::POST, "/tags", Some(json!({ "name": "Gold" }))).await.expect(201);
        hub.put(&format!("/customers/{}/tags/{}", id(&customer), id(&other)), json!({}))
            .await
            .refused(404, "not_found");
        hub.delete(&format!("/tags/{}", id(&vip))).await.expect(204);
        assert_eq!(hub.get("/tags").await.expect(200)["items"], json!([]));
        assert_eq!(tags_of(&hub, &openids[1]).await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_tag_made_at_wechat_is_ours_with_everybody_who_has_it() {
    for hub in Hub::on_each_database().await {
        let (account, openids) = account_with(&hub, 10).await;
        let made = at_wechat(&hub, &account, "/cgi-bin/tags/create", json!({ "tag": { "name": "老客户" } })).await;
        let wechat_id = made["tag"]["id"].as_i64().unwrap();
        at_wechat(&hub, &account, TAG, json!({ "openid_list": openids[..4], "tagid": wechat_id })).await;
        let tags = sync(&hub, &account).await;
        let ours = tags["items"].as_array().unwrap().iter().find(|tag| tag["wechat_id"] == wechat_id).unwrap().clone();
        assert!(ours["tag_id"].is_string(), "{tags}");
        assert_eq!(tags_of(&hub, &openids[0]).await, ["老客户"]);
        assert_eq!(tags_of(&hub, &openids[4]).await, Vec::<String>::new());
        let starred = tags["items"].as_array().unwrap().iter().find(|tag| tag["wechat_id"] == 2).unwrap();
        assert_eq!(starred["tag_id"], Value::Null, "WeChat's own stays WeChat's own");

        // Each side changes something; both have both.
        at_wechat(&hub, &account, UNTAG, json!({ "openid_list": [openids[0]], "tagid": wechat_id })).await;
        let customer = hub.customer(&openids[5]).await;
        hub.put(&format!("/customers/{}/tags/{}", id(&customer), ours["tag_id"].as_str().unwrap()), json!({}))
            .await
            .expect(204);
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let tags = sync(&hub, &account).await;
        assert_eq!(tags["problem"], Value::Null, "{tags}");
        hub.advance(Duration::from_secs(2)).await;
        synced(&hub, &account).await;
        assert_eq!(tags_of(&hub, &openids[0]).await, Vec::<String>::new());
        assert_eq!(tagged_at_wechat(&hub, &account, wechat_id).await, 4);
        assert_eq!((calls(&hub, TAG).await, calls(&hub, UNTAG).await), (1, 0), "only the difference is sent");
        let story = hub.story(&openids[0]).await;
        assert_eq!(
            (story[0]["kind"].as_str(), story[0]["properties"]["source"].as_str()),
            (Some("tag_remove"), Some("wechat")),
            "{story:?}"
        );

        at_wechat(&hub, &account, "/cgi-bin/tags/update", json!({ "tag": { "id": wechat_id, "name": "贵宾" } })).await;
        sync(&hub, &account).await;
        assert_eq!(tags_of(&hub, &openids[5]).await, ["贵宾"]);
        at_wechat(&hub, &account, "/cgi-bin/tags/delete", json!({ "tag": { "id": wechat_id } })).await;
        sync(&hub, &account).await;
        assert_eq!(tags_of(&hub, &openids[5]).await, ["贵宾"], "what is deleted there is still known here");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_tag_of_ours_is_made_at_wechat_and_put_on_fans_fifty_at_a_time() {
    for hub in Hub::on_each_database().await {
        let (account, openids) = account_with(&hub, 120).await;
        let body = json!({ "name": "vip", "mirror_accounts": [account.id] });
        let vip = hub.post("/tags", body).await.expect(201);
        assert_eq!(vip["mirrored"][0]["wechat_id"], Value::Null);
        for openid in &openids {
            put(&hub, openid, &vip).await;
        }
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        hub.advance(Duration::from_secs(2)).await;
        let tags = sync(&hub, &account).await;
        let wechat_id = tags["items"].as_array().unwrap().iter().find(|tag| tag["name"] == "vip").unwrap()["wechat_id"]
            .as_i64()
            .unwrap();
        hub.until("WeChat has it on everybody", async || {
            (tagged_at_wechat(&hub, &account, wechat_id).await == 120).then_some(())
        })
        .await;
        hub.advance(Duration::from_secs(2)).await;
        let tags = synced(&hub, &account).await;
        assert_eq!(tags["problem"], Value::Null, "{tags}");

        let renamed = hub.patch(&format!("/tags/{}", id(&vip)), json!({ "name": "gold" })).await.expect(200);
        assert_eq!(renamed["mirrored"][0]["wechat_id"], wechat_id);
        sync(&hub, &account).await;
        let list = at_wechat(&hub, &account, "/cgi-bin/tags/get", Value::Null).await;
        assert!(list["tags"].as_array().unwrap().iter().any(|tag| tag["name"] == "gold"), "{list}");
        hub.delete(&format!("/tags/{}", id(&vip))).await.expect(204);
        sync(&hub, &account).await;
        let list = at_wechat(&hub, &account, "/cgi-bin/tags/get", Value::Null).await;
        assert!(!list["tags"].as_array().unwrap().iter().any(|tag| tag["id"] == wechat_id), "{list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_what_wechat_would_refuse_is_said_before() {
    for hub in Hub::on_each_database().await {
        let (account, _) = account_with(&hub, 1).await;
        let long = json!({ "name": "一二三四五六七八九十一", "mirror_accounts": [account.id] });
        let refused = hub.post("/tags", long).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], "wechat_name_too_long");
        assert_eq!(hub.get("/tags").await.expect(200)["items"], json!([]), "a refused tag is not half made");
        hub.post("/tags", json!({ "name": "一二三四五六七八九十一" })).await.expect(201);
        let elsewhere = json!({ "name": "vip", "mirror_accounts": [account.id] });
        hub.call(&hub.other, Method::POST, "/tags", Some(elsewhere)).await.refused(422, "invalid");
        for n in 0..100 {
            at_wechat(&hub, &account, "/cgi-bin/tags/create", json!({ "tag": { "name": format!("t{n}") } })).await;
        }
        sync(&hub, &account).await;
        let full =
            hub.post("/tags", json!({ "name": "vip", "mirror_accounts": [account.id] })).await.refused(422, "invalid");
        assert_eq!(full["errors"][0]["code"], "wechat_tags_full");
    }
}
