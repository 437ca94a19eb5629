//! The demo's hub side: tenants, keys and a binding, made as a person would in the browser.

use std::time::Duration;

use entities::people::{Email, Language, PersonName, TenantName};
use features::team::{NewTenant, found_tenant, words::Password};
use reqwest::{Client, Method, StatusCode, redirect};
use serde_json::{Value, json};

use super::{Tenant, wechat::Control};
use crate::{Running, cli::Failure};

/// Somebody who is signed in.
pub struct Session {
    http: Client,
    base: String,
    cookie: String,
    csrf_token: String,
}

/// How long a step may take.
const PATIENCE: Duration = Duration::from_secs(90);

impl Session {
    /// Signs in as the tenant's owner. The tenant is founded if it is not there.
    #[expect(clippy::disallowed_methods, reason = "the demo is filled as a browser would")]
    pub async fn open(running: &Running, console_url: &str, tenant: &Tenant, password: &str) -> Result<Self, Failure> {
        // Cookies are sent by hand: the return from WeChat's page must show the session that began the binding.
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none()).build()?;
        let credentials = json!({ "email": tenant.email, "password": password });
        let sign_in = || http.post(format!("{console_url}/api/v1/session")).json(&credentials).send();
        let mut answer = sign_in().await?;
        if answer.status() == StatusCode::UNAUTHORIZED {
            found(running, tenant, password).await?;
            answer = sign_in().await?;
        }
        if !answer.status().is_success() {
            return Err(format!("{} cannot sign in: {}", tenant.email, answer.text().await?).into());
        }
        let cookie = answer
            .headers()
            .get("set-cookie")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next());
        let cookie = cookie.ok_or("signing in set no cookie")?.to_owned();
        let me: Value = answer.json().await?;
        let csrf_token = me["csrf_token"].as_str().ok_or("signing in gave no CSRF token")?.to_owned();
        Ok(Self { base: format!("{console_url}/api/v1"), http, cookie, csrf_token })
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<(StatusCode, Value), Failure> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("x-csrf-token", &self.csrf_token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let status = answer.status();
        Ok((status, serde_json::from_str(&answer.text().await?).unwrap_or_default()))
    }

    async fn get(&self, path: &str) -> Result<Value, Failure> {
        let (status, body) = self.call(Method::GET, path, None).await?;
        if status.is_success() { Ok(body) } else { Err(format!("{path} was answered with {status}: {body}").into()) }
    }

    /// A key that may do everything.
    pub async fn make_key(&self) -> Result<String, Failure> {
        let body = json!({ "name": "demo", "scopes": kit::Capability::ALL });
        let (_, key) = self.call(Method::POST, "/api_keys", Some(body)).await?;
        Ok(key["key"].as_str().ok_or_else(|| format!("no API key was made: {key}"))?.to_owned())
    }

    /// The account of this AppID, if it is bound here.
    async fn account(&self, app_id: &str) -> Result<Option<Value>, Failure> {
        let accounts = self.get("/accounts").await?;
        Ok(accounts["items"].as_array().into_iter().flatten().find(|account| account["app_id"] == app_id).cloned())
    }

    pub async fn has_account(&self, app_id: &str) -> Result<bool, Failure> {
        Ok(self.account(app_id).await?.is_some())
    }

    /// Binds an account by a scan, all the way: the code, the page, the return, the grant.
    pub async fn bind(&self, wechat: &Control, app_id: &str) -> Result<(), Failure> {
        let began = std::time::Instant::now();
        // The platform can ask for nothing before WeChat's first ticket has come.
        let binding = loop {
            let (status, body) = self.call(Method::POST, "/bindings", Some(json!({}))).await?;
            if status == StatusCode::CREATED {
                break body;
            }
            if began.elapsed() > PATIENCE {
                return Err(format!("no binding could be begun: {body}").into());
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        };
        let page = url::Url::parse(binding["url"].as_str().unwrap_or_default())?;
        // As a browser does that comes from the console: WeChat looks at where the link stood.
        self.http.get(page.clone()).header("referer", self.base.trim_end_matches("/api/v1")).send().await?;
        let back = wechat.scan(&page, app_id).await?;
        self.http.get(back).header("cookie", &self.cookie).send().await?;
        let id = binding["id"].as_str().unwrap_or_default().to_owned();
        loop {
            let state = self.get(&format!("/bindings/{id}")).await?;
            match state["state"].as_str() {
                Some("done" | "importing") => return Ok(()),
                Some("refused" | "expired" | "failed") => {
                    return Err(format!("the account could not be bound: {state}").into());
                }
                _ if began.elapsed() > PATIENCE => return Err(format!("binding takes too long: {state}").into()),
                _ => tokio::time::sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// Waits until the account's fans are customers here.
    pub async fn wait_for_fans(&self, app_id: &str) -> Result<(), Failure> {
        let account = self.account(app_id).await?.ok_or("the account is not bound")?;
        let id = account["id"].as_str().unwrap_or_default().to_owned();
        let (mut last, mut moved) = (Value::Null, std::time::Instant::now());
        loop {
            let import = self.get(&format!("/accounts/{id}/import")).await?;
            match import["state"].as_str() {
                Some("done") => return Ok(()),
                Some("failed" | "paused") => return Err(format!("the fans were not imported: {import}").into()),
                _ => {}
            }
            if import["done"] != last {
                (last, moved) = (import["done"].clone(), std::time::Instant::now());
            }
            if moved.elapsed() > PATIENCE {
                return Err(format!("the import stands still: {import}").into());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn found(running: &Running, tenant: &Tenant, password: &str) -> Result<(), Failure> {
    let new = NewTenant {
        tenant_name: TenantName::try_from(tenant.name.to_owned())?,
        name: PersonName::try_from(tenant.owner.to_owned())?,
        email: Email::try_from(tenant.email.to_owned())?,
        password: Password::try_from(wechat::Secret::from(password))?,
        language: Language::Chinese,
        first: false,
    };
    let (work, _) = found_tenant(running.ctx(), &new).await?;
    work.commit().await?;
    Ok(())
}
