//! Permanent material: what is taken, what is given back, and what cannot be deleted.

use reqwest::multipart::Form;
use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, Options};

use crate::shelf::{JPEG, article, part};
use crate::stage::{Stage, code};

const FILM: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2";

async fn film(stage: &Stage, token: &str, description: Option<&str>) -> Value {
    let mut form = Form::new().part("media", part(FILM, "film.mp4"));
    if let Some(description) = description {
        form = form.text("description", description.to_owned());
    }
    stage.upload_to(token, "/cgi-bin/material/add_material", "&type=video", form).await
}

#[tokio::test]
async fn each_kind_is_added_read_listed_counted_and_deleted() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 1);
    let token = stage.token(&account).await;
    let image = stage.add_material(&token, "image", "封面.jpg", &JPEG).await;
    let url = image["url"].as_str().expect("pictures have an address");
    assert_eq!(&stage.http.get(url).send().await.expect("sent").bytes().await.expect("bytes")[..], JPEG);
    let film = film(&stage, &token, Some(r#"{"title":"开箱","introduction":"两分钟"}"#)).await;
    assert!(film.get("url").is_none(), "{film}");
    stage.material(&token, "voice", "v.amr", b"#!AMR\n\x3c").await;
    stage.material(&token, "thumb", "t.jpg", &JPEG).await;

    let read = stage.api(&token, "/cgi-bin/material/get_material", json!({"media_id": film["media_id"]})).await;
    assert_eq!((&read["title"], &read["description"]), (&json!("开箱"), &json!("两分钟")));
    let there = stage.http.get(read["down_url"].as_str().expect("an address")).send().await.expect("sent");
    assert_eq!(&there.bytes().await.expect("bytes")[..], FILM);
    let body = json!({"media_id": image["media_id"]}).to_string();
    let path = format!("{}/cgi-bin/material/get_material?access_token={token}", stage.base);
    let file = stage.http.post(path).body(body).send().await.expect("sent");
    assert!(file.headers().contains_key("content-disposition"));
    assert_eq!(&file.bytes().await.expect("bytes")[..], JPEG);

    stage.sandbox.advance(5);
    let newest = stage.material(&token, "image", "b.png", b"\x89PNG\r\n\x1a\n").await;
    let page = |offset: u64, count: u64| json!({"type": "image", "offset": offset, "count": count});
    let list = stage.api(&token, "/cgi-bin/material/batchget_material", page(0, 1)).await;
    assert_eq!((&list["total_count"], &list["item_count"]), (&json!(2), &json!(1)));
    assert_eq!((&list["item"][0]["media_id"], &list["item"][0]["name"]), (&json!(newest), &json!("b.png")));
    let list = stage.api(&token, "/cgi-bin/material/batchget_material", page(1, 20)).await;
    assert_eq!(list["item"][0]["name"], "封面.jpg");
    assert_eq!(code(&stage.api(&token, "/cgi-bin/material/batchget_material", page(0, 21)).await), 40035);
    let thumbs = json!({"type": "thumb", "offset": 0, "count": 1});
    assert_eq!(code(&stage.api(&token, "/cgi-bin/material/batchget_material", thumbs).await), 40004);
    let count = stage.get(&format!("/cgi-bin/material/get_materialcount?access_token={token}")).await;
    assert_eq!(count, json!({"voice_count": 1, "video_count": 1, "image_count": 2, "news_count": 0}));

    let delete =
        async |id: &Value| code(&stage.api(&token, "/cgi-bin/material/del_material", json!({"media_id": id})).await);
    assert_eq!(delete(&image["media_id"]).await, 0);
    assert_eq!(delete(&image["media_id"]).await, 40007);
    let count = stage.get(&format!("/cgi-bin/material/get_materialcount?access_token={token}")).await;
    assert_eq!(count["image_count"], 1);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_by_its_code() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let add = async |kind: &str, name: &str, bytes: &[u8]| code(&stage.add_material(&token, kind, name, bytes).await);
    let of = |bytes: usize| {
        let mut big = JPEG.to_vec();
        big.resize(bytes, 0);
        big
    };
    assert_eq!(add("smoke", "a.jpg", &JPEG).await, 40004);
    assert_eq!(add("image", "a.exe", &JPEG).await, 40113);
    assert_eq!(add("image", "a.jpg", b"no picture").await, 40137);
    assert_eq!(add("voice", "a.mp3", &JPEG).await, 40005);
    assert_eq!(add("image", "a.jpg", &of((10 << 20) + 1)).await, 40009);
    assert_eq!(add("image", "a.jpg", &of(10 << 20)).await, 0);
    assert_eq!(add("thumb", "a.jpg", &of((64 << 10) + 1)).await, 45001);
    assert_eq!(add("thumb", "a.jpg", b"\x89PNG\r\n\x1a\n").await, 40005);
    // A frame of AMR that the header calls empty lasts 20 ms all the same.
    let minutes = |frames: usize| [b"#!AMR\n".to_vec(), vec![0x7c; frames]].concat();
    assert_eq!(add("voice", "a.amr", &minutes(3000)).await, 0);
    assert_eq!(add("voice", "a.amr", &minutes(3001)).await, 45007);
    let form = Form::new().part("media", part(&minutes(3001), "a.amr"));
    assert_eq!(code(&stage.upload_to(&token, "/cgi-bin/media/upload", "&type=voice", form).await), 45007);
    assert_eq!(code(&film(&stage, &token, None).await), 40097);
    assert_eq!(code(&film(&stage, &token, Some(r#"{"introduction":"i"}"#)).await), 45003);
    let form = Form::new().part("media", part(&of(1 << 20), "a.jpg"));
    assert_eq!(code(&stage.upload_to(&token, "/cgi-bin/media/uploadimg", "", form).await), 40009);
}

#[tokio::test]
async fn material_and_temporary_media_are_not_each_other() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 2);
    let token = stage.token(&account).await;
    let image = stage.cover(&token).await;
    assert_eq!(code(&stage.get(&format!("/cgi-bin/media/get?access_token={token}&media_id={image}")).await), 40007);
    let form = Form::new().part("media", part(&JPEG, "a.jpg"));
    let temporary = stage.upload_to(&token, "/cgi-bin/media/upload", "&type=image", form).await["media_id"].clone();
    for call in ["get_material", "del_material"] {
        let answer = stage.api(&token, &format!("/cgi-bin/material/{call}"), json!({"media_id": temporary})).await;
        assert_eq!(code(&answer), 40007, "{call}");
    }
    // A fan can be sent either, the one also after three days.
    stage.sandbox.advance(4 * 24 * 3600);
    let openid = stage.openid(&account, 1);
    stage.sandbox.say(&account.appid, &openid, "有图吗").expect("said");
    let token = stage.token(&account).await;
    let send = async |id: &Value| {
        let body = json!({"touser": openid, "msgtype": "image", "image": {"media_id": id}});
        code(&stage.api(&token, "/cgi-bin/message/custom/send", body).await)
    };
    assert_eq!((send(&json!(image)).await, send(&temporary).await), (0, 40007));
    let other = stage.account(AccountKind::Service, 1);
    let theirs = stage.token(&other).await;
    assert_eq!(code(&stage.api(&theirs, "/cgi-bin/material/get_material", json!({"media_id": image})).await), 40007);
}

#[tokio::test]
async fn what_a_menu_shows_cannot_be_deleted() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let image = stage.cover(&token).await;
    let menu =
        json!({"button": [{"name": "更多", "sub_button": [{"type": "media_id", "name": "图", "media_id": image}]}]});
    assert_eq!(code(&stage.api(&token, "/cgi-bin/menu/create", menu).await), 0);
    let delete = async || code(&stage.api(&token, "/cgi-bin/material/del_material", json!({"media_id": image})).await);
    assert_eq!(delete().await, 48005);
    stage.get(&format!("/cgi-bin/menu/delete?access_token={token}")).await;
    assert_eq!(delete().await, 0);
}

#[tokio::test]
async fn news_are_made_in_the_console_only() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 2);
    let token = stage.token(&account).await;
    for call in ["material/add_news", "material/update_news"] {
        let answer = stage.api(&token, &format!("/cgi-bin/{call}"), json!({"articles": []})).await;
        assert_eq!(code(&answer), 45103, "{call}");
    }
    let cover = stage.cover(&token).await;
    let (status, made) = stage
        .control("POST", &format!("/accounts/{}/news", account.appid), json!({"articles": [article(&cover, "旧闻")]}))
        .await;
    assert_eq!(status, 201, "{made}");
    let read = stage.api(&token, "/cgi-bin/material/get_material", json!({"media_id": made["media_id"]})).await;
    assert_eq!(read["news_item"][0]["title"], "旧闻");
    let list = stage
        .api(&token, "/cgi-bin/material/batchget_material", json!({"type": "news", "offset": 0, "count": 20}))
        .await;
    assert_eq!(list["item"][0]["content"]["news_item"][0]["thumb_media_id"], cover);
    let openid = stage.openid(&account, 1);
    stage.sandbox.say(&account.appid, &openid, "嗨").expect("said");
    let send = async |id: &Value| {
        let body = json!({"touser": openid, "msgtype": "mpnews", "mpnews": {"media_id": id}});
        code(&stage.api(&token, "/cgi-bin/message/custom/send", body).await)
    };
    assert_eq!(send(&made["media_id"]).await, 0);
    let chat = stage.sandbox.chat(&account.appid, &openid).expect("a chat");
    let card = &chat.last().expect("a line").articles.as_ref().expect("articles")[0];
    assert_eq!(card.title, "旧闻");
    assert_eq!(stage.page(&card.url, None).await.0, 200);
    let draft = stage.draft(&token, article(&cover, "草稿")).await;
    assert_eq!(send(&json!(draft)).await, 40007);
    // News are no drafts.
    let answer = stage.api(&token, "/cgi-bin/draft/get", json!({"media_id": made["media_id"]})).await;
    assert_eq!(code(&answer), 40007);
}

