//! Broadcasts: who gets them, what WeChat takes, what becomes of them, and what goes wrong on the way.

mod month;
mod nodes;
mod persons;
mod trouble;
mod whole;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fan_import::{import_again, imported, in_state},
    hub::{Bound, Hub},
};

pub const LIST: &str = "/cgi-bin/message/mass/send";
pub const ALL: &str = "/cgi-bin/message/mass/sendall";
pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(3600);

pub async fn mass(hub: &Hub, account: &Bound, settings: Value) {
    let path = format!("/accounts/{}", account.app_id);
    hub.wechat(Method::PATCH, &path, json!({ "mass": settings })).await.expect(200);
}

/// A service account whose broadcasts arrive at once, with so many fans.
pub async fn service(hub: &Hub, fans: u64) -> Bound {
    let account = imported(hub, fans).await;
    mass(hub, &account, json!({ "delay_ms": 5 })).await;
    hub.wechat(Method::DELETE, "/journal", Value::Null).await;
    account
}

pub async fn subscription(hub: &Hub, fans: u64) -> Bound {
    let account = hub.bind_direct_as("subscription", 0, "safe").await;
    in_state(hub, &account, "done").await;
    hub.fans(&account, fans).await;
    import_again(hub, &account).await;
    mass(hub, &account, json!({ "delay_ms": 5 })).await;
    hub.wechat(Method::DELETE, "/journal", Value::Null).await;
    account
}

pub fn text(account: &Bound, text: &str, audience: Value) -> Value {
    json!({ "account_id": account.id, "name": text, "contents": [{ "type": "text", "text": text }], "audience": audience })
}

pub fn to(openids: &[String]) -> Value {
    json!({ "type": "openids", "openids": openids })
}

pub fn path(broadcast: &Value) -> String {
    format!("/broadcasts/{}", broadcast["id"].as_str().expect("an id"))
}

pub async fn draft(hub: &Hub, body: Value) -> String {
    path(&hub.post("/broadcasts", body).await.expect(201))
}

pub async fn check(hub: &Hub, path: &str) -> Value {
    hub.post(&format!("{path}/check"), json!({})).await.expect(200)
}

/// Lets it begin, as the check page does.
pub async fn start(hub: &Hub, path: &str) -> Value {
    let check = check(hub, path).await;
    hub.post(&format!("{path}/start"), json!({ "fans": check["fans"] })).await.expect(200)
}

/// Waits until it stands so.
pub async fn becomes(hub: &Hub, path: &str, state: &str) -> Value {
    hub.until(state, async || {
        let now = hub.get(path).await.expect(200);
        (now["state"] == state).then_some(now)
    })
    .await
}

/// Waits until its first part stands so.
pub async fn part_becomes(hub: &Hub, path: &str, state: &str) -> Value {
    hub.until(state, async || {
        let now = hub.get(path).await.expect(200);
        (now["parts"][0]["state"] == state).then(|| now["parts"][0].clone())
    })
    .await
}

/// Sends it to its end.
pub async fn send(hub: &Hub, body: Value) -> Value {
    let path = draft(hub, body).await;
    start(hub, &path).await;
    let done = becomes(hub, &path, "done").await;
    adds_up(&done);
    done
}

/// The counts add up, whatever happened (P3).
#[track_caller]
pub fn adds_up(broadcast: &Value) {
    let counts = broadcast["counts"].as_object().expect("counts");
    let all = counts.iter().filter(|(name, _)| *name != "fans").map(|(_, n)| n.as_i64().unwrap()).sum::<i64>();
    assert_eq!(counts["fans"], all, "{broadcast}");
}

/// Calls of this path, and how many were carried out.
pub async fn made(hub: &Hub, path: &str) -> (usize, usize) {
    let journal = hub.wechat(Method::GET, "/journal?limit=5000", Value::Null).await.expect(200);
    let calls: Vec<&Value> = journal["items"].as_array().unwrap().iter().filter(|call| call["path"] == path).collect();
    (calls.len(), calls.iter().filter(|call| call["executed"] == true).count())
}

/// WeChat's own broadcasts of the account.
pub async fn at_wechat(hub: &Hub, account: &Bound) -> Vec<Value> {
    let path = format!("/accounts/{}/broadcasts?limit=200", account.app_id);
    let list = hub.wechat(Method::GET, &path, Value::Null).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

#[track_caller]
pub fn codes(check: &Value) -> Vec<&str> {
    check["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

/// How many of the audience have had 0, 1, 2, 3 and 4.
pub fn used(check: &Value) -> Vec<i64> {
    check["used"].as_array().unwrap().iter().map(|used| used["fans"].as_i64().unwrap()).collect()
}

/// The ledger of the month holds what went out.
pub async fn counted(hub: &Hub, path: &str, wanted: &[i64]) -> Value {
    hub.until("the month is counted", async || {
        let check = check(hub, path).await;
        (used(&check) == wanted).then_some(check)
    })
    .await
}

/// An article as it stands after it was saved to WeChat under this id, or as it is before.
pub async fn article(hub: &Hub, account: &str, word: &str, media_id: Option<String>) -> String {
    let find = store::sql("select tenant_id from accounts where tenant_id is not null and id = ?")
        .bind(account.parse::<i64>().unwrap());
    let ctx = hub.running.ctx();
    let tenant: i64 = ctx.store().read().await.unwrap().scalar(find).await.unwrap().unwrap();
    let mut work = kit::Work::begin(ctx, kit::TenantId(tenant));
    let item = serde_json::from_value(json!({ "title": word, "html": format!("<p>{word}</p>") })).unwrap();
    let article = entities::articles::Article {
        id: work.new_id().into(),
        account: account.parse().unwrap(),
        items: vec![item],
        revision: 1,
        synced_revision: media_id.as_ref().map(|_| 1),
        synced_at: None,
        media_id,
        old_media_id: None,
        base: None,
        wechat_updated_s: None,
        seen_at: None,
        theirs: None,
        gone_at: None,
        wish: None,
        called_at: None,
        problem: None,
        errcode: None,
        problem_item: None,
        made_by: None,
        updated_by: None,
        created_at: work.now(),
        updated_at: work.now(),
    };
    entities::articles::add(&mut work, &article).await.unwrap();
    work.commit().await.unwrap();
    article.id.to_string()
}

/// An article in WeChat's draft box.
pub async fn saved_article(hub: &Hub, account: &Bound, word: &str) -> String {
    use wechat::api::{Upload, draft::add_draft, material::add_material};
    let find = store::sql("select tenant_id from accounts where tenant_id is not null and app_id = ?")
        .bind(account.app_id.as_str());
    let ctx = hub.running.ctx();
    let tenant: i64 = ctx.store().read().await.unwrap().scalar(find).await.unwrap().unwrap();
    let keeper = entities::accounts::tokens::Keeper::new(ctx, kit::TenantId(tenant), account.id.parse().unwrap());
    let file = Upload {
        filename: "c.jpg".into(),
        content_type: "image/jpeg".into(),
        bytes: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".to_vec(),
    };
    let request = add_material::Request::of_kind("image");
    let cover =
        ctx.wechat().upload_as::<add_material::AddMaterial>(&keeper, &request, &file).await.expect("a cover").media_id;
    let written = wechat::api::draft::Article {
        title: word.to_owned(),
        content: format!("<p>{word}</p>"),
        thumb_media_id: cover,
        ..Default::default()
    };
    let request = add_draft::Request { articles: vec![written] };
    let draft = ctx.wechat().call_as::<add_draft::AddDraft>(&keeper, &request).await.expect("a draft").media_id;
    article(hub, &account.id, word, Some(draft)).await
}
