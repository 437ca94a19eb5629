//! The demo's WeChat side: accounts of every kind, made through the sandbox's control API.

use reqwest::{Client, Method};
use serde_json::{Value, json};
use url::Url;

use crate::cli::Failure;

/// The sandbox's control API.
pub struct Control {
    http: Client,
    base: String,
}

/// The name of the account that is bound, by which it is known again.
const SHOP: &str = "海港书店";

/// Subscription and service accounts for each way an account can be verified, or not.
const VERIFICATIONS: [(i64, &str); 7] = [
    (-1, "未认证"),
    (0, "微信认证"),
    (1, "新浪微博认证"),
    (2, "腾讯微博认证"),
    (3, "资质认证"),
    (4, "资质认证·新浪微博"),
    (5, "资质认证·腾讯微博"),
];
const KINDS: [(&str, &str); 2] = [("subscription", "订阅号"), ("service", "服务号")];

/// Enough to see a list, and to try things on.
const FANS_OF_OTHERS: u64 = 12;

impl Control {
    #[expect(clippy::disallowed_methods, reason = "the demo plays its fans through the sandbox")]
    pub fn new(sandbox_url: &str) -> Result<Self, Failure> {
        Ok(Self { http: Client::builder().no_proxy().build()?, base: format!("{sandbox_url}/sandbox/api") })
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Result<Value, Failure> {
        let request = self.http.request(method.clone(), format!("{}{path}", self.base));
        let request = if method == Method::GET { request } else { request.json(&body) };
        let answer = request.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            return Err(format!("the sandbox answered {method} {path} with {status}: {text}").into());
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Where the platform's pushes go: to this hub.
    pub async fn point_platform_at(&self, console_url: &str) -> Result<(), Failure> {
        let host = console_url.split_once("://").map_or(console_url, |(_, host)| host);
        let settings = json!({
            "event_url": format!("{console_url}/wx/platform/events"),
            "message_url_template": format!("{console_url}/wx/platform/$APPID$/callback"),
            "launch_host": host,
        });
        self.call(Method::PATCH, "/component", settings).await?;
        self.call(Method::POST, "/component/push_ticket", json!({})).await?;
        Ok(())
    }

    /// One account of each kind, the shop among them, with `fans` fans; the shop's AppID.
    pub async fn accounts(&self, fans: u64) -> Result<String, Failure> {
        let state = self.call(Method::GET, "/state", Value::Null).await?;
        let mut known: Vec<Value> = state["accounts"].as_array().cloned().unwrap_or_default();
        for (kind, kind_name) in KINDS {
            for (verify_type, verification) in VERIFICATIONS {
                let shop = (kind, verify_type) == ("service", 0);
                let name = if shop { SHOP.to_owned() } else { format!("{kind_name} {verification}") };
                if known.iter().any(|account| account["nick_name"] == name.as_str()) {
                    continue;
                }
                let count = if shop { fans } else { FANS_OF_OTHERS };
                let account = json!({ "kind": kind, "verify_type": verify_type, "nick_name": name, "fans": count });
                known.push(self.call(Method::POST, "/accounts", account).await?);
            }
        }
        let shop =
            known.iter().find(|account| account["nick_name"] == SHOP).and_then(|account| account["appid"].as_str());
        Ok(shop.ok_or("the sandbox has no shop account")?.to_owned())
    }

    /// The administrator scans the page and grants everything; where the browser is sent then.
    pub async fn scan(&self, page: &Url, app_id: &str) -> Result<String, Failure> {
        let part =
            |wanted: &str| page.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
        let pre_auth_code = part("pre_auth_code").ok_or("the address of WeChat's page has no pre_auth_code")?;
        let asked = self.call(Method::GET, &format!("/authorizations/{pre_auth_code}"), Value::Null).await?;
        let sets: Vec<i64> =
            asked["asked_sets"].as_array().into_iter().flatten().filter_map(|set| set["id"].as_i64()).collect();
        let body =
            json!({ "appid": app_id, "role": "administrator", "sets": sets, "redirect_uri": part("redirect_uri") });
        let confirmed = self.call(Method::POST, &format!("/authorizations/{pre_auth_code}/confirm"), body).await?;
        Ok(confirmed["redirect"].as_str().ok_or("the sandbox sends the browser nowhere")?.to_owned())
    }
}
