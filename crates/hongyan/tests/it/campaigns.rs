//! The same by template to many: written, checked, tried, begun, stopped, and counted.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    fan_import::imported,
    hub::{Bound, Hub, Said},
    ledger::settled,
    templates::{added, order},
};

const SEND: &str = "/cgi-bin/message/template/send";

fn written(account: &Bound, template: &str, name: &str, audience: Value) -> Value {
    let message = json!({ "type": "template", "template_id": template, "url": "https://shop.example/o/1",
        "data": { "character_string1": "20261128001", "thing2": name } });
    json!({ "account_id": account.id, "name": "Autumn", "message": message, "audience": audience })
}

async fn draft(hub: &Hub, body: Value) -> String {
    let draft = hub.post("/campaigns", body).await.expect(201);
    assert_eq!((&draft["state"], &draft["counts"]["total"]), (&json!("draft"), &json!(0)));
    draft["id"].as_str().unwrap().to_owned()
}

async fn detail(hub: &Hub, id: &str) -> Value {
    hub.get(&format!("/campaigns/{id}")).await.expect(200)
}

async fn check(hub: &Hub, id: &str) -> Value {
    hub.post(&format!("/campaigns/{id}/check"), json!({})).await.expect(200)
}

fn codes(check: &Value) -> Vec<&str> {
    check["findings"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

async fn done(hub: &Hub, id: &str) -> Value {
    hub.until("the campaign is done", async || {
        let detail = detail(hub, id).await;
        (detail["campaign"]["state"] == "done").then_some(detail)
    })
    .await
}

/// The calls of template messages in WeChat's journal.
async fn journal(hub: &Hub) -> Vec<Value> {
    let journal = hub.wechat(Method::GET, "/journal?limit=5000", Value::Null).await.expect(200);
    journal["items"].as_array().unwrap().iter().filter(|call| call["path"] == SEND).cloned().collect()
}

async fn customer(hub: &Hub, openid: &str) -> String {
    hub.customer(openid).await["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn r21_a_campaign_goes_to_a_tag_and_its_numbers_are_those_of_wechats_journal() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 8).await;
        let template = added(&hub, &account, order()).await;
        let fans = hub.openids(&account).await;
        let tag = hub.post("/tags", json!({ "name": "Regulars" })).await.expect(201)["id"].as_str().unwrap().to_owned();
        for openid in &fans[..6] {
            hub.put(&format!("/customers/{}/tags/{tag}", customer(&hub, openid).await), json!({})).await.expect(204);
        }
        // One leaves, one mutes the account, one phone is broken.
        hub.fan(&account, &fans[0], "unfollow", json!({})).await;
        let path = |openid: &str, what: &str| format!("/accounts/{}/fans/{openid}/{what}", account.app_id);
        hub.wechat(Method::POST, &path(&fans[1], "mute"), json!({ "on": true })).await;
        hub.wechat(Method::POST, &path(&fans[2], "failing"), json!({ "on": true })).await;
        let id =
            draft(&hub, written(&account, &template, "手工陶瓷杯", json!({ "type": "tags", "tag_ids": [tag] }))).await;
        let found = check(&hub, &id).await;
        assert_eq!((&found["meant"], &found["reachable"]), (&json!(6), &json!(5)), "{found}");
        assert_eq!(found["unreachable"], json!([{ "reason": "not_following", "rule": "R4", "count": 1 }]));
        assert_eq!((&found["quota"]["limit"], &found["may_start"]), (&json!(100_000), &json!(true)), "{found}");

        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let begun = hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
        assert_eq!(begun["state"], "running");
        done(&hub, &id).await;
        let detail = hub
            .until("WeChat has reported on all", async || {
                let detail = detail(&hub, &id).await;
                (detail["reports"]["open"] == 0).then_some(detail)
            })
            .await;
        let counts = &detail["campaign"]["counts"];
        let n = |value: &Value| value.as_i64().unwrap();
        let parts = ["waiting", "held", "sending", "sent", "refused", "unknown", "cancelled"];
        assert_eq!(parts.iter().map(|part| n(&counts[*part])).sum::<i64>(), n(&counts["total"]), "{counts}");
        assert_eq!((n(&counts["total"]), n(&counts["sent"])), (5, 5));
        let reports = &detail["reports"];
        assert_eq!((n(&reports["delivered"]), n(&reports["blocked"]), n(&reports["failed"])), (3, 1, 1), "{reports}");
        let calls = journal(&hub).await;
        assert_eq!((calls.len(), calls.iter().filter(|call| call["executed"] == true).count()), (5, 5));
        let lines = hub.get(&format!("/sends?campaign={id}")).await.expect(200);
        assert_eq!(lines["items"].as_array().map(Vec::len), Some(5));
        assert!(lines["items"].as_array().unwrap().iter().all(|line| line["openid"] != fans[0].as_str()));
        hub.post(&format!("/campaigns/{id}/start"), json!({})).await.refused(409, "campaign_state");
        hub.delete(&format!("/campaigns/{id}")).await.refused(409, "campaign_state");
        let list = hub.get(&format!("/campaigns?account={}&state=done", account.id)).await.expect(200);
        assert_eq!(list["items"][0]["counts"]["sent"], 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e16_missing_values_are_counted_before_sending_and_everybody_hears_their_own() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 4).await;
        let template = added(&hub, &account, order()).await;
        let fans = hub.openids(&account).await;
        let long = "一二三四五六七八九十一二三四五六七八九十一";
        for (openid, name) in [(&fans[0], "安妮"), (&fans[1], long), (&fans[2], "")] {
            let path = format!("/customers/{}", customer(&hub, openid).await);
            let name = if name.is_empty() { Value::Null } else { name.into() };
            hub.patch(&path, json!({ "name": name })).await.expect(200);
        }
        let names: Vec<Value> = {
            let mut names = Vec::new();
            for openid in &fans {
                let id = customer(&hub, openid).await;
                names.push(hub.get(&format!("/customers/{id}")).await.expect(200)["name"].clone());
            }
            names
        };
        let nameless = names.iter().filter(|name| name.is_null()).count();
        let id = draft(&hub, written(&account, &template, "{{customer.name}}", json!({ "type": "all" }))).await;
        let found = check(&hub, &id).await;
        let missing = &found["missing"][0];
        assert_eq!((&missing["name"], &missing["missing"]), (&json!("customer.name"), &json!(nameless)), "{found}");
        assert_eq!((&missing["fallback"], &missing["keys"]), (&Value::Null, &json!(["thing2"])));
        assert!(nameless > 0 && codes(&found).contains(&"empty_for_some"), "{found}");
        let unfit = found["unfit"].as_array().unwrap();
        let count = |why: &str| unfit.iter().find(|one| one["why"] == why).map(|one| one["count"].as_i64().unwrap());
        assert_eq!((count("too_long"), count("empty")), (Some(1), Some(nameless as i64)), "{found}");
        assert_eq!(found["examined"], 4);

        // With something to say instead.
        let mut body = written(&account, &template, "{{customer.name|朋友}}", json!({ "type": "all" }));
        body["version"] = 1.into();
        hub.put(&format!("/campaigns/{id}"), body.clone()).await.expect(200);
        hub.put(&format!("/campaigns/{id}"), body).await.refused(409, "campaign_changed");
        let found = check(&hub, &id).await;
        assert_eq!(found["missing"][0]["fallback"], "朋友");
        assert!(!codes(&found).contains(&"empty_for_some"), "{found}");
        hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
        let detail = done(&hub, &id).await;
        assert_eq!(detail["refusals"], json!([{ "reason": "content", "errcode": 47003, "count": 1 }]), "{detail}");
        let lines = hub.get(&format!("/sends?campaign={id}")).await.expect(200);
        for line in lines["items"].as_array().unwrap() {
            let n = fans.iter().position(|openid| line["openid"] == openid.as_str()).unwrap();
            let said = names[n].as_str().unwrap_or("朋友");
            assert_eq!(line["content"]["data"]["thing2"], said);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_counts_those_who_want_none_and_they_hear_nothing() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 4).await;
        let template = added(&hub, &account, order()).await;
        let fans = hub.openids(&account).await;
        // One wants no template messages, another no broadcasts.
        for (openid, way) in [(&fans[0], "template"), (&fans[1], "broadcast")] {
            let path = format!("/customers/{}/opt_outs", customer(&hub, openid).await);
            hub.post(&path, json!({ "way": way })).await.expect(201);
        }
        let id = draft(&hub, written(&account, &template, "陶瓷杯", json!({ "type": "all" }))).await;
        let found = check(&hub, &id).await;
        assert_eq!((&found["meant"], &found["reachable"]), (&json!(4), &json!(3)), "{found}");
        assert_eq!(found["unreachable"], json!([{ "reason": "opted_out", "rule": null, "count": 1 }]));
        hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
        let detail = done(&hub, &id).await;
        assert_eq!(detail["refusals"], json!([{ "reason": "opted_out", "errcode": null, "count": 1 }]), "{detail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_counts_whom_the_blacklist_and_the_cap_keep_back_and_the_sender_finds_the_same() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 7).await;
        let template = added(&hub, &account, order()).await;
        let fans = hub.openids(&account).await;
        let cap = json!({ "frequency_cap": { "messages": 1, "days": 7 } });
        hub.put("/reach_settings", cap).await.expect(200);
        // One is blocked, one is blocked and wants none, one wants none.
        for openid in &fans[..2] {
            hub.put(&format!("/accounts/{}/blacklist/{openid}", account.id), json!({})).await.expect(204);
        }
        for openid in &fans[1..3] {
            let path = format!("/customers/{}/opt_outs", customer(&hub, openid).await);
            hub.post(&path, json!({ "way": "template" })).await.expect(201);
        }
        // One has been told, and another fan is the same person. What tells of something they did does not count.
        let (told, same) = (customer(&hub, &fans[3]).await, customer(&hub, &fans[4]).await);
        for (who, purpose) in [(&told, "marketing"), (&customer(&hub, &fans[5]).await, "service")] {
            let mut body = json!({ "account_id": account.id, "customer_id": who, "purpose": purpose });
            body["message"] = written(&account, &template, "陶瓷杯", Value::Null)["message"].clone();
            let send = hub.post("/template-messages", body).await.expect(201);
            assert_eq!(settled(&hub, &send).await["state"], "sent");
        }
        let tx = hub.running.ctx().store().write().await.unwrap();
        let merge = store::sql("update customers set merged_into = ? where tenant_id is not null and id = ?");
        let number = |id: &str| id.parse::<i64>().unwrap();
        tx.execute(merge.bind(number(&told)).bind(number(&same))).await.unwrap();
        tx.commit().await.unwrap();

        let body = written(&account, &template, "{{customer.city}}", json!({ "type": "all" }));
        let id = draft(&hub, body).await;
        let found = check(&hub, &id).await;
        assert_eq!((&found["meant"], &found["reachable"]), (&json!(7), &json!(2)), "{found}");
        let kept = |reason: &str, count: i64| json!({ "reason": reason, "rule": null, "count": count });
        let blocked_and_unwilling = [kept("blocked", 2), kept("opted_out", 1)];
        let all = [&blocked_and_unwilling[..], &[kept("capped", 2)]].concat();
        assert_eq!(found["unreachable"], json!(all), "{found}");
        assert!(found["missing"][0]["missing"].as_i64() <= Some(2), "of those who will be sent it: {found}");
        let few = json!({ "type": "openids", "openids": [fans[0], fans[3], fans[6]] });
        let few = check(&hub, &draft(&hub, written(&account, &template, "杯", few)).await).await;
        assert_eq!((&few["meant"], &few["reachable"]), (&json!(3), &json!(1)), "{few}");
        // In a week, what was said does not count any more; without a cap it never does.
        let later = hub.running.ctx().now() + 8 * 86_400_000;
        let in_a_week = hub.post(&format!("/campaigns/{id}/check"), json!({ "at": later })).await.expect(200);
        assert_eq!(in_a_week["unreachable"], json!(blocked_and_unwilling), "{in_a_week}");
        hub.put("/reach_settings", json!({})).await.expect(200);
        let free = check(&hub, &id).await;
        assert_eq!((&free["unreachable"], &free["reachable"]), (&json!(blocked_and_unwilling), &json!(4)), "{free}");

        hub.put("/reach_settings", json!({ "frequency_cap": { "messages": 1, "days": 7 } })).await.expect(200);
        let mut body = written(&account, &template, "陶瓷杯", json!({ "type": "all" }));
        body["version"] = 1.into();
        hub.put(&format!("/campaigns/{id}"), body).await.expect(200);
        hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
        let detail = done(&hub, &id).await;
        assert_eq!(detail["campaign"]["counts"]["sent"], 2, "{detail}");
        let refusals = detail["refusals"].as_array().unwrap();
        let refused: HashSet<(&str, i64)> =
            refusals.iter().map(|one| (one["reason"].as_str().unwrap(), one["count"].as_i64().unwrap())).collect();
        assert_eq!(refused, HashSet::from([("blacklisted", 2), ("opted_out", 1), ("too_often", 2)]), "{detail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_r8_who_may_not_send_templates_writes_no_campaign_and_hears_why() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let template = added(&hub, &account, order()).await;
        let other = hub.bind_direct_as("subscription", 0, "safe").await;
        let refused = hub
            .post("/campaigns", written(&other, &template, "杯", json!({ "type": "all" })))
            .await
            .refused(409, "function_not_allowed");
        assert_eq!(refused["params"], json!({ "function": "template", "reason": "type", "rule": "R4", "set": null }));

        // Once written, an account that loses its verification does not begin.
        let id = draft(&hub, written(&account, &template, "杯", json!({ "type": "all" }))).await;
        let tx = hub.running.ctx().store().write().await.unwrap();
        let lapse = store::sql("update accounts set verify_type = -1 where tenant_id is not null and app_id = ?");
        tx.execute(lapse.bind(account.app_id.as_str())).await.unwrap();
        tx.commit().await.unwrap();
        let found = check(&hub, &id).await;
        assert_eq!((found["findings"][0]["code"].as_str(), &found["may_start"]), (Some("not_allowed"), &json!(false)));
        assert_eq!(found["findings"][0]["rule"], "R5");
        let refused = hub.post(&format!("/campaigns/{id}/start"), json!({})).await.refused(409, "campaign_not_ready");
        assert_eq!(refused["params"]["rule"], "R5");
        hub.post(
            &format!("/campaigns/{id}/test"),
            json!({ "customer_id": customer(&hub, &hub.openids(&account).await[0]).await }),
        )
        .await
        .refused(409, "function_not_allowed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e8_the_check_finds_what_wechat_refuses_and_what_it_punishes() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 1).await;
        let template = added(&hub, &account, order()).await;
        let mut body =
            written(&account, &template, "限时抢购，领取优惠券", json!({ "type": "openids", "openids": ["nobody"] }));
        body["message"]["data"]["character_string1"] = "订单".into();
        let id = draft(&hub, body.clone()).await;
        let found = check(&hub, &id).await;
        assert_eq!(codes(&found)[..3], ["unfit_value", "nobody", "title_mismatch"], "{found}");
        let refused = hub.post(&format!("/campaigns/{id}/start"), json!({})).await.refused(409, "campaign_not_ready");
        assert_eq!(refused["params"]["findings"].as_array().map(Vec::len), Some(2));
        // Eleven at night in Shanghai.
        let night = hub.running.ctx().now() / 86_400_000 * 86_400_000 + 86_400_000 + 15 * 3_600_000;
        let found = hub.post(&format!("/campaigns/{id}/check"), json!({ "at": night })).await.expect(200);
        assert!(codes(&found).contains(&"night"), "{found}");
        // The company's own quiet hours, once there are some, say it better.
        let quiet = json!({ "quiet_hours": { "from": 22 * 60, "until": 7 * 60, "service_too": false } });
        hub.put("/reach_settings", quiet).await.expect(200);
        let found = hub.post(&format!("/campaigns/{id}/check"), json!({ "at": night })).await.expect(200);
        let until = found["findings"].as_array().unwrap().iter().find(|one| one["code"] == "quiet_hours");
        assert_eq!(until.map(|one| &one["params"]["until"]), Some(&json!(night + 8 * 3_600_000)), "{found}");

        body["message"]["data"]["thing2"] = "{{customer.shoe}}".into();
        body["message"]["url"] = "javascript:alert(1)".into();
        body["message"]["mini_program"] = json!({ "app_id": "wx1" });
        body["audience"] = json!({ "type": "tags", "tag_ids": [] });
        body["name"] = " ".into();
        let refused = hub.post("/campaigns", body).await.refused(422, "invalid");
        let fields: HashSet<&str> =
            refused["errors"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
        let wanted = ["name", "message.data.thing2", "message.url", "message.mini_program.app_id", "audience.tag_ids"];
        assert_eq!(fields, HashSet::from(wanted), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e7_a_trial_goes_to_one_fan_is_marked_and_is_none_of_the_campaign() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 2).await;
        let template = added(&hub, &account, order()).await;
        let fans = hub.openids(&account).await;
        let who = customer(&hub, &fans[0]).await;
        hub.patch(&format!("/customers/{who}"), json!({ "name": "安妮" })).await.expect(200);
        let id = draft(&hub, written(&account, &template, "{{customer.name}}的杯", json!({ "type": "all" }))).await;
        let path = format!("/campaigns/{id}/test");
        let trial = hub.post(&path, json!({ "customer_id": who })).await.expect(201);
        assert_eq!(trial["openid"], fans[0].as_str());
        let detail = hub
            .until("the trial is out", async || {
                let detail = detail(&hub, &id).await;
                (detail["tests"][0]["delivery"] == "delivered").then_some(detail)
            })
            .await;
        assert_eq!(
            (&detail["campaign"]["counts"]["total"], &detail["campaign"]["state"]),
            (&json!(0), &json!("draft"))
        );
        let chat = hub
            .wechat(Method::GET, &format!("/accounts/{}/fans/{}/chat?limit=50", account.app_id, fans[0]), Value::Null)
            .await
            .expect(200);
        assert!(chat.to_string().contains("安妮的杯"), "{chat}");
        hub.fan(&account, &fans[1], "unfollow", json!({})).await;
        let gone = json!({ "customer_id": customer(&hub, &fans[1]).await });
        let refused = hub.post(&path, gone).await.refused(409, "not_reachable");
        assert_eq!(refused["params"]["rule"], "R4");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p4_fifty_starts_with_one_key_begin_one_campaign_and_a_draft_is_made_once() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 3).await;
        let template = added(&hub, &account, order()).await;
        let post = async |key: &str, path: &str, body: Value| {
            let request = hub.http.post(format!("{}/api/v1{path}", hub.url)).bearer_auth(&hub.key);
            Said::of(request.header("idempotency-key", key).json(&body).send().await.unwrap()).await
        };
        let body = written(&account, &template, "杯", json!({ "type": "all" }));
        let drafts = futures::future::join_all((0..10).map(|_| post("draft", "/campaigns", body.clone()))).await;
        let ids: HashSet<String> =
            drafts.into_iter().map(|said| said.expect(201)["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), 1);
        let id = ids.into_iter().next().unwrap();
        hub.wechat(Method::DELETE, "/journal", Value::Null).await;
        let path = format!("/campaigns/{id}/start");
        let starts = futures::future::join_all((0..50).map(|_| post("start", &path, json!({})))).await;
        for said in starts {
            said.expect(200);
        }
        done(&hub, &id).await;
        assert_eq!(journal(&hub).await.len(), 3, "each once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p6_a_stop_from_the_console_cancels_the_rest_and_the_numbers_add_up() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 700).await;
        let template = added(&hub, &account, order()).await;
        let id = draft(&hub, written(&account, &template, "杯", json!({ "type": "all" }))).await;
        hub.post(&format!("/campaigns/{id}/stop"), json!({})).await.refused(409, "campaign_state");
        hub.fault(SEND, json!({ "kind": "latency", "ms": 2000 }), 100_000).await;
        hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
        hub.until("the first are out", async || {
            (detail(&hub, &id).await["campaign"]["counts"]["sent"].as_i64() > Some(0)).then_some(())
        })
        .await;
        let stopped = hub.post(&format!("/campaigns/{id}/stop"), json!({})).await.expect(200);
        assert_eq!((&stopped["state"], &stopped["reason"]), (&json!("stopped"), &json!("stopped")));
        let counts = hub
            .until("nothing is under way", async || {
                let counts = detail(&hub, &id).await["campaign"]["counts"].clone();
                (counts["sending"] == 0 && counts["waiting"] == 0).then_some(counts)
            })
            .await;
        let n = |name: &str| counts[name].as_i64().unwrap();
        assert_eq!(n("sent") + n("cancelled"), n("total"), "{counts}");
        assert!(n("cancelled") > 0 && n("sent") > 0, "{counts}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p9_a_campaign_begins_at_its_time_and_asks_a_person_when_its_time_has_passed() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 2).await;
        let template = added(&hub, &account, order()).await;
        let body = || written(&account, &template, "杯", json!({ "type": "all" }));
        let (soon, late) = (draft(&hub, body()).await, draft(&hub, body()).await);
        let now = hub.running.ctx().now();
        let start = async |id: &str, at: i64| hub.post(&format!("/campaigns/{id}/start"), json!({ "at": at })).await;
        start(&soon, now - 1000).await.refused(422, "invalid");
        start(&soon, now + 60_000).await.expect(200);
        hub.advance(std::time::Duration::from_secs(61)).await;
        assert_eq!(done(&hub, &soon).await["campaign"]["counts"]["sent"], 2);

        let now = hub.running.ctx().now();
        start(&late, now + 60_000).await.expect(200);
        hub.advance(std::time::Duration::from_secs(45 * 60)).await;
        hub.until("a person is asked", async || {
            (detail(&hub, &late).await["campaign"]["state"] == "missed").then_some(())
        })
        .await;
        hub.post(&format!("/campaigns/{late}/start"), json!({})).await.expect(200);
        done(&hub, &late).await;
    }
}
