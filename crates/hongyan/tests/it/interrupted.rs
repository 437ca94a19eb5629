//! Jobs whose process died, or which two workers hold at once.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use store::sql;

use crate::{
    fan_import::{LIST, all_are_in_once, count, imported, in_state},
    hub::{Bound, Hub},
};

async fn run(hub: &Hub, text: &'static str) {
    let tx = hub.running.ctx().store().write().await.unwrap();
    assert_eq!(tx.execute(sql(text)).await.unwrap(), 1, "{text}");
    tx.commit().await.unwrap();
}

/// Waits until a call to this path has been met by that many faults.
async fn struck(hub: &Hub, path: &str, hits: i64) {
    hub.until("a call hangs", async || {
        let faults = hub.wechat(Method::GET, "/faults", Value::Null).await.expect(200);
        let here = faults["items"].as_array().expect("faults").iter().filter(|fault| fault["where"]["path"] == path);
        (here.map(|fault| fault["hits"].as_i64().expect("hits")).sum::<i64>() == hits).then_some(())
    })
    .await;
}

/// An import of ten fans whose first call for the list hangs for so long.
async fn hanging_import(hub: &Hub, ms: u64) -> Bound {
    let account = imported(hub, 0).await;
    hub.fans(&account, 10).await;
    hub.fault(LIST, json!({ "kind": "latency", "ms": ms }), 1).await;
    hub.post(&format!("/accounts/{}/import", account.id), json!({})).await.expect(202);
    struck(hub, LIST, 1).await;
    account
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_processes_job_begins_again_without_waiting_for_its_lease() {
    for mut hub in Hub::on_each_database().await {
        let account = hanging_import(&hub, 25_000).await;
        // Nothing but the death of its process frees it.
        run(&hub, "update jobs set lease_until = 9000000000000000 where state = 'running' and name = 'fan_import'")
            .await;
        let next = hub.second_node().await;
        std::mem::replace(&mut hub.running, next).kill();
        hub.url = format!("http://{}", hub.running.addr());
        // On SQLite one process is alone and knows; elsewhere the dead one's sign of life runs out.
        if hub.engine == store::Engine::Postgres {
            hub.advance(Duration::from_secs(16)).await;
        }
        in_state(&hub, &account, "done").await;
        all_are_in_once(&hub, 10).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_in_two_hands_goes_on_whichever_loses() {
    for hub in Hub::on_each_database().await {
        let account = hanging_import(&hub, 2500).await;
        // Nobody puts it right from outside.
        run(&hub, "update leases set expires_at = 9000000000000000 where name = 'schedule:fan_imports'").await;
        hub.fault(LIST, json!({ "kind": "latency", "ms": 5000 }), 1).await;
        run(&hub, "update jobs set lease_until = 0 where state = 'running' and name = 'fan_import'").await;
        struck(&hub, LIST, 2).await;
        assert_eq!(count(&hub, "select max(attempts) from jobs where name = 'fan_import'").await, 2);
        in_state(&hub, &account, "done").await;
        all_are_in_once(&hub, 10).await;
        hub.until("no job is left over", async || {
            (count(&hub, "select count(*) from jobs where name = 'fan_import'").await == 0).then_some(())
        })
        .await;
    }
}
