//! Passive replies: what the fan sees, and what makes the grey line instead.

use std::sync::{Arc, Mutex};

use reqwest::multipart::{Form, Part};
use serde_json::Value;
use wechat::crypto::envelope::seal_reply;
use wechat::crypto::{EncodingAesKey, KeyAge, MsgCipher};
use wechat::wire::Format;
use wechat_sandbox::{AccountKind, AccountPatch, AccountView, Mode, Outcome};

use crate::stage::{Answer, Hub, Push, Stage, text_reply};

type Next = Arc<Mutex<Box<dyn FnMut(&Push) -> String + Send>>>;

/// A hub whose next answer can be set.
async fn hub() -> (Hub, Next) {
    let next: Next = Arc::new(Mutex::new(Box::new(|_| "success".to_owned())));
    let script = next.clone();
    (Hub::answering(move |push| Answer::from((script.lock().expect("whole"))(push))).await, next)
}

fn set(next: &Next, answer: impl FnMut(&Push) -> String + Send + 'static) {
    *next.lock().expect("whole") = Box::new(answer);
}

async fn say(stage: &Stage, account: &AccountView) -> Outcome {
    stage.sandbox.say(&account.appid, "1", "喂").expect("said").outcome().await
}

fn reason(stage: &Stage, account: &AccountView) -> String {
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    let last = chat.last().expect("a line");
    assert_eq!(last.kind, "failure", "{last:?}");
    last.reason.clone().expect("a reason")
}

#[tokio::test]
async fn nothing_and_success_are_silent_and_anything_else_must_be_a_message() {
    let stage = Stage::new().await;
    let (hub, next) = hub().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    for silent in ["", "success"] {
        set(&next, move |_| silent.to_owned());
        assert_eq!(say(&stage, &account).await.outcome, "silent", "{silent:?}");
    }
    for broken in
        ["ok", "SUCCESS", "success\n", "<xml></xml>", "{\"ToUserName\":\"o\"}", "<html><body>hi</body></html>"]
    {
        set(&next, move |_| broken.to_owned());
        let outcome = say(&stage, &account).await;
        assert_eq!((outcome.outcome.as_str(), outcome.attempts), ("failed", 1), "{broken:?}");
    }
}

#[tokio::test]
async fn names_must_be_swapped_and_texts_short() {
    let stage = Stage::new().await;
    let (hub, next) = hub().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    set(&next, |push| text_reply(push, &"字".repeat(682)));
    assert_eq!(say(&stage, &account).await.outcome, "answered");
    set(&next, |push| text_reply(push, &"字".repeat(683)));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
    assert!(reason(&stage, &account).contains("2049 bytes"));
    set(&next, |push| text_reply(push, ""));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
    set(&next, |push| text_reply(push, "hi").replace(&push.field("FromUserName"), "oSomebodyElse"));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
    assert!(reason(&stage, &account).contains("ToUserName"));
    set(&next, |push| text_reply(push, "hi").replace("<CreateTime>1700000003</CreateTime>", ""));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
    set(&next, |push| text_reply(push, "hi").replace("[text]", "[smoke]"));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
}

fn news(push: &Push, claimed: usize, count: usize) -> String {
    let item = "<item><Title><![CDATA[t]]></Title><Description><![CDATA[]]></Description><PicUrl></PicUrl><Url><![CDATA[https://example.com]]></Url></item>";
    let articles = format!("<ArticleCount>{claimed}</ArticleCount><Articles>{}</Articles>", item.repeat(count));
    text_reply(push, "x").replace("[text]", "[news]").replace("<Content><![CDATA[x]]></Content>", &articles)
}

#[tokio::test]
async fn one_article_for_a_message_and_eight_for_a_follow() {
    let stage = Stage::new().await;
    let (hub, next) = hub().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    set(&next, |push| news(push, 1, 1));
    let answer = say(&stage, &account).await.answer.expect("an answer");
    assert_eq!(answer.articles.expect("articles")[0].url, "https://example.com");
    set(&next, |push| news(push, 2, 2));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
    set(&next, |push| news(push, 8, 8));
    assert_eq!(stage.sandbox.follow(&account.appid, "20", None).expect("followed").outcome().await.outcome, "answered");
    set(&next, |push| news(push, 9, 9));
    assert_eq!(stage.sandbox.follow(&account.appid, "21", None).expect("followed").outcome().await.outcome, "failed");
    set(&next, |push| news(push, 2, 1));
    assert_eq!(stage.sandbox.follow(&account.appid, "22", None).expect("followed").outcome().await.outcome, "failed");
}

