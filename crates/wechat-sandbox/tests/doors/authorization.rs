//! The platform: tickets, tokens, the page, what is granted and taken back, the release test.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wechat::crypto::envelope::{parse_sealed, seal_reply};
use wechat::crypto::{EncodingAesKey, KeyAge, MsgCipher, signature};
use wechat::wire::Format;
use wechat_sandbox::{AccountKind, AccountPatch, AccountView, ComponentView};

use crate::stage::{Answer, Hub, Push, Stage, code, field};

/// Opens a push to the platform.
fn opened(push: &Push, component: &ComponentView) -> String {
    let of = |name: &str| push.query.get(name).map(String::as_str).unwrap_or_default();
    let sealed = parse_sealed(push.body.as_bytes()).expect("sealed");
    assert!(signature::verify(&[&component.token, of("timestamp"), of("nonce"), &sealed.encrypt], of("msg_signature")));
    let cipher =
        MsgCipher::new(&component.appid, EncodingAesKey::parse(&component.encoding_aes_key).expect("a key"), None);
    String::from_utf8(cipher.decrypt(&sealed.encrypt).expect("opened").message).expect("text")
}

struct Platform {
    stage: Stage,
    hub: Hub,
    component: ComponentView,
    token: String,
}

impl Platform {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let hub = Hub::new().await;
        let urls = json!({"event_url": format!("{}/events", hub.base), "message_url_template": format!("{}/wx/$APPID$/callback", hub.base)});
        assert_eq!(stage.control("PATCH", "/component", urls).await.0, 200);
        let component = stage.sandbox.component();
        let pushes = hub.wait_for(1).await;
        assert!(pushes[0].body.contains("<AppId>"), "{}", pushes[0].body);
        let ticket = field(&opened(&pushes[0], &component), "ComponentVerifyTicket");
        let mut platform = Self { stage, hub, component, token: String::new() };
        platform.token =
            platform.component_token(&ticket).await["component_access_token"].as_str().expect("a token").to_owned();
        platform
    }

    async fn component_token(&self, ticket: &str) -> Value {
        let body = json!({"component_appid": self.component.appid, "component_appsecret": self.component.appsecret, "component_verify_ticket": ticket});
        self.stage.post("/cgi-bin/component/api_component_token", body).await
    }

    async fn call(&self, name: &str, mut body: Value) -> Value {
        body["component_appid"] = self.component.appid.clone().into();
        self.stage.post(&format!("/cgi-bin/component/{name}?component_access_token={}", self.token), body).await
    }

    async fn code(&self) -> String {
        self.call("api_create_preauthcode", json!({})).await["pre_auth_code"].as_str().expect("a code").to_owned()
    }

    async fn confirm(&self, account: &AccountView, sets: &[u16], push: &str) -> (u16, Value) {
        let body = json!({"appid": account.appid, "role": "administrator", "sets": sets, "push": push,
            "redirect_uri": "https://hub.example/back?state=7"});
        self.stage.control("POST", &format!("/authorizations/{}/confirm", self.code().await), body).await
    }

    /// Authorises, and exchanges the code the browser brings back.
    async fn bind(&self, account: &AccountView, sets: &[u16]) -> Value {
        let (status, confirmed) = self.confirm(account, sets, "before").await;
        assert_eq!(status, 200, "{confirmed}");
        self.exchange(&code_of(&confirmed)).await["authorization_info"].clone()
    }

    async fn exchange(&self, code: &str) -> Value {
        self.call("api_query_auth", json!({"authorization_code": code})).await
    }

    fn events(&self) -> Vec<String> {
        self.hub
            .pushes()
            .iter()
            .filter(|push| push.path == "/events")
            .map(|push| opened(push, &self.component))
            .collect()
    }

    fn infos(&self) -> Vec<String> {
        self.events()
            .iter()
            .map(|event| field(event, "InfoType"))
            .filter(|info| info != "component_verify_ticket")
            .collect()
    }
}

