//! Faults, and the journal that counts calls and effects.

use serde_json::{Value, json};
use wechat_sandbox::{AccountKind, AccountPatch, AccountView};

use crate::stage::{Hub, Stage, code};

const SEND: &str = "/cgi-bin/message/custom/send";

struct Scene {
    stage: Stage,
    account: AccountView,
    token: String,
    openid: String,
}

/// A fan who has just spoken.
async fn scene() -> Scene {
    let stage = Stage::new().await;
    let account = stage.account(AccountKind::Service, 3);
    let token = stage.token(&account).await;
    let openid = stage.openid(&account, 1);
    stage.sandbox.say(&account.appid, &openid, "喂").expect("said");
    Scene { stage, account, token, openid }
}

impl Scene {
    async fn fault(&self, what: Value) {
        let fault = json!({"where": {"path": SEND, "appid": self.account.appid}, "what": what, "times": 1});
        assert_eq!(self.stage.control("POST", "/faults", fault).await.0, 201);
    }

    async fn send(&self) -> Result<reqwest::Response, reqwest::Error> {
        let body = json!({"touser": self.openid, "msgtype": "text", "text": {"content": "你好"}});
        self.stage
            .http
            .post(format!("{}{SEND}?access_token={}", self.stage.base, self.token))
            .body(body.to_string())
            .send()
            .await
    }

    fn total(&self) -> (u64, u64) {
        // sha1("你好") begins with 440ee0853ad1e99f.
        let total = self.stage.sandbox.total(&format!("{}:{}:440ee0853ad1e99f", self.account.appid, self.openid));
        (total.calls, total.executions)
    }

    fn received(&self) -> usize {
        let chat = self.stage.sandbox.chat(&self.account.appid, &self.openid).expect("a chat");
        chat.iter().filter(|item| item.via.as_deref() == Some("custom")).count()
    }
}

#[tokio::test]
async fn a_dropped_call_has_no_effect_and_a_dropped_answer_has() {
    let scene = scene().await;
    scene.fault(json!({"kind": "drop_before"})).await;
    assert!(scene.send().await.is_err());
    assert_eq!((scene.total(), scene.received()), ((1, 0), 0));
    scene.fault(json!({"kind": "drop_after"})).await;
    assert!(scene.send().await.is_err());
    assert_eq!((scene.total(), scene.received()), ((2, 1), 1));
    assert_eq!(scene.send().await.expect("answered").status(), 200);
    assert_eq!((scene.total(), scene.received()), ((3, 2), 2));
}

#[tokio::test]
async fn answers_are_cut_replaced_and_refused_on_request() {
    let scene = scene().await;
    scene.fault(json!({"kind": "truncate"})).await;
    assert!(scene.send().await.expect("headers").bytes().await.is_err());
    assert_eq!(scene.total(), (1, 1));
    scene.fault(json!({"kind": "html"})).await;
    assert!(scene.send().await.expect("answered").text().await.expect("text").starts_with("<html>"));
    assert_eq!(scene.total(), (2, 1));
    scene.fault(json!({"kind": "http_5xx"})).await;
    assert_eq!(scene.send().await.expect("answered").status(), 502);
    assert_eq!(scene.total(), (3, 2));
    scene.fault(json!({"kind": "status", "status": 429})).await;
    assert_eq!(scene.send().await.expect("answered").status(), 429);
    assert_eq!(scene.total(), (4, 2));
    scene.fault(json!({"kind": "errcode", "errcode": 45009})).await;
    assert_eq!(code(&scene.send().await.expect("answered").json().await.expect("JSON")), 45009);
    assert_eq!((scene.total(), scene.received()), ((5, 2), 2));
    let (_, journal) = scene.stage.control("GET", &format!("/journal?key={SEND}"), json!(null)).await;
    let faults: Vec<&Value> = journal["items"].as_array().expect("rows").iter().map(|row| &row["fault"]).collect();
    assert_eq!(faults, ["truncate", "html", "http_5xx", "status", "errcode"]);
}

#[tokio::test]
async fn a_call_is_carried_out_or_not_whatever_becomes_of_its_answer_and_the_first_ones_may_pass() {
    let scene = scene().await;
    let mut executions = 0;
    for kind in ["html", "empty", "other_json", "status", "truncate", "errcode"] {
        for executed in [false, true] {
            // WeChat takes only so many until the fan speaks again.
            scene.stage.sandbox.say(&scene.account.appid, &scene.openid, "喂").expect("said");
            scene.fault(json!({"kind": kind, "executed": executed})).await;
            let answer = scene.send().await.expect("headers");
            let status = answer.status().as_u16();
            let text = answer.text().await;
            match kind {
                "status" => assert_eq!(status, 503),
                "truncate" => assert!(text.is_err()),
                "empty" => assert_eq!(text.expect("an answer"), ""),
                "errcode" => assert!(text.expect("an answer").contains("-1")),
                _ => assert_eq!(status, 200),
            }
            executions += u64::from(executed);
            assert_eq!(scene.total().1, executions, "{kind} {executed}");
        }
    }
    scene.fault(json!({"kind": "silence", "ms": 50, "executed": true})).await;
    assert!(scene.send().await.is_err());
    assert_eq!(scene.total().1, executions + 1);
    let later = json!({"where": {"path": SEND}, "what": {"kind": "html"}, "times": 1, "after": 2});
    assert_eq!(scene.stage.control("POST", "/faults", later).await.0, 201);
    let mut pages = Vec::new();
    for _ in 0..4 {
        pages.push(scene.send().await.expect("answered").text().await.expect("text").starts_with("<html>"));
    }
    assert_eq!(pages, [false, false, true, false]);
}

#[tokio::test]
async fn a_stolen_token_is_dead_for_the_call_and_after() {
    let scene = scene().await;
    scene.fault(json!({"kind": "steal_token"})).await;
    assert_eq!(code(&scene.send().await.expect("answered").json().await.expect("JSON")), 40001);
    assert_eq!(code(&scene.send().await.expect("answered").json().await.expect("JSON")), 40001);
    let token = scene.stage.token(&scene.account).await;
    assert_eq!(scene.stage.custom(&token, &scene.openid, "你好").await, 0);
    assert_eq!(scene.stage.sandbox.total(&scene.account.appid).executions, 2);
}

#[tokio::test]
async fn pushes_come_twice_and_out_of_order_on_request() {
    let stage = Stage::new().await;
    let hub = Hub::new().await;
    let account = stage.bound(&hub, AccountPatch::default()).await;
    let fault = async |kind: &str| {
        let fault = json!({"where": {"appid": account.appid}, "what": {"kind": kind, "ms": 1000}, "times": 1});
        assert_eq!(stage.control("POST", "/faults", fault).await.0, 201);
    };
    fault("duplicate_push").await;
    stage.sandbox.say(&account.appid, "1", "一").expect("said").outcome().await;
    let pushes = hub.pushes();
    assert_eq!(pushes.len(), 2);
    assert_eq!(pushes[0].body, pushes[1].body);
    fault("reorder_push").await;
    let first = stage.sandbox.say(&account.appid, "1", "二").expect("said");
    let second = stage.sandbox.say(&account.appid, "1", "三").expect("said");
    futures::join!(first.outcome(), second.outcome());
    let said: Vec<String> = hub.pushes().iter().map(|push| push.field("Content")).collect();
    assert_eq!(said, ["一", "一", "三", "二"]);
}
