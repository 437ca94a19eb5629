//! A sandbox in a process of its own, and the control API through which runs drive it.
//!
//! The child is this same program (`hongyan-bench sandbox`), so that its cost is not counted as anybody else's.

use std::{net::SocketAddr, path::Path, process::Command, time::Duration};

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{
    Result,
    machine::{Child, Cost, free_address},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long)]
    listen: SocketAddr,
}

/// Serves until it is killed.
pub async fn run(arguments: Arguments) -> Result {
    let options = wechat_sandbox::Options { data: None, seed: 7, phone_files: false };
    let sandbox = wechat_sandbox::Sandbox::open(options).await?;
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    Ok(sandbox.serve(listener, std::future::pending()).await?)
}

/// The child, from outside.
pub struct Sandbox {
    pub url: String,
    child: Child,
    client: reqwest::Client,
}

/// An official account of the sandbox, with its secrets.
#[derive(Debug, Clone, Deserialize)]
pub struct Official {
    pub appid: String,
    pub appsecret: String,
    pub original_id: String,
    pub token: String,
    pub encoding_aes_key: String,
}

/// A person as one account's fan.
#[derive(Debug, Clone, Deserialize)]
pub struct Person {
    pub openid: String,
    pub person: u64,
}

/// How often something was called, and how often it took effect.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Total {
    pub calls: u64,
    pub executions: u64,
    /// Calls whose answer something was done to.
    pub faults: u64,
}

impl Sandbox {
    #[expect(clippy::disallowed_methods, reason = "the measurement plays WeChat")]
    pub async fn start(folder: &Path) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["sandbox", "--listen", &address.to_string()]);
        let mut child = Child::start("sandbox", &mut command, folder)?;
        child.ready(address, "/sandbox/api/state", Duration::from_secs(20)).await?;
        let client = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { url: format!("http://{address}"), child, client })
    }

    pub fn cost(&self) -> Cost {
        self.child.cost()
    }

    /// A verified service account in safe mode with so many followers, and no limit on reading them.
    pub async fn account(&self, name: &str, fans: u64) -> Result<Official> {
        let free = json!({ "daily_limit": 0 });
        let quotas = json!({ "/cgi-bin/user/get": free, "/cgi-bin/user/info/batchget": free, "/cgi-bin/message/custom/send": free, "/cgi-bin/message/template/send": free });
        let body = json!({ "kind": "service", "verify_type": 0, "nick_name": name, "fans": fans, "mode": "safe", "quotas": quotas });
        Ok(serde_json::from_value(self.post("/accounts", body).await?)?)
    }

    /// Where the account's pushes go from now on. The address is asked first, as WeChat does.
    pub async fn push_to(&self, appid: &str, url: &str) -> Result {
        self.ask(reqwest::Method::PATCH, &format!("/accounts/{appid}"), Some(json!({ "callback_url": url }))).await?;
        Ok(())
    }

    pub async fn people(&self, appid: &str, offset: u64) -> Result<Vec<Person>> {
        let mut page =
            self.ask(reqwest::Method::GET, &format!("/accounts/{appid}/fans?offset={offset}&limit=500"), None).await?;
        Ok(serde_json::from_value(page["items"].take())?)
    }

    /// How often each logical key has been called and has taken effect.
    pub async fn totals(&self) -> Result<std::collections::HashMap<String, Total>> {
        let mut journal = self.ask(reqwest::Method::GET, "/journal?limit=1&totals=1000000", None).await?;
        if journal["totals_left_out"] != 0 {
            return Err(format!("the journal left {} totals out", journal["totals_left_out"]).into());
        }
        Ok(serde_json::from_value(journal["totals"].take())?)
    }

    pub async fn post(&self, path: &str, body: Json) -> Result<Json> {
        self.ask(reqwest::Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Json) -> Result<Json> {
        self.ask(reqwest::Method::PATCH, path, Some(body)).await
    }

    async fn ask(&self, method: reqwest::Method, path: &str, body: Option<Json>) -> Result<Json> {
        let mut request = self.client.request(method, format!("{}/sandbox/api{path}", self.url));
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let (status, text) = (response.status(), response.text().await?);
        if !status.is_success() {
            return Err(format!("the sandbox answers {path} with {status}: {text}").into());
        }
        Ok(if text.is_empty() { Json::Null } else { serde_json::from_str(&text)? })
    }
}
