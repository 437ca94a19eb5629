//! Subscription notices: the library, consents given and taken back, one notice for each.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, AccountView, Choice, Options};

use crate::stage::{Hub, Stage, code};

const ADD: &str = "/wxaapi/newtmpl/addtemplate";
const SEND: &str = "/cgi-bin/message/subscribe/bizsend";

async fn template(stage: &Stage, token: &str, tid: &str, kids: Value) -> String {
    let added = stage.call(token, ADD, json!({"tid": tid, "kidList": kids, "sceneDesc": "活动"})).await;
    added["priTmplId"].as_str().unwrap_or_else(|| panic!("{added}")).to_owned()
}

fn event(openid: &str, template_id: &str) -> Value {
    json!({"touser": openid, "template_id": template_id, "page": "https://example.com/e/1",
        "data": {"thing1": {"value": "周末读书会"}, "time2": {"value": "2026-11-29 15:00"}}})
}

fn yes(template_id: &str) -> Choice {
    Choice { template_id: template_id.to_owned(), accept: true }
}

async fn bound(stage: &Stage, hub: &Hub) -> (AccountView, String) {
    let account = stage.bound(hub, AccountPatch::default()).await;
    let token = stage.token(&account).await;
    (account, token)
}

#[tokio::test]
async fn the_library_is_read_by_category_and_template() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let get = async |path: &str| stage.get(&format!("/wxaapi/newtmpl/{path}access_token={token}")).await;
    let categories = get("getcategory?").await;
    assert!(categories["data"].as_array().is_some_and(|list| list.iter().any(|one| one["id"] == 616)), "{categories}");
    let titles = get("getpubtemplatetitles?ids=612,616&start=1&limit=2&").await;
    assert_eq!((&titles["count"], titles["data"].as_array().map(Vec::len)), (&json!(4), Some(2)));
    assert_eq!(code(&get("getpubtemplatetitles?ids=1&start=0&limit=2&").await), 200_018);
    assert_eq!(code(&get("getpubtemplatetitles?ids=616&start=-1&limit=2&").await), 200_016);
    assert_eq!(code(&get("getpubtemplatetitles?ids=616&start=0&limit=31&").await), 200_017);
    let keywords = get("getpubtemplatekeywords?tid=1001&").await;
    assert_eq!(keywords["data"][0], json!({"kid": 1, "name": "活动名称", "example": "周末读书会", "rule": "thing"}));
    assert_eq!(code(&get("getpubtemplatekeywords?tid=7&").await), 200_014);
}

#[tokio::test]
async fn templates_are_added_with_their_keywords_and_deleted() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let add = async |body: Value| code(&stage.call(&token, ADD, body).await);
    assert_eq!(add(json!({"tid": "7", "kidList": [1, 2]})).await, 200_014);
    assert_eq!(add(json!({"tid": "1001", "kidList": [1]})).await, 200_020);
    assert_eq!(add(json!({"tid": "1001", "kidList": [1, 9]})).await, 200_020);
    assert_eq!(add(json!({"tid": "1001", "kidList": [1, 2], "sceneDesc": "字".repeat(16)})).await, 200_021);
    let id = template(&stage, &token, "1001", json!([2, 1])).await;
    let list = stage.get(&format!("/wxaapi/newtmpl/gettemplate?access_token={token}")).await;
    assert_eq!(
        list["data"][0]["content"], "开始时间：{{time2.DATA}}\n活动名称：{{thing1.DATA}}\n",
        "in the order chosen"
    );
    let delete =
        async |id: &str| code(&stage.call(&token, "/wxaapi/newtmpl/deltemplate", json!({"priTmplId": id})).await);
    assert_eq!((delete(&id).await, delete(&id).await), (0, 40037));
    for _ in 0..25 {
        assert_eq!(add(json!({"tid": 1001, "kidList": [1, 2]})).await, 0);
    }
    assert_eq!(add(json!({"tid": 1001, "kidList": [1, 2]})).await, 200_012);
}

