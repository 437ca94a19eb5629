//! Tokens: what overlaps with what, and in which order a call is refused.

use serde_json::json;
use wechat_sandbox::{AccountKind, AccountPatch, AccountView};

use crate::stage::{Stage, code, plain};

async fn works(stage: &Stage, token: &str) -> i64 {
    code(&stage.get(&format!("/cgi-bin/getcallbackip?access_token={token}")).await)
}

async fn stable(stage: &Stage, account: &AccountView, force: bool) -> (String, i64) {
    let body = json!({"grant_type": "client_credential", "appid": account.appid, "secret": account.appsecret, "force_refresh": force});
    let answer = stage.post("/cgi-bin/stable_token", body).await;
    (answer["access_token"].as_str().expect("a token").to_owned(), answer["expires_in"].as_i64().expect("seconds"))
}

#[tokio::test]
async fn a_refreshed_plain_token_lives_five_minutes_more() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let first = stage.token(&account).await;
    let second = stage.token(&account).await;
    assert_ne!(first, second);
    assert_eq!((works(&stage, &first).await, works(&stage, &second).await), (0, 0));
    stage.sandbox.advance(299);
    assert_eq!(works(&stage, &first).await, 0);
    stage.sandbox.advance(2);
    assert_eq!((works(&stage, &first).await, works(&stage, &second).await), (40001, 0));
}

#[tokio::test]
async fn an_expired_token_is_told_from_a_superseded_and_a_malformed_one() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    stage.sandbox.advance(7201);
    assert_eq!(works(&stage, &token).await, 42001);
    assert_eq!(works(&stage, "nonsense").await, 40014);
    assert_eq!(works(&stage, &format!("78_{}", "a".repeat(136))).await, 40001);
    assert_eq!(works(&stage, "").await, 41001);
}

#[tokio::test]
async fn the_stable_token_stays_the_same_until_its_last_five_minutes() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let (first, lasts) = stable(&stage, &account, false).await;
    assert_eq!(lasts, 7200);
    stage.sandbox.advance(6000);
    let (same, lasts) = stable(&stage, &account, false).await;
    assert_eq!(same, first);
    assert!((1190..=1200).contains(&lasts), "{lasts}");
    stage.sandbox.advance(920);
    let (next, lasts) = stable(&stage, &account, false).await;
    assert_ne!(next, first);
    assert_eq!(lasts, 7200);
    assert_eq!((works(&stage, &first).await, works(&stage, &next).await), (0, 0));
    stage.sandbox.advance(300);
    assert_ne!(works(&stage, &first).await, 0);
    assert_eq!(works(&stage, &next).await, 0);
}

#[tokio::test]
async fn a_forced_stable_token_kills_the_old_one_at_once_but_not_twice_in_thirty_seconds() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let (first, _) = stable(&stage, &account, false).await;
    let (forced, _) = stable(&stage, &account, true).await;
    assert_eq!((works(&stage, &first).await, works(&stage, &forced).await), (40001, 0));
    assert_eq!(stable(&stage, &account, true).await.0, forced);
    stage.sandbox.advance(31);
    assert_ne!(stable(&stage, &account, true).await.0, forced);
    for _ in 0..18 {
        stage.sandbox.advance(31);
        stable(&stage, &account, true).await;
    }
    stage.sandbox.advance(31);
    let body = json!({"grant_type": "client_credential", "appid": account.appid, "secret": account.appsecret, "force_refresh": true});
    assert_eq!(code(&stage.post("/cgi-bin/stable_token", body).await), 45009);
}

#[tokio::test]
async fn the_plain_and_the_stable_token_do_not_disturb_each_other() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let plain = stage.token(&account).await;
    let (first, _) = stable(&stage, &account, false).await;
    stage.token(&account).await;
    let (second, _) = stable(&stage, &account, true).await;
    stage.sandbox.advance(200);
    assert_eq!((works(&stage, &plain).await, works(&stage, &first).await, works(&stage, &second).await), (0, 40001, 0));
}

