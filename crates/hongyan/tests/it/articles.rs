//! Articles: from the pen to WeChat's draft box and back, out to their pages, and to another account.

use entities::accounts::tokens::Keeper;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use wechat::api::{Call, Nothing, draft};

use crate::hub::{Bound, Hub, Said};

mod published;

mod synced;

pub const ADD: &str = "/cgi-bin/draft/add";

/// The smallest picture that is taken.
pub fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n0000".to_vec()
}

/// Keeps a file of ours.
pub async fn upload(hub: &Hub, kind: &str, name: &str, bytes: Vec<u8>) -> Said {
    let form = Form::new().text("kind", kind.to_owned()).part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let request = hub.http.post(format!("{}/api/v1/media", hub.url)).bearer_auth(&hub.key).multipart(form);
    Said::of(request.send().await.expect("the hub answers")).await
}

pub async fn picture(hub: &Hub) -> String {
    let file = upload(hub, "image", "p.png", png()).await.expect(201);
    file["id"].as_str().unwrap().to_owned()
}

pub fn item(title: &str, cover: &str) -> Value {
    let html = format!(r#"<p>About {title}</p><p><img src="/api/v1/media/{cover}/file"></p>"#);
    json!({ "title": title, "html": html, "cover_media_id": cover, "comments": "everybody" })
}

/// Writes an article of these items.
pub async fn write(hub: &Hub, account: &Bound, items: Value) -> Value {
    hub.post("/articles", json!({ "account_id": account.id, "items": items })).await.expect(201)
}

pub fn path(article: &Value) -> String {
    format!("/articles/{}", article["id"].as_str().unwrap())
}

/// The article once nothing is under way with it.
pub async fn settled(hub: &Hub, article: &Value) -> Value {
    hub.until("the article is settled", async || {
        let article = hub.get(&path(article)).await.expect(200);
        article["wish"].is_null().then_some(article)
    })
    .await
}

pub async fn push(hub: &Hub, article: &Value) -> Value {
    hub.post(&format!("{}/push", path(article)), json!({})).await.expect(202);
    settled(hub, article).await
}

/// Somebody else calls WeChat for the account.
pub async fn elsewhere<C: Call>(hub: &Hub, account: &Bound, request: &C::Request) -> C::Response {
    let tx = hub.running.ctx().store().read().await.expect("a transaction");
    let query = store::sql("select tenant_id from accounts where tenant_id is not null and id = ?")
        .bind(account.id.parse::<i64>().unwrap());
    let tenant = kit::TenantId(tx.scalar(query).await.expect("a tenant").expect("a row"));
    drop(tx);
    let ctx = hub.running.ctx();
    let keeper = Keeper::new(ctx, tenant, account.id.parse().unwrap());
    ctx.wechat().call_as::<C>(&keeper, request).await.expect("WeChat does it")
}

/// WeChat's draft box, newest first.
pub async fn draft_box(hub: &Hub, account: &Bound) -> Vec<draft::batch_get_drafts::Item> {
    let request = draft::batch_get_drafts::Request { offset: 0, count: 20, no_content: 0 };
    elsewhere::<draft::batch_get_drafts::BatchGetDrafts>(hub, account, &request).await.item
}

/// How often this was called, and how often it took effect.
pub async fn calls(hub: &Hub, path: &str) -> (usize, usize) {
    let journal = hub.wechat(Method::GET, "/journal?limit=1000", Value::Null).await.expect(200);
    let calls: Vec<&Value> = journal["items"].as_array().unwrap().iter().filter(|call| call["path"] == path).collect();
    (calls.len(), calls.iter().filter(|call| call["executed"] == true).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn r8_both_kinds_of_account_keep_articles_and_an_unbound_one_says_why_not() {
    for hub in Hub::on_each_database().await {
        for kind in ["subscription", "service"] {
            let account = hub.bind_direct_as(kind, 0, "safe").await;
            let article = write(&hub, &account, json!([item("Autumn", &picture(&hub).await)])).await;
            assert_eq!(
                (&article["state"], &article["revision"], &article["by"]),
                (&json!("draft"), &json!(1), &json!("tests"))
            );
            assert_eq!(push(&hub, &article).await["state"], "synced");
            hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
            let refused =
                hub.post(&format!("{}/push", path(&article)), json!({})).await.refused(409, "function_not_allowed");
            assert_eq!(
                (&refused["params"]["function"], &refused["params"]["reason"]),
                (&json!("materials"), &json!("unbound"))
            );
            let sync = format!("/accounts/{}/articles/sync", account.id);
            hub.post(&sync, json!({})).await.refused(409, "function_not_allowed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_an_article_is_written_here_cleaned_and_stands_in_wechats_box_with_its_pictures() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let cover = picture(&hub).await;
        let mut first = item("Autumn", &cover);
        let dirty =
            format!("{}<script>x()</script><img src=\"https://evil.example/a.png\">", first["html"].as_str().unwrap());
        first["html"] = dirty.into();
        let article = write(&hub, &account, json!([first, item("Winter", &cover)])).await;
        let html = article["items"][0]["html"].as_str().unwrap();
        assert!(
            !html.contains("script") && !html.contains("evil") && html.contains(&format!("/media/{cover}/file")),
            "{html}"
        );

        let pushed = push(&hub, &article).await;
        assert_eq!(
            (&pushed["state"], &pushed["problem"], &pushed["in_box"]),
            (&json!("synced"), &Value::Null, &json!(true)),
            "{pushed}"
        );
        let there = draft_box(&hub, &account).await;
        assert_eq!(there.len(), 1);
        let theirs = &there[0].content.news_item;
        assert_eq!(theirs.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["Autumn", "Winter"]);
        assert!(
            theirs[0].content.contains("/sandbox/files/") && !theirs[0].content.contains("/api/"),
            "{}",
            theirs[0].content
        );
        assert_eq!(theirs[0].need_open_comment, 1);
        assert_eq!(calls(&hub, "/cgi-bin/media/uploadimg").await.1, 1, "one picture goes up once");
        assert_eq!(calls(&hub, "/cgi-bin/material/add_material").await.1, 1);

        // Changed, saved again: an update, and no picture goes up twice.
        let mut items = pushed["items"].clone();
        items[1]["title"] = "Deep winter".into();
        let body = json!({ "items": items, "revision": pushed["revision"] });
        let changed = hub.put(&path(&article), body.clone()).await.expect(200);
        assert_eq!((&changed["state"], &changed["revision"]), (&json!("changed"), &json!(2)));
        hub.put(&path(&article), body).await.refused(409, "article_changed");
        assert_eq!(push(&hub, &article).await["state"], "synced");
        assert_eq!(draft_box(&hub, &account).await[0].content.news_item[1].title, "Deep winter");
        assert_eq!(calls(&hub, ADD).await.1, 1);
        assert_eq!(calls(&hub, "/cgi-bin/media/uploadimg").await.1, 1);

        // Another number of items is another draft, and the one before goes.
        let items = json!([items[0], items[1], item("Spring", &cover)]);
        hub.put(&path(&article), json!({ "items": items, "revision": 2 })).await.expect(200);
        assert_eq!(push(&hub, &article).await["state"], "synced");
        let there = draft_box(&hub, &account).await;
        assert_eq!((there.len(), there[0].content.news_item.len()), (1, 3));

        let budget = hub.get(&format!("/accounts/{}/material_budget", account.id)).await.expect(200);
        assert_eq!(budget["images"], json!({ "used": 1, "limit": 100_000 }), "{budget}");
        let uses = hub.get(&format!("/media/{cover}/uses")).await.expect(200);
        assert_eq!(
            (&uses["articles"][0]["article_id"], &uses["articles"][0]["title"]),
            (&article["id"], &json!("Autumn"))
        );
        hub.delete(&format!("/media/{cover}")).await.refused(409, "media_used");

        let found = hub.get("/articles?query=spring&state=synced").await.expect(200);
        assert_eq!(found["items"][0]["titles"], json!(["Autumn", "Deep winter", "Spring"]), "{found}");
        assert_eq!(hub.get("/articles?query=summer").await.expect(200)["items"], json!([]));

        // Deleted here and there.
        let said = hub.delete(&format!("{}?at_wechat=true", path(&article))).await;
        assert_eq!(said.status, 202);
        hub.until("the article is gone", async || (hub.get(&path(&article)).await.status == 404).then_some(())).await;
        assert!(draft_box(&hub, &account).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wechat_would_refuse_is_said_before_it_is_asked() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let article = write(&hub, &account, json!([{ "title": "", "html": "" }])).await;
        let refused = hub.post(&format!("{}/push", path(&article)), json!({})).await.refused(422, "invalid");
        let fields: Vec<&str> =
            refused["errors"].as_array().unwrap().iter().filter_map(|error| error["field"].as_str()).collect();
        assert_eq!(fields, ["items[0].title", "items[0].html", "items[0].cover_media_id"]);
        let long = json!({ "account_id": account.id, "items": [{ "title": "长".repeat(33) }] });
        hub.post("/articles", long).await.refused(422, "invalid");
        let strange =
            json!({ "account_id": account.id, "items": [{ "title": "a", "cover_media_id": "7000000000000123" }] });
        hub.post("/articles", strange).await.refused(422, "invalid");
        assert_eq!(calls(&hub, ADD).await.0, 0);

        // What only WeChat knows is said afterwards.
        let article = write(&hub, &account, json!([item("Autumn", &picture(&hub).await)])).await;
        hub.fault(ADD, json!({ "kind": "errcode", "errcode": 45166 }), 1).await;
        let failed = push(&hub, &article).await;
        assert_eq!(
            (&failed["state"], &failed["problem"], &failed["errcode"]),
            (&json!("draft"), &json!("wechat_refused"), &json!(45166)),
            "{failed}"
        );
        assert_eq!(push(&hub, &article).await["state"], "synced");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_a_draft_is_looked_for_and_no_second_draft_is_made() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let cover = picture(&hub).await;
        for (what, executed) in [("drop_after", 1), ("http_5xx", 2), ("drop_before", 3)] {
            hub.fault(ADD, json!({ "kind": what }), 1).await;
            let article = write(&hub, &account, json!([item(&format!("Lost by {what}"), &cover)])).await;
            let pushed = push(&hub, &article).await;
            assert_eq!((&pushed["state"], &pushed["problem"]), (&json!("synced"), &Value::Null), "{what}: {pushed}");
            assert_eq!(calls(&hub, ADD).await.1, executed, "{what}");
            assert_eq!(draft_box(&hub, &account).await.len(), executed, "{what}");
        }
        // An update is read back too.
        let article = write(&hub, &account, json!([item("One", &cover)])).await;
        let pushed = push(&hub, &article).await;
        let mut items = pushed["items"].clone();
        items[0]["title"] = "Two".into();
        hub.put(&path(&article), json!({ "items": items, "revision": 1 })).await.expect(200);
        hub.fault("/cgi-bin/draft/update", json!({ "kind": "drop_after" }), 1).await;
        let pushed = push(&hub, &article).await;
        assert_eq!((&pushed["state"], &pushed["theirs"]), (&json!("synced"), &Value::Null), "{pushed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_for_another_account_hosts_its_pictures_anew() {
    for hub in Hub::on_each_database().await {
        let (one, other) = (hub.bind_direct().await, hub.bind_direct().await);
        let article = push(&hub, &write(&hub, &one, json!([item("Autumn", &picture(&hub).await)])).await).await;
        // As if it had been written at WeChat: neither picture is one of ours.
        let theirs = draft_box(&hub, &one).await.remove(0);
        elsewhere::<draft::add_draft::AddDraft>(
            &hub,
            &one,
            &draft::add_draft::Request { articles: theirs.content.news_item.clone() },
        )
        .await;
        let tx = hub.running.ctx().store().write().await.expect("a transaction");
        tx.execute(store::sql("delete from article_pictures where tenant_id is not null")).await.expect("forgotten");
        tx.commit().await.expect("committed");
        synced::sync(&hub, &one).await;
        let found = hub.get(&format!("/articles?account={}", one.id)).await.expect(200);
        let made_there =
            found["items"].as_array().unwrap().iter().find(|line| line["id"] != article["id"]).unwrap().clone();
        assert!(made_there["cover_url"].as_str().unwrap().starts_with("/api/v1/accounts/"), "{made_there}");

        let copy =
            hub.post(&format!("{}/copy", path(&made_there)), json!({ "account_id": other.id })).await.expect(202);
        assert_eq!(copy["wish"], "copy");
        let copy = settled(&hub, &copy).await;
        assert_eq!(
            (&copy["state"], &copy["problem"], &copy["account_id"]),
            (&json!("draft"), &Value::Null, &json!(other.id)),
            "{copy}"
        );
        let item = &copy["items"][0];
        assert!(item["cover_media_id"].is_string(), "{item}");
        let html = item["html"].as_str().unwrap();
        assert!(html.contains("/api/v1/media/") && !html.contains("wechat_picture"), "{html}");
        assert_eq!(push(&hub, &copy).await["state"], "synced");
        assert_eq!(draft_box(&hub, &other).await.len(), 1);
        let count =
            elsewhere::<wechat::api::material::get_material_count::GetMaterialCount>(&hub, &other, &Nothing {}).await;
        assert_eq!(count.image_count, 1, "the cover is the other account's own material");
    }
}