#[tokio::test]
async fn one_consent_is_one_notice() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let (account, token) = bound(&stage, &hub).await;
    let id = template(&stage, &token, "1001", json!([1, 2])).await;
    let openid = stage.openid(&account, 1);
    let send = async || stage.call(&token, SEND, event(&openid, &id)).await;
    assert_eq!(code(&send().await), 43101, "nothing was agreed to");
    for _ in 0..2 {
        stage.sandbox.choose_notices(&account.appid, "1", &[yes(&id)], 2).expect("chosen").outcome().await;
    }
    let popup = hub.wait_for(2).await.remove(0);
    assert_eq!(popup.field("Event"), "subscribe_msg_popup_event");
    assert!(popup.body.contains(&format!(
        "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[{id}]]></TemplateId><SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString><PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent>"
    )), "{}", popup.body);
    let first = send().await;
    assert_eq!(code(&first), 0);
    let told = hub.wait_for(3).await.pop().expect("the event");
    assert_eq!(
        (told.field("Event"), told.field("FromUserName")),
        ("subscribe_msg_sent_event".to_owned(), openid.clone())
    );
    assert!(
        told.body.contains(&format!(
            "<MsgID>{}</MsgID><ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus>",
            first["msgid"]
        )),
        "{}",
        told.body
    );
    assert_eq!((code(&send().await), code(&send().await)), (0, 43101));
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    let notices: Vec<_> = chat.iter().filter(|item| item.kind == "notice").collect();
    assert_eq!((notices.len(), notices[0].title.as_deref()), (2, Some("活动开始提醒")));
    let key_total = stage.sandbox.journal().1;
    let prefix = format!("{}:{openid}:", account.appid);
    let total = key_total.iter().find(|(key, _)| key.starts_with(&prefix)).expect("a key").1;
    assert_eq!((total.calls, total.executions), (4, 2));
}

#[tokio::test]
async fn no_is_told_and_gives_nothing_and_yes_can_be_taken_back() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let (account, token) = bound(&stage, &hub).await;
    let (once, long) =
        (template(&stage, &token, "1001", json!([1, 2])).await, template(&stage, &token, "1004", json!([1, 2])).await);
    let openid = stage.openid(&account, 2);
    let choices = [Choice { template_id: once.clone(), accept: false }, yes(&long)];
    stage.sandbox.choose_notices(&account.appid, "2", &choices, 1).expect("chosen").outcome().await;
    let popup = hub.wait_for(1).await.remove(0);
    assert_eq!(popup.body.matches("<List>").count(), 2);
    assert_eq!(code(&stage.call(&token, SEND, event(&openid, &once)).await), 43101);
    // Long-term consents are not used up.
    let book = json!({"touser": openid, "template_id": long, "data": {"thing1": {"value": "江城"}, "character_string2": {"value": "A1027"}}});
    for _ in 0..3 {
        assert_eq!(code(&stage.call(&token, SEND, book.clone()).await), 0);
    }
    hub.wait_for(4).await;
    stage.sandbox.refuse_notices(&account.appid, "2", &long).expect("taken back").outcome().await;
    let change = hub.wait_for(5).await.pop().expect("the event");
    assert_eq!(change.field("Event"), "subscribe_msg_change_event");
    assert!(
        change.body.contains("<SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString></List>"),
        "{}",
        change.body
    );
    assert_eq!(code(&stage.call(&token, SEND, book).await), 43101);
    assert!(stage.sandbox.refuse_notices(&account.appid, "2", &long).is_err(), "there is nothing to take back");
}

#[tokio::test]
async fn notices_are_checked_and_may_fail() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let (account, token) = bound(&stage, &hub).await;
    let id = template(&stage, &token, "1001", json!([1, 2])).await;
    let openid = stage.openid(&account, 1);
    let path = format!("/accounts/{}/fans/1", account.appid);
    let choices = json!({"choices": [{"template_id": id, "accept": true}], "scene": 1});
    assert_eq!(stage.control("POST", &format!("{path}/choose-notices?wait=true"), choices).await.0, 200);
    let (_, notices) = stage.control("GET", &format!("{path}/notices"), Value::Null).await;
    assert_eq!(notices["items"][0]["consent"], json!({"left": 1, "lasting": false}));
    let send = async |body: Value| code(&stage.call(&token, SEND, body).await);
    let mut bad = event(&openid, &id);
    bad["page"] = "pages/index".into();
    assert_eq!(send(bad).await, 41030);
    let mut bad = event(&openid, &id);
    bad["data"]["time2"]["value"] = "很快".into();
    assert_eq!(send(bad).await, 47003);
    assert_eq!(send(event(&openid, &"x".repeat(43))).await, 40037);
    assert_eq!(stage.control("POST", &format!("{path}/failing"), json!({"on": true})).await.0, 204);
    assert_eq!(send(event(&openid, &id)).await, 0);
    let told = hub.wait_for(2).await.pop().expect("the event");
    assert!(
        told.body.contains("<ErrorCode>-1</ErrorCode><ErrorStatus><![CDATA[system failed]]></ErrorStatus>"),
        "{}",
        told.body
    );
}

