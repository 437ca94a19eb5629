//! Template messages that a program asks for: filled in for the customer, checked before they are taken.

use reqwest::Method;
use serde_json::{Value, json};
use wechat::api::template::{
    add_template::{AddTemplate, Request as Add},
    delete_template::{DeleteTemplate, Request as Delete},
};

use crate::{
    fan_import::imported,
    hub::{Bound, Hub, Said},
    ledger::settled,
    templates::{added, at_wechat, order, synced},
};

/// An account with one fan, who is called 安妮: the account, the fan, the customer.
async fn anne(hub: &Hub) -> (Bound, String, String) {
    let account = imported(hub, 1).await;
    let openid = hub.openids(&account).await.remove(0);
    let customer = hub.customer(&openid).await["id"].as_str().unwrap().to_owned();
    let known = json!({ "name": "安妮", "city": null, "email": null });
    hub.patch(&format!("/customers/{customer}"), known).await.expect(200);
    (account, openid, customer)
}

fn body(account: &Bound, customer: &str, template: &str, data: Value) -> Value {
    let message = json!({ "type": "template", "template_id": template, "data": data });
    json!({ "account_id": account.id, "customer_id": customer, "message": message, "purpose": "service" })
}

/// What is wrong with it, as `field: code`, in order.
async fn wrong(hub: &Hub, body: &Value) -> Vec<String> {
    let refused = hub.post("/template-messages", body.clone()).await.refused(422, "invalid");
    let errors = refused["errors"].as_array().unwrap();
    let line = |one: &Value| format!("{}: {}", one["field"].as_str().unwrap(), one["code"].as_str().unwrap());
    let mut lines: Vec<String> = errors.iter().map(line).collect();
    lines.sort_unstable();
    lines
}

