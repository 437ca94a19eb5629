//! Template messages: industries, the account's templates, sending, and what becomes of it.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, AccountView, FaultKind, NewFault, What, Where};

use crate::stage::{Hub, Stage, code};

const ADD: &str = "/cgi-bin/template/api_add_template";
const SEND: &str = "/cgi-bin/message/template/send";
const LIST: &str = "/cgi-bin/template/get_all_private_template";

/// A template of a category in the account; its id.
async fn template(stage: &Stage, token: &str) -> String {
    let body = json!({"template_id_short": "42984", "keyword_name_list": ["商品名称", "支付金额", "支付时间"]});
    let added = stage.call(token, ADD, body).await;
    added["template_id"].as_str().unwrap_or_else(|| panic!("{added}")).to_owned()
}

fn order(openid: &str, template_id: &str) -> Value {
    json!({"touser": openid, "template_id": template_id, "url": "https://example.com/o/1", "data": {
        "thing2": {"value": "蓝色马克杯"}, "amount3": {"value": "12.00"}, "time4": {"value": "2024-01-05 10:00"}}})
}

fn with(mut body: Value, key: &str, value: &str) -> Value {
    body["data"][key] = json!({"value": value});
    body
}

async fn service(stage: &Stage) -> (AccountView, String, String) {
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    (account, token, openid)
}

#[tokio::test]
async fn industries_are_set_by_number_once_a_month_and_read_by_name() {
    let stage = Stage::new().await;
    let (account, token, _) = service(&stage).await;
    let (set, get) = ("/cgi-bin/template/api_set_industry", "/cgi-bin/template/get_industry");
    assert_eq!(code(&stage.call(&token, set, json!({"industry_id1": "1", "industry_id2": "42"})).await), 40102);
    assert_eq!(code(&stage.call(&token, set, json!({"industry_id1": "1", "industry_id2": "16"})).await), 0);
    let named = stage.get(&format!("{get}?access_token={token}")).await;
    assert_eq!(named["primary_industry"], json!({"first_class": "IT科技", "second_class": "互联网|电子商务"}));
    assert_eq!(named["secondary_industry"], json!({"first_class": "教育", "second_class": "培训"}));
    assert_eq!(code(&stage.call(&token, set, json!({"industry_id1": 2, "industry_id2": 3})).await), 43100);
    stage.sandbox.advance(31 * 24 * 3600);
    let token = stage.token(&account).await;
    assert_eq!(code(&stage.call(&token, set, json!({"industry_id1": 2, "industry_id2": 3})).await), 0);
}

#[tokio::test]
async fn templates_come_from_the_library_and_go_again() {
    let stage = Stage::new().await;
    let (_, token, openid) = service(&stage).await;
    let add = async |body: Value| stage.call(&token, ADD, body).await;
    assert_eq!(code(&add(json!({"template_id_short": "99999"})).await), 40037);
    assert_eq!(code(&add(json!({"template_id_short": "42984"})).await), 40246);
    let wrong = json!({"template_id_short": "42984", "keyword_name_list": ["商品名称", "天气"]});
    assert_eq!(code(&add(wrong).await), 40246);
    assert_eq!(code(&add(json!({"template_id_short": "TM00015"})).await), 45027, "not of the account's industries");
    let set = json!({"industry_id1": "1", "industry_id2": "16"});
    stage.call(&token, "/cgi-bin/template/api_set_industry", set).await;
    let historical =
        add(json!({"template_id_short": "TM00015"})).await["template_id"].as_str().expect("an id").to_owned();
    assert_eq!(historical.len(), 43);
    let id = template(&stage, &token).await;
    let list = stage.get(&format!("{LIST}?access_token={token}")).await;
    let of = |id: &str| {
        let list = list["template_list"].as_array().expect("a list");
        list.iter().find(|one| one["template_id"] == id).unwrap_or_else(|| panic!("no {id}")).clone()
    };
    assert_eq!(of(&id)["content"], "商品名称：{{thing2.DATA}}\n支付金额：{{amount3.DATA}}\n支付时间：{{time4.DATA}}\n");
    assert_eq!(of(&id)["example"], "商品名称：手工陶瓷杯\n支付金额：￥68.00\n支付时间：2026-11-28 10:30\n");
    assert_eq!(of(&historical)["primary_industry"], "IT科技");
    assert!(of(&historical)["content"].as_str().is_some_and(|text| text.starts_with("{{first.DATA}}\n")));
    let delete = async |id: &str| {
        code(&stage.call(&token, "/cgi-bin/template/del_private_template", json!({"template_id": id})).await)
    };
    assert_eq!((delete(&id).await, delete(&id).await), (0, 40037));
    assert_eq!(code(&stage.call(&token, SEND, order(&openid, &id)).await), 40037);
    for _ in 0..24 {
        template(&stage, &token).await;
    }
    let body = json!({"template_id_short": "42984", "keyword_name_list": ["商品名称"]});
    assert_eq!(code(&add(body).await), 45026, "25 are all there can be");
}

