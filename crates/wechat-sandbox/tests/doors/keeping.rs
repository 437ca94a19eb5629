//! A sandbox with a folder is as it was when it is opened again.

use serde_json::json;
use wechat_sandbox::{AccountKind, NewAccount, Options, Sandbox};

use crate::stage::{Stage, code};

#[tokio::test]
async fn accounts_fans_tokens_chats_and_the_clock_survive() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { data: Some(folder.path().to_owned()), seed: 7, phone_files: false };
    let stage = Stage::open(options.clone()).await;
    let account = stage.account(AccountKind::Service, 1000);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 3);
    stage.sandbox.advance(1000);
    stage.sandbox.say(&account.appid, &openid, "记得我吗").expect("said");
    stage.sandbox.unfollow(&account.appid, "4").expect("left");
    assert_eq!(stage.custom(&token, &openid, "记得").await, 0);
    let tag = stage.post(&format!("/cgi-bin/tags/create?access_token={token}"), json!({"tag": {"name": "a"}})).await["tag"]["id"].clone();
    stage
        .post(
            &format!("/cgi-bin/tags/members/batchtagging?access_token={token}"),
            json!({"openid_list": [openid], "tagid": tag}),
        )
        .await;
    let code_body = json!({"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 9}}});
    let made = stage.post(&format!("/cgi-bin/qrcode/create?access_token={token}"), code_body).await;
    let ticket = made["ticket"].as_str().expect("a ticket").to_owned();
    let before = (stage.sandbox.component().appid, stage.sandbox.journal().1.len(), stage.sandbox.advance(0));
    stage.sandbox.flush().await;
    drop(stage);

    let again = Stage::open(Options { seed: 8, ..options }).await;
    assert_eq!(again.sandbox.component().appid, before.0);
    assert!(again.sandbox.advance(0) >= before.2);
    let fan = again.sandbox.fan(&account.appid, "3").expect("a fan");
    assert_eq!(
        (fan.openid.as_str(), fan.window.expect("open").remaining, fan.tags.len()),
        (openid.as_str(), Some(4), 1)
    );
    let chat = again.sandbox.chat(&account.appid, &openid).expect("a chat");
    assert_eq!(chat.iter().filter_map(|item| item.text.as_deref()).collect::<Vec<_>>(), ["记得我吗", "记得"]);
    let page = again.get(&format!("/cgi-bin/user/get?access_token={token}")).await;
    assert_eq!((code(&page), &page["total"]), (0, &json!(999)));
    assert_eq!(again.sandbox.journal().1.len(), before.1 + 2);
    again.sandbox.scan(&account.appid, "4", &ticket).expect("the code is known").outcome().await;
    assert!(again.sandbox.fan(&account.appid, "4").expect("a fan").following);
    // New things get new names.
    assert_ne!(again.account(AccountKind::Service, 1).appid, account.appid);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_sandbox() {
    let make = async |seed| {
        let sandbox = Sandbox::open(Options { seed, ..Options::default() }).await.expect("opened");
        let account = sandbox.create_account(NewAccount::default()).expect("made");
        (sandbox.component().appid, account.appid, account.appsecret)
    };
    assert_eq!(make(5).await, make(5).await);
    assert_ne!(make(5).await, make(6).await);
}
