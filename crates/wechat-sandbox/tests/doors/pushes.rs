//! What fans do, as the account hears of it.

use std::time::Duration;

use serde_json::json;
use wechat::crypto::envelope::parse_sealed;
use wechat::crypto::{EncodingAesKey, MsgCipher, signature};
use wechat_sandbox::{AccountKind, AccountPatch, AccountView, Mode};

use crate::stage::{Answer, Hub, Push, Stage, code, field, text_reply};

fn signed(push: &Push, account: &AccountView) -> bool {
    let of = |name: &str| push.query.get(name).map(String::as_str).unwrap_or_default();
    signature::verify(&[&account.token, of("timestamp"), of("nonce")], of("signature"))
}

fn opened(push: &Push, account: &AccountView) -> String {
    let of = |name: &str| push.query.get(name).map(String::as_str).unwrap_or_default();
    let sealed = parse_sealed(push.body.as_bytes()).expect("sealed");
    assert_eq!(of("encrypt_type"), "aes");
    assert!(signature::verify(&[&account.token, of("timestamp"), of("nonce"), &sealed.encrypt], of("msg_signature")));
    let cipher = MsgCipher::new(&account.appid, EncodingAesKey::parse(&account.encoding_aes_key).expect("a key"), None);
    String::from_utf8(cipher.decrypt(&sealed.encrypt).expect("opened").message).expect("text")
}

#[tokio::test]
async fn a_plain_push_is_signed_and_written_as_wechat_writes() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let openid = stage.openid(&account, 1);
    let outcome = stage.sandbox.say(&account.appid, &openid, "几点开门?").expect("said").outcome().await;
    assert_eq!((outcome.outcome.as_str(), outcome.attempts), ("silent", 1));
    let push = &hub.pushes()[0];
    assert!(signed(push, &account));
    assert_eq!(push.query["openid"], openid);
    assert!(!push.query.contains_key("encrypt_type"));
    assert!(push.body.starts_with("<xml><ToUserName><![CDATA[gh_"), "{}", push.body);
    assert!(push.body.contains("]]></ToUserName>\n<FromUserName>"), "{}", push.body);
    assert_eq!((push.field("Content").as_str(), push.field("MsgType").as_str()), ("几点开门?", "text"));
    assert!(push.field("MsgId").parse::<u64>().expect("a number") > 1 << 53);
}

#[tokio::test]
async fn three_attempts_each_with_a_fresh_signature_and_the_same_message() {
    let stage = Stage::new().await;
    stage.hurry().await;
    let hub = Hub::answering(|_| Answer { after: Duration::from_secs(1), ..Answer::from(String::new()) }).await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let outcome = stage.sandbox.say(&account.appid, "1", "喂").expect("said").outcome().await;
    assert_eq!((outcome.outcome.as_str(), outcome.attempts), ("failed", 3));
    let pushes = hub.pushes();
    assert_eq!(pushes.len(), 3);
    assert!(pushes.iter().all(|push| signed(push, &account) && push.body == pushes[0].body));
    let nonces: std::collections::HashSet<&String> = pushes.iter().map(|push| &push.query["nonce"]).collect();
    assert_eq!(nonces.len(), 3);
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    assert_eq!(chat[1].kind, "failure");
    assert!(chat[1].text.as_deref().is_some_and(|text| text.contains("故障")));
}

#[tokio::test]
async fn the_answer_to_a_later_attempt_counts_and_errors_are_tried_again() {
    let stage = Stage::new().await;
    let mut heard = 0;
    let hub = Hub::answering(move |push| {
        heard += 1;
        if heard < 3 {
            Answer { status: 500, ..Answer::from(String::new()) }
        } else {
            text_reply(push, "十点").into()
        }
    })
    .await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let outcome = stage.sandbox.say(&account.appid, "1", "几点开门").expect("said").outcome().await;
    assert_eq!((outcome.outcome.as_str(), outcome.attempts), ("answered", 3));
    assert_eq!(outcome.answer.and_then(|answer| answer.text).as_deref(), Some("十点"));
    let (_, pushes) = stage.control("GET", "/pushes", json!(null)).await;
    let outcomes: Vec<_> =
        pushes["items"].as_array().expect("a list").iter().map(|push| push["outcome"].clone()).collect();
    assert_eq!(outcomes, ["http_error", "http_error", "answered"]);
}

#[tokio::test]
async fn one_fan_s_messages_wait_for_each_other_and_other_fans_do_not() {
    let stage = Stage::new().await;
    let hub = Hub::answering(|push| {
        let slow = push.body.contains("慢");
        Answer { after: Duration::from_millis(if slow { 400 } else { 0 }), ..Answer::from("success".to_owned()) }
    })
    .await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let first = stage.sandbox.say(&account.appid, "1", "慢").expect("said");
    hub.wait_for(1).await;
    let second = stage.sandbox.say(&account.appid, "1", "第二句").expect("said");
    let other = stage.sandbox.say(&account.appid, "2", "别人").expect("said");
    other.outcome().await;
    let said: Vec<String> = hub.pushes().iter().map(|push| push.field("Content")).collect();
    assert_eq!(said, ["慢", "别人"]);
    first.outcome().await;
    second.outcome().await;
    assert_eq!(hub.pushes()[2].field("Content"), "第二句");
}