fn code_of(confirmed: &Value) -> String {
    let redirect = reqwest::Url::parse(confirmed["redirect"].as_str().expect("a redirect")).expect("an address");
    let query: std::collections::HashMap<_, _> = redirect.query_pairs().into_owned().collect();
    assert_eq!((query["state"].as_str(), query["expires_in"].as_str()), ("7", "3600"));
    query["auth_code"].clone()
}

#[tokio::test]
async fn tickets_come_every_ten_minutes_and_last_twelve_hours() {
    let platform = Platform::new().await;
    let first = field(&platform.events()[0], "ComponentVerifyTicket");
    platform.stage.sandbox.advance(601);
    platform.hub.wait_for(2).await;
    let second = field(&platform.events()[1], "ComponentVerifyTicket");
    assert_ne!(first, second);
    assert_eq!(code(&platform.component_token(&first).await), 0);
    platform.stage.sandbox.advance(12 * 3600 - 600);
    assert_eq!(code(&platform.component_token(&first).await), 61005);
    assert_eq!(code(&platform.component_token(&second).await), 0);
    assert_eq!(code(&platform.component_token("ticket@@@invented").await), 61006);
    assert_eq!(code(&platform.component_token("").await), 41020);
}

#[tokio::test]
async fn tickets_come_twice_and_late_on_request() {
    let platform = Platform::new().await;
    let fault = async |kind: &str| {
        let fault =
            json!({"where": {"path": "component_verify_ticket"}, "what": {"kind": kind, "ms": 300}, "times": 1});
        assert_eq!(platform.stage.control("POST", "/faults", fault).await.0, 201);
    };
    let ticket = |event: &String| field(event, "ComponentVerifyTicket");
    fault("duplicate_push").await;
    platform.stage.control("POST", "/component/push_ticket", json!({})).await;
    platform.hub.wait_for(3).await;
    let events = platform.events();
    assert_eq!(ticket(&events[1]), ticket(&events[2]));
    fault("late_push").await;
    platform.stage.control("POST", "/component/push_ticket", json!({})).await;
    platform.stage.control("POST", "/component/push_ticket", json!({})).await;
    platform.hub.wait_for(5).await;
    // One of the two came late, and is as good as the other.
    let (early, late) = (ticket(&platform.events()[3]), ticket(&platform.events()[4]));
    assert_ne!(early, late);
    assert_eq!((code(&platform.component_token(&early).await), code(&platform.component_token(&late).await)), (0, 0));
}

#[tokio::test]
async fn only_an_administrator_may_and_a_code_works_once() {
    let platform = Platform::new().await;
    let account = platform.stage.account(AccountKind::Service, 3);
    let code_made = platform.code().await;
    let (_, request) = platform.stage.control("GET", &format!("/authorizations/{code_made}"), json!(null)).await;
    assert_eq!(request["scanners"].as_array().expect("scanners").len(), 2);
    assert!(
        request["asked_sets"].as_array().expect("sets").iter().any(|set| set["id"] == 4 && set["exclusive"] == true)
    );
    let body = |role: &str| json!({"appid": account.appid, "role": role, "sets": [1, 2], "redirect_uri": "https://hub.example/back"});
    let path = format!("/authorizations/{code_made}/confirm");
    assert_eq!(platform.stage.control("POST", &path, body("operator")).await.0, 403);
    assert_eq!(platform.stage.control("POST", &path, body("administrator")).await.0, 200);
    assert_eq!(platform.stage.control("POST", &path, body("administrator")).await.0, 409);
    let late = platform.code().await;
    platform.stage.sandbox.advance(600);
    assert_eq!(platform.stage.control("GET", &format!("/authorizations/{late}"), json!(null)).await.0, 409);
}

#[tokio::test]
async fn the_push_comes_before_or_after_the_browser_with_a_code_of_its_own() {
    for order in ["before", "after"] {
        let platform = Platform::new().await;
        let account = platform.stage.account(AccountKind::Service, 3);
        let (_, confirmed) = platform.confirm(&account, &[1, 2], order).await;
        let heard = platform.infos();
        assert_eq!(heard.len(), usize::from(order == "before"), "{order}");
        let browser = code_of(&confirmed);
        let answer = platform.exchange(&browser).await;
        assert_eq!(answer["authorization_info"]["authorizer_appid"], account.appid);
        assert_eq!(code(&platform.exchange(&browser).await), 61009);
        platform.hub.wait_for(2).await;
        let event = platform.events().pop().expect("an event");
        assert_eq!(field(&event, "InfoType"), "authorized");
        let pushed = field(&event, "AuthorizationCode");
        assert_ne!(pushed, browser);
        assert_eq!(code(&platform.exchange(&pushed).await), 0);
    }
}

