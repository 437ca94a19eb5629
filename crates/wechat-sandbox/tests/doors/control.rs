//! The control API: what the phone and the tests drive the sandbox with.

use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, Options, Sandbox};

use crate::stage::{Hub, Stage, text_reply};

/// Every operation of the contract.
const OPERATIONS: [(&str, &str); 38] = [
    ("get", "/state"),
    ("post", "/clock"),
    ("patch", "/push"),
    ("post", "/accounts"),
    ("get", "/accounts/{appid}"),
    ("patch", "/accounts/{appid}"),
    ("post", "/accounts/{appid}/unauthorize"),
    ("post", "/accounts/{appid}/authorize"),
    ("get", "/accounts/{appid}/fans"),
    ("post", "/accounts/{appid}/fans"),
    ("get", "/accounts/{appid}/fans/{openid}"),
    ("get", "/accounts/{appid}/fans/{openid}/chat"),
    ("post", "/accounts/{appid}/fans/{openid}/say"),
    ("post", "/accounts/{appid}/fans/{openid}/send"),
    ("post", "/accounts/{appid}/fans/{openid}/follow"),
    ("post", "/accounts/{appid}/fans/{openid}/unfollow"),
    ("post", "/accounts/{appid}/fans/{openid}/scan"),
    ("post", "/accounts/{appid}/fans/{openid}/tap"),
    ("post", "/accounts/{appid}/fans/{openid}/mute"),
    ("post", "/accounts/{appid}/fans/{openid}/read"),
    ("get", "/people"),
    ("get", "/people/{n}"),
    ("get", "/qrcodes"),
    ("get", "/faults"),
    ("post", "/faults"),
    ("delete", "/faults"),
    ("delete", "/faults/{id}"),
    ("get", "/journal"),
    ("delete", "/journal"),
    ("get", "/pushes"),
    ("patch", "/component"),
    ("post", "/component/push_ticket"),
    ("get", "/authorizations/{pre_auth_code}"),
    ("post", "/authorizations/{pre_auth_code}/confirm"),
    ("post", "/release-test"),
    ("get", "/accounts/{appid}/articles"),
    ("post", "/accounts/{appid}/news"),
    ("post", "/people/{n}/article"),
];

#[tokio::test]
async fn the_description_names_every_operation_once() {
    let stage = Stage::new().await;
    let (_, document) = stage.control("GET", "/openapi.json", Value::Null).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut ids = std::collections::HashSet::new();
    for (method, path) in OPERATIONS {
        let operation = &document["paths"][format!("/sandbox/api{path}")][method];
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} is not described"));
        assert!(ids.insert(id.to_owned()), "{id} twice");
    }
}

#[tokio::test]
async fn mistakes_are_answered_in_a_sentence() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 1);
    let path = format!("/accounts/{}", account.appid);
    for (body, status) in [
        (json!({"verify_type": 9}), 400),
        (json!({"encoding_aes_key": "short"}), 400),
        (json!({"token": "!"}), 400),
        (json!({"mode": "loud"}), 400),
    ] {
        let (answered, answer) = stage.control("PATCH", &path, body).await;
        assert_eq!(answered, status);
        assert!(answer["error"].as_str().is_some_and(|error| error.len() > 5), "{answer}");
    }
    assert_eq!(stage.control("PATCH", "/accounts/wx0", json!({})).await.0, 404);
    assert_eq!(stage.control("POST", &format!("{path}/fans/50/say"), json!({"text": "hi"})).await.0, 409);
    assert_eq!(stage.control("POST", &format!("{path}/fans/oNobody/say"), json!({"text": "hi"})).await.0, 404);
    let bare = stage.http.post(format!("{}/sandbox/api{path}/fans/50/follow", stage.base)).send().await.expect("sent");
    assert_eq!(bare.status(), 202);
    assert_eq!(stage.control("PATCH", "/component", json!({"message_url_template": "http://h/wx"})).await.0, 400);
}

