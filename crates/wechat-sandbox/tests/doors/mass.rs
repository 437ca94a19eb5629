//! Broadcasts: what is taken, what is refused, and what is the same one again.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, AccountView, FaultKind, MassPatch, MassState, NewFault, What, Where};

use crate::stage::{Stage, code};

pub const SEND_ALL: &str = "/cgi-bin/message/mass/sendall";
pub const SEND: &str = "/cgi-bin/message/mass/send";
pub const GET: &str = "/cgi-bin/message/mass/get";
const PREVIEW: &str = "/cgi-bin/message/mass/preview";
pub const DELETE: &str = "/cgi-bin/message/mass/delete";
const DAY: u32 = 24 * 3600;

pub fn to_all(text: &str) -> Value {
    json!({"filter": {"is_to_all": true}, "msgtype": "text", "text": {"content": text}})
}

pub fn named(mut body: Value, clientmsgid: &str) -> Value {
    body["clientmsgid"] = clientmsgid.into();
    body
}

pub fn settings(mass: MassPatch) -> AccountPatch {
    AccountPatch { mass: Some(mass), ..AccountPatch::default() }
}

pub fn status(stage: &Stage, account: &AccountView, msg_id: &Value) -> MassState {
    let jobs = stage.sandbox.broadcasts(&account.appid).expect("an account");
    jobs.iter().find(|job| json!(job.msg_id) == *msg_id).expect("the job").state
}

