//! A campaign to ten thousand meets a wall at a random place: a quota, a right that is missing, an authorisation that
//! ended, a person who stops it. After that no call is made, and it is known to the last one who was left out.

use std::time::Duration;

use entities::{
    campaigns::{self, OnQuota},
    messages::sends::SendState,
};
use kit::{CampaignId, TenantId, Work};
use reqwest::Method;
use serde_json::{Value, json};
use store::sql;

use crate::{
    hub::{Bound, Hub},
    ledger::{account, begin, campaign, counts, settled, start},
};

const SEND: &str = "/cgi-bin/message/template/send";
const FANS: i64 = 10_000;
/// Calls that may be under way when the wall is met, and those that were being claimed: as many as PostgreSQL allows.
const UNDER_WAY: u64 = 2 * 512;

/// A campaign that has been struck, and where.
struct Struck {
    which: (TenantId, CampaignId),
    place: u64,
    calls: u64,
}

/// Somewhere in the first five hundred; each run somewhere else.
fn place(hub: &Hub, salt: i64) -> u64 {
    let mixed = (hub.clock.now() ^ salt).wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64);
    100 + (mixed.unsigned_abs() >> 20) % 400
}

/// Quotas of a day come back at midnight in Shanghai, and that is not what this is about.
async fn away_from_midnight(hub: &Hub) {
    const DAY_MS: i64 = 86_400_000;
    let left = DAY_MS - (hub.clock.now() + 8 * 3_600_000).rem_euclid(DAY_MS);
    if left < 3_600_000 {
        hub.advance(Duration::from_millis(left as u64) + Duration::from_secs(120)).await;
    }
}

/// Calls of template messages, and those that were carried out.
fn made(hub: &Hub) -> (u64, u64) {
    let total = hub.sandbox.total(SEND);
    (total.calls, total.executions)
}

/// Begins a campaign that meets `errcode` after so many calls, `times` times, or for good.
async fn struck(hub: &Hub, account: &Bound, template: &str, errcode: i64, times: Option<u64>) -> Struck {
    let place = place(hub, errcode);
    println!("{:?}: {errcode} after {place} calls", hub.engine);
    let at = json!({ "path": SEND, "appid": account.app_id });
    let what = json!({ "kind": "errcode", "errcode": errcode });
    let fault = json!({ "where": at, "what": what, "after": place, "times": times });
    hub.wechat(Method::DELETE, "/journal", Value::Null).await;
    hub.wechat(Method::POST, "/faults", fault).await.expect(201);
    let which = campaign(hub, account, template, OnQuota::Wait).await;
    start(hub, which).await;
    Struck { which, place, calls: 0 }
}

/// Whether everybody is in the ledger.
async fn is_filled(hub: &Hub, (tenant, id): (TenantId, CampaignId)) -> bool {
    let mut work = Work::reading(hub.running.ctx(), tenant);
    campaigns::find(&mut work, id).await.unwrap().filled_at.is_some()
}

/// Waits until everybody is in the ledger and nothing is under way.
async fn at_rest(hub: &Hub, struck: &mut Struck) {
    hub.until("all are in line, and nothing is under way", async || {
        let filled = is_filled(hub, struck.which).await;
        let [sending, sent] = counts(hub, struck.which, [SendState::Sending, SendState::Sent]).await;
        (filled && sending == 0 && sent > 0 && made(hub).0 > struck.place).then_some(())
    })
    .await;
    struck.calls = made(hub).0;
}

/// After the wall: what was carried out is sent, as many calls as were under way came after it, no more are made, and
/// nobody is unaccounted for. `rest` is how those stand who were not reached.
async fn nothing_more(hub: &Hub, struck: &Struck, rest: SendState) {
    let Struck { which, place, calls } = *struck;
    hub.running.ctx().send_nudge().notify_one();
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(made(hub).0, calls, "a call at a wall");
    let [sent, left] = counts(hub, which, [SendState::Sent, rest]).await;
    assert_eq!((sent as u64, made(hub).1), (place, place), "what was carried out is sent");
    assert!(calls <= place + UNDER_WAY, "{calls} calls, and the wall was at {place}");
    assert_eq!(sent + left, FANS, "nobody is left out");
    assert_eq!(hub.sandbox.total("/cgi-bin/clear_quota").calls, 0);
}

async fn stop(hub: &Hub, (tenant, id): (TenantId, CampaignId)) {
    let mut work = Work::begin(hub.running.ctx(), tenant);
    assert!(campaigns::stop(&mut work, id, "stopped", "Ann").await.unwrap());
    work.commit().await.unwrap();
}