#[tokio::test]
async fn a_person_sees_their_chats_and_reads_them() {
    let stage = Stage::new().await;
    let hub = Hub::answering(|push| text_reply(push, "欢迎").into()).await;
    stage.account(AccountKind::Subscription, 0);
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let path = format!("/accounts/{}/fans/2", account.appid);
    let (status, done) = stage.control("POST", &format!("{path}/say?wait=true"), json!({"text": "喂"})).await;
    assert_eq!((status, &done["outcome"], &done["answer"]["text"]), (200, &json!("answered"), &json!("欢迎")));
    let (_, person) = stage.control("GET", "/people/2", Value::Null).await;
    let chat = &person["chats"][0];
    assert_eq!(
        (&chat["appid"], &chat["unread"], &chat["last"]["text"]),
        (&json!(account.appid), &json!(1), &json!("欢迎"))
    );
    assert_eq!(person["chats"][1]["following"], false);
    assert_eq!(stage.control("POST", &format!("{path}/read"), json!({})).await.0, 204);
    let (_, chat) = stage.control("GET", &format!("{path}/chat"), Value::Null).await;
    assert_eq!((&chat["unread"], &chat["following"], &chat["menu"]), (&json!(0), &json!(true), &Value::Null));
    let ids: Vec<u64> =
        chat["items"].as_array().expect("lines").iter().filter_map(|item| item["id"].as_u64()).collect();
    let (_, later) = stage.control("GET", &format!("{path}/chat?after={}", ids[0]), Value::Null).await;
    assert_eq!(later["items"].as_array().expect("lines").len(), 1);
    let (_, earlier) = stage.control("GET", &format!("{path}/chat?before={}", ids[1]), Value::Null).await;
    assert_eq!(earlier["items"][0]["id"], ids[0]);
}

#[tokio::test]
async fn people_and_fans_are_found_by_name_number_and_openid() {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 300);
    let (_, all) = stage.control("GET", "/people?limit=2", Value::Null).await;
    assert_eq!((all["items"].as_array().expect("people").len(), &all["total"]), (2, &json!(400)));
    let openid = stage.openid(&account, 123);
    let (_, found) =
        stage.control("GET", &format!("/accounts/{}/fans?query={openid}", account.appid), Value::Null).await;
    assert_eq!((&found["total"], &found["items"][0]["person"]), (&json!(1), &json!(123)));
    let many = stage.account(AccountKind::Service, 100_000);
    let far = stage.openid(&many, 99_999);
    let (_, last) = stage.control("GET", &format!("/accounts/{}/fans?query={far}", many.appid), Value::Null).await;
    assert_eq!(last["items"][0]["person"], 99_999);
    let name = found["items"][0]["name"].as_str().expect("a name");
    let url = format!("{}/sandbox/api/people", stage.base);
    let found: Value =
        stage.http.get(url).query(&[("query", name)]).send().await.expect("sent").json().await.expect("JSON");
    assert!(found["items"].as_array().expect("people").iter().any(|person| person["person"] == 123));
}

#[tokio::test]
async fn the_stream_tells_what_happens_and_ends_with_the_server() {
    let sandbox = Sandbox::open(Options::default()).await.expect("opened");
    let account = sandbox.create_account(Default::default()).expect("made");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = sandbox.clone();
    let server = tokio::spawn(async move { served.serve(listener, async { stopped.await.unwrap_or(()) }).await });
    let response = reqwest::get(format!("{base}/sandbox/api/stream")).await.expect("opened");
    let mut stream = response.bytes_stream();
    sandbox.advance(1);
    sandbox.follow(&account.appid, "3", None).expect("followed");
    let mut heard = String::new();
    while !heard.contains("event: chat") {
        let chunk = tokio::time::timeout(Duration::from_secs(5), stream.next()).await.expect("in time");
        heard.push_str(std::str::from_utf8(&chunk.expect("open").expect("whole")).expect("text"));
    }
    assert!(heard.contains("event: clock") && heard.contains("\"event\":\"subscribe\""), "{heard}");
    stop.send(()).expect("running");
    let ended = tokio::time::timeout(Duration::from_secs(5), server).await.expect("it stops").expect("no panic");
    assert!(ended.is_ok());
}