#[tokio::test]
async fn what_is_not_granted_is_refused_and_what_is_taken_back_too() {
    let platform = Platform::new().await;
    let account = platform.stage.account(AccountKind::Service, 3);
    let info = platform.bind(&account, &[1, 2]).await;
    let ids: Vec<u64> = info["func_info"]
        .as_array()
        .expect("sets")
        .iter()
        .filter_map(|set| set["funcscope_category"]["id"].as_u64())
        .collect();
    assert_eq!(ids, [1, 2]);
    let token = info["authorizer_access_token"].as_str().expect("a token").to_owned();
    let call = async |path: &str| code(&platform.stage.get(&format!("/cgi-bin/{path}?access_token={token}")).await);
    assert_eq!((call("user/get").await, call("menu/get").await), (0, 61007));
    // The same sets again push nothing; other sets do, and void the refresh token.
    platform.bind(&account, &[2, 1]).await;
    let refresh = platform.bind(&account, &[1, 2, 15]).await["authorizer_refresh_token"].clone();
    assert_eq!(platform.infos(), ["authorized", "updateauthorized"]);
    assert_eq!(call("menu/get").await, 46003);
    let renew = |refresh: &Value| json!({"authorizer_appid": account.appid, "authorizer_refresh_token": refresh});
    assert_eq!(code(&platform.call("api_authorizer_token", renew(&info["authorizer_refresh_token"])).await), 61023);
    assert_eq!(code(&platform.call("api_authorizer_token", renew(&refresh)).await), 0);
    let (status, _) =
        platform.stage.control("POST", &format!("/accounts/{}/unauthorize", account.appid), json!({})).await;
    assert_eq!(status, 204);
    platform.hub.wait_for(4).await;
    assert_eq!(platform.infos().last().map(String::as_str), Some("unauthorized"));
    assert_eq!(call("user/get").await, 61003);
    assert_eq!(code(&platform.call("api_authorizer_token", renew(&refresh)).await), 61003);
    // Authorising again brings a new token and does not wake the old one.
    platform.bind(&account, &[1, 2]).await;
    assert_eq!(call("user/get").await, 40001);
}

#[tokio::test]
async fn type_limits_hold_whatever_was_granted() {
    let platform = Platform::new().await;
    let settings = AccountPatch { verify_type: Some(1), ..AccountPatch::default() };
    let account = platform.stage.account_with(AccountKind::Service, 3, settings);
    let token =
        platform.bind(&account, &[1, 2, 15]).await["authorizer_access_token"].as_str().expect("a token").to_owned();
    let call = async |path: &str| code(&platform.stage.get(&format!("/cgi-bin/{path}?access_token={token}")).await);
    assert_eq!((call("user/get").await, call("menu/get").await), (48001, 46003));
}

#[tokio::test]
async fn the_list_gives_the_refresh_token_only_after_an_exchange() {
    let platform = Platform::new().await;
    let (first, second) =
        (platform.stage.account(AccountKind::Service, 1), platform.stage.account(AccountKind::Subscription, 1));
    platform.bind(&first, &[1]).await;
    platform.stage.sandbox.advance(5);
    platform.confirm(&second, &[1], "never").await;
    let list = platform.call("api_get_authorizer_list", json!({"offset": 0, "count": 100})).await;
    assert_eq!(list["total_count"], 2);
    assert!(list["list"][0]["refresh_token"].is_string());
    assert!(list["list"][1].get("refresh_token").is_none());
    let info = platform.call("api_get_authorizer_info", json!({"authorizer_appid": second.appid})).await;
    assert_eq!(info["authorizer_info"]["user_name"], second.original_id);
    assert_eq!(info["authorizer_info"]["service_type_info"]["id"], 0);
}

