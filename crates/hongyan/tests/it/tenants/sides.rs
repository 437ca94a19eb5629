//! A tenant with one of everything, and all its rows for comparison.

use std::{collections::BTreeMap, time::Duration};

use reqwest::multipart::{Form, Part};
use serde_json::Value as JsonValue;
use serde_json::{Value, json};

use crate::{
    hub::{Hub, PASSWORD, Said},
    team::Browser,
};

/// Stands in every text of the other tenant.
pub const CANARY: &str = "qvzkanarienvogel";

pub struct Side {
    /// By the name that paths give them.
    pub ids: BTreeMap<&'static str, String>,
    pub openid: String,
    tenant: i64,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("an id in {value}")).to_owned()
}

/// The smallest picture that is taken.
pub fn picture() -> Form {
    Form::new().text("kind", "image").part("file", Part::bytes(b"\x89PNG\r\n\x1a\n0000".to_vec()).file_name("p.png"))
}

/// One of everything about an account's menu.
struct Menu {
    version: String,
    conditional: String,
    schedule: String,
}

impl Menu {
    async fn fill(hub: &Hub, account: &str, word: &str) -> Menu {
        let path = format!("/accounts/{account}/menu");
        // A name has at most sixteen bytes.
        let name: String = word.chars().take(16).collect();
        let buttons = json!([{ "id": "a", "name": name, "type": "click", "answer": { "type": "text", "text": word } },
            { "id": "b", "name": "b", "type": "view", "url": format!("https://{word}.example/"), "count_visits": true }]);
        hub.put(&path, json!({ "buttons": buttons, "revision": 0 })).await.expect(200);
        hub.post(&format!("{path}/publish"), json!({ "revision": 1 })).await.expect(202);
        let live = hub
            .until("the menu is live", async || {
                let menu = hub.get(&path).await.expect(200);
                menu["live"]["id"].as_str().map(str::to_owned)
            })
            .await;
        let some = json!({ "name": word, "buttons": buttons, "platform": "ios" });
        hub.post(&format!("{path}/conditional"), some).await.expect(202);
        let planned =
            hub.post(&format!("{path}/schedule"), json!({ "starts_at": 4_000_000_000_000_i64 })).await.expect(201);
        let conditional = hub
            .until("the menu of some is live", async || {
                let menu = hub.get(&path).await.expect(200);
                (menu["conditional"][0]["state"] == "live").then(|| id(&menu["conditional"][0]))
            })
            .await;
        Menu { version: live, conditional, schedule: id(&planned["schedules"][0]) }
    }
}

/// An article that is out.
async fn publish(hub: &Hub, account: &str, media: &str, word: &str) -> (String, String) {
    let title: String = word.chars().take(32).collect();
    let item = json!({ "title": title, "html": format!("<p>{word}</p>"), "cover_media_id": media });
    let article = id(&hub.post("/articles", json!({ "account_id": account, "items": [item] })).await.expect(201));
    let path = format!("/articles/{article}");
    hub.post(&format!("{path}/push"), json!({})).await.expect(202);
    hub.until("the article is in the box", async || {
        (hub.get(&path).await.expect(200)["state"] == "synced").then_some(())
    })
    .await;
    let publication = id(&hub.post(&format!("{path}/publish"), json!({})).await.expect(202));
    hub.until("the article is out", async || {
        (hub.get(&path).await.expect(200)["publication"]["state"] == "published").then_some(())
    })
    .await;
    (article, publication)
}

