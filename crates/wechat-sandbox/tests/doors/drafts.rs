//! The draft box: what an article may be, and what becomes of it on the way in.

use reqwest::multipart::Form;
use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch};

use crate::shelf::{JPEG, article, part};
use crate::stage::{Stage, code};

/// The article with one field changed.
fn with(article: &Value, name: &str, value: impl Into<Value>) -> Value {
    let mut article = article.clone();
    article[name] = value.into();
    article
}

#[tokio::test]
async fn a_draft_is_added_read_changed_listed_counted_and_deleted() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 1);
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let both = json!({"articles": [article(&cover, "一"), article(&cover, "二")]});
    let id = stage.api(&token, "/cgi-bin/draft/add", both).await["media_id"].clone();
    let read = stage.api(&token, "/cgi-bin/draft/get", json!({"media_id": id})).await;
    let first = &read["news_item"][0];
    assert_eq!(
        (&first["title"], &first["show_cover_pic"], &first["need_open_comment"]),
        (&json!("一"), &json!(0), &json!(0))
    );
    assert!(first["thumb_url"].as_str().is_some_and(|url| url.contains("/sandbox/files/")), "{first}");
    let (status, policy, page) = stage.page(first["url"].as_str().expect("a preview"), None).await;
    assert!(status == 200 && page.contains("正文") && policy.starts_with("default-src 'none'"), "{policy} {page}");

    stage.sandbox.advance(10);
    let other = stage.draft(&token, article(&cover, "三")).await;
    stage.sandbox.advance(10);
    let update = |index: i64| json!({"media_id": id, "index": index, "articles": article(&cover, "二改")});
    assert_eq!(code(&stage.api(&token, "/cgi-bin/draft/update", update(1)).await), 0);
    assert_eq!(code(&stage.api(&token, "/cgi-bin/draft/update", update(2)).await), 40060);
    let list = async |no_content: i64| {
        let body = json!({"offset": 0, "count": 20, "no_content": no_content});
        stage.api(&token, "/cgi-bin/draft/batchget", body).await
    };
    let all = list(1).await;
    assert_eq!((&all["total_count"], &all["item_count"]), (&json!(2), &json!(2)));
    // The one changed last stands first.
    assert_eq!(all["item"][0]["content"]["news_item"][1]["title"], "二改");
    assert!(all["item"][0]["content"]["news_item"][1].get("content").is_none(), "{all}");
    assert_eq!(list(0).await["item"][1]["content"]["news_item"][0]["content"], "<p>正文</p>");
    let count = async || stage.get(&format!("/cgi-bin/draft/count?access_token={token}")).await["total_count"].clone();
    assert_eq!(count().await, 2);
    assert_eq!(code(&stage.api(&token, "/cgi-bin/draft/delete", json!({"media_id": other})).await), 0);
    assert_eq!(count().await, 1);
    for call in ["get", "delete"] {
        let answer = stage.api(&token, &format!("/cgi-bin/draft/{call}"), json!({"media_id": other})).await;
        assert_eq!(code(&answer), 40007, "{call}");
    }
    let asked = format!("{}/cgi-bin/draft/switch?access_token={token}&checkonly=1", stage.base);
    let answer: Value = stage.http.post(asked).send().await.expect("sent").json().await.expect("JSON");
    assert_eq!((code(&answer), &answer["is_open"]), (0, &json!(1)));
}