/// Waits until the job is over, which the clock has been moved past.
pub async fn over(stage: &Stage, account: &AccountView, msg_id: &Value) -> wechat_sandbox::MassView {
    for _ in 0..1000 {
        let jobs = stage.sandbox.broadcasts(&account.appid).expect("an account");
        let job = jobs.into_iter().find(|job| json!(job.msg_id) == *msg_id).expect("the job");
        if job.ended_ms.is_some() {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the broadcast does not end")
}

#[tokio::test]
async fn a_broadcast_is_submitted_sent_and_in_every_chat() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let sent = stage.call(&token, SEND_ALL, to_all("大家好")).await;
    assert_eq!((code(&sent), &sent["errmsg"]), (0, &json!("send job submission success")));
    assert_eq!(sent.get("msg_data_id"), None, "only articles have one");
    let asked = stage.call(&token, GET, json!({"msg_id": sent["msg_id"].to_string()})).await;
    assert_eq!(asked, json!({"msg_id": sent["msg_id"], "msg_status": "SENDING"}));
    assert!(stage.sandbox.chat(&account.appid, "3").expect("a chat").is_empty(), "not there yet");
    stage.sandbox.advance(10);
    let job = over(&stage, &account, &sent["msg_id"]).await;
    assert_eq!((job.counts.total, job.counts.filter, job.counts.sent, job.counts.error), (5, 5, 5, 0));
    let asked = stage.call(&token, GET, json!({"msg_id": sent["msg_id"]})).await;
    assert_eq!(asked["msg_status"], "SEND_SUCCESS");
    for person in 0..5 {
        let chat = stage.sandbox.chat(&account.appid, &person.to_string()).expect("a chat");
        assert_eq!(chat.iter().filter_map(|item| item.text.as_deref()).collect::<Vec<_>>(), ["大家好"]);
        assert_eq!(stage.sandbox.fan(&account.appid, &person.to_string()).expect("a fan").unread, 1);
    }
    // Who comes later did not get it.
    stage.sandbox.follow(&account.appid, "7", None).expect("followed");
    let chat = stage.sandbox.chat(&account.appid, "7").expect("a chat");
    assert!(chat.iter().all(|item| item.text.is_none()));
    assert_eq!(code(&stage.call(&token, GET, json!({"msg_id": 1})).await), 40059);
}

#[tokio::test]
async fn a_broadcast_stands_between_what_was_said_before_and_after_and_is_read() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    stage.sandbox.say(&account.appid, "1", "早").expect("said").outcome().await;
    let sent = stage.call(&token, SEND_ALL, to_all("群发")).await;
    stage.sandbox.advance(10);
    over(&stage, &account, &sent["msg_id"]).await;
    stage.sandbox.say(&account.appid, "1", "晚").expect("said").outcome().await;
    let texts =
        |items: &[Value]| items.iter().map(|item| item["text"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>();
    let path = format!("/accounts/{}/fans/1", account.appid);
    let (_, chat) = stage.control("GET", &format!("{path}/chat"), Value::Null).await;
    let items = chat["items"].as_array().expect("items");
    assert_eq!((texts(items), &chat["unread"]), (vec!["早".to_owned(), "群发".to_owned(), "晚".to_owned()], &json!(1)));
    let after = format!("{path}/chat?after={}", items[0]["id"]);
    let (_, later) = stage.control("GET", &after, Value::Null).await;
    assert_eq!(later["items"].as_array().expect("items").len(), 2);
    let (_, person) = stage.control("GET", "/people/2", Value::Null).await;
    assert_eq!((&person["chats"][0]["last"]["text"], &person["chats"][0]["unread"]), (&json!("群发"), &json!(1)));
    for person in ["1", "2"] {
        stage.control("POST", &format!("/accounts/{}/fans/{person}/read", account.appid), json!({})).await;
        assert_eq!(stage.sandbox.fan(&account.appid, person).expect("a fan").unread, 0);
    }
}

#[tokio::test]
async fn the_same_clientmsgid_is_the_same_broadcast_for_a_day() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let body = named(to_all("一次"), "campaign-7");
    let sent = stage.call(&token, SEND_ALL, body.clone()).await;
    let again = stage.call(&token, SEND_ALL, body.clone()).await;
    assert_eq!((code(&again), again.get("msg_id")), (45066, None), "within a minute");
    stage.sandbox.advance(61);
    // Whatever else it says.
    let again = stage.call(&token, SEND_ALL, named(to_all("两次"), "campaign-7")).await;
    assert_eq!((code(&again), &again["msg_id"]), (45065, &sent["msg_id"]));
    let key = format!("{}:mass:campaign-7", account.appid);
    let total = stage.sandbox.total(&key);
    assert_eq!((total.calls, total.executions), (3, 1), "executed once");
    stage.sandbox.advance(DAY);
    let token = stage.token(&account).await;
    let later = stage.call(&token, SEND_ALL, body).await;
    assert_eq!(code(&later), 0);
    assert_ne!(later["msg_id"], sent["msg_id"]);
}

#[tokio::test]
async fn without_one_audience_and_content_are_the_clientmsgid() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let sent = stage.call(&token, SEND_ALL, to_all("同一件事")).await;
    stage.sandbox.advance(61);
    let again = stage.call(&token, SEND_ALL, to_all("同一件事")).await;
    assert_eq!((code(&again), &again["msg_id"]), (45065, &sent["msg_id"]));
    assert_eq!(code(&stage.call(&token, SEND_ALL, to_all("另一件事")).await), 0);
    let two = json!({"touser": [stage.openid(&account, 1), stage.openid(&account, 2)], "msgtype": "text", "text": {"content": "同一件事"}});
    assert_eq!(code(&stage.call(&token, SEND, two).await), 0, "another audience");
}

#[tokio::test]
async fn a_clientmsgid_has_64_bytes_or_32_where_that_is_so() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let send = async |id: String| code(&stage.call(&token, SEND_ALL, named(to_all("长"), &id)).await);
    assert_eq!(send("x".repeat(65)).await, 45067);
    assert_eq!(send("x".repeat(64)).await, 0);
    let patch = settings(MassPatch { clientmsgid_bytes: Some(32), ..MassPatch::default() });
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    assert_eq!(send("y".repeat(33)).await, 45067);
    assert_eq!(send("y".repeat(32)).await, 0);
}

#[tokio::test]
async fn a_lost_answer_is_found_again_under_its_clientmsgid() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let place = Where { path: Some(SEND_ALL.to_owned()), appid: None };
    let what = What { kind: FaultKind::DropAfter, ms: None, errcode: None, status: None, executed: None };
    stage.sandbox.set_fault(NewFault { place, what, after: 0, times: Some(1), probability: None });
    let url = format!("{}{SEND_ALL}?access_token={token}", stage.base);
    let body = named(to_all("丢了回答"), "lost-1");
    assert!(stage.http.post(&url).body(body.to_string()).send().await.is_err(), "no answer comes");
    stage.sandbox.advance(61);
    let again = stage.call(&token, SEND_ALL, body).await;
    assert_eq!(code(&again), 45065);
    assert_eq!(over(&stage, &account, &again["msg_id"]).await.counts.sent, 5);
    assert_eq!(stage.sandbox.total(&format!("{}:mass:lost-1", account.appid)).executions, 1);
}