#[tokio::test]
async fn wrong_credentials_are_refused_by_their_own_codes() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let ask = async |grant: &str, appid: &str, secret: &str| {
        code(&stage.get(&format!("/cgi-bin/token?grant_type={grant}&appid={appid}&secret={secret}")).await)
    };
    let (appid, secret) = (account.appid.as_str(), account.appsecret.as_str());
    assert_eq!(ask("password", appid, secret).await, 40002);
    assert_eq!(ask("client_credential", "", secret).await, 41002);
    assert_eq!(ask("client_credential", "wx0000000000000000", secret).await, 40013);
    assert_eq!(ask("client_credential", appid, "").await, 41004);
    assert_eq!(ask("client_credential", appid, "wrong").await, 40125);
    let patch = AccountPatch { ip_whitelist: Some(vec!["203.0.113.9".to_owned()]), ..AccountPatch::default() };
    stage.sandbox.change_account(appid, patch, false).await.expect("changed");
    assert_eq!(ask("client_credential", appid, secret).await, 40164);
    let patch = AccountPatch { ip_whitelist: Some(vec!["127.0.0.1".to_owned()]), ..AccountPatch::default() };
    stage.sandbox.change_account(appid, patch, false).await.expect("changed");
    assert_eq!(ask("client_credential", appid, secret).await, 0);
}

#[tokio::test]
async fn the_first_check_that_fails_answers() {
    let stage = Stage::new().await;
    let unverified = AccountPatch { verify_type: Some(-1), ..AccountPatch::default() };
    let account = stage.account_with(AccountKind::Subscription, 1, unverified);
    let token = stage.token(&account).await;
    let send = format!("{}/cgi-bin/message/custom/send", stage.base);
    let read = async |request: reqwest::RequestBuilder| -> i64 {
        code(&request.send().await.expect("sent").json().await.expect("JSON"))
    };
    // The method comes before the token, the token before the right, the right before the body.
    assert_eq!(read(stage.http.get(&send)).await, 43002);
    assert_eq!(read(stage.http.post(format!("{}{}", stage.base, plain(&account)))).await, 43001);
    assert_eq!(read(stage.http.post(&send)).await, 41001);
    assert_eq!(read(stage.http.post(format!("{send}?access_token=nonsense"))).await, 40014);
    assert_eq!(read(stage.http.post(format!("{send}?access_token={token}"))).await, 48001);
    let verified = AccountPatch { verify_type: Some(3), ..AccountPatch::default() };
    stage.sandbox.change_account(&account.appid, verified, false).await.expect("changed");
    assert_eq!(read(stage.http.post(format!("{send}?access_token={token}"))).await, 44002);
    assert_eq!(read(stage.http.post(format!("{send}?access_token={token}")).body("{nonsense")).await, 47001);
    assert_eq!(
        read(stage.http.post(format!("{send}?access_token={token}")).body(r#"{"touser":"\u4f60"}"#)).await,
        40033
    );
    assert_eq!(
        read(stage.http.post(format!("{send}?access_token={token}")).body(r#"{"touser":"oNobody"}"#)).await,
        40003
    );
    assert_eq!(read(stage.http.get(format!("{}/cgi-bin/no/such/call", stage.base))).await, 40066);
    let banned = AccountPatch { status: Some(16), ..AccountPatch::default() };
    stage.sandbox.change_account(&account.appid, banned, false).await.expect("changed");
    assert_eq!(read(stage.http.post(format!("{send}?access_token={token}"))).await, 48004);
}

#[tokio::test]
async fn a_refusal_carries_a_rid_that_can_be_looked_up() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let answer = stage.get(&format!("/cgi-bin/user/info?access_token={token}&openid=oNobody")).await;
    let message = answer["errmsg"].as_str().expect("a message");
    let rid = message.rsplit_once(" rid: ").expect("a rid").1;
    assert_eq!(rid.split('-').map(str::len).collect::<Vec<_>>(), [8, 8, 8], "{rid}");
    let found = stage.post(&format!("/cgi-bin/openapi/rid/get?access_token={token}"), json!({"rid": rid})).await;
    assert!(found["request"]["response_body"].as_str().expect("it").contains("40003"), "{found}");
    let other = stage.account(AccountKind::Service, 1);
    let theirs = stage.token(&other).await;
    assert_eq!(
        code(&stage.post(&format!("/cgi-bin/openapi/rid/get?access_token={theirs}"), json!({"rid": rid})).await),
        76001
    );
}
