//! The library of templates: what WeChat has, what is added and deleted there from here, and what fans agree to.

use entities::accounts::tokens::Keeper;
use kit::TenantId;
use reqwest::Method;
use serde_json::{Value, json};
use store::sql;
use wechat::api::template::{
    add_template::{AddTemplate, Request as Add},
    delete_template::{DeleteTemplate, Request as Delete},
};

use crate::{
    fan_import::imported,
    hub::{Bound, Hub},
};

pub async fn tenant(hub: &Hub, account: &Bound) -> TenantId {
    let find =
        sql("select tenant_id from accounts where tenant_id is not null and app_id = ?").bind(account.app_id.as_str());
    let tenant: Option<i64> = hub.running.ctx().store().read().await.unwrap().scalar(find).await.unwrap();
    TenantId(tenant.unwrap())
}

pub async fn library(hub: &Hub, account: &Bound) -> Value {
    hub.get(&format!("/accounts/{}/templates", account.id)).await.expect(200)
}

/// Compares, and waits until it is done.
pub async fn synced(hub: &Hub, account: &Bound) -> Value {
    let before = library(hub, account).await["synced_at"].clone();
    hub.advance(std::time::Duration::from_secs(1)).await;
    hub.post(&format!("/accounts/{}/templates/sync", account.id), json!({})).await.expect(202);
    hub.until("the library is compared", async || {
        let library = library(hub, account).await;
        (library["state"] == "idle" && library["synced_at"] != before).then_some(library)
    })
    .await
}

/// Adds a template from here; WeChat's name for it.
pub async fn added(hub: &Hub, account: &Bound, body: Value) -> String {
    let added = hub.post(&format!("/accounts/{}/templates", account.id), body).await.expect(201);
    added["wechat_id"].as_str().unwrap().to_owned()
}

pub fn order() -> Value {
    json!({ "kind": "template", "short_id": "42984", "keywords": ["订单编号", "商品名称"] })
}

pub fn notice() -> Value {
    json!({ "kind": "notice", "title_id": 1001, "keyword_ids": [1, 2], "scene": "活动提醒" })
}

