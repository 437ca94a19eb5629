//! Quotas: by day and minute, read and forgotten.

use serde_json::json;
use wechat_sandbox::AccountKind;

use crate::stage::{Stage, code};

#[tokio::test]
async fn a_day_s_quota_runs_out_is_read_and_comes_back_at_midnight() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let path = format!("/cgi-bin/user/get?access_token={token}");
    let limits = json!({"quotas": {"/cgi-bin/user/get": {"daily_limit": 2}}});
    assert_eq!(stage.control("PATCH", &format!("/accounts/{}", account.appid), limits).await.0, 200);
    assert_eq!((code(&stage.get(&path).await), code(&stage.get(&path).await)), (0, 0));
    assert_eq!(code(&stage.get(&path).await), 45009);
    let ask = json!({"cgi_path": "/cgi-bin/user/get"});
    let quota = stage.post(&format!("/cgi-bin/openapi/quota/get?access_token={token}"), ask).await;
    assert_eq!(quota["quota"], json!({"daily_limit": 2, "used": 2, "remain": 0}));
    stage.sandbox.advance(24 * 3600);
    let token = stage.token(&account).await;
    assert_eq!(code(&stage.get(&format!("/cgi-bin/user/get?access_token={token}")).await), 0);
}

#[tokio::test]
async fn a_minute_s_quota_is_another_code_and_another_minute() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let path = format!("/cgi-bin/user/get?access_token={token}");
    let limits = json!({"quotas": {"/cgi-bin/user/get": {"minute_limit": 1}}});
    stage.control("PATCH", &format!("/accounts/{}", account.appid), limits).await;
    let codes = [code(&stage.get(&path).await), code(&stage.get(&path).await), code(&stage.get(&path).await)];
    assert!(codes.contains(&45011), "{codes:?}");
    stage.sandbox.advance(60);
    assert_eq!(code(&stage.get(&path).await), 0);
}

#[tokio::test]
async fn the_plain_token_has_2000_a_day() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let ask = json!({"cgi_path": "/cgi-bin/token"});
    let quota = stage.post(&format!("/cgi-bin/openapi/quota/get?access_token={token}"), ask).await;
    assert_eq!(quota["quota"], json!({"daily_limit": 2000, "used": 1, "remain": 1999}));
}

#[tokio::test]
async fn quotas_are_forgotten_ten_times_a_month_and_only_for_oneself() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let other = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let clear = format!("/cgi-bin/clear_quota?access_token={token}");
    assert_eq!(code(&stage.post(&clear, json!({"appid": other.appid})).await), 40013);
    for _ in 0..9 {
        assert_eq!(code(&stage.post(&clear, json!({"appid": account.appid})).await), 0);
    }
    let by_secret = json!({"appid": account.appid, "appsecret": account.appsecret});
    assert_eq!(code(&stage.post("/cgi-bin/clear_quota/v2", by_secret.clone()).await), 0);
    assert_eq!(code(&stage.post("/cgi-bin/clear_quota/v2", by_secret).await), 48006);
    assert_eq!(code(&stage.post(&clear, json!({"appid": account.appid})).await), 48006);
}

#[tokio::test]
async fn unknown_and_foreign_paths_have_their_own_codes() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let ask = async |path: &str| {
        code(&stage.post(&format!("/cgi-bin/openapi/quota/get?access_token={token}"), json!({"cgi_path": path})).await)
    };
    assert_eq!(ask("cgi-bin/user/get").await, 76003);
    assert_eq!(ask("/cgi-bin/no/such").await, 76021);
    assert_eq!(ask("/sns/userinfo").await, 76022);
    assert_eq!(ask("/cgi-bin/component/api_query_auth").await, 76022);
}
