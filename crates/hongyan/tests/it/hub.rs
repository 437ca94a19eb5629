//! The hub and a WeChat beside it, as tests use them: both over real HTTP on this machine.

use std::time::Duration;

use hongyan::{App, Config, Overrides, Running};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::Engine;
use testkit::{TestClock, TestDb, ascending_event_ids, databases, scrambled_ids};
use wechat_sandbox::Sandbox;

pub const EMAIL: &str = "owner@shop.example";
pub const PASSWORD: &str = "correct horse battery";

/// A running hub with two tenants, and a sandbox it is pointed at.
pub struct Hub {
    pub engine: Engine,
    pub clock: TestClock,
    pub sandbox: Sandbox,
    /// Where the sandbox listens.
    pub wechat: String,
    pub url: String,
    pub running: Running,
    pub http: reqwest::Client,
    /// The owner's key of tenant one.
    pub key: String,
    /// The owner's key of the second tenant.
    pub other: String,
    pub db: TestDb,
    /// What every node of this hub is given: ids of one source, as different nodes' ids are different.
    given: Overrides,
}

/// An account bound directly, as both sides know it.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The hub's id.
    pub id: String,
    pub app_id: String,
    pub original_id: String,
    pub token: String,
    pub aes_key: String,
    pub callback_url: String,
}

impl Hub {
    /// One hub on each kind of database there is here.
    pub async fn on_each_database() -> Vec<Hub> {
        let mut hubs = Vec::new();
        for db in databases().await {
            hubs.push(Self::on(db).await);
        }
        hubs
    }

    async fn on(db: TestDb) -> Hub {
        Self::with(db, |_| ()).await
    }

