//! A sandbox, something that calls it, and a hub that hears its pushes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, AccountView, NewAccount, Options, Sandbox};

pub struct Stage {
    pub sandbox: Sandbox,
    pub base: String,
    pub http: reqwest::Client,
}

/// Seconds.
const DAY: i64 = 24 * 3600;
/// Seconds that the day turns earlier there.
const SHANGHAI: i64 = 8 * 3600;

impl Stage {
    pub async fn new() -> Self {
        Self::open(Options { seed: 7, ..Options::default() }).await
    }

    pub async fn open(options: Options) -> Self {
        let sandbox = Sandbox::open(options).await.expect("opened");
        // A day that turns in the middle of a test gives back what was used of it.
        let left = DAY - (sandbox.advance(0) / 1000 + SHANGHAI).rem_euclid(DAY);
        if left < 3600 {
            sandbox.advance(left as u32);
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let served = sandbox.clone();
        tokio::spawn(async move { served.serve(listener, std::future::pending()).await });
        Self { sandbox, base, http: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    pub fn account(&self, kind: AccountKind, fans: u64) -> AccountView {
        self.account_with(kind, fans, AccountPatch::default())
    }

    pub fn account_with(&self, kind: AccountKind, fans: u64, settings: AccountPatch) -> AccountView {
        self.sandbox
            .create_account(NewAccount { kind, fans: Some(fans), settings, ..NewAccount::default() })
            .expect("made")
    }

    pub async fn get(&self, path: &str) -> Value {
        self.http.get(format!("{}{path}", self.base)).send().await.expect("sent").json().await.expect("JSON")
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.http
            .post(format!("{}{path}", self.base))
            .body(body.to_string())
            .send()
            .await
            .expect("sent")
            .json()
            .await
            .expect("JSON")
    }

    /// A call of the control API.
    pub async fn control(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = method.parse().expect("a method");
        let request = self.http.request(method, format!("{}/sandbox/api{path}", self.base));
        let response = request.json(&body).send().await.expect("sent");
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or(Value::Null))
    }

    pub async fn token(&self, account: &AccountView) -> String {
        let answer = self.get(&plain(account)).await;
        answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    pub async fn custom(&self, token: &str, openid: &str, text: &str) -> i64 {
        let body = json!({"touser": openid, "msgtype": "text", "text": {"content": text}});
        code(&self.post(&format!("/cgi-bin/message/custom/send?access_token={token}"), body).await)
    }

    /// A call with the account's token.
    pub async fn call(&self, token: &str, path: &str, body: Value) -> Value {
        self.post(&format!("{path}?access_token={token}"), body).await
    }

    /// Uploads a file as temporary media; says its id.
    pub async fn upload(&self, token: &str, kind: &str, name: &str, content_type: &str, bytes: Vec<u8>) -> String {
        let part =
            reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned()).mime_str(content_type).expect("mime");
        let form = reqwest::multipart::Form::new().part("media", part);
        let url = format!("{}/cgi-bin/media/upload?access_token={token}&type={kind}", self.base);
        let answer: Value = self.http.post(url).multipart(form).send().await.expect("sent").json().await.expect("JSON");
        let id = if kind == "thumb" { "thumb_media_id" } else { "media_id" };
        answer[id].as_str().unwrap_or_else(|| panic!("no media: {answer}")).to_owned()
    }

    pub async fn picture(&self, token: &str) -> String {
        self.upload(token, "image", "a.jpg", "image/jpeg", vec![0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]).await
    }

    pub fn openid(&self, account: &AccountView, person: u64) -> String {
        self.sandbox.fan(&account.appid, &person.to_string()).expect("a fan").openid
    }

    /// An account whose pushes go to the hub.
    pub async fn bound(&self, hub: &Hub, settings: AccountPatch) -> AccountView {
        let account = self.account_with(AccountKind::Service, 5, settings);
        let patch = AccountPatch { callback_url: Some(format!("{}/wx", hub.base)), ..AccountPatch::default() };
        self.sandbox.change_account(&account.appid, patch, false).await.expect("changed")
    }

    /// Makes the five seconds short.
    pub async fn hurry(&self) {
        let (status, _) =
            self.control("PATCH", "/push", json!({"timeout_ms": 200, "attempts": 3, "pause_ms": 0})).await;
        assert_eq!(status, 200);
    }
}

pub fn plain(account: &AccountView) -> String {
    format!("/cgi-bin/token?grant_type=client_credential&appid={}&secret={}", account.appid, account.appsecret)
}

/// 0 when there is none.
pub fn code(answer: &Value) -> i64 {
    answer["errcode"].as_i64().unwrap_or(0)
}

/// A push as it arrived.
#[derive(Clone, Debug)]
pub struct Push {
    pub path: String,
    pub query: HashMap<String, String>,
    pub body: String,
}

impl Push {
    /// The text of an element, CDATA or not.
    pub fn field(&self, name: &str) -> String {
        field(&self.body, name)
    }
}

pub fn field(xml: &str, name: &str) -> String {
    let fields = wechat::wire::parse(xml.as_bytes()).expect("a document");
    fields.text(name).unwrap_or_default().to_owned()
}

pub struct Answer {
    pub status: u16,
    pub body: String,
    pub after: Duration,
}

impl From<String> for Answer {
    fn from(body: String) -> Self {
        Answer { status: 200, body, after: Duration::ZERO }
    }
}

type Script = Box<dyn FnMut(&Push) -> Answer + Send>;

#[derive(Clone)]
struct Heard {
    pushes: Arc<Mutex<Vec<Push>>>,
    script: Arc<Mutex<Script>>,
}

pub struct Hub {
    pub base: String,
    heard: Heard,
}

impl Hub {
    /// A hub that answers `success`.
    pub async fn new() -> Self {
        Self::answering(|_| "success".to_owned().into()).await
    }

    pub async fn answering(script: impl FnMut(&Push) -> Answer + Send + 'static) -> Self {
        let heard = Heard { pushes: Arc::default(), script: Arc::new(Mutex::new(Box::new(script))) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let router = Router::new().fallback(hear).with_state(heard.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base: format!("http://{address}"), heard }
    }

    pub fn pushes(&self) -> Vec<Push> {
        self.heard.pushes.lock().expect("whole").clone()
    }

    /// Waits for so many pushes.
    pub async fn wait_for(&self, count: usize) -> Vec<Push> {
        let enough = async {
            while self.pushes().len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), enough).await.expect("the pushes come");
        self.pushes()
    }
}

async fn hear(
    State(heard): State<Heard>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<HashMap<String, String>>,
    body: Bytes,
) -> Response {
    if let Some(echo) = query.get("echostr") {
        return echo.clone().into_response();
    }
    let push = Push { path: uri.path().to_owned(), query, body: String::from_utf8_lossy(&body).into_owned() };
    heard.pushes.lock().expect("whole").push(push.clone());
    let answer = (heard.script.lock().expect("whole"))(&push);
    tokio::time::sleep(answer.after).await;
    (StatusCode::from_u16(answer.status).expect("a status"), answer.body).into_response()
}

/// A passive text reply in the clear.
pub fn text_reply(push: &Push, text: &str) -> String {
    format!(
        "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName><![CDATA[{}]]></FromUserName><CreateTime>1700000003</CreateTime>\
         <MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content></xml>",
        push.field("FromUserName"),
        push.field("ToUserName"),
    )
}
