//! Pictures of customers and accounts, served by the hub itself.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use reqwest::{Method, Response, header};
use serde_json::json;

use crate::hub::{Bound, Hub};

async fn picture(hub: &Hub, key: &str, address: &str, tag: Option<&str>) -> Response {
    let request = hub.http.get(format!("{}{address}", hub.url)).bearer_auth(key);
    let request = match tag {
        Some(tag) => request.header(header::IF_NONE_MATCH, tag),
        None => request,
    };
    request.send().await.expect("the hub answers")
}

/// An account of the days when WeChat still gave names and pictures away, and one of its fans.
async fn with_pictures(hub: &Hub) -> (Bound, String) {
    let account = hub.bind_direct().await;
    hub.until("the first import is done", async || {
        let import = hub.get(&format!("/accounts/{}/import", account.id)).await.expect(200);
        (import["state"] == "done").then_some(())
    })
    .await;
    let legacy = json!({ "legacy_profile": true });
    hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), legacy).await.expect(200);
    let openid = hub.fans(&account, 3).await.remove(0);
    hub.post(&format!("/accounts/{}/import", account.id), json!({})).await.expect(202);
    hub.until("the fan's picture is known", async || {
        let found = hub.get(&format!("/customers?query={openid}")).await.expect(200);
        found["items"][0]["avatar_url"].as_str().map(|_| ())
    })
    .await;
    (account, openid)
}

async fn set_picture(hub: &Hub, customer: &str, address: &str) {
    let tx = hub.running.ctx().store().write().await.expect("a transaction");
    let query = store::sql("update customers set avatar_url = ? where tenant_id is not null and id = ?")
        .bind(address)
        .bind(customer.parse::<i64>().expect("an id"));
    assert_eq!(tx.execute(query).await.expect("the row"), 1);
    tx.commit().await.expect("committed");
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_a_fans_picture_is_shown_by_the_hub_itself_and_to_their_own_tenant_only() {
    for hub in Hub::on_each_database().await {
        let (_, openid) = with_pictures(&hub).await;
        let customer = hub.customer(&openid).await;
        let address = customer["avatar_url"].as_str().expect("a picture").to_owned();
        assert!(address.starts_with("/api/v1/customers/"), "{address}");

        let shown = picture(&hub, &hub.key, &address, None).await;
        assert_eq!(shown.status(), 200);
        let head = |name: &str| shown.headers()[name].to_str().expect("text").to_owned();
        assert_eq!((head("content-type"), head("x-content-type-options")), ("image/jpeg".into(), "nosniff".into()));
        assert!(head("cache-control").starts_with("private, max-age="));
        let tag = head("etag");
        assert!(shown.bytes().await.expect("a whole answer").starts_with(b"\xFF\xD8\xFF"));
        assert_eq!(picture(&hub, &hub.key, &address, Some(&tag)).await.status(), 304);

        assert_eq!(picture(&hub, &hub.other, &address, None).await.status(), 404, "p24");
        assert_eq!(hub.http.get(format!("{}{address}", hub.url)).send().await.expect("an answer").status(), 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_who_has_no_picture_and_whose_cannot_be_had_are_answered_at_once() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        let address = format!("/api/v1/accounts/{}/avatar", account.id);
        assert_eq!(picture(&hub, &hub.key, &address, None).await.status(), 404);

        let (_, openid) = with_pictures(&hub).await;
        let id = hub.customer(&openid).await["id"].as_str().expect("an id").to_owned();
        set_picture(&hub, &id, &format!("{}/sandbox/files/no-such-file", hub.wechat)).await;
        let began = std::time::Instant::now();
        assert_eq!(picture(&hub, &hub.key, &format!("/api/v1/customers/{id}/avatar"), None).await.status(), 404);
        assert!(began.elapsed().as_secs() < 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p27_a_picture_at_an_address_inside_is_never_called_for() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let inside = listener.local_addr().expect("an address");
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    for hub in Hub::on_each_database().await {
        let (_, openid) = with_pictures(&hub).await;
        let id = hub.customer(&openid).await["id"].as_str().expect("an id").to_owned();
        let port = inside.port();
        for address in [
            format!("http://{inside}/a.png"),
            format!("http://localhost:{port}/a.png"),
            format!("http://2130706433:{port}/a.png"),
            format!("http://[::ffff:127.0.0.1]:{port}/a.png"),
            format!("{}@{inside}/a.png", hub.wechat),
            "http://169.254.169.254/latest/meta-data".to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            set_picture(&hub, &id, &address).await;
            let said = picture(&hub, &hub.key, &format!("/api/v1/customers/{id}/avatar"), None).await;
            assert_eq!(said.status(), 404, "{address}");
            let text = said.text().await.expect("a whole answer");
            assert!(!text.contains("127.0.0.1") && !text.contains("169.254"), "{text}");
        }
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}