    /// One that is given something else than the others.
    pub async fn with(db: TestDb, change: impl FnOnce(&mut Overrides)) -> Hub {
        let clock = TestClock::default();
        let sandbox = Sandbox::open(wechat_sandbox::Options { data: None, seed: 7, phone_files: false })
            .await
            .expect("the sandbox opens");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let wechat = format!("http://{}", listener.local_addr().expect("an address"));
        let serving = sandbox.clone();
        tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });

        let mut given = overrides(&clock);
        change(&mut given);
        let running = App::start(config(&db, &wechat, &sandbox), given.clone()).await.expect("the hub starts");
        let url = format!("http://{}", running.addr());
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().expect("a client");
        let key = set_up(&http, &url).await;
        let other = second_tenant(&running, &http, &url).await;
        let hub = Hub { engine: db.engine, clock, sandbox, wechat, url, running, http, key, other, db, given };
        hub.point_component_here().await;
        hub
    }

    /// Another process on the same database and the same WeChat.
    pub async fn second_node(&self) -> Running {
        App::start(config(&self.db, &self.wechat, &self.sandbox), self.given.clone())
            .await
            .expect("a second node starts")
    }

    /// WeChat calls this node for the account from now on.
    pub async fn point_here(&self, account: &Bound) {
        let path = account.callback_url.split_once("/wx/").expect("a callback address").1;
        let settings = json!({ "callback_url": format!("{}/wx/{path}", self.url) });
        self.wechat(Method::PATCH, &format!("/accounts/{}", account.app_id), settings).await.expect(200);
    }

    async fn point_component_here(&self) {
        let body = json!({
            "event_url": format!("{}/wx/platform/events", self.url),
            "message_url_template": format!("{}/wx/platform/$APPID$/callback", self.url),
            "launch_host": self.url.trim_start_matches("http://"),
        });
        self.wechat(Method::PATCH, "/component", body).await.expect(200);
    }

    pub async fn get(&self, path: &str) -> Said {
        self.call(&self.key, Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Said {
        self.call(&self.key, Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Said {
        self.call(&self.key, Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Said {
        self.call(&self.key, Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Said {
        self.call(&self.key, Method::DELETE, path, None).await
    }

    /// A request with this key.
    pub async fn call(&self, key: &str, method: Method, path: &str, body: Option<Value>) -> Said {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.url)).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Said::of(request.send().await.expect("the hub answers")).await
    }

    /// A request to the sandbox's control API.
    pub async fn wechat(&self, method: Method, path: &str, body: Value) -> Said {
        let mut request = self.http.request(method.clone(), format!("{}/sandbox/api{path}", self.wechat));
        if method != Method::GET {
            request = request.json(&body);
        }
        Said::of(request.send().await.expect("the sandbox answers")).await
    }

    /// A new account at WeChat.
    pub async fn new_account(&self, kind: &str, verify_type: i64) -> Value {
        let name = format!("Harbour {kind} {verify_type}");
        self.wechat(Method::POST, "/accounts", json!({ "kind": kind, "verify_type": verify_type, "nick_name": name }))
            .await
            .expect(201)
    }

    /// A new verified service account, bound with AppID and secret in safe mode, its callback address entered at WeChat.
    pub async fn bind_direct(&self) -> Bound {
        self.bind_direct_as("service", 0, "safe").await
    }

    pub async fn bind_direct_as(&self, kind: &str, verify_type: i64, encryption: &str) -> Bound {
        let account = self.new_account(kind, verify_type).await;
        let text = |name: &str| account[name].as_str().unwrap_or_default().to_owned();
        let body = json!({
            "mode": "direct", "app_id": text("appid"), "app_secret": text("appsecret"), "token": text("token"),
            "encoding_aes_key": text("encoding_aes_key"), "encryption": encryption, "kind": kind, "verify_type": verify_type, "nick_name": text("nick_name"),
        });
        let made = self.post("/accounts", body).await.expect(201);
        let bound = Bound {
            id: made["id"].as_str().expect("an id").to_owned(),
            app_id: text("appid"),
            original_id: text("original_id"),
            token: text("token"),
            aes_key: text("encoding_aes_key"),
            callback_url: made["callback_url"].as_str().expect("a callback address").to_owned(),
        };
        let settings = json!({ "mode": encryption, "callback_url": bound.callback_url });
        self.wechat(Method::PATCH, &format!("/accounts/{}", bound.app_id), settings).await.expect(200);
        bound
    }

    /// Gives an account `count` more fans, and their openids.
    pub async fn fans(&self, account: &Bound, count: u64) -> Vec<String> {
        self.wechat(Method::POST, &format!("/accounts/{}/fans", account.app_id), json!({ "count": count }))
            .await
            .expect(200);
        self.openids(account).await
    }

    pub async fn openids(&self, account: &Bound) -> Vec<String> {
        let list = self
            .wechat(Method::GET, &format!("/accounts/{}/fans?limit=200", account.app_id), Value::Null)
            .await
            .expect(200);
        list["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|fan| fan["openid"].as_str().expect("an openid").to_owned())
            .collect()
    }

    /// A fan does something (`say`, `follow`, `scan` …); what came of the push.
    pub async fn fan(&self, account: &Bound, openid: &str, what: &str, body: Value) -> Value {
        self.wechat(Method::POST, &format!("/accounts/{}/fans/{openid}/{what}?wait=true", account.app_id), body)
            .await
            .expect(200)
    }

    /// A fan writes; the text that came back in the answer itself, if one did.
    pub async fn says(&self, account: &Bound, openid: &str, text: &str) -> Option<String> {
        let came = self.fan(account, openid, "say", json!({ "text": text })).await;
        came["answer"]["text"].as_str().map(str::to_owned)
    }

    /// The lines of a chat, oldest first, as `(from, kind, text)`.
    pub async fn chat(&self, account: &Bound, openid: &str) -> Vec<(String, String, String)> {
        let chat = self
            .wechat(Method::GET, &format!("/accounts/{}/fans/{openid}/chat?limit=200", account.app_id), Value::Null)
            .await
            .expect(200);
        let text = |item: &Value, name: &str| item[name].as_str().unwrap_or_default().to_owned();
        chat["items"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| (text(item, "from"), text(item, "kind"), text(item, "text")))
            .collect()
    }

    /// The customer that this openid is.
    pub async fn customer(&self, openid: &str) -> Value {
        let found = self.get(&format!("/customers?query={openid}")).await.expect(200);
        let items = found["items"].as_array().expect("items");
        assert_eq!(items.len(), 1, "one customer is {openid}: {found}");
        items[0].clone()
    }

    /// The customer's story as kinds, newest first.
    pub async fn story(&self, openid: &str) -> Vec<Value> {
        let customer = self.customer(openid).await;
        let id = customer["id"].as_str().expect("an id");
        let timeline = self.get(&format!("/customers/{id}/timeline?limit=200")).await.expect(200);
        timeline["items"].as_array().expect("items").clone()
    }

    /// Both clocks go on.
    pub async fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.wechat(Method::POST, "/clock", json!({ "advance_seconds": by.as_secs() })).await.expect(200);
        // Ours was set as far as the hub can tell, until WeChat says that it is right.
        self.running.ctx().wechat().ask_the_time().await.expect("an answer");
    }

    pub async fn fault(&self, path: &str, what: Value, times: u64) {
        self.wechat(Method::POST, "/faults", json!({ "where": { "path": path }, "what": what, "times": times }))
            .await
            .expect(201);
    }

    /// Waits until `done` gives something, for what happens behind the doors.
    pub async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, mut done: impl FnMut() -> F) -> T {
        let began = std::time::Instant::now();
        loop {
            if let Some(value) = done().await {
                return value;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "never: {what}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn config(db: &TestDb, wechat: &str, sandbox: &Sandbox) -> Config {
    let component = sandbox.component();
    let mut config = Config::default();
    config.database.url = db.url.clone();
    config.server.listen = "127.0.0.1:0".into();
    config.server.data = db.folder.path().to_owned();
    config.wechat.api_base = wechat.into();
    config.wechat.mp_base = wechat.into();
    config.wechat.open_base = wechat.into();
    config.wechat.picture_hosts = wechat.into();
    config.platform.app_id = Some(component.appid.clone());
    config.platform.app_secret = Some(component.appsecret.clone().into());
    config.platform.token = Some(component.token.clone().into());
    config.platform.encoding_aes_key = Some(component.encoding_aes_key.clone().into());
    config
}

fn overrides(clock: &TestClock) -> Overrides {
    Overrides {
        clock: Some(clock.as_fn()),
        new_id: Some(scrambled_ids()),
        new_event_id: Some(ascending_event_ids(clock.as_fn())),
        allow_unsafe_database: true,
        wechat_timeout: None,
    }
}

async fn set_up(http: &reqwest::Client, url: &str) -> String {
    let body = json!({ "tenant_name": "Harbour Books", "name": "Ann", "email": EMAIL, "password": PASSWORD, "language": "en-US" });
    let response = http.post(format!("{url}/api/v1/setup")).json(&body).send().await.expect("the hub answers");
    let cookie = cookie(&response);
    let me = Said::of(response).await.expect(201);
    owners_key(http, url, &cookie, me["csrf_token"].as_str().expect("a CSRF token")).await
}

async fn second_tenant(running: &Running, http: &reqwest::Client, url: &str) -> String {
    let login = running.add_tenant("Second Shop", "owner@second.example").await.expect("a second tenant");
    let body = json!({ "email": login.email, "password": login.password });
    let response = http.post(format!("{url}/api/v1/session")).json(&body).send().await.expect("the hub answers");
    let cookie = cookie(&response);
    let me = Said::of(response).await.expect(201);
    owners_key(http, url, &cookie, me["csrf_token"].as_str().expect("a CSRF token")).await
}

/// The session cookie of a response.
pub fn cookie(response: &reqwest::Response) -> String {
    let header = response.headers().get("set-cookie").expect("a cookie").to_str().expect("text");
    header.split(';').next().unwrap_or_default().to_owned()
}

/// A key that may do everything an owner may.
async fn owners_key(http: &reqwest::Client, url: &str, cookie: &str, csrf: &str) -> String {
    let scopes: Vec<&str> = kit::Capability::ALL.iter().map(|capability| capability.as_str()).collect();
    let request = http
        .post(format!("{url}/api/v1/api_keys"))
        .header("cookie", cookie)
        .header("x-csrf-token", csrf)
        .json(&json!({ "name": "tests", "scopes": scopes }));
    let key = Said::of(request.send().await.expect("the hub answers")).await.expect(201);
    key["key"].as_str().expect("the key, once").to_owned()
}

/// What was answered.
#[derive(Debug)]
pub struct Said {
    pub status: StatusCode,
    pub body: Value,
}

impl Said {
    pub async fn of(response: reqwest::Response) -> Said {
        let status = response.status();
        let bytes = response.bytes().await.expect("a whole answer");
        Said {
            status,
            body: serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned())),
        }
    }

    /// The body, if the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The stable code of a refusal.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status.as_u16(), self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        self.body
    }
}