#[tokio::test]
async fn a_first_call_may_be_told_that_it_was_there_before_and_runs_all_the_same() {
    let stage = Stage::new().await;
    let patch = settings(MassPatch { next_answer: Some(45065), ..MassPatch::default() });
    let account = stage.account_with(AccountKind::Service, 5, patch);
    let token = stage.token(&account).await;
    let sent = stage.call(&token, SEND_ALL, named(to_all("大"), "big-1")).await;
    assert_eq!(code(&sent), 45065);
    stage.sandbox.advance(10);
    assert_eq!(over(&stage, &account, &sent["msg_id"]).await.counts.sent, 5);
    assert_eq!(stage.sandbox.total(&format!("{}:mass:big-1", account.appid)).executions, 1);
}

#[tokio::test]
async fn a_list_has_two_to_ten_thousand_of_the_accounts_own_openids() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 10_001);
    let other = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let send = async |list: Value| {
        code(&stage.call(&token, SEND, json!({"touser": list, "msgtype": "text", "text": {"content": "名单"}})).await)
    };
    let (one, two) = (stage.openid(&account, 1), stage.openid(&account, 2));
    assert_eq!(send(json!([])).await, 40031);
    assert_eq!(send(json!([one])).await, 40130);
    assert_eq!(send(json!([one, one])).await, 40130, "the same one twice is one");
    assert_eq!(send(json!(one)).await, 40130);
    assert_eq!(send(json!([one, stage.openid(&other, 1)])).await, 40003);
    assert_eq!(send(json!([one, "oNOBODY"])).await, 40003);
    let all: Vec<String> = (0..10_001).map(|person| stage.openid(&account, person)).collect();
    assert_eq!(send(json!(all)).await, 40032);
    assert_eq!(send(json!([one, two])).await, 0);
    assert_eq!(send(json!(all[..10_000])).await, 0);
    // Subscription accounts have no such call.
    let subscription = stage.account(AccountKind::Subscription, 3);
    let token = stage.token(&subscription).await;
    let list = json!([stage.openid(&subscription, 1), stage.openid(&subscription, 2)]);
    let body = json!({"touser": list, "msgtype": "text", "text": {"content": "名单"}});
    assert_eq!(code(&stage.call(&token, SEND, body).await), 48001);
}

#[tokio::test]
async fn audiences_and_contents_are_checked() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 5);
    let token = stage.token(&account).await;
    let send = async |body: Value| code(&stage.call(&token, SEND_ALL, body).await);
    let all = json!({"is_to_all": true});
    assert_eq!(send(json!({"msgtype": "text", "text": {"content": "谁"}})).await, 40035);
    assert_eq!(
        send(json!({"filter": {"is_to_all": false}, "msgtype": "text", "text": {"content": "谁"}})).await,
        40035
    );
    let unknown = json!({"filter": {"is_to_all": false, "tag_id": 999}, "msgtype": "text", "text": {"content": "谁"}});
    assert_eq!(send(unknown).await, 45159);
    assert_eq!(send(json!({"filter": all, "msgtype": "smoke"})).await, 40008);
    assert_eq!(send(json!({"filter": all, "msgtype": "text", "text": {"content": ""}})).await, 44004);
    assert_eq!(send(to_all(&"字".repeat(683))).await, 45002);
    assert_eq!(send(json!({"filter": all, "msgtype": "mpnews", "mpnews": {"media_id": "none"}})).await, 40007);
    let picture = stage.picture(&token).await;
    assert_eq!(send(json!({"filter": all, "msgtype": "voice", "voice": {"media_id": picture}})).await, -1);
    assert_eq!(send(json!({"filter": all, "msgtype": "mpvideo", "mpvideo": {"media_id": picture}})).await, 45161);
    assert_eq!(send(json!({"filter": all, "msgtype": "image", "images": {"media_ids": []}})).await, 40035);
    assert_eq!(
        send(json!({"filter": all, "msgtype": "image", "images": {"media_ids": [picture, "none"]}})).await,
        40007
    );
    assert_eq!(send(json!({"filter": all, "msgtype": "image", "images": {"media_ids": [picture]}})).await, 0);
    assert_eq!(
        send(json!({"filter": all, "msgtype": "image", "image": {"media_id": picture}})).await,
        0,
        "the old spelling"
    );
    let patch = settings(MassPatch { protocol_agreed: Some(false), ..MassPatch::default() });
    stage.sandbox.change_account(&account.appid, patch, false).await.expect("changed");
    assert_eq!(send(to_all("没签协议")).await, 48003);
}

