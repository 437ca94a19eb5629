//! Tags and the blacklist.

use serde_json::json;
use wechat_sandbox::AccountKind;

use crate::stage::{Stage, code};

#[tokio::test]
async fn a_tag_is_made_given_listed_and_taken_away() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let post = async |path: &str, body| stage.post(&format!("/cgi-bin/{path}?access_token={token}"), body).await;
    let made = post("tags/create", json!({"tag": {"name": "常客"}})).await;
    let id = made["tag"]["id"].as_u64().expect("an id");
    assert_eq!(code(&post("tags/create", json!({"tag": {"name": "常客"}})).await), 45157);
    assert_eq!(code(&post("tags/create", json!({"tag": {"name": "长".repeat(11)}})).await), 45158);
    let people = [stage.openid(&account, 1), stage.openid(&account, 3)];
    assert_eq!(code(&post("tags/members/batchtagging", json!({"openid_list": people, "tagid": id})).await), 0);
    let listed = stage.get(&format!("/cgi-bin/tags/get?access_token={token}")).await;
    assert_eq!(listed["tags"][1], json!({"id": id, "name": "常客", "count": 2}));
    let carriers = post("user/tag/get", json!({"tagid": id, "next_openid": ""})).await;
    assert_eq!(carriers["data"]["openid"], json!(people));
    assert_eq!(post("tags/getidlist", json!({"openid": people[0]})).await["tagid_list"], json!([id]));
    assert_eq!(code(&post("tags/delete", json!({"tag": {"id": id}})).await), 0);
    assert_eq!(post("tags/getidlist", json!({"openid": people[0]})).await["tagid_list"], json!([]));
    assert_eq!(code(&post("tags/delete", json!({"tag": {"id": 2}})).await), 45058);
    assert_eq!(code(&post("tags/delete", json!({"tag": {"id": 999}})).await), 45159);
}

#[tokio::test]
async fn one_bad_openid_fails_the_whole_batch() {
    let stage = Stage::new().await;
    let (account, other) = (stage.account(AccountKind::Service, 60), stage.account(AccountKind::Service, 5));
    let token = stage.token(&account).await;
    let post = async |path: &str, body| stage.post(&format!("/cgi-bin/{path}?access_token={token}"), body).await;
    let id = post("tags/create", json!({"tag": {"name": "a"}})).await["tag"]["id"].clone();
    let (good, foreign) = (stage.openid(&account, 1), stage.openid(&other, 1));
    assert_eq!(
        code(&post("tags/members/batchtagging", json!({"openid_list": [good, foreign], "tagid": id})).await),
        49003
    );
    assert_eq!(
        code(&post("tags/members/batchtagging", json!({"openid_list": [good, "oNobody"], "tagid": id})).await),
        40003
    );
    assert_eq!(post("tags/getidlist", json!({"openid": good})).await["tagid_list"], json!([]));
    let many: Vec<String> = (0..51).map(|person| stage.openid(&account, person)).collect();
    assert_eq!(code(&post("tags/members/batchtagging", json!({"openid_list": many, "tagid": id})).await), 40032);
}

#[tokio::test]
async fn a_blacklisted_fan_is_listed_not_written_to_and_not_heard() {
    let stage = Stage::new().await;
    let hub = crate::stage::Hub::new().await;
    let account = stage.bound(&hub, Default::default()).await;
    let token = stage.token(&account).await;
    let post = async |path: &str, body| stage.post(&format!("/cgi-bin/{path}?access_token={token}"), body).await;
    let openid = stage.openid(&account, 1);
    assert_eq!(code(&post("tags/members/batchblacklist", json!({"openid_list": [openid]})).await), 0);
    let listed = post("tags/members/getblacklist", json!({"begin_openid": ""})).await;
    assert_eq!((&listed["total"], &listed["data"]["openid"]), (&json!(1), &json!([openid])));
    let outcome = stage.sandbox.say(&account.appid, &openid, "喂").expect("said").outcome().await;
    assert_eq!(outcome.outcome, "not_pushed");
    assert!(hub.pushes().is_empty());
    assert_eq!(stage.custom(&token, &openid, "hello").await, 43019);
    assert_eq!(code(&post("tags/members/batchunblacklist", json!({"openid_list": [openid]})).await), 0);
    assert_eq!(stage.custom(&token, &openid, "hello").await, 0);
}