/// As somebody at WeChat's own console would.
pub async fn at_wechat(hub: &Hub, account: &Bound) -> Keeper {
    Keeper::new(hub.running.ctx(), tenant(hub, account).await, account.id.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn e7_the_library_is_wechats_with_fields_types_and_examples() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct().await;
        assert_eq!(library(&hub, &account).await["state"], "never");
        let request = Add {
            template_id_short: "42984".into(),
            keyword_name_list: vec!["订单编号".into(), "支付时间".into()],
        };
        let keeper = at_wechat(&hub, &account).await;
        hub.running.ctx().wechat().call_as::<AddTemplate>(&keeper, &request).await.unwrap();
        let library = synced(&hub, &account).await;
        let template = &library["items"][0];
        assert_eq!(
            (&template["title"], &template["kind"]),
            (&json!("订单支付成功通知"), &json!("template")),
            "{library}"
        );
        assert_eq!(
            template["fields"],
            json!([
                { "key": "character_string1", "name": "订单编号", "type": "character_string", "longest": 32, "example": "20261128001", "shown": true },
                { "key": "time4", "name": "支付时间", "type": "time", "longest": null, "example": "2026-11-28 10:30", "shown": true },
            ])
        );
        assert_eq!(library["categories"].as_array().map(Vec::len), Some(3), "{library}");

        // From here: by its number and keywords, and what there is none of is refused in words.
        let path = format!("/accounts/{}/templates", account.id);
        let wrong = json!({ "kind": "template", "short_id": "42984", "keywords": ["颜色"] });
        hub.post(&path, wrong).await.refused(422, "template_unknown");
        let historical = json!({ "kind": "template", "short_id": "TM00015" });
        hub.post(&path, historical.clone()).await.refused(409, "template_industry");
        let industries = format!("/accounts/{}/template_industries", account.id);
        let library = hub.put(&industries, json!({ "primary": 1, "secondary": 10 })).await.expect(200);
        assert_eq!(library["primary_industry"], "IT科技 / 互联网|电子商务");
        assert!(library["industries_from"].is_i64(), "once a month: {library}");
        hub.put(&industries, json!({ "primary": 2, "secondary": 3 })).await.refused(409, "industries_too_often");
        hub.put(&industries, json!({ "primary": 2, "secondary": 2 })).await.refused(422, "invalid");
        added(&hub, &account, historical).await;
        let titles = hub.get(&format!("/accounts/{}/notice_titles?category=616", account.id)).await.expect(200);
        assert_eq!((titles["total"].as_i64(), &titles["items"][2]["lasting"]), (Some(3), &json!(true)), "{titles}");
        let keywords = hub.get(&format!("/accounts/{}/notice_keywords?title=1001", account.id)).await.expect(200);
        assert_eq!(
            keywords["items"][0],
            json!({ "keyword_id": 1, "name": "活动名称", "example": "周末读书会", "type": "thing" })
        );
        added(&hub, &account, notice()).await;
        let kinds = |library: &Value| -> Vec<String> {
            let kind = |item: &Value| item["kind"].as_str().unwrap().to_owned();
            library["items"].as_array().unwrap().iter().map(kind).collect()
        };
        assert_eq!(kinds(&self::library(&hub, &account).await), ["template", "template", "notice"]);

        // Deleted from here, it is gone there.
        let id = self::library(&hub, &account).await["items"][0]["id"].as_str().unwrap().to_owned();
        hub.delete(&format!("{path}/{id}")).await.expect(204);
        assert_eq!(kinds(&synced(&hub, &account).await), ["template", "notice"]);
        hub.get(&format!("{path}/{id}")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_r8_a_subscription_account_has_no_templates_and_is_told_the_rule() {
    for hub in Hub::on_each_database().await {
        let account = hub.bind_direct_as("subscription", 0, "safe").await;
        let path = format!("/accounts/{}/templates", account.id);
        assert_eq!(library(&hub, &account).await["items"], json!([]));
        for said in [hub.post(&format!("{path}/sync"), json!({})).await, hub.post(&path, order()).await] {
            let refused = said.refused(409, "function_not_allowed");
            assert_eq!((&refused["params"]["rule"], &refused["params"]["reason"]), (&json!("R4"), &json!("type")));
        }
        let refused = hub.post(&path, notice()).await.refused(409, "function_not_allowed");
        assert_eq!(refused["params"]["rule"], "R8");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e7_what_vanishes_at_wechat_marks_the_campaigns_that_use_it() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 2).await;
        let (stays, goes) = (added(&hub, &account, order()).await, added(&hub, &account, order()).await);
        let campaign = async |template: &str| {
            let message = json!({ "type": "template", "template_id": template, "data": { "character_string1": "A1", "thing2": "杯" } });
            let body = json!({ "account_id": account.id, "name": "Autumn", "message": message, "audience": { "type": "all" } });
            hub.post("/campaigns", body).await.expect(201)["id"].as_str().unwrap().to_owned()
        };
        let (draft, scheduled, other) = (campaign(&goes).await, campaign(&goes).await, campaign(&stays).await);
        let at = hub.running.ctx().now() + 3_600_000;
        for id in [&scheduled, &other] {
            let begun = hub.post(&format!("/campaigns/{id}/start"), json!({ "at": at })).await.expect(200);
            assert_eq!(begun["state"], "scheduled");
        }
        let library = library(&hub, &account).await;
        let of = |wechat_id: &str| {
            library["items"].as_array().unwrap().iter().find(|one| one["wechat_id"] == wechat_id).unwrap().clone()
        };
        assert_eq!(of(&goes)["used_by"].as_array().map(Vec::len), Some(2));
        let path = format!("/accounts/{}/templates/{}", account.id, of(&goes)["id"].as_str().unwrap());
        hub.delete(&path).await.refused(409, "template_used");

        let keeper = at_wechat(&hub, &account).await;
        let request = Delete { template_id: goes.clone() };
        hub.running.ctx().wechat().call_as::<DeleteTemplate>(&keeper, &request).await.unwrap();
        // And the other has another text since.
        let tx = hub.running.ctx().store().write().await.unwrap();
        let change = sql("update templates set content = 'x' where tenant_id is not null and wechat_id = ?")
            .bind(stays.as_str());
        tx.execute(change).await.unwrap();
        let change = sql("update campaigns set template_text = 'x' where tenant_id is not null and template_id = ?")
            .bind(stays.as_str());
        tx.execute(change).await.unwrap();
        tx.commit().await.unwrap();
        let library = synced(&hub, &account).await;
        let items = library["items"].as_array().unwrap();
        assert!(items[0]["changed_at"].is_i64() && items[1]["gone_at"].is_i64(), "{library}");

        let seen = async |id: &str| {
            let campaign = hub.get(&format!("/campaigns/{id}")).await.expect(200)["campaign"].clone();
            ["state", "reason", "drift"].map(|name| campaign[name].clone())
        };
        assert_eq!(seen(&draft).await, [json!("draft"), Value::Null, json!("gone")]);
        assert_eq!(
            seen(&scheduled).await,
            [json!("missed"), json!("template_gone"), json!("gone")],
            "a person is asked"
        );
        assert_eq!(seen(&other).await, [json!("missed"), json!("template_changed"), json!("changed")]);
        let refused =
            hub.post(&format!("/campaigns/{other}/start"), json!({})).await.refused(409, "campaign_not_ready");
        assert_eq!(refused["params"]["findings"][0]["code"], "template_changed");
        // Gone with the last that names it.
        hub.delete(&format!("/campaigns/{draft}")).await.expect(204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e9_consents_are_counted_for_each_fan_used_up_and_taken_back() {
    for hub in Hub::on_each_database().await {
        let account = imported(&hub, 4).await;
        let once = added(&hub, &account, notice()).await;
        let lasting = json!({ "kind": "notice", "title_id": 1004, "keyword_ids": [1, 2], "scene": "取书" });
        let lasting = added(&hub, &account, lasting).await;
        let fans = hub.openids(&account).await;
        let yes = |template: &str| json!({ "template_id": template, "accept": true });
        let choose = async |openid: &str, choices: Value| {
            hub.fan(&account, openid, "choose-notices", json!({ "choices": choices, "scene": 1 })).await;
        };
        choose(&fans[0], json!([yes(&once), yes(&lasting)])).await;
        choose(&fans[0], json!([yes(&once)])).await;
        choose(&fans[1], json!([yes(&once)])).await;
        choose(&fans[2], json!([{ "template_id": once, "accept": false }])).await;
        let grants = async |template: &str| {
            let library = library(&hub, &account).await;
            let found = library["items"].as_array().unwrap().iter().find(|one| one["wechat_id"] == template).unwrap();
            let grants = &found["grants"];
            ["fans", "notices", "lasting"].map(|name| grants[name].as_i64().unwrap())
        };
        assert_eq!(grants(&once).await, [2, 3, 0]);
        assert_eq!(grants(&lasting).await, [1, 0, 1]);
        let customer = hub.customer(&fans[0]).await["id"].as_str().unwrap().to_owned();
        let mine = async || {
            let list = hub.get(&format!("/customers/{customer}/notices")).await.expect(200);
            let mut left: Vec<(bool, i64)> = list["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| (one["lasting"] == true, one["left"].as_i64().unwrap()))
                .collect();
            left.sort_unstable();
            left
        };
        assert_eq!(mine().await, [(false, 2), (true, 0)]);

        // To everybody: only who agreed is meant, and each notice uses one up.
        let message = json!({ "type": "notice", "template_id": once, "data": { "thing1": "周末读书会", "time2": "2026-11-29 15:00" } });
        let body =
            json!({ "account_id": account.id, "name": "Reading", "message": message, "audience": { "type": "all" } });
        let id = hub.post("/campaigns", body).await.expect(201)["id"].as_str().unwrap().to_owned();
        let check = hub.post(&format!("/campaigns/{id}/check"), json!({})).await.expect(200);
        assert_eq!((&check["meant"], &check["reachable"]), (&json!(4), &json!(2)), "{check}");
        assert_eq!(check["unreachable"], json!([{ "reason": "no_consent", "rule": "R8", "count": 2 }]));
        hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
        hub.until("both are used up", async || (grants(&once).await == [1, 1, 0]).then_some(())).await;
        assert_eq!(mine().await, [(false, 1), (true, 0)]);

        hub.fan(&account, &fans[0], "refuse-notices", json!({ "template_id": lasting })).await;
        assert_eq!(grants(&lasting).await, [0, 0, 0]);
        // What WeChat knows better puts our count right.
        hub.wechat(
            Method::POST,
            &format!("/accounts/{}/fans/{}/refuse-notices", account.app_id, fans[0]),
            json!({ "template_id": once }),
        )
        .await;
        let more = sql("update notice_grants set left_count = 5 where tenant_id is not null and openid = ?")
            .bind(fans[0].as_str());
        hub.until("the refusal is in", async || (grants(&once).await == [0, 0, 0]).then_some(())).await;
        let tx = hub.running.ctx().store().write().await.unwrap();
        tx.execute(more).await.unwrap();
        tx.commit().await.unwrap();
        let again = hub.get(&format!("/campaigns/{id}")).await.expect(200)["campaign"].clone();
        let body = json!({ "account_id": account.id, "name": "Again", "message": again["message"], "audience": { "type": "all" } });
        let id = hub.post("/campaigns", body).await.expect(201)["id"].as_str().unwrap().to_owned();
        hub.post(&format!("/campaigns/{id}/start"), json!({})).await.expect(200);
        hub.until("WeChat refuses", async || {
            let campaign = hub.get(&format!("/campaigns/{id}")).await.expect(200);
            (campaign["refusals"][0]["reason"] == "no_consent").then_some(())
        })
        .await;
        assert_eq!(grants(&once).await, [0, 0, 0]);
    }
}