#[tokio::test]
async fn only_verified_service_accounts_have_them() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 3);
    let token = stage.token(&account).await;
    assert_eq!(code(&stage.get(&format!("{LIST}?access_token={token}")).await), 48001);
    assert_eq!(code(&stage.call(&token, SEND, json!({})).await), 48001);
}

#[tokio::test]
async fn a_message_is_a_card_in_the_chat_and_its_fate_is_told() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    let id = template(&stage, &token).await;
    let openid = |person| stage.openid(&account, person);
    stage.sandbox.mute(&account.appid, "2", true).expect("muted");
    stage.sandbox.fail_deliveries(&account.appid, "3", true).expect("failing");
    let mut told = Vec::new();
    for (n, (person, status)) in
        [(1, "success"), (2, "failed:user block"), (3, "failed: system failed")].into_iter().enumerate()
    {
        let sent = stage.call(&token, SEND, order(&openid(person), &id)).await;
        assert_eq!((code(&sent), sent["errmsg"].as_str()), (0, Some("ok")));
        let push = hub.wait_for(n + 1).await.pop().expect("the event");
        assert_eq!(
            (push.field("Event"), push.field("Status")),
            ("TEMPLATESENDJOBFINISH".to_owned(), status.to_owned())
        );
        assert_eq!((push.field("FromUserName"), push.field("MsgID")), (openid(person), sent["msgid"].to_string()));
        assert!(sent["msgid"].as_u64().is_some_and(|id| id > 1 << 53));
        told.push(sent["msgid"].clone());
    }
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    let card = &chat[0];
    assert_eq!(
        (card.kind.as_str(), card.title.as_deref(), card.url.as_deref()),
        ("template", Some("订单支付成功通知"), Some("https://example.com/o/1"))
    );
    let lines: Vec<_> = card.lines.iter().flatten().map(|line| (line.name.as_str(), line.value.as_str())).collect();
    assert_eq!(lines, [("商品名称", "蓝色马克杯"), ("支付金额", "12.00"), ("支付时间", "2024-01-05 10:00")]);
    let lost = &stage.sandbox.chat(&account.appid, "2").expect("a chat")[0];
    assert_eq!((lost.kind.as_str(), lost.reason.as_deref()), ("undelivered", Some("failed:user block")));
    assert_eq!(stage.sandbox.fan(&account.appid, "2").expect("a fan").unread, 0);
}

#[tokio::test]
async fn who_cannot_be_reached_is_refused_with_a_reason() {
    let stage = Stage::new().await;
    let (account, token, openid) = service(&stage).await;
    let other = stage.account(AccountKind::Service, 3);
    let id = template(&stage, &token).await;
    let send = async |body: Value| code(&stage.call(&token, SEND, body).await);
    assert_eq!(send(json!({"template_id": id, "data": {}})).await, 41009);
    assert_eq!(send(order(&stage.openid(&other, 1), &id)).await, 40003);
    assert_eq!(send(order(&openid, "short")).await, 40036);
    assert_eq!(send(order(&openid, &"x".repeat(43))).await, 40037);
    let block = json!({"openid_list": [openid]});
    stage.call(&token, "/cgi-bin/tags/members/batchblacklist", block).await;
    assert_eq!(send(order(&openid, &id)).await, 43019);
    stage.sandbox.unfollow(&account.appid, "2").expect("left").outcome().await;
    assert_eq!(send(order(&stage.openid(&account, 2), &id)).await, 43004);
    let path = format!("/accounts/{}/templates/{id}", account.appid);
    assert_eq!(stage.control("PATCH", &path, json!({"disabled": true})).await.0, 204);
    assert_eq!(send(order(&stage.openid(&account, 3), &id)).await, 48011);
}