#[tokio::test]
async fn pictures_and_films_are_in_the_chat_as_they_were_sent() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 2);
    let token = stage.token(&account).await;
    let (a, b) = (stage.picture(&token).await, stage.picture(&token).await);
    let images = json!({"media_ids": [a, b], "recommend": "值得一看"});
    let body = json!({"filter": {"is_to_all": true}, "msgtype": "image", "images": images});
    let pictures = stage.call(&token, SEND_ALL, body).await;
    let film = stage.upload(&token, "video", "a.mp4", "video/mp4", b"\0\0\0\x18ftypisom\0\0\0\0".to_vec()).await;
    let make = json!({"media_id": film, "title": "海边", "description": "一分钟"});
    let made = stage.call(&token, "/cgi-bin/media/uploadvideo", make).await;
    assert_eq!(made["type"], "video");
    let wrong = json!({"filter": {"is_to_all": true}, "msgtype": "mpvideo", "mpvideo": {"media_id": film}});
    assert_eq!(code(&stage.call(&token, SEND_ALL, wrong).await), 45161, "the film itself is not enough");
    let body = json!({"filter": {"is_to_all": true}, "msgtype": "mpvideo", "mpvideo": {"media_id": made["media_id"]}});
    let video = stage.call(&token, SEND_ALL, body).await;
    stage.sandbox.advance(10);
    over(&stage, &account, &pictures["msg_id"]).await;
    over(&stage, &account, &video["msg_id"]).await;
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    let of = |kind: &str| chat.iter().find(|item| item.kind == kind).unwrap_or_else(|| panic!("no {kind}"));
    assert_eq!(of("pictures").pictures.as_ref().map(Vec::len), Some(2));
    assert_eq!(of("pictures").text.as_deref(), Some("值得一看"));
    assert_eq!((of("video").title.as_deref(), of("video").description.as_deref()), (Some("海边"), Some("一分钟")));
}

#[tokio::test]
async fn a_preview_goes_to_one_fan_at_once() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Subscription, 3);
    let token = stage.token(&account).await;
    let text = json!({"content": "预览"});
    let body = json!({"touser": stage.openid(&account, 1), "msgtype": "text", "text": text});
    let shown = stage.call(&token, PREVIEW, body).await;
    assert_eq!((code(&shown), &shown["errmsg"]), (0, &json!("preview success")));
    let name = json!({"touser": stage.openid(&account, 1), "towxname": "wxid_2", "msgtype": "text", "text": text});
    assert_eq!(code(&stage.call(&token, PREVIEW, name).await), 0);
    let lines = |person: &str| stage.sandbox.chat(&account.appid, person).expect("a chat").len();
    assert_eq!((lines("0"), lines("1"), lines("2")), (0, 1, 1), "the WeChat id wins");
    let nobody = json!({"towxname": "nobody", "msgtype": "text", "text": text});
    assert_eq!(code(&stage.call(&token, PREVIEW, nobody).await), 40132);
    stage.sandbox.unfollow(&account.appid, "1").expect("left").outcome().await;
    let left = json!({"touser": stage.openid(&account, 1), "msgtype": "text", "text": text});
    assert_eq!(code(&stage.call(&token, PREVIEW, left).await), 43004);
    // It is not the day's broadcast.
    assert_eq!(code(&stage.call(&token, SEND_ALL, to_all("真的")).await), 0);
}

#[tokio::test]
async fn speed_is_set_and_read() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let token = stage.token(&account).await;
    let (get, set) = ("/cgi-bin/message/mass/speed/get", "/cgi-bin/message/mass/speed/set");
    assert_eq!(stage.call(&token, get, json!({})).await, json!({"speed": 0, "realspeed": 80}));
    assert_eq!(code(&stage.call(&token, set, json!({"speed": 3})).await), 0);
    assert_eq!(stage.call(&token, get, json!({})).await, json!({"speed": 3, "realspeed": 30}));
    assert_eq!(code(&stage.call(&token, set, json!({"speed": 5})).await), 45083);
    assert_eq!(code(&stage.call(&token, set, json!({})).await), 45084);
}

