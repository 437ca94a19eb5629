//! Customer-service messages: how many, and until when, to the second.

use serde_json::json;
use wechat_sandbox::{AccountKind, AccountPatch, Allowance};

use crate::stage::{Stage, code};

const HOURS_48: u32 = 48 * 3600;

#[tokio::test]
async fn five_within_48_hours_of_a_message_since_june_2023() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 3);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    assert_eq!(stage.custom(&token, &openid, "too early").await, 45015);
    stage.sandbox.say(&account.appid, &openid, "在吗").expect("said");
    for _ in 0..5 {
        assert_eq!(stage.custom(&token, &openid, "在").await, 0);
    }
    assert_eq!(stage.custom(&token, &openid, "在").await, 45047);
    // Another message begins the count anew.
    stage.sandbox.say(&account.appid, &openid, "还在吗").expect("said");
    assert_eq!(stage.custom(&token, &openid, "在").await, 0);
    stage.sandbox.advance(HOURS_48 - 2);
    let token = stage.token(&account).await;
    assert_eq!(stage.custom(&token, &openid, "还在").await, 0);
    stage.sandbox.advance(2);
    assert_eq!(stage.custom(&token, &openid, "还在").await, 45015);
}

#[tokio::test]
async fn three_within_a_minute_of_a_follow() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 0);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    stage.sandbox.follow(&account.appid, &openid, None).expect("followed");
    for _ in 0..3 {
        assert_eq!(stage.custom(&token, &openid, "欢迎").await, 0);
    }
    assert_eq!(stage.custom(&token, &openid, "欢迎").await, 45047);
    stage.sandbox.advance(61);
    assert_eq!(stage.custom(&token, &openid, "欢迎").await, 45015);
}

#[tokio::test]
async fn the_classic_table_has_no_count() {
    let stage = Stage::new().await;
    let settings = AccountPatch { allowance: Some(Allowance::Classic), ..AccountPatch::default() };
    let account = stage.account_with(AccountKind::Service, 0, settings);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    stage.sandbox.follow(&account.appid, &openid, None).expect("followed");
    for _ in 0..25 {
        assert_eq!(stage.custom(&token, &openid, "欢迎").await, 0);
    }
    stage.sandbox.advance(HOURS_48 + 1);
    let token = stage.token(&account).await;
    assert_eq!(stage.custom(&token, &openid, "欢迎").await, 45015);
}

#[tokio::test]
async fn who_left_or_muted_is_not_reached() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    stage.sandbox.say(&account.appid, &openid, "喂").expect("said");
    stage.sandbox.mute(&account.appid, &openid, true).expect("muted");
    assert_eq!(stage.custom(&token, &openid, "喂").await, 48002);
    stage.sandbox.mute(&account.appid, &openid, false).expect("heard again");
    assert_eq!(stage.custom(&token, &openid, "喂").await, 0);
    stage.sandbox.unfollow(&account.appid, &openid).expect("left");
    assert_eq!(stage.custom(&token, &openid, "喂").await, 45015);
}

#[tokio::test]
async fn bodies_are_checked_before_the_fan_is_bothered() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    stage.sandbox.say(&account.appid, &openid, "喂").expect("said");
    let send =
        async |body| code(&stage.post(&format!("/cgi-bin/message/custom/send?access_token={token}"), body).await);
    assert_eq!(send(json!({"touser": openid, "msgtype": "text", "text": {"content": ""}})).await, 44004);
    assert_eq!(send(json!({"touser": openid, "msgtype": "text", "text": {"content": "字".repeat(683)}})).await, 45002);
    assert_eq!(send(json!({"touser": openid, "msgtype": "image", "image": {"media_id": "none"}})).await, 40007);
    assert_eq!(send(json!({"touser": openid, "msgtype": "smoke"})).await, 40008);
    let article = json!({"title": "t", "url": "https://example.com"});
    assert_eq!(
        send(json!({"touser": openid, "msgtype": "news", "news": {"articles": [article, article]}})).await,
        45008
    );
    assert_eq!(send(json!({"touser": openid, "msgtype": "text", "text": {"content": "字".repeat(682)}})).await, 0);
    let menu = json!({"head_content": "好吗", "list": [{"id": "1", "content": "好"}], "tail_content": "谢谢"});
    assert_eq!(send(json!({"touser": openid, "msgtype": "msgmenu", "msgmenu": menu})).await, 0);
    let chat = stage.sandbox.chat(&account.appid, &openid).expect("a chat");
    assert_eq!(chat.iter().map(|item| item.kind.as_str()).collect::<Vec<_>>(), ["text", "text", "msgmenu"]);
    assert_eq!(stage.sandbox.fan(&account.appid, &openid).expect("a fan").window.expect("open").remaining, Some(3));
}

#[tokio::test]
async fn typing_shows_for_fifteen_seconds_and_wants_somebody_there() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    let typing = async |command: &str| {
        let body = json!({"touser": openid, "command": command});
        code(&stage.post(&format!("/cgi-bin/message/custom/typing?access_token={token}"), body).await)
    };
    stage.sandbox.say(&account.appid, &openid, "喂").expect("said");
    assert_eq!(typing("Dancing").await, 45072);
    assert_eq!(typing("Typing").await, 0);
    assert_eq!(typing("Typing").await, 45081);
    assert_eq!(typing("CancelTyping").await, 0);
    assert_eq!(typing("Typing").await, 0);
    stage.sandbox.advance(31);
    assert_eq!(typing("Typing").await, 45080);
}
