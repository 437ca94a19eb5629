//! What goes wrong on the way: lost answers, quotas, stops, lost accounts, missed times (P1–P9).

use std::time::Duration;

use entities::broadcasts::{
    machine::{Step, Taken},
    parts::{self, Claimed},
    reports::{self, Report},
    settle::{self, Ended},
};
use kit::Work;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    ALL, HOUR, LIST, MINUTE, SECOND, adds_up, at_wechat, becomes, draft, made, mass, part_becomes, send, service,
    start, text, to,
};
use crate::{hub::Hub, ledger::tenant};

#[tokio::test(flavor = "multi_thread")]
async fn p1_p2_a_broadcast_without_an_answer_is_repeated_with_the_same_bytes_and_carried_out_once() {
    for hub in Hub::on_each_database().await {
        for what in ["drop_before", "drop_after", "http_5xx", "html"] {
            let account = service(&hub, 3).await;
            let openids = hub.openids(&account).await;
            hub.fault(LIST, json!({ "kind": what, "status": 502 }), 1).await;
            let path = draft(&hub, text(&account, what, to(&openids))).await;
            start(&hub, &path).await;
            let part = part_becomes(&hub, &path, "retrying").await;
            assert_eq!((&part["reason"], &part["attempts"]), (&json!("answer_lost"), &json!(1)), "{what}: {part}");
            // Not before a minute is over.
            hub.advance(30 * SECOND).await;
            assert_eq!(hub.get(&path).await.expect(200)["parts"][0]["state"], "retrying");
            hub.advance(40 * SECOND).await;
            let done = becomes(&hub, &path, "done").await;
            adds_up(&done);
            let part = &done["parts"][0];
            assert_eq!((&part["state"], &part["attempts"]), (&json!("sent"), &json!(2)), "{what}: {part}");
            assert_eq!((&done["counts"]["sent"], made(&hub, LIST).await.0), (&json!(3), 2), "{what}: {done}");
            assert_eq!(at_wechat(&hub, &account).await.len(), 1, "{what}");
            hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_a_first_call_that_is_said_to_be_known_is_confirmed_and_never_made_under_another_id() {
    for hub in Hub::on_each_database().await {
        for answer in [45065, 45066] {
            let account = service(&hub, 3).await;
            mass(&hub, &account, json!({ "next_answer": answer })).await;
            let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
            start(&hub, &path).await;
            if answer == 45066 {
                part_becomes(&hub, &path, "retrying").await;
                hub.advance(MINUTE + 5 * SECOND).await;
            }
            let done = becomes(&hub, &path, "done").await;
            assert_eq!(done["counts"]["sent"], 3, "{answer}: {done}");
            assert!(done["parts"][0]["msg_id"].is_string());
            let all = at_wechat(&hub, &account).await;
            assert_eq!(all.len(), 1, "{answer}");
            assert_eq!(all[0]["clientmsgid"].as_str().unwrap().len(), 26, "letters that WeChat takes");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p2_after_a_day_without_an_answer_a_broadcast_is_unknown_and_a_person_decides() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let openids = hub.openids(&account).await;
        hub.fault(LIST, json!({ "kind": "drop_before" }), 100).await;
        let path = draft(&hub, text(&account, "a", to(&openids))).await;
        start(&hub, &path).await;
        part_becomes(&hub, &path, "retrying").await;
        hub.advance(24 * HOUR).await;
        let part = part_becomes(&hub, &path, "unknown").await;
        assert!(part["evidence"].is_string(), "{part}");
        let over = becomes(&hub, &path, "done").await;
        adds_up(&over);
        assert_eq!(over["counts"]["unknown"], 3);
        // Home leads to it, and the list can be narrowed to it.
        let id = over["id"].as_str().unwrap();
        assert_eq!(in_doubt(&hub).await, [(json!(1), format!("/broadcasts/{id}?account={}", account.id))]);
        assert_eq!(doubted(&hub, "").await, [id]);
        let other = draft(&hub, text(&account, "b", to(&openids))).await;
        start(&hub, &other).await;
        part_becomes(&hub, &other, "retrying").await;
        assert_eq!(doubted(&hub, "").await, [id], "what may still be repeated is in no doubt");
        hub.advance(24 * HOUR).await;
        part_becomes(&hub, &other, "unknown").await;
        let both = format!("/broadcasts?standing=in_doubt&account={}", account.id);
        assert_eq!(in_doubt(&hub).await, [(json!(2), both)]);
        assert_eq!(doubted(&hub, &format!("&account={}", account.id)).await.len(), 2);
        assert_eq!(doubted(&hub, "&account=1").await.len(), 0);
        assert_eq!(doubted(&hub, "&query=b").await, [other.rsplit('/').next().unwrap()]);
        hub.wechat(Method::DELETE, "/faults", Value::Null).await;
        assert_eq!(at_wechat(&hub, &account).await.len(), 0);
        let of_other = hub.get(&other).await.expect(200)["parts"][0]["id"].clone();
        hub.post(&format!("{other}/parts/{}/leave", of_other.as_str().unwrap()), json!({})).await.expect(200);
        assert_eq!(doubted(&hub, "").await, [id], "decided");

        let of_part = format!("{path}/parts/{}", part["id"].as_str().unwrap());
        hub.post(&format!("{of_part}/resend"), json!({ "may_arrive_twice": false })).await.refused(422, "invalid");
        hub.post(&format!("{of_part}/resend"), json!({ "may_arrive_twice": true })).await.expect(200);
        hub.post(&format!("{of_part}/resend"), json!({ "may_arrive_twice": true })).await.refused(409, "not_in_doubt");
        hub.post(&format!("{of_part}/leave"), json!({})).await.refused(409, "not_in_doubt");
        let done = becomes(&hub, &path, "done").await;
        adds_up(&done);
        assert_eq!((&done["counts"]["sent"], &done["counts"]["fans"]), (&json!(3), &json!(3)), "{done}");
        assert_eq!(done["parts"][0]["resent_as"], done["parts"][1]["id"]);
        assert_eq!(at_wechat(&hub, &account).await.len(), 1);
        assert_eq!((in_doubt(&hub).await.len(), doubted(&hub, "").await.len()), (0, 0));
    }
}

/// What home says of broadcasts in doubt: how many calls, and where it leads.
async fn in_doubt(hub: &Hub) -> Vec<(Value, String)> {
    let home = hub.get("/home").await.expect(200);
    let needs = home["needs"].as_array().unwrap().iter().filter(|need| need["code"] == "broadcasts_unknown");
    needs.map(|need| (need["params"]["count"].clone(), need["link"].as_str().unwrap().to_owned())).collect()
}

/// The ids of the broadcasts that the list shows as in doubt.
async fn doubted(hub: &Hub, narrowed: &str) -> Vec<String> {
    let list = hub.get(&format!("/broadcasts?in_doubt=true{narrowed}")).await.expect(200);
    list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_double_clicks_and_fifty_requests_with_one_key_make_one_broadcast() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let body = text(&account, "once", json!({ "type": "all" }));
        let ask = || {
            let request = hub
                .http
                .post(format!("{}/api/v1/broadcasts", hub.url))
                .bearer_auth(&hub.key)
                .header("idempotency-key", "one")
                .json(&body);
            async move { request.send().await.expect("an answer").json::<Value>().await.expect("JSON") }
        };
        let answers = futures::future::join_all((0..50).map(|_| ask())).await;
        assert!(answers.iter().all(|answer| answer["id"] == answers[0]["id"]), "{answers:?}");
        let list = hub.get("/broadcasts").await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        // A double click on "send".
        let path = super::path(&answers[0]);
        let starting = format!("{path}/start");
        let begin = || hub.post(&starting, json!({ "fans": 3 }));
        let both = futures::future::join(begin(), begin()).await;
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
        becomes(&hub, &path, "done").await;
        assert_eq!(made(&hub, ALL).await, (1, 1));
        // Fewer or more than the person saw.
        let other = draft(&hub, body.clone()).await;
        let refused = hub.post(&format!("{other}/start"), json!({ "fans": 30 })).await.refused(409, "audience_changed");
        assert_eq!(refused["params"]["fans"], 3);
    }
}

/// Two variants to half of the fans each: two calls.
pub fn halves(account: &crate::hub::Bound) -> Value {
    json!({ "account_id": account.id, "name": "halves", "audience": { "type": "all" },
        "contents": [{ "type": "text", "text": "variant A" }, { "type": "text", "text": "variant B" }],
        "test": { "share": 50, "hold_out": 0, "hours": 1, "by": "replies" } })
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_after_a_stop_no_further_part_is_begun_and_what_is_on_the_wire_is_recorded() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 30).await;
        hub.fault(LIST, json!({ "kind": "latency", "ms": 1500 }), 1).await;
        let path = draft(&hub, halves(&account)).await;
        start(&hub, &path).await;
        part_becomes(&hub, &path, "sending").await;
        let stopped = hub.post(&format!("{path}/stop"), json!({})).await.expect(200);
        assert_eq!(stopped["state"], "stopped");
        let part = part_becomes(&hub, &path, "sent").await;
        assert_eq!(part["attempts"], 1);
        let over = hub.get(&path).await.expect(200);
        adds_up(&over);
        assert_eq!((&over["parts"][1]["state"], &over["parts"][1]["reason"]), (&json!("cancelled"), &json!("stopped")));
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(made(&hub, LIST).await, (1, 1));
        hub.post(&format!("{path}/stop"), json!({})).await.refused(409, "broadcast_over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p7_the_days_quota_closes_the_way_until_the_day_is_over_and_a_broadcast_may_end_with_it() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 30).await;
        hub.fault(LIST, json!({ "kind": "errcode", "errcode": 45009 }), 1).await;
        let waits = draft(&hub, halves(&account)).await;
        start(&hub, &waits).await;
        hub.until("the way is closed", async || {
            let sending = hub.get("/sending").await.expect(200);
            (sending["gates"][0]["service"] == "broadcast" && sending["gates"][0]["reason"] == "day_quota")
                .then_some(())
        })
        .await;
        let mut body = halves(&account);
        body["on_quota"] = "stop".into();
        let known = super::check(&hub, &draft(&hub, body).await).await;
        assert!(super::codes(&known).contains(&"gate_closed"), "{known}");
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(made(&hub, LIST).await, (1, 0), "no call is made at a closed way");
        let now = hub.clock.now();
        let morning = entities::calendar::next_day(now) + 35_000;
        hub.advance(Duration::from_millis((morning - now) as u64)).await;
        let done = becomes(&hub, &waits, "done").await;
        adds_up(&done);
        assert_eq!(done["counts"]["sent"], 30, "{done}");
        assert_eq!(made(&hub, LIST).await, (3, 2));
        assert_eq!(hub.get("/sending").await.expect(200)["gates"], json!([]));

        hub.fault(LIST, json!({ "kind": "errcode", "errcode": 45009 }), 1).await;
        let mut body = halves(&account);
        body["on_quota"] = "stop".into();
        let ends = draft(&hub, body).await;
        start(&hub, &ends).await;
        let over = becomes(&hub, &ends, "stopped").await;
        assert_eq!((&over["reason"], &over["counts"]["cancelled"]), (&json!("quota"), &json!(30)), "{over}");
        adds_up(&over);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p8_when_the_account_is_lost_a_broadcast_is_held_until_a_person_lets_it_go_on() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
        let at = hub.clock.now() + 3_600_000;
        hub.post(&format!("{path}/start"), json!({ "fans": 3, "at": at })).await.expect(200);
        hub.post(&format!("/accounts/{}/unbind", account.id), json!({})).await.expect(200);
        becomes(&hub, &path, "held").await;
        hub.advance(HOUR + MINUTE).await;
        hub.post(&format!("{path}/start"), json!({ "fans": 3 })).await.refused(409, "function_not_allowed");
        hub.post(&format!("/accounts/{}/rebind", account.id), json!({})).await.expect(200);
        tokio::time::sleep(Duration::from_millis(800)).await;
        assert_eq!(becomes(&hub, &path, "held").await["reason"], "unauthorized");
        assert_eq!(made(&hub, ALL).await.0, 0);
        hub.post(&format!("{path}/start"), json!({ "fans": 3 })).await.expect(200);
        assert_eq!(becomes(&hub, &path, "done").await["counts"]["sent"], 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p9_a_broadcast_whose_time_passed_while_nobody_was_there_waits_for_a_person() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
        let at = hub.clock.now() + 3_600_000;
        let scheduled = hub.post(&format!("{path}/start"), json!({ "fans": 3, "at": at })).await.expect(200);
        assert_eq!((&scheduled["state"], &scheduled["starts_at"]), (&json!("scheduled"), &json!(at)));
        let allowance = hub.get(&format!("/accounts/{}/broadcast-allowance", account.id)).await.expect(200);
        assert!(allowance["days"].to_string().contains("scheduled"), "{allowance}");
        hub.advance(HOUR + 31 * MINUTE).await;
        becomes(&hub, &path, "missed").await;
        assert_eq!(made(&hub, ALL).await.0, 0);
        // A person sends it after all.
        start(&hub, &path).await;
        assert_eq!(becomes(&hub, &path, "done").await["counts"]["sent"], 3);
        assert_eq!(made(&hub, ALL).await, (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p14_a_report_that_comes_before_the_answer_is_kept_and_matched() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 3).await;
        mass(&hub, &account, json!({ "delay_ms": 0 })).await;
        // Carried out, reported, and the answer is lost: the report stands alone until the repetition tells the number.
        hub.fault(ALL, json!({ "kind": "drop_after" }), 1).await;
        let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
        start(&hub, &path).await;
        part_becomes(&hub, &path, "retrying").await;
        let kept = store::sql("select count(*) from broadcast_reports where tenant_id is not null");
        hub.until("the report is kept", async || {
            let tx = hub.running.ctx().store().read().await.unwrap();
            (tx.scalar::<i64>(kept.clone()).await.unwrap() == Some(1)).then_some(())
        })
        .await;
        hub.advance(MINUTE + 5 * SECOND).await;
        let done = becomes(&hub, &path, "done").await;
        let part = &done["parts"][0];
        assert_eq!((&part["status"], &part["total"], &part["sent"]), (&json!("send success"), &json!(3), &json!(3)));
        let tx = hub.running.ctx().store().read().await.unwrap();
        assert_eq!(tx.scalar::<i64>(kept).await.unwrap(), Some(0), "it is ours, not the console's");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p14_an_answer_and_a_report_that_are_written_at_the_same_time_find_each_other() {
    for hub in Hub::on_each_database().await {
        for report_is_first in [true, false] {
            let account = service(&hub, 3).await;
            let silent = json!({ "callback_url": "" });
            hub.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), silent).await.expect(200);
            hub.fault(ALL, json!({ "kind": "latency", "ms": 3000 }), 1).await;
            let path = draft(&hub, text(&account, "a", json!({ "type": "all" }))).await;
            start(&hub, &path).await;
            let part = part_becomes(&hub, &path, "sending").await;

            let tenant = tenant(&hub, &account).await;
            let ctx = hub.running.ctx().clone();
            let id = part["id"].as_str().unwrap().parse().unwrap();
            let part = parts::find(&mut Work::reading(&ctx, tenant), id).await.unwrap();
            let (account, msg_id) = (part.account, 777);
            let sending_at = part.sending_at.unwrap();
            let claimed = Claimed { part, sending_at, is_service: true, doubt: false, tries_gate: false };
            let step = Step::Submitted { taken: Taken { msg_id, msg_data_id: None }, known_before: false };
            let ended = Ended { claimed, step, errcode: None, evidence: None };
            let report = Report {
                msg_id,
                status: "send success".into(),
                total: 3,
                filtered: 0,
                sent: 3,
                failed: 0,
                urls: Vec::new(),
                at: ctx.now(),
            };
            let write = {
                let ctx = ctx.clone();
                async move |is_report: bool| {
                    let mut work = Work::begin(&ctx, tenant);
                    if is_report {
                        reports::take(&mut work, account, &report).await.unwrap();
                    } else {
                        settle::write(&mut work, &ended).await.unwrap();
                    }
                    work
                }
            };
            let first = write(report_is_first).await;
            let second = tokio::spawn(async move { write(!report_is_first).await.commit().await.unwrap() });
            // The second has all but ended by now, unless it waits for the first.
            tokio::time::sleep(Duration::from_millis(300)).await;
            first.commit().await.unwrap();
            second.await.unwrap();
            let part = hub.get(&path).await.expect(200)["parts"][0].clone();
            assert_eq!((&part["state"], &part["total"]), (&json!("sent"), &json!(3)), "{report_is_first}: {part}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_what_goes_to_all_waits_for_the_administrator_when_the_account_is_protected() {
    for hub in Hub::on_each_database().await {
        for (word, state, reason) in [("confirm", "sent", Value::Null), ("refuse", "failed", json!("admin_refused"))] {
            let account = service(&hub, 3).await;
            mass(&hub, &account, json!({ "protection": true })).await;
            let path = draft(&hub, text(&account, word, json!({ "type": "all" }))).await;
            start(&hub, &path).await;
            part_becomes(&hub, &path, "submitted").await;
            hub.advance(4 * MINUTE).await;
            let part = part_becomes(&hub, &path, "awaiting_confirmation").await;
            assert!(part["confirm_by"].as_i64().unwrap() > hub.clock.now(), "{part}");
            assert_eq!(hub.get(&path).await.expect(200)["counts"]["confirming"], 3);
            let job = at_wechat(&hub, &account).await[0]["msg_id"].clone();
            let at = format!("/accounts/{}/broadcasts/{job}/{word}", account.app_id);
            hub.wechat(Method::POST, &at, json!({})).await.expect(204);
            let part = part_becomes(&hub, &path, state).await;
            assert_eq!(part["reason"], reason, "{part}");
            adds_up(&becomes(&hub, &path, "done").await);
        }
        // Nobody looks at the phone for half an hour.
        let account = service(&hub, 3).await;
        mass(&hub, &account, json!({ "protection": true })).await;
        let path = draft(&hub, text(&account, "silent", json!({ "type": "all" }))).await;
        start(&hub, &path).await;
        part_becomes(&hub, &path, "submitted").await;
        hub.advance(31 * MINUTE).await;
        assert_eq!(part_becomes(&hub, &path, "failed").await["errcode"], 40002);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_wechat_finds_fault_with_is_not_said_to_anybody_else() {
    for hub in Hub::on_each_database().await {
        let account = service(&hub, 30).await;
        mass(&hub, &account, json!({ "next_status": "err(10001)" })).await;
        // So slow that the second has not begun when the first is judged.
        hub.fault(LIST, json!({ "kind": "latency", "ms": 700 }), 1).await;
        let path = draft(&hub, halves(&account)).await;
        start(&hub, &path).await;
        let over = becomes(&hub, &path, "stopped").await;
        assert_eq!(over["reason"], "wechat_stopped", "{over}");
        let part = part_becomes(&hub, &path, "failed").await;
        assert_eq!((&part["reason"], &part["status"]), (&json!("advertising"), &json!("err(10001)")));
        adds_up(&hub.get(&path).await.expect(200));
        // Another broadcast goes its way.
        hub.advance(2 * SECOND).await;
        let done = send(&hub, text(&account, "another", json!({ "type": "all" }))).await;
        assert_eq!(done["counts"]["sent"], 30);
    }
}