#[tokio::test]
async fn safe_mode_seals_and_compatible_mode_does_both() {
    let stage = Stage::new().await;
    for mode in [Mode::Safe, Mode::Compatible] {
        let hub = Hub::new().await;
        let account = stage.bound(&hub, AccountPatch { mode: Some(mode), ..AccountPatch::default() }).await;
        stage.sandbox.say(&account.appid, "1", "密").expect("said").outcome().await;
        let push = &hub.pushes()[0];
        assert!(signed(push, &account));
        let inside = opened(push, &account);
        assert_eq!(field(&inside, "Content"), "密");
        let outside = if mode == Mode::Safe { "" } else { "密" };
        assert_eq!(push.field("Content"), outside);
        assert_eq!(push.field("ToUserName"), account.original_id);
    }
}

#[tokio::test]
async fn a_json_account_gets_json() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let settings = AccountPatch { format: Some("json".to_owned()), ..AccountPatch::default() };
    let account = stage.bound(&hub, settings).await;
    stage.sandbox.say(&account.appid, "1", "喂").expect("said").outcome().await;
    let body: serde_json::Value = serde_json::from_str(&hub.pushes()[0].body).expect("JSON");
    assert_eq!((&body["MsgType"], &body["Content"]), (&json!("text"), &json!("喂")));
    assert!(body["CreateTime"].is_i64() && body["MsgId"].is_u64(), "{body}");
}

#[tokio::test]
async fn a_scan_follows_first_and_is_an_event_of_its_own_later() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    let body = json!({"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": "desk-7"}}});
    let code_made = stage.post(&format!("/cgi-bin/qrcode/create?access_token={token}"), body.clone()).await;
    let ticket = code_made["ticket"].as_str().expect("a ticket");
    assert!(code_made.get("expire_seconds").is_none());
    assert_eq!(stage.post(&format!("/cgi-bin/qrcode/create?access_token={token}"), body).await["ticket"], ticket);
    stage.sandbox.scan(&account.appid, "50", ticket).expect("scanned").outcome().await;
    stage.sandbox.scan(&account.appid, "50", ticket).expect("scanned").outcome().await;
    stage.sandbox.unfollow(&account.appid, "50").expect("left").outcome().await;
    let events: Vec<_> =
        hub.pushes().iter().map(|push| (push.field("Event"), push.field("EventKey"), push.field("Ticket"))).collect();
    let of = |event: &str, key: &str, ticket: &str| (event.to_owned(), key.to_owned(), ticket.to_owned());
    assert_eq!(
        events,
        [of("subscribe", "qrscene_desk-7", ticket), of("SCAN", "desk-7", ticket), of("unsubscribe", "", "")]
    );
    let openid = stage.openid(&account, 50);
    stage.sandbox.follow(&account.appid, &openid, Some(ticket)).expect("back");
    let fan = stage.get(&format!("/cgi-bin/user/info?access_token={token}&openid={openid}")).await;
    assert_eq!((&fan["qr_scene_str"], &fan["subscribe_scene"]), (&json!("desk-7"), &json!("ADD_SCENE_QR_CODE")));
}

#[tokio::test]
async fn an_expired_code_is_not_shown_and_not_scanned() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let body = json!({"expire_seconds": 60, "action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 123}}});
    let made = stage.post(&format!("/cgi-bin/qrcode/create?access_token={token}"), body).await;
    let ticket = made["ticket"].as_str().expect("a ticket").to_owned();
    assert_eq!(made["expire_seconds"], 60);
    let show = format!("{}/cgi-bin/showqrcode?ticket={ticket}", stage.base);
    let picture = stage.http.get(&show).send().await.expect("sent");
    assert_eq!(picture.headers()["content-type"], "image/jpg");
    assert!(picture.bytes().await.expect("bytes").starts_with(&[0xff, 0xd8, 0xff]));
    stage.sandbox.advance(61);
    assert_eq!(stage.http.get(&show).send().await.expect("sent").status(), 404);
    assert!(stage.sandbox.scan(&account.appid, "1", &ticket).is_err());
    let bad = json!({"action_name": "QR_SCENE", "action_info": {"scene": {"scene_id": 0}}});
    assert_eq!(code(&stage.post(&format!("/cgi-bin/qrcode/create?access_token={token}"), bad).await), 40129);
}

#[tokio::test]
async fn the_address_must_repeat_the_echostr() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let path = format!("/accounts/{}", account.appid);
    let (status, body) = stage.control("PATCH", &path, json!({"callback_url": format!("{}/wx", hub.base)})).await;
    assert_eq!((status, &body["callback_url"]), (200, &json!(format!("{}/wx", hub.base))));
    let (status, body) =
        stage.control("PATCH", &path, json!({"callback_url": format!("{}/sandbox/api/state", stage.base)})).await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().expect("why").starts_with("token验证失败"), "{body}");
}

#[tokio::test]
async fn pictures_sent_can_be_fetched_for_three_days() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let (status, done) = stage
        .control("POST", &format!("/accounts/{}/fans/1/send?wait=true", account.appid), json!({"type": "image"}))
        .await;
    assert_eq!((status, &done["outcome"]), (200, &json!("silent")));
    let push = &hub.pushes()[0];
    let token = stage.token(&account).await;
    let get = format!("{}/cgi-bin/media/get?access_token={token}&media_id={}", stage.base, push.field("MediaId"));
    let file = stage.http.get(&get).send().await.expect("sent");
    assert!(file.headers()["content-disposition"].to_str().expect("text").starts_with("attachment"));
    let bytes = file.bytes().await.expect("bytes");
    let shown = stage.http.get(push.field("PicUrl")).send().await.expect("sent").bytes().await.expect("bytes");
    assert_eq!(bytes, shown);
    stage.sandbox.advance(72 * 3600 + 1);
    let token = stage.token(&account).await;
    let late = stage.get(&format!("/cgi-bin/media/get?access_token={token}&media_id={}", push.field("MediaId"))).await;
    assert_eq!(code(&late), 40007);
}