/// Ends what a case has left behind.
async fn over(hub: &Hub, account: &Bound, struck: &Struck) {
    hub.wechat(Method::DELETE, "/faults", Value::Null).await;
    stop(hub, struck.which).await;
    hub.post(&format!("/accounts/{}/gates/open", account.id), json!({ "service": "template" })).await.expect(200);
    let [sent, cancelled] = counts(hub, struck.which, [SendState::Sent, SendState::Cancelled]).await;
    assert_eq!((sent as u64, sent + cancelled), (struck.place, FANS));
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_p7_p8_wherever_a_campaign_meets_a_wall_no_call_comes_after_and_the_rest_is_known_exactly() {
    for hub in Hub::on_each_database().await {
        away_from_midnight(&hub).await;
        let (account, template) = account(&hub, FANS as u64).await;
        for (errcode, reason) in [(45_009, "day_quota"), (45_011, "minute_quota"), (48_001, "not_allowed")] {
            let mut struck = struck(&hub, &account, &template, errcode, None).await;
            at_rest(&hub, &mut struck).await;
            let gates = hub.get("/sending").await.expect(200)["gates"].clone();
            assert_eq!((&gates[0]["reason"], &gates[0]["errcode"]), (&json!(reason), &json!(errcode)));
            nothing_more(&hub, &struck, SendState::Queued).await;
            over(&hub, &account, &struck).await;
        }
        some_are_refused_and_the_others_are_not(&hub, &account, &template).await;
        a_person_stops_it(&hub, &account, &template).await;

        // WeChat says that the account no longer authorises us.
        let mut struck = struck(&hub, &account, &template, 61_003, None).await;
        hub.until("what waits is held", async || {
            let [held, queued] = counts(&hub, struck.which, [SendState::Held, SendState::Queued]).await;
            (held > 0 && queued == 0).then_some(())
        })
        .await;
        // Who was not in line yet when the account was lost waits with the others.
        at_rest(&hub, &mut struck).await;
        nothing_more(&hub, &struck, SendState::Held).await;
    }
}

/// 45047 is about one fan: they are left out, and the others are not.
async fn some_are_refused_and_the_others_are_not(hub: &Hub, account: &Bound, template: &str) {
    let struck = struck(hub, account, template, 45_047, Some(20)).await;
    hub.until("it has gone on", async || (made(hub).0 > struck.place + 100).then_some(())).await;
    stop(hub, struck.which).await;
    hub.until("nothing is under way", async || {
        (counts(hub, struck.which, [SendState::Sending, SendState::Queued]).await == [0, 0]).then_some(())
    })
    .await;
    hub.wechat(Method::DELETE, "/faults", Value::Null).await;
    let [sent, refused, cancelled] =
        counts(hub, struck.which, [SendState::Sent, SendState::Refused, SendState::Cancelled]).await;
    // One that is stopped before all are in line leaves the others out of it.
    assert!(refused == 20 && sent + refused + cancelled <= FANS, "{sent} {refused} {cancelled}");
    assert_eq!((made(hub).0, made(hub).1), ((sent + refused) as u64, sent as u64));
    let why = sql(
        "select count(*) from sends where tenant_id is not null and state = 'refused' and reason = 'allowance_used' and errcode = 45047",
    );
    let tx = hub.running.ctx().store().read().await.unwrap();
    assert_eq!(tx.scalar::<i64>(why).await.unwrap(), Some(20));
}

async fn a_person_stops_it(hub: &Hub, account: &Bound, template: &str) {
    hub.wechat(Method::DELETE, "/journal", Value::Null).await;
    let which = campaign(hub, account, template, OnQuota::Wait).await;
    let place = place(hub, 0);
    start(hub, which).await;
    hub.until("some are out", async || (made(hub).0 >= place).then_some(())).await;
    let before = made(hub).0;
    stop(hub, which).await;
    hub.until("nothing is under way", async || {
        (counts(hub, which, [SendState::Sending, SendState::Queued]).await == [0, 0]).then_some(())
    })
    .await;
    let (calls, executions) = made(hub);
    assert!(calls <= before + 2 * UNDER_WAY, "{before} calls before the stop was asked for, {calls} in all");
    tokio::time::sleep(Duration::from_millis(2200)).await;
    assert_eq!(made(hub), (calls, executions), "a call after the stop");
    let [sent, cancelled] = counts(hub, which, [SendState::Sent, SendState::Cancelled]).await;
    assert_eq!((sent as u64, sent + cancelled <= FANS), (executions, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn p7_what_is_to_be_said_again_waits_at_a_closed_gate() {
    for hub in Hub::on_each_database().await {
        away_from_midnight(&hub).await;
        let (account, template) = account(&hub, 1).await;
        let silent = json!({ "callback_url": "" });
        hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), silent).await.expect(200);
        hub.fault(SEND, json!({ "kind": "drop_before" }), 1).await;
        let later = json!({ "where": { "path": SEND }, "what": { "kind": "errcode", "errcode": 45009 }, "after": 1 });
        hub.wechat(Method::POST, "/faults", later).await.expect(201);
        let send = begin(&hub, &account, &template).await;
        hub.until("the gate is closed", async || {
            hub.advance(Duration::from_secs(1)).await;
            (hub.get("/sending").await.expect(200)["gates"][0]["reason"] == "day_quota").then_some(())
        })
        .await;
        let (calls, _) = made(&hub);
        hub.advance(Duration::from_secs(60)).await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(made(&hub), (calls, 0), "a call at a closed gate");
        hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        let open = json!({ "service": "template" });
        hub.post(&format!("/accounts/{}/gates/open", account.id), open).await.expect(200);
        assert_eq!(settled(&hub, &send).await["state"], "sent");
        assert_eq!(made(&hub), (calls + 1, 1));
    }
}
