//! Articles with pages: published once, read back, taken back; and what readers write below them.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{calls, draft_box, item, path, picture, push, write};
use crate::hub::{Bound, Hub};

const SUBMIT: &str = "/cgi-bin/freepublish/submit";

/// The article's newest publication, once it is at its end.
async fn ended(hub: &Hub, article: &Value) -> Value {
    hub.until("the publication is at its end", async || {
        let publication = hub.get(&path(article)).await.expect(200)["publication"].clone();
        let open = ["waiting", "submitting", "publishing"].contains(&publication["state"].as_str()?);
        (!open).then_some(publication)
    })
    .await
}

async fn ready(hub: &Hub, account: &Bound, items: Value) -> Value {
    let article = push(hub, &write(hub, account, items).await).await;
    assert_eq!(article["state"], "synced", "{article}");
    article
}

async fn publish(hub: &Hub, article: &Value) -> Value {
    hub.post(&format!("{}/publish", path(article)), json!({})).await.expect(202)
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_an_article_gets_its_pages_once_and_can_be_taken_back() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let cover = picture(&hub).await;
        let article = write(&hub, &account, json!([item("Autumn", &cover), item("Winter", &cover)])).await;
        hub.post(&format!("{}/publish", path(&article)), json!({})).await.refused(409, "article_not_saved");
        let article = push(&hub, &article).await;
        let asked = publish(&hub, &article).await;
        assert_eq!((&asked["state"], &asked["by"]), (&json!("waiting"), &json!("tests")));
        hub.post(&format!("{}/publish", path(&article)), json!({})).await.refused(409, "article_publishing");
        hub.post(&format!("{}/push", path(&article)), json!({})).await.refused(409, "article_publishing");
        let out = ended(&hub, &article).await;
        assert_eq!(
            (&out["state"], &out["problem"], &out["id"]),
            (&json!("published"), &Value::Null, &asked["id"]),
            "{out}"
        );
        let pages = out["pages"].as_array().unwrap();
        assert_eq!(pages.iter().map(|page| page["title"].as_str().unwrap()).collect::<Vec<_>>(), ["Autumn", "Winter"]);
        assert!(pages.iter().all(|page| page["url"].as_str().unwrap().contains("/s/")), "{out}");
        assert_eq!(calls(&hub, SUBMIT).await.0, 1);
        // It has left the box, and can be written on and saved again.
        let article = hub.get(&path(&article)).await.expect(200);
        assert_eq!((&article["state"], &article["in_box"]), (&json!("gone"), &json!(false)));
        assert!(draft_box(&hub, &account).await.is_empty());

        // A comparison finds what is known, and does not list it twice.
        super::synced::sync(&hub, &account).await;
        let list = hub.get(&format!("/publications?account={}", account.id)).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");

        let back = format!("/publications/{}", out["id"].as_str().unwrap());
        hub.delete(&format!("{back}?idx=3")).await.refused(422, "invalid");
        let one = hub.delete(&format!("{back}?idx=2")).await.expect(200);
        assert_eq!(
            (&one["state"], &one["pages"][0]["deleted"], &one["pages"][1]["deleted"]),
            (&json!("published"), &json!(false), &json!(true)),
            "{one}"
        );
        hub.fault("/cgi-bin/freepublish/delete", json!({ "kind": "drop_after" }), 1).await;
        let all = hub.delete(&back).await;
        // The answer was lost; if WeChat shows nothing any more it cannot be told, and asking again tells.
        let all = if all.status == 200 {
            all.expect(200)
        } else {
            hub.get(&format!("/publications?account={}", account.id)).await.expect(200)["items"][0].clone()
        };
        assert!(["published", "deleted"].contains(&all["state"].as_str().unwrap()), "{all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_lost_answer_of_a_publication_is_read_back_and_never_submitted_again() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let cover = picture(&hub).await;
        for (n, what) in ["drop_after", "http_5xx", "truncate"].into_iter().enumerate() {
            let article = ready(&hub, &account, json!([item(&format!("Lost by {what}"), &cover)])).await;
            hub.fault(SUBMIT, json!({ "kind": what }), 1).await;
            publish(&hub, &article).await;
            let out = ended(&hub, &article).await;
            assert_eq!(out["state"], "published", "{what}: {out}");
            assert!(out["pages"][0]["url"].as_str().unwrap().contains("/s/"), "{out}");
            assert_eq!(calls(&hub, SUBMIT).await, (n + 1, n + 1), "{what}");
        }
        // It was never carried out, and nobody can know that: after half an hour a person is told.
        let article = ready(&hub, &account, json!([item("Nowhere", &cover)])).await;
        hub.fault(SUBMIT, json!({ "kind": "html" }), 1).await;
        publish(&hub, &article).await;
        hub.until("the call has left", async || {
            let now = hub.get(&path(&article)).await.expect(200);
            (now["publication"]["state"] == "submitting" && calls(&hub, SUBMIT).await.0 == 4).then_some(())
        })
        .await;
        hub.advance(Duration::from_secs(31 * 60)).await;
        let lost = ended(&hub, &article).await;
        assert_eq!((&lost["state"], &lost["problem"]), (&json!("unknown"), &json!("lost")), "{lost}");
        assert_eq!(calls(&hub, SUBMIT).await, (4, 3), "nothing is submitted twice for one wish");
        // The article is still in the box, and a person may wish it once more.
        assert_eq!(hub.get(&path(&article)).await.expect(200)["state"], "synced");
        publish(&hub, &article).await;
        assert_eq!(ended(&hub, &article).await["state"], "published");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_that_wechat_refuses_says_which_article_is_at_fault() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let cover = picture(&hub).await;
        let settings = json!({ "publishing": { "outcome": "not_original", "fail_idx": [2], "seconds": 1 } });
        hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), settings).await.expect(200);
        let article = ready(&hub, &account, json!([item("One", &cover), item("Two", &cover)])).await;
        publish(&hub, &article).await;
        let refused = ended(&hub, &article).await;
        assert_eq!(
            (&refused["state"], &refused["problem"], &refused["fail_idx"]),
            (&json!("refused"), &json!("not_original"), &json!([2])),
            "{refused}"
        );
        assert_eq!(hub.get(&path(&article)).await.expect(200)["state"], "synced", "the draft is still there");
        let definite = ready(&hub, &account, json!([item("Three", &cover)])).await;
        hub.fault(SUBMIT, json!({ "kind": "errcode", "errcode": 53503 }), 1).await;
        publish(&hub, &definite).await;
        let failed = ended(&hub, &definite).await;
        assert_eq!((&failed["state"], &failed["errcode"]), (&json!("failed"), &json!(53503)), "{failed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_read_elected_answered_and_deleted_and_an_article_is_shown_to_one_fan() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let openid = hub.fans(&account, 1).await.remove(0);
        let article = ready(&hub, &account, json!([item("Autumn", &picture(&hub).await)])).await;
        hub.post(&format!("{}/preview", path(&article)), json!({})).await.refused(422, "invalid");
        assert_eq!(hub.post(&format!("{}/preview", path(&article)), json!({ "openid": openid })).await.status, 204);
        publish(&hub, &article).await;
        let out = ended(&hub, &article).await;
        let person = hub
            .wechat(Method::GET, &format!("/accounts/{}/fans?limit=1", account.app_id), Value::Null)
            .await
            .expect(200)["items"][0]["person"]
            .clone();
        let said = json!({ "url": out["pages"][0]["url"], "action": "comment", "text": "Lovely" });
        hub.wechat(Method::POST, &format!("/people/{person}/article"), said).await.expect(200);
        let below = format!("/publications/{}/comments", out["id"].as_str().unwrap());
        let list = hub.get(&below).await.expect(200);
        assert_eq!(
            (&list["total"], &list["items"][0]["text"], &list["items"][0]["elected"]),
            (&json!(1), &json!("Lovely"), &json!(false)),
            "{list}"
        );
        let one = format!("{below}/{}", list["items"][0]["id"].as_str().unwrap());
        assert_eq!(hub.put(&format!("{one}/elected"), json!({ "idx": 1, "elected": true })).await.status, 204);
        assert_eq!(hub.get(&format!("{below}?elected=true")).await.expect(200)["total"], 1);
        assert_eq!(hub.put(&format!("{one}/reply"), json!({ "idx": 1, "text": "Thank you" })).await.status, 204);
        assert_eq!(hub.get(&below).await.expect(200)["items"][0]["reply"], "Thank you");
        hub.put(&format!("{one}/reply"), json!({ "idx": 1, "text": "Once more" })).await.refused(502, "wechat_refused");
        assert_eq!(hub.delete(&format!("{one}/reply?idx=1")).await.status, 204);
        assert_eq!(hub.get(&below).await.expect(200)["items"][0]["reply"], Value::Null);
        assert_eq!(hub.put(&format!("{below}/switch"), json!({ "idx": 1, "open": false })).await.status, 204);
        let said = json!({ "url": out["pages"][0]["url"], "action": "comment", "text": "Again" });
        assert_eq!(hub.wechat(Method::POST, &format!("/people/{person}/article"), said).await.status, 409);
        assert_eq!(hub.delete(&one).await.status, 204);
        assert_eq!(hub.get(&below).await.expect(200)["total"], 0);
    }
}
