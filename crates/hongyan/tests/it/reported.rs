//! What WeChat reports of template messages afterwards, and which of them a report can be about.

use std::time::Duration;

use entities::messages::{Service, settle};
use kit::Work;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    hub::{Bound, Hub},
    ledger::{account, begin, settled, tenant},
};

const SEND: &str = "/cgi-bin/message/template/send";
const MINUTE: Duration = Duration::from_secs(60);

/// WeChat's report, under this id of its own, on a template message to this fan.
async fn report(hub: &Hub, account: &Bound, openid: &str, wechat_id: &str) -> bool {
    let mut work = Work::begin(hub.running.ctx(), tenant(hub, account).await);
    let delivery = settle::Delivery::Delivered;
    let account = account.id.parse().unwrap();
    let report = settle::Report { account, service: Service::Template, openid, wechat_id, delivery };
    let settled = settle::report(&mut work, &report).await.unwrap().is_some();
    work.commit().await.unwrap();
    settled
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_report_that_may_be_about_another_message_settles_nothing() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 1).await;
        let silent = json!({ "callback_url": "" });
        hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), silent).await.expect(200);
        let openid = hub.openids(&account).await.remove(0);
        hub.fault(SEND, json!({ "kind": "html" }), 1).await;
        let first = begin(&hub, &account, &template).await;
        let state = async |send: &Value| {
            hub.get(&format!("/sends/{}", send["id"].as_str().unwrap())).await.expect(200)["state"].clone()
        };
        hub.until("it waits to be said again", async || (state(&first).await == "retrying").then_some(())).await;
        hub.advance(9 * MINUTE).await;
        hub.until("it is in doubt", async || (state(&first).await == "unknown").then_some(())).await;

        hub.fault(SEND, json!({ "kind": "latency", "ms": 2500 }), 1).await;
        let second = begin(&hub, &account, &template).await;
        hub.until("the second is under way", async || (state(&second).await == "sending").then_some(())).await;
        assert!(!report(&hub, &account, &openid, "4000000000001").await, "it may be about either");
        assert_eq!(settled(&hub, &second).await["delivery"], Value::Null);
        assert_eq!((state(&first).await, state(&second).await), (json!("unknown"), json!("sent")));

        // The second has its id by now: a report under another can only be about the first.
        assert!(report(&hub, &account, &openid, "4000000000002").await);
        let first = hub.get(&format!("/sends/{}", first["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&first["state"], &first["reason"]), (&json!("sent"), &json!("inferred")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p14_a_report_that_meets_its_answer_being_written_is_not_lost() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 1).await;
        let silent = json!({ "callback_url": "" });
        hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), silent).await.expect(200);
        let openid = hub.openids(&account).await.remove(0);
        hub.fault(SEND, json!({ "kind": "latency", "ms": 3000 }), 1).await;
        let send = begin(&hub, &account, &template).await;
        let at = format!("/sends/{}", send["id"].as_str().unwrap());
        let state = async || hub.get(&at).await.expect(200)["state"].clone();
        hub.until("it is under way", async || (state().await == "sending").then_some(())).await;

        // What the answer makes of the row, not yet committed when the report looks at it.
        let ctx = hub.running.ctx().clone();
        let tenant = tenant(&hub, &account).await;
        let mut answer = Work::begin(&ctx, tenant);
        let query =
            store::sql("update sends set state = 'sent', wechat_id = '4000000000003' where tenant_id = ? and id = ?")
                .bind(tenant)
                .bind(send["id"].as_str().unwrap().parse::<i64>().unwrap());
        assert_eq!(answer.execute(query).await.unwrap(), 1);
        let reported = report(&hub, &account, &openid, "4000000000003");
        let written = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            answer.commit().await.unwrap();
        };
        assert!(tokio::join!(reported, written).0, "it settles the delivery");
        assert_eq!(hub.get(&at).await.expect(200)["delivery"], "delivered");
    }
}