impl Side {
    /// Fills the tenant of `hub.key`; `word` stands in every text.
    pub async fn fill(hub: &Hub, name: &str, word: &str) -> Side {
        let mut ids = BTreeMap::new();
        let account = hub.bind_direct().await;
        hub.patch(&format!("/accounts/{}", account.id), json!({ "nick_name": word })).await.expect(200);
        let openid = hub.fans(&account, 3).await.remove(0);
        hub.until("the fans are customers", async || {
            let import = hub.get(&format!("/accounts/{}/import", account.id)).await.expect(200);
            matches!(import["state"].as_str(), Some("done" | "none")).then_some(())
        })
        .await;
        // The same people follow another account; at first WeChat does not say so, and then it does.
        let twin = hub.bind_direct().await;
        hub.patch(&format!("/accounts/{}", twin.id), json!({ "nick_name": word })).await.expect(200);
        hub.fans(&twin, 3).await;
        for (one, said) in [(&account, false), (&twin, false), (&account, true), (&twin, true)] {
            let settings = json!({ "open_platform": said });
            hub.wechat(reqwest::Method::PATCH, &format!("/accounts/{}", one.app_id), settings).await.expect(200);
            hub.post(&format!("/accounts/{}/import", one.id), json!({})).await.expect(202);
            hub.until("the import is over", async || {
                let import = hub.get(&format!("/accounts/{}/import", one.id)).await.expect(200);
                (import["state"] == "done").then_some(())
            })
            .await;
        }
        let merges = hub.get("/merges?state=joined").await.expect(200);
        let merge = merges["items"][0]["id"].as_str().expect("a merge").to_owned();
        hub.says(&account, &openid, word).await;
        let customer = hub
            .until("the customer", async || {
                let found = hub.get(&format!("/customers?query={openid}")).await.expect(200);
                found["items"][0]["id"].as_str().map(str::to_owned)
            })
            .await;
        hub.patch(&format!("/customers/{customer}"), json!({ "name": word, "note": word, "city": word }))
            .await
            .expect(200);
        let unmatched = hub
            .until("the unmatched text", async || {
                let list = hub.get(&format!("/accounts/{}/replies/unmatched", account.id)).await.expect(200);
                list["items"][0]["id"].as_str().map(str::to_owned)
            })
            .await;
        hub.fan(&account, &openid, "send", json!({ "type": "image" })).await;
        let (conversation, received) = hub
            .until("the conversation and its file", async || {
                let found = hub.get("/conversations").await.expect(200);
                let conversation = found["items"][0]["id"].as_str()?.to_owned();
                let lines = hub.get(&format!("/conversations/{conversation}/messages")).await.expect(200);
                let file = lines["items"].as_array()?.iter().find(|line| line["file"]["state"] == "kept")?;
                Some((conversation, file["file"]["id"].as_str()?.to_owned()))
            })
            .await;
        hub.post(&format!("/conversations/{conversation}/notes"), json!({ "text": word })).await.expect(201);
        let canned = id(&hub.post("/canned_answers", json!({ "shortcut": word, "text": word })).await.expect(201));
        let message = json!({ "content": { "type": "text", "text": word } });
        let send = id(&hub.post(&format!("/customers/{customer}/messages"), message).await.expect(201));
        let tag = id(&hub.post("/tags", json!({ "name": word })).await.expect(201));
        hub.put(&format!("/customers/{customer}/tags/{tag}"), json!({})).await.expect(204);
        let body = json!({ "name": word, "trigger": { "kind": "keyword", "match": "exact", "words": [format!("{word}!")] }, "answers": [{ "type": "text", "text": word }] });
        let rule = id(&hub.post(&format!("/accounts/{}/replies", account.id), body).await.expect(201));
        let menu = Menu::fill(hub, &account.id, word).await;
        let code = json!({ "name": word, "source": word, "folder": word, "note": word, "permanent": true, "tag_ids": [tag],
            "on_scan": { "following": [{ "type": "text", "text": word }] } });
        let qrcode = id(&hub.post(&format!("/accounts/{}/qrcodes", account.id), code).await.expect(201));
        let lines = Part::bytes(format!("name,tags\n{word},{word}\n").into_bytes()).file_name(format!("{word}.csv"));
        let upload = hub
            .http
            .post(format!("{}/api/v1/accounts/{}/qrcode_batches", hub.url, account.id))
            .bearer_auth(&hub.key)
            .multipart(Form::new().part("file", lines));
        let batch = id(&Said::of(upload.send().await.expect("the hub answers")).await.expect(201));
        let upload = hub.http.post(format!("{}/api/v1/media", hub.url)).bearer_auth(&hub.key).multipart(picture());
        let media = id(&Said::of(upload.send().await.expect("the hub answers")).await.expect(201));
        let (article, publication) = publish(hub, &account.id, &media, word).await;
        let email = format!("{name}@shop.example");
        let person = id(&hub
            .post("/people", json!({ "name": word, "email": email, "role": "owner", "password": PASSWORD }))
            .await
            .expect(201));
        let key = id(&hub.post("/api_keys", json!({ "name": word, "scopes": ["accounts:read"] })).await.expect(201));
        let browser = Browser::sign_in(hub, &email, PASSWORD).await.expect("signed in");
        let me = browser.call(reqwest::Method::GET, "/api/v1/session", None).await.expect(200);
        let binding = hub
            .until("a binding", async || {
                let said = browser.call(reqwest::Method::POST, "/api/v1/bindings", Some(json!({}))).await;
                (said.status == 201).then(|| id(&said.body))
            })
            .await;
        let tenant = me["tenant"]["id"].as_str().expect("an id").parse().expect("digits");
        for (name, id) in [
            ("account", account.id),
            ("customer", customer),
            ("send", send),
            ("conversation", conversation),
            ("received_file", received),
            ("canned_answer", canned),
            ("merge", merge),
            ("text", unmatched),
            ("tag", tag),
            ("rule", rule),
            ("version", menu.version),
            ("menu", menu.conditional),
            ("schedule", menu.schedule),
            ("media", media),
            ("article", article),
            ("publication", publication),
            ("comment", "9000000001".to_owned()),
            ("qrcode", qrcode),
            ("batch", batch),
            ("person", person),
            ("key", key),
            ("binding", binding),
        ] {
            ids.insert(name, id);
        }
        Side { ids, openid, tenant }
    }