async fn ledger(hub: &Hub) -> usize {
    hub.get("/sends").await.expect(200)["items"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_message_says_what_is_known_of_the_customer_and_of_the_event() {
    for hub in Hub::on_each_database().await {
        let (account, openid, customer) = anne(&hub).await;
        let template = added(&hub, &account, order()).await;
        let data = json!({ "character_string1": "{{event.order}}-{{event.line}}", "thing2": "{{customer.name|朋友}}的{{ event.item | 商品 }}" });
        let mut body = body(&account, &customer, &template, data);
        body["event"] = json!({ "order": "20261128001", "line": 2, "paid": true });
        let send = hub.post("/template-messages", body.clone()).await.expect(201);
        let said = json!({ "character_string1": "20261128001-2", "thing2": "安妮的商品" });
        assert_eq!(
            (&send["content"]["data"], &send["content"]["title"]),
            (&said, &json!("订单支付成功通知")),
            "{send}"
        );
        assert_eq!(settled(&hub, &send).await["state"], "sent");
        let chat = format!("/accounts/{}/fans/{openid}/chat?limit=50", account.app_id);
        let chat = hub.wechat(Method::GET, &chat, Value::Null).await.expect(200).to_string();
        assert!(chat.contains("20261128001-2") && chat.contains("安妮的商品"), "{chat}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_filled_or_does_not_fit_is_refused_at_its_field_and_nothing_is_kept() {
    for hub in Hub::on_each_database().await {
        let (account, _, customer) = anne(&hub).await;
        let template = added(&hub, &account, order()).await;
        let with = |data: Value| body(&account, &customer, &template, data);
        let missing = with(json!({ "character_string1": "{{event.order}}", "thing2": "{{customer.city}}的杯" }));
        let refused = hub.post("/template-messages", missing).await.refused(422, "invalid");
        let named = |n: usize| {
            let one = &refused["errors"][n];
            (one["field"].as_str().unwrap(), one["code"].as_str().unwrap(), one["message"].as_str().unwrap())
        };
        let (first, second) = (named(0), named(1));
        assert_eq!((first.0, first.1), ("message.data.character_string1", "missing_value"));
        assert_eq!((second.0, second.1), ("message.data.thing2", "missing_value"));
        assert!(first.2.contains("event.order") && second.2.contains("customer.city"), "{refused}");

        let strange = with(json!({ "character_string1": "{{order}}", "thing2": "{{customer.name" }));
        let lines = ["message.data.character_string1: variable", "message.data.thing2: variable"];
        assert_eq!(wrong(&hub, &strange).await, lines);

        // It is long only once it is filled.
        let mut unfit =
            with(json!({ "character_string1": "{{customer.name}}", "thing2": "{{event.item}}", "colour": "red" }));
        unfit["event"] = json!({ "item": "一二三四五六七八九十一二三四五六七八九十一" });
        let lines = [
            "message.data.character_string1: characters",
            "message.data.colour: no_such_key",
            "message.data.thing2: too_long",
        ];
        assert_eq!(wrong(&hub, &unfit).await, lines);
        assert_eq!(wrong(&hub, &with(json!({ "thing2": "杯" }))).await, ["message.data.character_string1: empty"]);

        let mut other = with(json!({ "character_string1": "A1", "thing2": "杯" }));
        other["event"] = json!({ "the order": 1, "item": "一".repeat(501) });
        other["message"]["url"] = "javascript:alert(1)".into();
        assert_eq!(wrong(&hub, &other).await, ["event.item: too_long", "event: name", "message.url: url"]);
        other["event"] = json!({ "order": { "id": 1 } });
        assert_eq!(wrong(&hub, &other).await, ["body: shape"]);
        assert_eq!(ledger(&hub).await, 0);

        // Under the same key, once it is right.
        let post = async |body: &Value| {
            let request = hub.http.post(format!("{}/api/v1/template-messages", hub.url)).bearer_auth(&hub.key);
            Said::of(request.header("idempotency-key", "order-1").json(body).send().await.unwrap()).await
        };
        post(&unfit).await.refused(422, "invalid");
        let right = with(json!({ "character_string1": "A1", "thing2": "杯" }));
        let send = post(&right).await.expect(201);
        assert_eq!(post(&right).await.expect(201)["id"], send["id"]);
        assert_eq!(ledger(&hub).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e7_a_template_has_to_be_in_the_library_once_there_is_one_and_until_then_wechat_has_the_last_word() {
    for hub in Hub::on_each_database().await {
        let (account, _, customer) = anne(&hub).await;
        let keeper = at_wechat(&hub, &account).await;
        let request = Add {
            template_id_short: "42984".into(),
            keyword_name_list: vec!["订单编号".into(), "商品名称".into()],
        };
        let made = hub.running.ctx().wechat().call_as::<AddTemplate>(&keeper, &request).await.unwrap();
        let with = |template: &str, data: Value| body(&account, &customer, template, data);
        let fine = json!({ "character_string1": "A1", "thing2": "杯" });
        // The library was never read: keys are known by their types, fields are not.
        let send = hub.post("/template-messages", with(&made.template_id, fine.clone())).await.expect(201);
        assert_eq!(settled(&hub, &send).await["state"], "sent");
        let more = json!({ "character_string1": "编号", "thing2": "杯", "colour": "red" });
        assert_eq!(
            wrong(&hub, &with(&made.template_id, more.clone())).await,
            ["message.data.character_string1: characters"]
        );
        let send = hub.post("/template-messages", with("nothing-of-theirs", fine.clone())).await.expect(201);
        assert_eq!(settled(&hub, &send).await["state"], "refused", "WeChat knows none");

        synced(&hub, &account).await;
        let lines = ["message.data.character_string1: characters", "message.data.colour: no_such_key"];
        assert_eq!(wrong(&hub, &with(&made.template_id, more)).await, lines);
        let strange = with("nothing-of-theirs", fine.clone());
        assert_eq!(wrong(&hub, &strange).await, ["message.template_id: not_found"]);

        // Gone at WeChat, and kept here because a campaign names it.
        let campaign = json!({ "account_id": account.id, "name": "Autumn", "audience": { "type": "all" },
            "message": { "type": "template", "template_id": made.template_id, "data": fine } });
        hub.post("/campaigns", campaign).await.expect(201);
        let request = Delete { template_id: made.template_id.clone() };
        hub.running.ctx().wechat().call_as::<DeleteTemplate>(&keeper, &request).await.unwrap();
        synced(&hub, &account).await;
        let gone = with(&made.template_id, fine.clone());
        assert_eq!(wrong(&hub, &gone).await, ["message.template_id: template_gone"]);
    }
}
