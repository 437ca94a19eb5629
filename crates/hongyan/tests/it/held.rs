//! What is held when an authorisation ends, and the word of a person on it.

use std::time::Duration;

use entities::messages::{
    Content,
    sends::{self, NewSend},
};
use kit::{Work, sql};
use reqwest::Method;
use serde_json::{Value, json};

use crate::hub::{Bound, Hub};

const HOUR_MS: i64 = 3_600_000;

/// Two messages to one fan that wait; the window of the second is over in half an hour.
async fn two_wait(hub: &Hub, account: &Bound, openid: &str) {
    let customer = hub.customer(openid).await;
    let ctx = hub.running.ctx();
    let find =
        sql("select tenant_id from accounts where tenant_id is not null and app_id = ?").bind(account.app_id.as_str());
    let tenant: Option<i64> = ctx.store().read().await.unwrap().scalar(find).await.unwrap();
    let mut work = Work::begin(ctx, kit::TenantId(tenant.unwrap()));
    let now = work.now();
    let send = |position, text: &str, deadline_at| NewSend {
        account: account.id.parse().unwrap(),
        customer: customer["id"].as_str().unwrap().parse().unwrap(),
        openid: openid.to_owned(),
        message: Content::Text { text: text.to_owned() }.into(),
        rule: None,
        group: 7,
        position,
        due_at: now + 60_000,
        deadline_at: Some(deadline_at),
        by: None,
    };
    let waiting = vec![send(0, "still fine", now + 40 * HOUR_MS), send(1, "too late", now + HOUR_MS / 2)];
    sends::queue(&mut work, waiting).await.unwrap();
    work.commit().await.unwrap();
}

/// A bound account with one fan who has written, two messages held, bound again an hour later.
async fn bound_again(hub: &Hub) -> (Bound, String) {
    let account = hub.bind_direct().await;
    let openid = hub.fans(&account, 1).await.remove(0);
    hub.says(&account, &openid, "hello").await;
    hub.until("the fan is a customer", async || {
        let found = hub.get(&format!("/customers?query={openid}")).await.expect(200);
        found["items"].as_array().is_some_and(|items| items.len() == 1).then_some(())
    })
    .await;
    two_wait(hub, &account, &openid).await;
    hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
    hub.advance(Duration::from_secs(3600)).await;
    hub.wechat(Method::DELETE, "/journal", Value::Null).await;
    let path = format!("/accounts/{}/held_sends", account.id);
    assert_eq!(hub.get(&path).await.expect(200)["messages"], 2);
    hub.post(&format!("{path}/release"), json!({})).await.refused(409, "function_not_allowed");
    hub.post(&format!("/accounts/{}/rebind", account.id), json!({})).await.expect(200);
    (account, openid)
}

async fn executed(hub: &Hub) -> usize {
    let journal = hub.wechat(Method::GET, "/journal?limit=1000", Value::Null).await.expect(200);
    let calls = journal["items"].as_array().unwrap().iter();
    calls.filter(|call| call["path"] == "/cgi-bin/message/custom/send").count()
}

/// Of the customer-service messages on the fan's story, oldest first: text, state and reason.
async fn told(hub: &Hub, openid: &str) -> Vec<(String, String, String)> {
    let text = |event: &Value, name: &str| event["properties"][name].as_str().unwrap_or_default().to_owned();
    let mut all: Vec<_> = hub
        .story(openid)
        .await
        .iter()
        .filter(|event| event["kind"] == "message_out" && event["properties"]["via"] == "custom")
        .map(|event| (text(event, "text"), text(event, "state"), text(event, "reason")))
        .collect();
    all.sort();
    all
}

fn line(text: &str, state: &str, reason: &str) -> (String, String, String) {
    (text.into(), state.into(), reason.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn p8_bound_again_nothing_is_sent_until_a_person_says_so() {
    for hub in Hub::on_each_database().await {
        let (account, openid) = bound_again(&hub).await;
        // The sender looks twice a second.
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(executed(&hub).await, 0, "nothing was sent by itself");
        let path = format!("/accounts/{}/held_sends", account.id);
        let held = hub.get(&path).await.expect(200);
        assert_eq!(
            (&held["messages"], &held["people"], &held["too_late"]),
            (&json!(2), &json!(1), &json!(1)),
            "{held}"
        );
        assert!(held["oldest_at"].is_i64());
        let home = hub.get("/home").await.expect(200);
        let needs = home["needs"].as_array().unwrap();
        assert!(needs.iter().any(|need| need["code"] == "sends_held" && need["params"]["count"] == 2), "{home}");

        hub.patch(&format!("/accounts/{}", account.id), json!({ "listen_only": true })).await.expect(200);
        hub.post(&format!("{path}/release"), json!({})).await.refused(409, "function_not_allowed");
        hub.patch(&format!("/accounts/{}", account.id), json!({ "listen_only": false })).await.expect(200);
        assert_eq!(hub.post(&format!("{path}/release"), json!({})).await.expect(200)["messages"], 2);
        let all =
            hub.until("both are settled", async || Some(told(&hub, &openid).await).filter(|all| all.len() == 2)).await;
        assert_eq!(all, [line("still fine", "sent", ""), line("too late", "refused", "too_late")]);
        assert_eq!(executed(&hub).await, 1);
        assert_eq!(hub.get(&path).await.expect(200)["messages"], 0);
        assert_eq!(hub.post(&format!("{path}/release"), json!({})).await.expect(200)["messages"], 0, "pressed twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p8_what_a_person_cancels_is_never_sent_and_their_name_is_kept() {
    for hub in Hub::on_each_database().await {
        let (account, openid) = bound_again(&hub).await;
        let path = format!("/accounts/{}/held_sends", account.id);
        assert_eq!(hub.post(&format!("{path}/cancel"), json!({})).await.expect(200)["messages"], 2);
        hub.post(&format!("{path}/release"), json!({})).await.expect(200);
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(executed(&hub).await, 0);
        let reason = "cancelled_by_person";
        assert_eq!(
            told(&hub, &openid).await,
            [line("still fine", "cancelled", reason), line("too late", "cancelled", reason)]
        );
        let tx = hub.running.ctx().store().read().await.unwrap();
        let by: Vec<String> = tx
            .scalars(sql("select evidence from sends where tenant_id is not null and state = 'cancelled'"))
            .await
            .unwrap();
        assert_eq!(by, ["cancelled by tests", "cancelled by tests"]);
    }
}