#[tokio::test]
async fn an_exclusive_set_has_one_holder_and_an_account_fifteen_platforms() {
    let platform = Platform::new().await;
    let account = platform.stage.account(AccountKind::Service, 1);
    platform.bind(&account, &[1, 4]).await;
    let path = format!("/accounts/{}/authorize", account.appid);
    let other = |n: usize| json!({"component_appid": format!("wxother{n}"), "name": "别家", "sets": [1, 4]});
    for n in 0..14 {
        assert_eq!(platform.stage.control("POST", &path, other(n)).await.0, 200, "{n}");
    }
    assert_eq!(platform.stage.control("POST", &path, other(14)).await.0, 409);
    let held = platform.stage.sandbox.account(&account.appid).expect("it").authorizations;
    assert_eq!(held[0].sets, [1]);
    assert_eq!(held.iter().filter(|held| held.sets.contains(&4)).count(), 1);
    assert_eq!(held[14].sets, [1, 4]);
}

#[tokio::test]
async fn options_are_read_and_set_with_either_token() {
    let platform = Platform::new().await;
    let account = platform.stage.account(AccountKind::Service, 1);
    let token = platform.bind(&account, &[1, 3]).await["authorizer_access_token"].as_str().expect("a token").to_owned();
    let body = json!({"authorizer_appid": account.appid, "option_name": "voice_recognize", "option_value": "1"});
    assert_eq!(code(&platform.call("api_set_authorizer_option", body).await), 0);
    let path = format!("/cgi-bin/component/get_authorizer_option?access_token={token}");
    assert_eq!(platform.stage.post(&path, json!({"option_name": "voice_recognize"})).await["option_value"], "1");
    assert_eq!(code(&platform.stage.post(&path, json!({"option_name": "smoke"})).await), 61012);
    let path = format!("/cgi-bin/component/set_authorizer_option?access_token={token}");
    assert_eq!(
        code(&platform.stage.post(&path, json!({"option_name": "voice_recognize", "option_value": "9"})).await),
        61013
    );
}

#[tokio::test]
async fn the_page_wants_its_host_before_and_after() {
    let platform = Platform::new().await;
    platform.stage.control("PATCH", "/component", json!({"launch_host": "hub.example"})).await;
    let code_made = platform.code().await;
    let open = async |redirect: &str, referer: Option<&str>| -> String {
        let query = [
            ("component_appid", platform.component.appid.as_str()),
            ("pre_auth_code", &code_made),
            ("redirect_uri", redirect),
            ("auth_type", "1"),
        ];
        let mut request =
            platform.stage.http.get(format!("{}/cgi-bin/componentloginpage", platform.stage.base)).query(&query);
        if let Some(referer) = referer {
            request = request.header("referer", referer);
        }
        request.send().await.expect("sent").text().await.expect("text")
    };
    assert!(open("https://hub.example/back", None).await.contains("授权失败"));
    assert!(open("https://evil.example/back", Some("https://hub.example/")).await.contains("授权失败"));
    assert!(!open("https://hub.example/back", Some("https://hub.example/")).await.contains("授权失败"));
    let (_, request) = platform.stage.control("GET", &format!("/authorizations/{code_made}"), json!(null)).await;
    assert_eq!((&request["redirect_uri"], &request["auth_type"]), (&json!("https://hub.example/back"), &json!(1)));
}

#[tokio::test]
async fn an_authorised_account_s_messages_go_to_the_platform_and_to_its_own_address() {
    let platform = Platform::new().await;
    let own = Hub::new().await;
    let account = platform.stage.bound(&own, AccountPatch::default()).await;
    platform.bind(&account, &[1]).await;
    platform.stage.sandbox.say(&account.appid, "1", "喂").expect("said").outcome().await;
    assert_eq!(own.pushes()[0].field("Content"), "喂");
    let push = platform.hub.pushes().pop().expect("a push");
    assert_eq!(push.path, format!("/wx/{}/callback", account.appid));
    assert_eq!(push.field("ToUserName"), account.original_id);
    assert_eq!(field(&opened(&push, &platform.component), "Content"), "喂");
    // Without set 1 the platform hears nothing.
    platform.bind(&account, &[2]).await;
    let before = platform.hub.pushes().iter().filter(|push| push.path.starts_with("/wx/")).count();
    platform.stage.sandbox.say(&account.appid, "1", "还在吗").expect("said").outcome().await;
    assert_eq!(platform.hub.pushes().iter().filter(|push| push.path.starts_with("/wx/")).count(), before);
}

