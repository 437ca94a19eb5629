//! Counts that add up over the whole life of campaigns and broadcasts, and the daily comparison that notices when they
//! do not (P3).

use std::time::Duration;

use features::sending::conservation::check_all;
use kit::Sql;
use reqwest::Method;
use serde_json::{Value, json};
use store::sql;

use crate::{
    broadcasts::{self, adds_up, becomes, mass, part_becomes, service, text, to},
    hub::{Bound, Hub},
    ledger::account,
};

const SEND: &str = "/cgi-bin/message/template/send";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Compares as once a day; what came of it.
async fn compared(hub: &Hub) -> Value {
    check_all(hub.running.ctx().clone()).await.expect("a comparison");
    hub.get("/sending").await.expect(200)["counts_checked"].clone()
}

/// Compares; nothing is found amiss.
async fn nothing_amiss(hub: &Hub) {
    let checked = compared(hub).await;
    assert_eq!(checked["faults"], 0, "{:?}", faults(hub, "").await);
    assert_eq!(faults(hub, "").await, [] as [Value; 0]);
}

/// What home says of counts.
async fn faults(hub: &Hub, query: &str) -> Vec<Value> {
    let home = hub.get(&format!("/home{query}")).await.expect(200);
    let needs = home["needs"].as_array().expect("needs").iter();
    needs.filter(|need| need["code"].as_str().is_some_and(|code| code.starts_with("counts_"))).cloned().collect()
}

async fn damage(hub: &Hub, statement: Sql) {
    let tx = hub.running.ctx().store().write().await.expect("a transaction");
    assert_eq!(tx.execute(statement).await.expect("rows"), 1);
    tx.commit().await.expect("a commit");
}

/// A campaign to all who follow, begun; its id.
async fn begun(hub: &Hub, account: &Bound, template: &str, name: &str) -> String {
    let message = json!({ "type": "template", "template_id": template, "data": { "character_string1": "20261128001", "thing2": "陶瓷杯" } });
    let body = json!({ "account_id": account.id, "name": name, "message": message, "audience": { "type": "all" } });
    let draft = hub.post("/campaigns", body).await.expect(201);
    assert_eq!(counts(&draft)[7], 0, "{draft}");
    let id = draft["id"].as_str().expect("an id").to_owned();
    hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
    id
}

/// In this order: waiting, held, sending, sent, refused, unknown, cancelled, and all together.
fn counts(campaign: &Value) -> [i64; 8] {
    ["waiting", "held", "sending", "sent", "refused", "unknown", "cancelled", "total"]
        .map(|name| campaign["counts"][name].as_i64().unwrap_or_else(|| panic!("{name}: {campaign}")))
}

/// The counts as the API tells them now; whatever they are, they add up.
async fn told(hub: &Hub, id: &str) -> [i64; 8] {
    let campaign = hub.get(&format!("/campaigns/{id}")).await.expect(200)["campaign"].clone();
    let counts = counts(&campaign);
    assert_eq!(counts[..7].iter().sum::<i64>(), counts[7], "{campaign}");
    counts
}