    /// Every row of the tenant as text, once nothing moves any more.
    pub async fn rows(&self, hub: &Hub) -> String {
        let mut last = String::new();
        for _ in 0..60 {
            let now = self.read(hub).await;
            if now == last && self.behind(hub).await == 0 {
                return now;
            }
            last = now;
            // The follower of the event log and the jobs come to rest.
            tokio::time::sleep(Duration::from_millis(900)).await;
        }
        panic!("the tenant's rows never come to rest");
    }

    /// Events that the follower of the log has yet to come to.
    async fn behind(&self, hub: &Hub) -> i64 {
        let query = store::sql(
            "select count(*) from events where tenant_id = ? and id > (select coalesce(max(event_id), 0) from event_watermarks where tenant_id = ?)",
        );
        let tx = hub.running.ctx().store().read().await.expect("a transaction");
        tx.scalar(query.bind(self.tenant).bind(self.tenant)).await.expect("a count").expect("a row")
    }

    async fn read(&self, hub: &Hub) -> String {
        let tx = hub.running.ctx().store().read().await.expect("a transaction");
        let mut text = String::new();
        for table in tables() {
            let query: &'static str = Box::leak(
                format!("select * from {table} where {} = ?", if table == "tenants" { "id" } else { "tenant_id" })
                    .into_boxed_str(),
            );
            let rows: Vec<JsonValue> =
                tx.all(store::sql(query).bind(self.tenant)).await.unwrap_or_else(|error| panic!("{table}: {error}"));
            let mut lines: Vec<String> = rows
                .into_iter()
                .map(|mut row| {
                    for moving in ["last_used_at", "last_seen_at", "used_at"] {
                        row.as_object_mut().expect("a row").remove(moving);
                    }
                    format!("{table} {row}\n")
                })
                .collect();
            lines.sort();
            text.push_str(&lines.concat());
        }
        text
    }
}

/// Every table with a tenant, as the schema has them, but for those that move by themselves.
fn tables() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the migrations").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let schema: String = files.iter().map(|file| std::fs::read_to_string(file).expect("text")).collect();
    let moving = ["sessions", "jobs", "idempotency_keys", "platform_grants"];
    let mut tables = vec!["tenants".to_owned()];
    for part in schema.split("create table ").skip(1) {
        let (name, columns) = part.split_once(" (").expect("a table has columns");
        let columns = columns.split("\n)").next().unwrap_or_default();
        if columns.contains("tenant_id bigint not null") && !moving.contains(&name) {
            tables.push(name.to_owned());
        }
    }
    assert!(tables.len() > 20, "{tables:?}");
    tables
}