/// What a platform has to do to pass the release test, and no more.
async fn well_behaved(stage: &Stage, answers_events: bool) -> Hub {
    let component = stage.sandbox.component();
    let ticket: Arc<Mutex<String>> = Arc::default();
    let (base, http) = (stage.base.clone(), stage.http.clone());
    Hub::answering(move |push| {
        let inside = opened(push, &component);
        if push.path == "/events" {
            if field(&inside, "InfoType") == "component_verify_ticket" {
                *ticket.lock().expect("whole") = field(&inside, "ComponentVerifyTicket");
            }
            return "success".to_owned().into();
        }
        let content = field(&inside, "Content");
        let said = if let Some(code) = content.strip_prefix("QUERY_AUTH_CODE:") {
            let (base, http, component) = (base.clone(), http.clone(), component.clone());
            let (code, ticket, fan) = (code.to_owned(), ticket.lock().expect("whole").clone(), field(&inside, "FromUserName"));
            tokio::spawn(async move {
                let post = async |path: String, body: Value| -> Value {
                    http.post(format!("{base}{path}")).body(body.to_string()).send().await.expect("sent").json().await.expect("JSON")
                };
                let body = json!({"component_appid": component.appid, "component_appsecret": component.appsecret, "component_verify_ticket": ticket});
                let token = post("/cgi-bin/component/api_component_token".to_owned(), body).await["component_access_token"].clone();
                let path = format!("/cgi-bin/component/api_query_auth?component_access_token={}", token.as_str().expect("a token"));
                let info = post(path, json!({"component_appid": component.appid, "authorization_code": code})).await;
                let token = info["authorization_info"]["authorizer_access_token"].as_str().expect("a token").to_owned();
                let body = json!({"touser": fan, "msgtype": "text", "text": {"content": format!("{code}_from_api")}});
                post(format!("/cgi-bin/message/custom/send?access_token={token}"), body).await
            });
            return Answer::from(String::new());
        } else if field(&inside, "MsgType") == "event" {
            if !answers_events {
                return "success".to_owned().into();
            }
            format!("{}from_callback", field(&inside, "Event"))
        } else {
            format!("{content}_callback")
        };
        let reply = format!(
            "<xml><ToUserName>{}</ToUserName><FromUserName>{}</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>{said}</Content></xml>",
            field(&inside, "FromUserName"),
            field(&inside, "ToUserName"),
        );
        let cipher = MsgCipher::new(&component.appid, EncodingAesKey::parse(&component.encoding_aes_key).expect("a key"), None);
        seal_reply(Format::Xml, &component.token, &cipher.encrypt(reply.as_bytes(), [1; 16], KeyAge::Current), 1, "n").into()
    })
    .await
}

#[tokio::test]
async fn the_release_test_passes_a_platform_that_does_it_right_and_fails_one_that_does_not() {
    for answers_events in [true, false] {
        let stage = Stage::new().await;
        let hub = well_behaved(&stage, answers_events).await;
        let urls = json!({"event_url": format!("{}/events", hub.base), "message_url_template": format!("{}/wx/$APPID$/callback", hub.base), "released": false});
        assert_eq!(stage.control("PATCH", "/component", urls).await.0, 200);
        let (status, report) = stage.control("POST", "/release-test", json!({"set": 2})).await;
        assert_eq!(status, 200);
        assert_eq!(report["passed"], answers_events, "{report}");
        let failed: Vec<&Value> = report["cases"]
            .as_array()
            .expect("cases")
            .iter()
            .filter(|case| case["passed"] == false)
            .map(|case| &case["name"])
            .collect();
        assert_eq!(failed, if answers_events { vec![] } else { vec!["event"] });
        assert_eq!(stage.sandbox.component().released, answers_events);
    }
}
