//! The ledger beyond customer-service messages: template messages under one id, campaigns, gates, and old copies of
//! the database.

use std::time::Duration;

use entities::{
    campaigns::{self, Audience, NewCampaign, OnQuota},
    messages::{
        Message, TemplateMessage,
        sends::{self, NewSend, SendState},
    },
};
use kit::{CampaignId, TenantId, Work};
use reqwest::Method;
use serde_json::{Value, json};
use store::sql;

use crate::{
    fan_import::imported,
    hub::{Bound, Hub},
    templates::{added, order},
};

const SEND: &str = "/cgi-bin/message/template/send";
const MINUTE: Duration = Duration::from_secs(60);

pub async fn tenant(hub: &Hub, account: &Bound) -> TenantId {
    let find =
        sql("select tenant_id from accounts where tenant_id is not null and app_id = ?").bind(account.app_id.as_str());
    let tenant: Option<i64> = hub.running.ctx().store().read().await.unwrap().scalar(find).await.unwrap();
    TenantId(tenant.unwrap())
}

/// A bound account with so many fans, and a template of its own.
pub async fn account(hub: &Hub, fans: u64) -> (Bound, String) {
    let account = imported(hub, fans).await;
    let template = added(hub, &account, order()).await;
    hub.wechat(Method::DELETE, "/journal", Value::Null).await;
    (account, template)
}

pub fn message(template: &str) -> Value {
    json!({ "type": "template", "template_id": template, "data": { "character_string1": "20261128001", "thing2": "{{customer.name|手工陶瓷杯}}" } })
}

/// Calls and executions of template messages, over all fans.
pub fn made(hub: &Hub) -> (usize, usize) {
    let total = hub.sandbox.total(SEND);
    (total.calls as usize, total.executions as usize)
}

pub async fn begin(hub: &Hub, account: &Bound, template: &str) -> Value {
    let openid = hub.openids(account).await.remove(0);
    let customer = hub.customer(&openid).await["id"].clone();
    let mut message = message(template);
    // Whatever they are called.
    message["data"]["thing2"] = "手工陶瓷杯".into();
    let body = json!({ "account_id": account.id, "customer_id": customer, "message": message });
    hub.post("/template-messages", body).await.expect(201)
}

pub async fn settled(hub: &Hub, send: &Value) -> Value {
    let path = format!("/sends/{}", send["id"].as_str().unwrap());
    hub.until("the send is settled", async || {
        let send = hub.get(&path).await.expect(200);
        (!["queued", "sending", "retrying"].contains(&send["state"].as_str().unwrap())).then_some(send)
    })
    .await
}

/// A campaign to everybody who follows.
pub async fn campaign(hub: &Hub, account: &Bound, template: &str, on_quota: OnQuota) -> (TenantId, CampaignId) {
    let tenant = tenant(hub, account).await;
    let Ok(Message::Template(message)) = serde_json::from_value(message(template)) else {
        panic!("a template message")
    };
    let mut work = Work::begin(hub.running.ctx(), tenant);
    let new = NewCampaign {
        account: account.id.parse().unwrap(),
        name: "Autumn".into(),
        message: Message::Template(TemplateMessage { title: Some("订单支付成功通知".into()), ..message }),
        template_text: None,
        audience: Audience::All,
        on_quota,
        grace_ms: 30 * 60_000,
        by: "Ann".into(),
    };
    let id = campaigns::create(&mut work, &new).await.unwrap();
    work.commit().await.unwrap();
    (tenant, id)
}

pub async fn start(hub: &Hub, (tenant, id): (TenantId, CampaignId)) {
    let mut work = Work::begin(hub.running.ctx(), tenant);
    assert!(campaigns::start(&mut work, id, "Ann").await.unwrap());
    work.commit().await.unwrap();
}

/// How many sends stand in each of these states.
pub async fn counts<const N: usize>(
    hub: &Hub,
    (tenant, id): (TenantId, CampaignId),
    states: [SendState; N],
) -> [i64; N] {
    let mut work = Work::reading(hub.running.ctx(), tenant);
    let counts = campaigns::counts(&mut work, &[id]).await.unwrap().remove(&id).unwrap_or_default();
    states.map(|state| counts.iter().find(|(of, _)| *of == state).map_or(0, |(_, n)| *n))
}

async fn state(hub: &Hub, (tenant, id): (TenantId, CampaignId)) -> &'static str {
    let mut work = Work::reading(hub.running.ctx(), tenant);
    campaigns::find(&mut work, id).await.unwrap().state.as_str()
}