#[tokio::test]
async fn sixty_calls_a_minute_together_and_a_hundred_broadcasts_a_day() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let tag = stage.call(&token, "/cgi-bin/tags/create", json!({"tag": {"name": "a"}})).await["tag"]["id"].clone();
    // Begins with the minute, so that it does not turn in between.
    let now = stage.sandbox.advance(0);
    stage.sandbox.advance(u32::try_from(60 - now / 1000 % 60).expect("seconds"));
    let send = async |n: u32| {
        let text = json!({"content": format!("第{n}次")});
        let body = json!({"filter": {"is_to_all": false, "tag_id": tag}, "msgtype": "text", "text": text});
        code(&stage.call(&token, SEND_ALL, body).await)
    };
    for n in 0..60 {
        assert_eq!(send(n).await, 0);
    }
    assert_eq!(send(60).await, 45011);
    assert_eq!(code(&stage.call(&token, GET, json!({"msg_id": 1})).await), 45011, "whatever the call");
    stage.sandbox.advance(60);
    for n in 61..100 {
        assert_eq!(send(n).await, 0);
    }
    assert_eq!(send(100).await, 45009);
}

#[tokio::test]
async fn articles_are_cards_and_their_pages_can_be_taken_back() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let thumb = stage.upload(&token, "thumb", "a.jpg", "image/jpeg", vec![0xff, 0xd8, 0xff, 0xe0]).await;
    let article =
        |title: &str| json!({"title": title, "thumb_media_id": thumb, "content": "<p>文</p>", "digest": "摘要"});
    let news = json!({"articles": [article("头条"), article("次条")]});
    let news = stage.call(&token, "/cgi-bin/media/uploadnews", news).await["media_id"].clone();
    let body = |to: Value| json!({"filter": to, "msgtype": "mpnews", "mpnews": {"media_id": news}});
    let sent = stage.call(&token, SEND_ALL, body(json!({"is_to_all": true}))).await;
    assert!(sent["msg_data_id"].as_u64().is_some_and(|id| id > 2_147_483_647), "{sent}");
    let early = stage.call(&token, DELETE, json!({"msg_id": sent["msg_id"]})).await;
    assert_eq!(code(&early), 40059, "not while it is being sent");
    stage.sandbox.advance(10);
    over(&stage, &account, &sent["msg_id"]).await;
    let chat = stage.sandbox.chat(&account.appid, "1").expect("a chat");
    let cards = chat[0].articles.clone().expect("cards");
    assert_eq!(cards.iter().map(|card| card.title.as_str()).collect::<Vec<_>>(), ["头条", "次条"]);
    let tag = stage.call(&token, "/cgi-bin/tags/create", json!({"tag": {"name": "a"}})).await["tag"]["id"].clone();
    let twin = stage.call(&token, SEND_ALL, body(json!({"is_to_all": false, "tag_id": tag}))).await;
    stage.sandbox.advance(10);
    over(&stage, &account, &twin["msg_id"]).await;
    let delete = async |body: Value| code(&stage.call(&token, DELETE, body).await);
    assert_eq!(delete(json!({"msg_id": sent["msg_id"], "article_idx": 3})).await, 40060);
    assert_eq!(delete(json!({"msg_id": sent["msg_id"], "article_idx": 2})).await, 0);
    assert_eq!(status(&stage, &account, &sent["msg_id"]), MassState::Success, "one article is left");
    assert_eq!(delete(json!({"url": cards[0].url})).await, 0);
    // The same material is gone wherever it was sent.
    for id in [&sent["msg_id"], &twin["msg_id"]] {
        assert_eq!(stage.call(&token, GET, json!({"msg_id": id})).await["msg_status"], "DELETE");
    }
    let text = stage.call(&token, SEND_ALL, to_all("文字")).await;
    stage.sandbox.advance(10);
    over(&stage, &account, &text["msg_id"]).await;
    assert_eq!(delete(json!({"msg_id": text["msg_id"]})).await, 40059, "a text cannot be taken back");
    assert_eq!(stage.sandbox.chat(&account.appid, "1").expect("a chat").len(), 2, "cards stay in chats");
}