#[tokio::test]
async fn one_message_for_one_agreement_even_to_strangers() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 1);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 50);
    let (_, templates) = stage.control("GET", &format!("/accounts/{}/templates", account.appid), Value::Null).await;
    let body = json!({"touser": openid, "template_id": templates["once_template_id"], "scene": "1000", "title": "到货了",
        "url": "https://example.com/", "data": {"content": {"value": "您要的书到了", "color": "#333333"}}});
    let send = async |body: Value| code(&stage.call(&token, "/cgi-bin/message/template/subscribe", body).await);
    assert_eq!(send(body.clone()).await, 43101);
    stage.sandbox.agree_once(&account.appid, "50", 1000).expect("agreed");
    let mut long = body.clone();
    long["title"] = "字".repeat(16).into();
    assert_eq!(send(long).await, 47003);
    let mut elsewhere = body.clone();
    elsewhere["scene"] = "1001".into();
    assert_eq!(send(elsewhere).await, 43101);
    assert_eq!((send(body.clone()).await, send(body).await), (0, 43101));
    let chat = stage.sandbox.chat(&account.appid, "50").expect("a chat");
    assert_eq!((chat.len(), chat[0].kind.as_str(), chat[0].title.as_deref()), (1, "notice", Some("到货了")));
}

#[tokio::test]
async fn the_page_that_asks_leads_back_with_the_answer() {
    let (stage, hub) = (Stage::new().await, Hub::new().await);
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let (_, templates) = stage.control("GET", &format!("/accounts/{}/templates", account.appid), Value::Null).await;
    let template = templates["once_template_id"].as_str().expect("an id").to_owned();
    let http =
        reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let url = |scene: &str| {
        let back = format!("{}/back?a=1", hub.base);
        let query = [
            ("action", "get_confirm"),
            ("appid", &account.appid),
            ("scene", scene),
            ("template_id", &template),
            ("redirect_url", &back),
            ("reserved", "r1"),
        ];
        reqwest::Url::parse_with_params(&format!("{}/mp/subscribemsg", stage.base), query).expect("an address")
    };
    let page = http.get(url("7")).send().await.expect("sent");
    assert_eq!(page.status(), 400, "only in WeChat");
    let page = http
        .get(url("7"))
        .header("cookie", "sandbox_person=2")
        .send()
        .await
        .expect("sent")
        .text()
        .await
        .expect("a page");
    assert!(page.contains("申请给你发送一次消息"), "{page}");
    assert_eq!(http.get(url("10001")).header("cookie", "sandbox_person=2").send().await.expect("sent").status(), 400);
    let openid = stage.openid(&account, 2);
    let message = json!({"touser": openid, "template_id": template, "scene": "7", "title": "到货了",
        "data": {"content": {"value": "您要的书到了"}}});
    let send = async || code(&stage.call(&token, "/cgi-bin/message/template/subscribe", message.clone()).await);
    for (action, sent) in [("cancel", 43101), ("confirm", 0)] {
        let answer = http
            .post(url("7"))
            .header("cookie", "sandbox_person=2")
            .form(&[("action", action)])
            .send()
            .await
            .expect("sent");
        let to = answer.headers()["location"].to_str().expect("text").to_owned();
        let tail = format!("/back?a=1&openid={openid}&template_id={template}&action={action}&scene=7&reserved=r1");
        assert!(to.ends_with(&tail), "{to}");
        assert_eq!(send().await, sent);
    }
}

#[tokio::test]
async fn templates_and_consents_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { data: Some(folder.path().to_owned()), seed: 7, phone_files: false };
    let stage = Stage::open(options.clone()).await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let id = template(&stage, &token, "1001", json!([1, 2])).await;
    let kept = json!({"template_id_short": "42984", "keyword_name_list": ["商品名称"]});
    let message = stage.call(&token, "/cgi-bin/template/api_add_template", kept).await["template_id"].clone();
    let openid = stage.openid(&account, 1);
    let mug =
        json!({"touser": openid, "template_id": message, "client_msg_id": "m1", "data": {"thing2": {"value": "杯"}}});
    let first = stage.call(&token, "/cgi-bin/message/template/send", mug.clone()).await;
    stage.sandbox.choose_notices(&account.appid, "1", &[yes(&id)], 1).expect("chosen").outcome().await;
    stage.sandbox.flush().await;
    drop(stage);
    let again = Stage::open(options).await;
    let repeated = again.call(&token, "/cgi-bin/message/template/send", mug).await;
    assert_eq!(repeated["msgid"], first["msgid"], "still the same message");
    assert_eq!(code(&again.call(&token, SEND, event(&openid, &id)).await), 0);
    assert_eq!(code(&again.call(&token, SEND, event(&openid, &id)).await), 43101);
}