#[tokio::test]
async fn values_must_be_what_their_keys_say() {
    let stage = Stage::new().await;
    let (_, token, openid) = service(&stage).await;
    let id = template(&stage, &token).await;
    let refuse = async |body: Value, key: &str| {
        let answer = stage.call(&token, SEND, body).await;
        assert_eq!(code(&answer), 47003, "{answer}");
        let said = answer["errmsg"].as_str().unwrap_or_default();
        assert!(said.starts_with(&format!("argument invalid! data.{key}.value invalid")), "{said}");
    };
    let good = order(&openid, &id);
    refuse(with(good.clone(), "thing2", &"字".repeat(21)), "thing2").await;
    refuse(with(good.clone(), "thing2", ""), "thing2").await;
    refuse(with(good.clone(), "amount3", "十二块"), "amount3").await;
    refuse(with(good.clone(), "time4", "明天"), "time4").await;
    let mut missing = good.clone();
    missing["data"].as_object_mut().expect("an object").remove("amount3");
    refuse(missing, "amount3").await;
    let mut bad_link = good.clone();
    bad_link["url"] = "javascript:alert(1)".into();
    assert_eq!(code(&stage.call(&token, SEND, bad_link).await), 45051);
    let mut bad_app = good.clone();
    bad_app["miniprogram"] = json!({"appid": "mini", "pagepath": "pages/o"});
    assert_eq!(code(&stage.call(&token, SEND, bad_app).await), 40166);
    assert_eq!(
        code(&stage.call(&token, SEND, with(good, "first", "不再显示")).await),
        0,
        "more than is needed does not matter"
    );
}

#[tokio::test]
async fn historical_templates_lose_first_and_remark_and_are_cut() {
    let stage = Stage::new().await;
    let (account, token, openid) = service(&stage).await;
    let set = json!({"industry_id1": "1", "industry_id2": "16"});
    stage.call(&token, "/cgi-bin/template/api_set_industry", set).await;
    let added = stage.call(&token, ADD, json!({"template_id_short": "TM00015"})).await;
    let long = "字".repeat(30);
    let data = json!({"first": {"value": "您好"}, "keyword1": {"value": "68元", "color": "#173177"},
        "keyword2": {"value": long}, "remark": {"value": "谢谢"}});
    let body = json!({"touser": openid, "template_id": added["template_id"], "data": data});
    assert_eq!(code(&stage.call(&token, SEND, body).await), 0);
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    let lines: Vec<_> = chat[0].lines.iter().flatten().map(|line| line.value.chars().count()).collect();
    assert_eq!((lines, chat[0].url.as_deref()), (vec![3, 20], None));
}

#[tokio::test]
async fn the_same_client_msg_id_is_sent_once_in_ten_minutes() {
    let stage = Stage::new().await;
    let (account, token, openid) = service(&stage).await;
    let id = template(&stage, &token).await;
    let named = |openid: &str| {
        let mut body = order(openid, &id);
        body["client_msg_id"] = "ord-1-paid".into();
        body
    };
    let first = stage.call(&token, SEND, named(&openid)).await;
    let again = stage.call(&token, SEND, named(&openid)).await;
    assert_eq!((code(&again), &again["msgid"]), (0, &first["msgid"]), "ok, and not sent");
    let other = stage.call(&token, SEND, named(&stage.openid(&account, 2))).await;
    assert_ne!(other["msgid"], first["msgid"], "another fan is another message");
    assert_eq!(stage.sandbox.chat(&account.appid, "1").expect("a chat").len(), 1);
    let key = format!("{}:{openid}:ord-1-paid", account.appid);
    let total = stage.sandbox.total(&key);
    assert_eq!((total.calls, total.executions), (2, 1));
    stage.sandbox.advance(601);
    let late = stage.call(&token, SEND, named(&openid)).await;
    assert_ne!(late["msgid"], first["msgid"]);
    let mut long = order(&openid, &id);
    long["client_msg_id"] = "x".repeat(33).into();
    assert_eq!(code(&stage.call(&token, SEND, long).await), 47003);
    // Without one, twice is twice.
    for _ in 0..2 {
        assert_eq!(code(&stage.call(&token, SEND, order(&openid, &id)).await), 0);
    }
    assert_eq!(stage.sandbox.chat(&account.appid, "1").expect("a chat").len(), 4);
}

#[tokio::test]
async fn a_lost_answer_can_be_asked_for_again() {
    let stage = Stage::new().await;
    let (account, token, openid) = service(&stage).await;
    let id = template(&stage, &token).await;
    let place = Where { path: Some(SEND.to_owned()), appid: Some(account.appid.clone()) };
    let what = What { kind: FaultKind::Http5xx, ms: None, errcode: None, status: None, executed: None };
    stage.sandbox.set_fault(NewFault { place, what, after: 0, times: Some(1), probability: None });
    let mut body = order(&openid, &id);
    body["client_msg_id"] = "lost".into();
    let url = format!("{}{SEND}?access_token={token}", stage.base);
    assert_eq!(stage.http.post(&url).body(body.to_string()).send().await.expect("sent").status(), 502);
    assert_eq!(code(&stage.call(&token, SEND, body).await), 0);
    assert_eq!(stage.sandbox.chat(&account.appid, "1").expect("a chat").len(), 1, "sent once");
}