async fn until(hub: &Hub, id: &str, what: &str, is: impl Fn([i64; 8]) -> bool) {
    hub.until(what, async || is(told(hub, id).await).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_a_campaigns_counts_add_up_in_every_state_of_its_life() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 6).await;
        // Under way, refused and sent.
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 43004 }), 1).await;
        hub.fault(SEND, json!({ "kind": "latency", "ms": 300 }), 5).await;
        let id = begun(&hub, &account, &template, "all").await;
        until(&hub, &id, "all are in line", |counts| counts[7] == 6).await;
        nothing_amiss(&hub).await;
        until(&hub, &id, "it is over", |counts| counts == [0, 0, 0, 5, 1, 0, 0, 6]).await;
        nothing_amiss(&hub).await;

        // Lost answers: said again, and when it is stopped, in doubt for good.
        hub.fault(SEND, json!({ "kind": "html" }), 100).await;
        let id = begun(&hub, &account, &template, "lost").await;
        until(&hub, &id, "none has an answer", |counts| counts[7] == 6 && counts[0] == 0).await;
        nothing_amiss(&hub).await;
        hub.post(&format!("/campaigns/{id}/stop"), json!({})).await.expect(200);
        until(&hub, &id, "all are in doubt", |counts| counts == [0, 0, 0, 0, 0, 6, 0, 6]).await;
        nothing_amiss(&hub).await;
        hub.wechat(Method::DELETE, "/faults", Value::Null).await;

        // A quota that is used up, an account that is lost, and an end that leaves nothing open.
        hub.fault(SEND, json!({ "kind": "errcode", "errcode": 45009 }), 100).await;
        let id = begun(&hub, &account, &template, "quota").await;
        until(&hub, &id, "all wait", |counts| counts == [6, 0, 0, 0, 0, 0, 0, 6]).await;
        nothing_amiss(&hub).await;
        hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
        until(&hub, &id, "all are held", |counts| counts == [0, 6, 0, 0, 0, 0, 0, 6]).await;
        nothing_amiss(&hub).await;
        hub.post(&format!("/campaigns/{id}/stop"), json!({})).await.expect(200);
        assert_eq!(told(&hub, &id).await, [0, 0, 0, 0, 0, 0, 6, 6]);
        hub.advance(26 * HOUR).await;
        let checked = compared(&hub).await;
        assert_eq!((&checked["campaigns"], &checked["faults"]), (&json!(3), &json!(0)), "{checked}");
        let theirs = hub.call(&hub.other, Method::GET, "/sending", None).await.expect(200);
        assert_eq!(theirs["counts_checked"]["campaigns"], 0, "of their own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_a_line_that_is_lost_or_left_open_is_noticed_within_a_day_and_shown_on_home_until_it_is_mended() {
    for hub in Hub::on_each_database().await {
        let (account, template) = account(&hub, 5).await;
        let id = begun(&hub, &account, &template, "Autumn").await;
        until(&hub, &id, "all are sent", |counts| counts == [0, 0, 0, 5, 0, 0, 0, 5]).await;
        hub.until("it is over", async || {
            let campaign = hub.get(&format!("/campaigns/{id}")).await.expect(200)["campaign"].clone();
            (campaign["state"] == "done").then_some(())
        })
        .await;
        nothing_amiss(&hub).await;
        let line = hub.get(&format!("/sends?campaign={id}")).await.expect(200)["items"][0].clone();
        let (line, number): (i64, i64) = (line["id"].as_str().unwrap().parse().unwrap(), id.parse().unwrap());

        // One is gone from its campaign.
        let gone = sql("update sends set campaign_id = null where tenant_id is not null and id = ?").bind(line);
        damage(&hub, gone).await;
        assert_eq!(told(&hub, &id).await[7], 4, "what is shown is counted from the lines");
        assert_eq!(compared(&hub).await["faults"], 1);
        let [fault] = &faults(&hub, "").await[..] else { panic!("one need") };
        assert_eq!(
            (&fault["code"], &fault["severity"], &fault["account_id"]),
            (&json!("counts_missing"), &json!("error"), &json!(account.id)),
        );
        assert_eq!(fault["params"], json!({ "kind": "campaign", "name": "Autumn", "accepted": 5, "found": 4 }));
        assert_eq!(fault["link"], format!("/templates/{id}?account={}", account.id));
        let other = hub.bind_direct().await;
        assert_eq!(faults(&hub, &format!("?account={}", other.id)).await, [] as [Value; 0], "of another account");
        let home = hub.call(&hub.other, Method::GET, "/home", None).await.expect(200);
        assert!(!home["needs"].to_string().contains("counts_"), "of another company: {home}");

        // Found again it is still the one that was found first.
        hub.advance(HOUR).await;
        assert_eq!(compared(&hub).await["faults"], 1);
        let since =
            sql("select since from conservation_faults where tenant_id is not null and thing_id = ?").bind(number);
        let since: Option<i64> = hub.running.ctx().store().read().await.unwrap().scalar(since).await.unwrap();
        assert!(since.unwrap() < hub.clock.now() - 3_000_000);
        let back =
            sql("update sends set campaign_id = ? where tenant_id is not null and id = ?").bind(number).bind(line);
        damage(&hub, back).await;
        nothing_amiss(&hub).await;

        // A state that nobody knows is none, and one that is still in line when all is over is noticed a day later.
        let state = |word: &'static str| {
            sql("update sends set state = ? where tenant_id is not null and id = ?").bind(word).bind(line)
        };
        damage(&hub, state("lost")).await;
        assert_eq!(compared(&hub).await["faults"], 1);
        assert_eq!(faults(&hub, "").await[0]["code"], "counts_missing");
        damage(&hub, state("held")).await;
        nothing_amiss(&hub).await;
        hub.advance(26 * HOUR).await;
        assert_eq!(compared(&hub).await["faults"], 1);
        assert_eq!(faults(&hub, "").await[0]["code"], "counts_still_open");
        damage(&hub, state("sent")).await;
        nothing_amiss(&hub).await;

        // One more than were taken.
        let more = sql("update campaigns set accepted = 4 where tenant_id is not null and id = ?").bind(number);
        damage(&hub, more).await;
        compared(&hub).await;
        let fault = faults(&hub, "").await.remove(0);
        assert_eq!((&fault["code"], &fault["params"]["found"]), (&json!("counts_too_many"), &json!(5)));
        // Of one from before these were counted nothing is known, and nothing is said.
        let before = sql("update campaigns set accepted = null where tenant_id is not null and id = ?").bind(number);
        damage(&hub, before).await;
        nothing_amiss(&hub).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p3_a_broadcasts_counts_add_up_in_every_state_and_a_part_that_is_lost_is_noticed() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 12).await;
        let openids = hub.openids(&account).await;
        // To a list, watched until it is done.
        let path = broadcasts::draft(&hub, text(&account, "list", to(&openids[..7]))).await;
        adds_up(&hub.get(&path).await.expect(200));
        broadcasts::start(&hub, &path).await;
        let done = hub
            .until("done", async || {
                let now = hub.get(&path).await.expect(200);
                adds_up(&now);
                (now["state"] == "done").then_some(now)
            })
            .await;
        assert_eq!((&done["counts"]["fans"], &done["counts"]["sent"]), (&json!(7), &json!(7)));
        nothing_amiss(&hub).await;

        // A test with some held out; stopped when the variants are out.
        let trial = json!({ "account_id": account.id, "name": "which", "audience": { "type": "all" },
            "contents": [{ "type": "text", "text": "A" }, { "type": "text", "text": "B" }],
            "test": { "share": 30, "hold_out": 10, "hours": 4, "by": "replies" } });
        let path = broadcasts::draft(&hub, trial).await;
        broadcasts::start(&hub, &path).await;
        adds_up(&becomes(&hub, &path, "testing").await);
        nothing_amiss(&hub).await;
        let stopped = hub.post(&format!("{path}/stop"), json!({})).await.expect(200);
        adds_up(&stopped);
        nothing_amiss(&hub).await;

        // To all, at an account whose administrator has to confirm.
        mass(&hub, &account, json!({ "protection": true })).await;
        let path = broadcasts::draft(&hub, text(&account, "all", json!({ "type": "all" }))).await;
        broadcasts::start(&hub, &path).await;
        part_becomes(&hub, &path, "submitted").await;
        adds_up(&hub.get(&path).await.expect(200));
        nothing_amiss(&hub).await;
        hub.advance(4 * MINUTE).await;
        part_becomes(&hub, &path, "awaiting_confirmation").await;
        adds_up(&hub.get(&path).await.expect(200));
        nothing_amiss(&hub).await;
        hub.advance(31 * MINUTE).await;
        part_becomes(&hub, &path, "failed").await;
        adds_up(&becomes(&hub, &path, "done").await);
        nothing_amiss(&hub).await;

        let part: i64 = done["parts"][0]["id"].as_str().unwrap().parse().unwrap();
        let of = |query: Sql| query.bind(part);
        damage(&hub, of(sql("update broadcast_parts set fans = fans - 1 where tenant_id is not null and id = ?")))
            .await;
        let checked = compared(&hub).await;
        assert_eq!((&checked["broadcasts"], &checked["faults"]), (&json!(3), &json!(1)), "{checked}");
        let fault = faults(&hub, "").await.remove(0);
        assert_eq!(fault["code"], "counts_missing");
        assert_eq!(fault["params"], json!({ "kind": "broadcast", "name": "list", "accepted": 7, "found": 6 }));
        assert_eq!(fault["link"], format!("/broadcasts/{}?account={}", done["id"].as_str().unwrap(), account.id));
        damage(&hub, of(sql("update broadcast_parts set fans = fans + 1 where tenant_id is not null and id = ?")))
            .await;
        nothing_amiss(&hub).await;
        // WeChat's numbers, as they stand here.
        damage(&hub, of(sql("update broadcast_parts set sent = sent + 3 where tenant_id is not null and id = ?")))
            .await;
        compared(&hub).await;
        let fault = faults(&hub, "").await.remove(0);
        assert_eq!((&fault["code"], &fault["params"]["found"]), (&json!("counts_reports"), &json!(10)));
    }
}
