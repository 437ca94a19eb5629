//! The draft box and what is here, compared both ways.

use std::time::Duration;

use reqwest::header;
use serde_json::{Value, json};
use wechat::api::draft::{
    self,
    add_draft::{self, AddDraft},
    delete_draft::{self, DeleteDraft},
    update_draft::{self, UpdateDraft},
};

use super::{calls, draft_box, elsewhere, item, path, picture, push, write};
use crate::hub::{Bound, Hub};

const GET: &str = "/cgi-bin/draft/get";

/// Compares, and gives how it went.
pub async fn sync(hub: &Hub, account: &Bound) -> Value {
    let path = format!("/accounts/{}/articles/sync", account.id);
    hub.post(&path, json!({})).await.expect(202);
    hub.until("the comparison is over", async || {
        let sync = hub.get(&path).await.expect(200);
        (sync["state"] != "running").then_some(sync)
    })
    .await
}

async fn change_there(hub: &Hub, account: &Bound, title: &str) {
    let there = draft_box(hub, account).await.remove(0);
    let article = draft::Article { title: title.into(), ..there.content.news_item[0].clone() };
    let request = update_draft::Request { media_id: there.media_id, index: 0, articles: article };
    elsewhere::<UpdateDraft>(hub, account, &request).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_come_here_and_go_there_and_only_what_changed_is_read() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let first = push(&hub, &write(&hub, &account, json!([item("Ours", &picture(&hub).await)])).await).await;
        let mut theirs = draft_box(&hub, &account).await.remove(0).content.news_item;
        theirs[0].title = "Theirs".into();
        elsewhere::<AddDraft>(&hub, &account, &add_draft::Request { articles: theirs }).await;
        // Clear of the margin within which everything is read again.
        hub.advance(Duration::from_secs(300)).await;
        let done = sync(&hub, &account).await;
        assert_eq!(
            (&done["state"], &done["total"], &done["seen"], &done["changed"]),
            (&json!("done"), &json!(2), &json!(2), &json!(1)),
            "{done}"
        );
        let list = hub.get(&format!("/articles?account={}", account.id)).await.expect(200);
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2, "{list}");
        let theirs = items.iter().find(|line| line["titles"] == json!(["Theirs"])).expect("the new one");
        assert_eq!((&theirs["state"], &theirs["by"]), (&json!("synced"), &Value::Null));
        // The pictures are known to be ours, although WeChat wrote the draft.
        let whole = hub.get(&path(theirs)).await.expect(200);
        assert_eq!(whole["items"][0]["cover_media_id"], first["items"][0]["cover_media_id"], "{whole}");

        let read = calls(&hub, GET).await.0;
        assert_eq!(sync(&hub, &account).await["changed"], 0);
        assert_eq!(calls(&hub, GET).await.0, read, "nothing changed, so nothing is read");

        change_there(&hub, &account, "Theirs, better").await;
        let done = sync(&hub, &account).await;
        assert_eq!((&done["changed"], &done["conflicts"]), (&json!(1), &json!(0)), "{done}");
        let found = hub.get("/articles?query=better").await.expect(200);
        assert_eq!(
            (&found["items"][0]["state"], &found["items"][0]["titles"]),
            (&json!("synced"), &json!(["Theirs, better"]))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_have_changed_is_kept_with_both_until_somebody_chooses() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        for (take, title) in [("ours", "Ours"), ("theirs", "Theirs")] {
            let article = push(&hub, &write(&hub, &account, json!([item("Base", &picture(&hub).await)])).await).await;
            hub.advance(Duration::from_secs(300)).await;
            change_there(&hub, &account, "Theirs").await;
            let mut items = article["items"].clone();
            items[0]["title"] = "Ours".into();
            hub.put(&path(&article), json!({ "items": items, "revision": article["revision"] })).await.expect(200);

            // Pushed without looking: it is found, and nothing is overwritten.
            let conflict = push(&hub, &article).await;
            assert_eq!(
                (&conflict["state"], &conflict["problem"]),
                (&json!("conflict"), &json!("conflict")),
                "{conflict}"
            );
            assert_eq!(
                (&conflict["items"][0]["title"], &conflict["theirs"][0]["title"]),
                (&json!("Ours"), &json!("Theirs"))
            );
            assert_eq!(draft_box(&hub, &account).await[0].content.news_item[0].title, "Theirs");
            hub.post(&format!("{}/push", path(&article)), json!({})).await.refused(409, "article_conflict");
            hub.post(&format!("{}/publish", path(&article)), json!({})).await.refused(409, "article_conflict");

            let chosen = hub.post(&format!("{}/resolve", path(&article)), json!({ "take": take })).await.expect(200);
            assert_eq!((&chosen["items"][0]["title"], &chosen["theirs"]), (&json!(title), &Value::Null), "{chosen}");
            assert_eq!(chosen["state"], if take == "ours" { "changed" } else { "synced" });
            assert_eq!(push(&hub, &article).await["state"], "synced");
            assert_eq!(draft_box(&hub, &account).await[0].content.news_item[0].title, title);
            hub.post(&format!("{}/resolve", path(&article)), json!({ "take": "ours" }))
                .await
                .refused(409, "article_no_conflict");
        }
        // A comparison finds it too.
        let article = push(&hub, &write(&hub, &account, json!([item("Base", &picture(&hub).await)])).await).await;
        hub.advance(Duration::from_secs(300)).await;
        change_there(&hub, &account, "Theirs again").await;
        let mut items = article["items"].clone();
        items[0]["title"] = "Ours again".into();
        hub.put(&path(&article), json!({ "items": items, "revision": article["revision"] })).await.expect(200);
        let done = sync(&hub, &account).await;
        assert_eq!(done["conflicts"], 1, "{done}");
        assert_eq!(hub.get(&path(&article)).await.expect(200)["state"], "conflict");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_vanished_at_wechat_is_gone_and_can_be_saved_there_again() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let article = push(&hub, &write(&hub, &account, json!([item("Autumn", &picture(&hub).await)])).await).await;
        let media_id = draft_box(&hub, &account).await.remove(0).media_id;
        elsewhere::<DeleteDraft>(&hub, &account, &delete_draft::Request { media_id }).await;
        sync(&hub, &account).await;
        let gone = hub.get(&path(&article)).await.expect(200);
        assert_eq!(
            (&gone["state"], &gone["in_box"], &gone["items"]),
            (&json!("gone"), &json!(false), &article["items"]),
            "{gone}"
        );
        hub.post(&format!("{}/publish", path(&article)), json!({})).await.refused(409, "article_gone");
        assert_eq!(push(&hub, &article).await["state"], "synced");
        assert_eq!(draft_box(&hub, &account).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p27_wechats_pictures_are_shown_by_the_hub_and_no_other_address_is_fetched() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        push(&hub, &write(&hub, &account, json!([item("Autumn", &picture(&hub).await)])).await).await;
        let body = draft_box(&hub, &account).await.remove(0).content.news_item.remove(0).content;
        let address = body.split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let show = async |account: &str, address: &str, key: &str| {
            let url = format!("{}/api/v1/accounts/{account}/wechat_picture", hub.url);
            let request = hub.http.get(url).query(&[("address", address)]).bearer_auth(key);
            request.send().await.expect("the hub answers")
        };
        let shown = show(&account.id, &address, &hub.key).await;
        assert_eq!(shown.status(), 200);
        assert_eq!(shown.headers()[header::CONTENT_TYPE], "image/png");
        assert_eq!(shown.bytes().await.unwrap().as_ref(), super::png());
        for foreign in ["http://127.0.0.1:1/a.png", "https://evil.example/a.png", "file:///etc/passwd", ""] {
            assert_eq!(show(&account.id, foreign, &hub.key).await.status(), 404, "{foreign}");
        }
        assert_eq!(show(&account.id, &address, &hub.other).await.status(), 404, "another tenant's account");
    }
}