#[tokio::test]
async fn files_must_be_the_account_s_own() {
    let stage = Stage::new().await;
    let (hub, next) = hub().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let other = stage.account(AccountKind::Service, 1);
    let upload = async |account: &AccountView, bytes: &[u8]| -> Value {
        let token = stage.token(account).await;
        let part = Part::bytes(bytes.to_vec()).file_name("a.jpg").mime_str("image/jpeg").expect("a type");
        let url = format!("{}/cgi-bin/media/upload?access_token={token}&type=image", stage.base);
        let response = stage.http.post(url).multipart(Form::new().part("media", part)).send().await.expect("sent");
        response.json().await.expect("JSON")
    };
    let jpeg = [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3];
    let ours = upload(&account, &jpeg).await["media_id"].as_str().expect("an id").to_owned();
    let theirs = upload(&other, &jpeg).await["media_id"].as_str().expect("an id").to_owned();
    assert_eq!(upload(&account, b"not a picture").await["errcode"], 40005);
    let image = |push: &Push, id: &str| {
        let inside = format!("<Image><MediaId><![CDATA[{id}]]></MediaId></Image>");
        text_reply(push, "x").replace("[text]", "[image]").replace("<Content><![CDATA[x]]></Content>", &inside)
    };
    set(&next, move |push| image(push, &ours));
    let answer = say(&stage, &account).await.answer.expect("an answer");
    assert!(answer.media_url.expect("a picture").starts_with(&stage.base));
    set(&next, move |push| image(push, &theirs));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
    assert!(reason(&stage, &account).contains("media_id"));
}

#[tokio::test]
async fn safe_mode_wants_the_answer_sealed_with_the_right_key() {
    let stage = Stage::new().await;
    let (hub, next) = hub().await;
    let account = stage.bound(&hub, AccountPatch { mode: Some(Mode::Safe), ..AccountPatch::default() }).await;
    let openid = stage.openid(&account, 1);
    let plain = format!(
        "<xml><ToUserName><![CDATA[{openid}]]></ToUserName><FromUserName><![CDATA[{}]]></FromUserName>\
         <CreateTime>1700000003</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[密答]]></Content></xml>",
        account.original_id
    );
    let seal = |appid: &str, key: &str, token: &str| {
        let cipher = MsgCipher::new(appid, EncodingAesKey::parse(key).expect("a key"), None);
        seal_reply(Format::Xml, token, &cipher.encrypt(plain.as_bytes(), [7; 16], KeyAge::Current), 1_700_000_003, "n1")
    };
    let good = seal(&account.appid, &account.encoding_aes_key, &account.token);
    set(&next, move |_| good.clone());
    let outcome = say(&stage, &account).await;
    assert_eq!(outcome.answer.and_then(|answer| answer.text).as_deref(), Some("密答"));
    let other_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    let bad = [
        (plain.clone(), "safe"),
        (seal("wx0000000000000000", &account.encoding_aes_key, &account.token), "encryption"),
        (seal(&account.appid, other_key, &account.token), "encryption"),
        (seal(&account.appid, &account.encoding_aes_key, "wrongtoken"), "MsgSignature"),
    ];
    for (answer, why) in bad {
        set(&next, move |_| answer.clone());
        assert_eq!(say(&stage, &account).await.outcome, "failed");
        assert!(reason(&stage, &account).contains(why), "{}", reason(&stage, &account));
    }
}

#[tokio::test]
async fn a_view_is_not_answered_and_its_failure_not_shown() {
    let stage = Stage::new().await;
    let (hub, next) = hub().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    set(&next, |_| "nonsense".to_owned());
    let outcome = stage.sandbox.unfollow(&account.appid, "1").expect("left").outcome().await;
    assert_eq!(outcome.outcome, "failed");
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    assert_eq!(chat.iter().map(|item| item.kind.as_str()).collect::<Vec<_>>(), ["event"]);
}

#[tokio::test]
async fn a_json_account_is_answered_in_json() {
    let stage = Stage::new().await;
    let (hub, next) = hub().await;
    let settings = AccountPatch { format: Some("json".to_owned()), ..AccountPatch::default() };
    let account = stage.bound(&hub, settings).await;
    let reply = |push: &Push| serde_json::json!({"ToUserName": push.field("FromUserName"), "FromUserName": push.field("ToUserName"), "CreateTime": 1});
    set(&next, move |push| {
        let mut reply = reply(push);
        reply["MsgType"] = "text".into();
        reply["Content"] = "你好".into();
        reply.to_string()
    });
    assert_eq!(say(&stage, &account).await.answer.and_then(|answer| answer.text).as_deref(), Some("你好"));
    set(&next, move |push| {
        let mut reply = reply(push);
        reply["MsgType"] = "news".into();
        reply["ArticleCount"] = 1.into();
        reply["Articles"] =
            serde_json::json!([{"Title": "t", "Description": "", "PicUrl": "", "Url": "https://example.com"}]);
        reply.to_string()
    });
    let articles = say(&stage, &account).await.answer.and_then(|answer| answer.articles).expect("articles");
    assert_eq!(articles[0].title, "t");
    set(&next, |push| text_reply(push, "XML"));
    assert_eq!(say(&stage, &account).await.outcome, "failed");
    assert!(reason(&stage, &account).contains("JSON"));
}