#[tokio::test]
async fn unverified_accounts_have_no_material_and_other_sets_do_not_do() {
    let stage = Stage::new().await;
    let settings = AccountPatch { verify_type: Some(-1), ..AccountPatch::default() };
    let account = stage.account_with(AccountKind::Service, 1, settings);
    let token = stage.token(&account).await;
    for call in ["material/get_materialcount", "draft/count"] {
        assert_eq!(code(&stage.get(&format!("/cgi-bin/{call}?access_token={token}")).await), 48001, "{call}");
    }
    assert_eq!(code(&stage.api(&token, "/cgi-bin/freepublish/submit", json!({"media_id": "x"})).await), 48001);
    assert_eq!(code(&stage.api(&token, "/datacube/getusersummary", json!({})).await), 48001);
}

#[tokio::test]
async fn shelves_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { data: Some(folder.path().to_owned()), seed: 7, phone_files: false };
    let stage = Stage::open(options.clone()).await;
    let account = stage.account(AccountKind::Service, 9);
    let token = stage.token(&account).await;
    let cover = stage.cover(&token).await;
    let gone = stage.cover(&token).await;
    let kept = stage.draft(&token, article(&cover, "还没发")).await;
    let deleted = stage.draft(&token, article(&cover, "不要了")).await;
    let out = stage
        .draft(
            &token,
            json!({"title": "已发", "content": "<p>好</p>", "thumb_media_id": cover, "need_open_comment": 1}),
        )
        .await;
    let (article_id, msg_data_id, url) = stage.publish(&token, &out).await;
    let waiting = stage.draft(&token, article(&cover, "正在发")).await;
    let comment = json!({"url": url, "action": "comment", "text": "写得好"});
    assert_eq!(stage.control("POST", "/people/3/article", comment).await.0, 200);
    stage.control("POST", "/people/3/article", json!({"url": url, "action": "read"})).await;
    stage.api(&token, "/cgi-bin/material/del_material", json!({"media_id": gone})).await;
    stage.api(&token, "/cgi-bin/draft/delete", json!({"media_id": deleted})).await;
    let submitted = stage.api(&token, "/cgi-bin/freepublish/submit", json!({"media_id": waiting})).await;
    stage.sandbox.flush().await;
    drop(stage);

    let again = Stage::open(Options { seed: 8, ..options }).await;
    let count = again.get(&format!("/cgi-bin/material/get_materialcount?access_token={token}")).await;
    assert_eq!(count["image_count"], 1);
    let draft = async |id: &str| code(&again.api(&token, "/cgi-bin/draft/get", json!({"media_id": id})).await);
    assert_eq!((draft(&kept).await, draft(&deleted).await, draft(&out).await), (0, 40007, 40007));
    let read = again.api(&token, "/cgi-bin/freepublish/getarticle", json!({"article_id": article_id})).await;
    assert_eq!(read["news_item"][0]["title"], "已发");
    let page = url.replace(url.split("/s/").next().expect("a host"), &again.base);
    assert!(again.page(&page, None).await.2.contains("已发"));
    let list = json!({"msg_data_id": msg_data_id, "index": 0, "begin": 0, "count": 10, "type": 0});
    let comments = again.api(&token, "/cgi-bin/comment/list", list).await;
    assert_eq!(comments["comment"][0]["content"], "写得好");
    let (_, articles) = again.control("GET", &format!("/accounts/{}/articles", account.appid), Value::Null).await;
    let mine = articles["items"].as_array().expect("articles").iter().find(|item| item["title"] == "已发");
    assert_eq!(mine.expect("there")["reads"], 1);
    // What was under way ends after all.
    again.sandbox.advance(10);
    let ended = async {
        loop {
            let id = submitted["publish_id"].clone();
            let stands = again.api(&token, "/cgi-bin/freepublish/get", json!({"publish_id": id})).await;
            if stands["publish_status"] == 0 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), ended).await.expect("it comes out");
}