pub async fn becomes(hub: &Hub, which: (TenantId, CampaignId), wanted: &'static str) {
    hub.until(wanted, async || (state(hub, which).await == wanted).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_template_message_goes_out_and_wechat_reports_on_it_and_a_subscription_account_sends_none() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 1).await;
        let send = settled(&hub, &begin(&hub, &account, &template).await).await;
        assert_eq!(
            (&send["state"], &send["service"], &send["attempts"]),
            (&json!("sent"), &json!("template"), &json!(1)),
            "{send}"
        );
        assert!(send["wechat_id"].is_string(), "{send}");
        let path = format!("/sends/{}", send["id"].as_str().unwrap());
        hub.until("WeChat reports", async || {
            let send = hub.get(&path).await.expect(200);
            (send["delivery"] == "delivered").then_some(())
        })
        .await;
        assert_eq!(made(&hub), (1, 1));

        let other = hub.bind_direct_as("subscription", 0, "safe").await;
        let openid = hub.openids(&account).await.remove(0);
        let customer = hub.customer(&openid).await["id"].clone();
        let body = json!({ "account_id": other.id, "customer_id": customer, "message": message(&template) });
        let refused = hub.post("/template-messages", body).await.refused(409, "function_not_allowed");
        assert_eq!(refused["params"]["rule"], "R4");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_template_message_without_an_answer_is_said_again_under_its_id_and_is_carried_out_once() {
    for hub in Hub::on_each_database().await {
        for (what, calls) in [("drop_before", 2), ("http_5xx", 1), ("html", 2)] {
            let (account, template) = account(&hub, 1).await;
            hub.fault(SEND, json!({ "kind": what, "status": 502 }), 1).await;
            let send = settled(&hub, &begin(&hub, &account, &template).await).await;
            assert_eq!(send["state"], "sent", "{what}: {send}");
            // What was carried out is reported before it would be said again.
            let inferred = if calls == 1 { json!("inferred") } else { Value::Null };
            assert_eq!((&send["reason"], &send["attempts"]), (&inferred, &json!(calls)), "{what}: {send}");
            assert_eq!(made(&hub), (calls, 1), "{what}");
            hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_beyond_wechats_memory_a_template_message_in_doubt_is_unknown_and_left_to_a_person() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 1).await;
        hub.fault(SEND, json!({ "kind": "drop_before" }), 100).await;
        let send = begin(&hub, &account, &template).await;
        let path = format!("/sends/{}", send["id"].as_str().unwrap());
        hub.until("it waits to be said again", async || {
            (hub.get(&path).await.expect(200)["state"] == "retrying").then_some(())
        })
        .await;
        hub.advance(9 * MINUTE).await;
        let send = settled(&hub, &send).await;
        assert_eq!((&send["state"], &send["reason"]), (&json!("unknown"), &json!("answer_lost")), "{send}");
        hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(made(&hub).1, 0, "nobody says it again by themselves");

        let unknown = hub.get("/sends?state=unknown&undecided=true").await.expect(200);
        assert_eq!(unknown["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(hub.get("/sending").await.expect(200)["unknown"], 1);
        hub.post(&format!("{path}/resend"), json!({ "may_arrive_twice": false })).await.refused(422, "invalid");
        let again = hub.post(&format!("{path}/resend"), json!({ "may_arrive_twice": true })).await.expect(201);
        assert_eq!(settled(&hub, &again).await["state"], "sent");
        assert_eq!(made(&hub).1, 1);
        hub.post(&format!("{path}/resend"), json!({ "may_arrive_twice": true })).await.refused(409, "not_in_doubt");
        assert_eq!(hub.get("/sending").await.expect(200)["unknown"], 0);
        assert_eq!(hub.get(&path).await.expect(200)["resent_as"], again["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_p7_the_days_quota_stops_a_campaign_until_the_day_is_over_and_nobody_is_left_out() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 40).await;
        let which = campaign(&hub, &account, &template, OnQuota::Wait).await;
        hub.fault(SEND, json!({ "kind": "latency", "ms": 400 }), 1000).await;
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45009 }), 1000).await;
        start(&hub, which).await;
        let gate = hub
            .until("the gate is closed", async || {
                let gates = hub.get("/sending").await.expect(200)["gates"].clone();
                gates.get(0).cloned()
            })
            .await;
        assert_eq!(
            (&gate["reason"], &gate["service"], &gate["errcode"]),
            (&json!("day_quota"), &json!("template"), &json!(45009))
        );
        hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        hub.until("what was under way is back in line", async || {
            (counts(&hub, which, [SendState::Queued, SendState::Sending]).await == [40, 0]).then_some(())
        })
        .await;
        let (calls, _) = made(&hub);
        hub.advance(2 * MINUTE).await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(made(&hub), (calls, 0), "no call at a closed gate");

        hub.advance(Duration::from_secs(24 * 3600 + 60)).await;
        becomes(&hub, which, "done").await;
        assert_eq!(counts(&hub, which, [SendState::Sent, SendState::Unknown]).await, [40, 0]);
        assert_eq!(made(&hub), (calls + 40, 40));
        assert_eq!(hub.get("/sending").await.expect(200)["gates"], json!([]));
        let cleared = hub.wechat(Method::GET, "/journal?limit=5000", Value::Null).await.expect(200);
        assert!(
            cleared["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|call| !call["path"].as_str().unwrap().contains("clear_quota"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p7_a_campaign_that_does_not_wait_ends_with_the_quota() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 5).await;
        let which = campaign(&hub, &account, &template, OnQuota::Stop).await;
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45009 }), 1000).await;
        start(&hub, which).await;
        becomes(&hub, which, "stopped").await;
        hub.until("every line is over", async || {
            (counts(&hub, which, [SendState::Cancelled]).await == [5]).then_some(())
        })
        .await;
        assert_eq!(made(&hub).1, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_after_a_stop_no_call_begins_and_what_was_under_way_is_recorded() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 700).await;
        let which = campaign(&hub, &account, &template, OnQuota::Wait).await;
        hub.fault(SEND, json!({ "kind": "latency", "ms": 1500 }), 100_000).await;
        start(&hub, which).await;
        hub.until("the first are out", async || (made(&hub).1 > 0).then_some(())).await;
        let mut work = Work::begin(hub.running.ctx(), which.0);
        assert!(campaigns::stop(&mut work, which.1, "stopped", "Ann").await.unwrap());
        work.commit().await.unwrap();
        // Two seconds for calls that had begun, and some for their answers.
        tokio::time::sleep(Duration::from_millis(4500)).await;
        let at_rest = made(&hub);
        let [sent, cancelled, queued, sending] =
            counts(&hub, which, [SendState::Sent, SendState::Cancelled, SendState::Queued, SendState::Sending]).await;
        assert_eq!((sent as usize, queued, sending), (at_rest.1, 0, 0));
        assert_eq!(sent + cancelled, 700);
        assert!(cancelled > 0, "it was stopped before it was over");
        tokio::time::sleep(Duration::from_millis(1600)).await;
        assert_eq!(made(&hub), at_rest);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p9_a_campaign_whose_time_passed_while_nobody_was_there_waits_for_a_person() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 3).await;
        let which = campaign(&hub, &account, &template, OnQuota::Wait).await;
        let mut work = Work::begin(hub.running.ctx(), which.0);
        let at = work.now() + 10 * 60_000;
        assert!(campaigns::schedule(&mut work, which.1, at, "Ann").await.unwrap());
        work.commit().await.unwrap();
        // Nobody looks at the time between, as if the machine had slept.
        hub.advance(50 * MINUTE).await;
        becomes(&hub, which, "missed").await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(made(&hub).0, 0);
        start(&hub, which).await;
        becomes(&hub, which, "done").await;
        assert_eq!(counts(&hub, which, [SendState::Sent]).await, [3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_after_an_old_copy_is_put_back_nothing_is_sent_until_a_person_says_so() {
    for mut hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 2).await;
        // As an old copy: it believes that this one is still in line, and its mark is behind the file's.
        let tx = hub.running.ctx().store().write().await.unwrap();
        let shut = "insert into send_gates (tenant_id, account_id, service, reason, closed_at)
             select tenant_id, id, 'template', 'not_allowed', 0 from accounts where tenant_id is not null";
        tx.execute(sql(shut)).await.unwrap();
        tx.commit().await.unwrap();
        let which = campaign(&hub, &account, &template, OnQuota::Wait).await;
        start(&hub, which).await;
        hub.until("both are in line", async || (counts(&hub, which, [SendState::Queued]).await == [2]).then_some(()))
            .await;
        hub.running.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let tx = hub.running.ctx().store().write().await.unwrap();
        tx.execute(sql("update marks set value = value - 3600000 where name = 'beat'")).await.unwrap();
        tx.execute(sql("delete from send_gates where tenant_id is not null")).await.unwrap();
        tx.commit().await.unwrap();
        let next = hub.second_node().await;
        hub.url = format!("http://{}", next.addr());
        hub.running = next;

        let sending = hub.get("/sending").await.expect(200);
        assert_eq!((&sending["pause"]["reason"], &sending["unknown"]), (&json!("restored"), &json!(2)), "{sending}");
        assert_eq!(state(&hub, which).await, "stopped");
        let send = begin(&hub, &account, &template).await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(made(&hub).0, 0, "paused");
        assert_eq!(hub.post("/sending/resume", json!({})).await.expect(200)["pause"], Value::Null);
        assert_eq!(settled(&hub, &send).await["state"], "sent");
        assert_eq!(made(&hub), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p9_a_message_that_nobody_was_there_to_send_in_time_waits_for_a_person() {
    for mut hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 1).await;
        let openid = hub.openids(&account).await.remove(0);
        let customer = hub.customer(&openid).await;
        hub.running.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut work = Work::begin(hub.running.ctx(), tenant(&hub, &account).await);
        let new = NewSend {
            account: account.id.parse().unwrap(),
            customer: customer["id"].as_str().unwrap().parse().unwrap(),
            openid,
            message: serde_json::from_value(message(&template)).unwrap(),
            rule: None,
            group: 7,
            position: 0,
            due_at: work.now(),
            deadline_at: None,
            by: Some("Ann".into()),
        };
        let id = sends::queue(&mut work, vec![new]).await.unwrap().remove(0);
        work.commit().await.unwrap();
        hub.advance(50 * MINUTE).await;
        let next = hub.second_node().await;
        hub.url = format!("http://{}", next.addr());
        hub.running = next;
        let send = hub.get(&format!("/sends/{id}")).await.expect(200);
        assert_eq!((&send["state"], &send["reason"]), (&json!("held"), &json!("missed")), "{send}");
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(made(&hub).0, 0);
    }
}
