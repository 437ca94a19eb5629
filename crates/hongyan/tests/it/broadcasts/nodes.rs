//! Processes that die, several at once, and an old copy of the database (P5, P10, P22).

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    ALL, LIST, SECOND, adds_up, at_wechat, becomes, draft, made, part_becomes, send, service, start, text,
    trouble::halves,
};
use crate::hub::Hub;

#[tokio::test(flavor = "multi_thread")]
async fn p5_p22_a_node_that_dies_in_the_middle_leaves_a_call_that_another_repeats_under_its_id() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        // On SQLite there is one process; it is what comes back after it died that is shown here.
        let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
        hub.fault(ALL, json!({ "kind": "drop_after" }), 1).await;
        start(&hub, &path).await;
        let part = part_becomes(&hub, &path, "retrying").await;
        // As a dead process leaves it: under way, in the name of nobody who lives.
        let tx = hub.running.ctx().store().write().await.unwrap();
        let id: i64 = part["id"].as_str().unwrap().parse().unwrap();
        let query = store::sql(
            "update broadcast_parts set state = 'sending', holder = 'dead' where tenant_id is not null and id = ?",
        )
        .bind(id);
        assert_eq!(tx.execute(query).await.unwrap(), 1);
        tx.commit().await.unwrap();
        hub.advance(40 * SECOND).await;
        hub.until("it is taken up again", async || {
            let part = hub.get(&path).await.expect(200)["parts"][0].clone();
            (part["state"] == "retrying").then_some(())
        })
        .await;
        hub.advance(70 * SECOND).await;
        let done = becomes(&hub, &path, "done").await;
        assert_eq!(done["counts"]["sent"], 3);
        assert_eq!(at_wechat(&hub, &account).await.len(), 1, "carried out once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p5_p22_a_process_that_is_killed_during_a_call_sends_nothing_twice() {
    for mut hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        hub.fault(ALL, json!({ "kind": "latency", "ms": 2000 }), 1).await;
        let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
        start(&hub, &path).await;
        part_becomes(&hub, &path, "sending").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        hub.running.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        hub.advance(60 * SECOND).await;
        let next = hub.second_node().await;
        hub.url = format!("http://{}", next.addr());
        hub.running = next;
        hub.point_here(&account).await;
        part_becomes(&hub, &path, "retrying").await;
        hub.advance(70 * SECOND).await;
        let done = becomes(&hub, &path, "done").await;
        assert_eq!(done["counts"]["sent"], 3, "{done}");
        assert_eq!(at_wechat(&hub, &account).await.len(), 1, "carried out once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p22_two_nodes_make_each_call_of_a_broadcast_once() {
    for hub in Hub::on_each_database().await {
        if hub.engine == store::Engine::Sqlite {
            continue;
        }
        let account = service(&hub, 40).await;
        let mut other = hub.second_node().await;
        for _ in 0..3 {
            let path = draft(&hub, halves(&account)).await;
            start(&hub, &path).await;
            let done = becomes(&hub, &path, "done").await;
            adds_up(&done);
            assert_eq!(done["counts"]["sent"], 40, "{done}");
        }
        assert_eq!(made(&hub, LIST).await, (6, 6));
        assert_eq!(at_wechat(&hub, &account).await.len(), 6);
        other.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_after_an_old_copy_is_put_back_no_broadcast_goes_out_by_itself() {
    for mut hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        // As an old copy: it believes that one is under way and another to come, and its mark is behind the file's.
        hub.fault(ALL, json!({ "kind": "drop_before" }), 1).await;
        let running = draft(&hub, text(&account, "running", json!({ "type": "all" }))).await;
        start(&hub, &running).await;
        part_becomes(&hub, &running, "retrying").await;
        let to_come = draft(&hub, text(&account, "to come", json!({ "type": "all" }))).await;
        let at = hub.clock.now() + 600_000;
        hub.post(&format!("{to_come}/start"), json!({ "fans": 3, "at": at })).await.expect(200);
        hub.running.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let tx = hub.running.ctx().store().write().await.unwrap();
        tx.execute(store::sql("update marks set value = value - 3600000 where name = 'beat'")).await.unwrap();
        tx.commit().await.unwrap();
        let next = hub.second_node().await;
        hub.url = format!("http://{}", next.addr());
        hub.running = next;
        hub.point_here(&account).await;

        let over = becomes(&hub, &running, "stopped").await;
        adds_up(&over);
        assert_eq!((&over["parts"][0]["state"], &over["reason"]), (&json!("unknown"), &json!("restored")));
        becomes(&hub, &to_come, "missed").await;
        hub.advance(700 * SECOND).await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(made(&hub, ALL).await.1, 0);
        assert_eq!(hub.post("/sending/resume", json!({})).await.expect(200)["pause"], Value::Null);
        let done = send(&hub, text(&account, "again", json!({ "type": "all" }))).await;
        assert_eq!(done["counts"]["sent"], 3);
        assert_eq!(made(&hub, ALL).await.1, 1);
    }
}