#[tokio::test]
async fn every_limit_has_its_code() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let good = article(&cover, "好");
    let add =
        async |articles: Value| code(&stage.api(&token, "/cgi-bin/draft/add", json!({"articles": articles})).await);
    let one = async |name: &str, value: Value| add(json!([with(&good, name, value)])).await;
    let chars = |n: usize| json!("字".repeat(n));
    assert_eq!(
        (one("title", chars(32)).await, one("title", chars(33)).await, one("title", json!("")).await),
        (0, 45003, 45003)
    );
    assert_eq!((one("author", chars(16)).await, one("author", chars(17)).await), (0, 45110));
    assert_eq!((one("digest", chars(128)).await, one("digest", chars(129)).await), (0, 45004));
    assert_eq!((one("content", chars(19_999)).await, one("content", chars(20_000)).await), (0, 45002));
    assert_eq!(one("content", json!("")).await, 44004);
    let long = format!("https://b.example/{}", "a".repeat(1024));
    assert_eq!(
        (one("content_source_url", json!(long)).await, one("content_source_url", json!("no address")).await),
        (45005, 45005)
    );
    assert_eq!(one("thumb_media_id", json!("nothing")).await, 40007);
    let form = Form::new().part("media", part(&JPEG, "a.jpg"));
    let temporary = stage.upload_to(&token, "/cgi-bin/media/upload", "&type=image", form).await["media_id"].clone();
    assert_eq!(one("thumb_media_id", temporary).await, 40007);
    assert_eq!(one("pic_crop_1_1", json!("0_0_1_1")).await, 0);
    for crop in ["0_0_1", "0_0_2_1", "0.5_0_0.5_1", "a_b_c_d"] {
        assert_eq!(one("pic_crop_235_1", json!(crop)).await, 53402, "{crop}");
    }
    assert_eq!(add(json!([])).await, 44003);
    assert_eq!(add(json!(vec![good.clone(); 8])).await, 0);
    assert_eq!(add(json!(vec![good.clone(); 9])).await, 45008);
    let patch = AccountPatch { no_comments: Some(true), ..AccountPatch::default() };
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    assert_eq!(one("need_open_comment", json!(1)).await, 88000);
}

#[tokio::test]
async fn a_body_loses_scripts_and_foreign_pictures() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let form = Form::new().part("media", part(&JPEG, "a.jpg"));
    let ours = stage.upload_to(&token, "/cgi-bin/media/uploadimg", "", form).await["url"].clone();
    let ours = ours.as_str().expect("an address");
    let other = stage.account(AccountKind::Service, 1);
    let their_token = stage.token(&other).await;
    let form = Form::new().part("media", part(&JPEG, "a.jpg"));
    let theirs = stage.upload_to(&their_token, "/cgi-bin/media/uploadimg", "", form).await["url"].clone();
    let content = format!(
        "<p style=\"color: red\" onclick=\"x()\">秋天的<b>第一杯</b>茶</p><script>alert(1)</script><img src=\"{ours}\">\
         <img src=\"{}\"><img src=\"https://cdn.example/a.png\"><p style=\"background: url(https://cdn.example/b.png)\">。</p>",
        theirs.as_str().expect("an address")
    );
    let draft = stage.draft(&token, with(&article(&cover, "茶"), "content", content)).await;
    let read = stage.api(&token, "/cgi-bin/draft/get", json!({"media_id": draft})).await;
    let stored = read["news_item"][0]["content"].as_str().expect("a body");
    assert!(stored.contains(ours) && stored.contains("color: red") && stored.contains("<b>第一杯</b>"), "{stored}");
    for gone in ["script", "alert", "onclick", "cdn.example", theirs.as_str().expect("an address")] {
        assert!(!stored.contains(gone), "{gone}: {stored}");
    }
    assert_eq!(read["news_item"][0]["digest"], "秋天的第一杯茶 。");
}

#[tokio::test]
async fn a_picture_message_is_pictures_and_a_plain_text() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let image = stage.cover(&token).await;
    let pictures = json!({"article_type": "newspic", "title": "三张", "content": "看<b>图</b>",
        "image_info": {"image_list": [{"image_media_id": image}, {"image_media_id": image}]}});
    let draft = stage.draft(&token, pictures.clone()).await;
    let read = stage.api(&token, "/cgi-bin/draft/get", json!({"media_id": draft})).await;
    let article = &read["news_item"][0];
    assert_eq!((&article["content"], &article["article_type"]), (&json!("看图"), &json!("newspic")));
    assert_eq!(article["image_info"]["image_list"].as_array().expect("pictures").len(), 2);
    let add = async |list: Value| {
        let pictures = with(&pictures, "image_info", json!({"image_list": list}));
        code(&stage.api(&token, "/cgi-bin/draft/add", json!({"articles": [pictures]})).await)
    };
    assert_eq!(add(json!([])).await, 44005);
    assert_eq!(add(json!([{"image_media_id": "nothing"}])).await, 40007);
    assert_eq!(add(json!(vec![json!({"image_media_id": image}); 21])).await, 45008);
}
