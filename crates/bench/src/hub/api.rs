use reqwest::{Client, Method, header};
use serde_json::{Value as Json, json};

use crate::Result;

/// The hub's HTTP API, as a program with a key uses it.
#[derive(Clone)]
pub struct Api {
    pub url: String,
    client: Client,
    key: String,
}

impl Api {
    /// Sets up the installation's first tenant and makes a key that may do everything.
    #[expect(clippy::disallowed_methods, reason = "the measurement asks as a program would")]
    pub async fn set_up(url: &str) -> Result<Self> {
        let client = Client::builder().no_proxy().build()?;
        let owner = json!({ "tenant_name": "压测", "name": "压测", "email": "bench@example.com", "password": "correct horse battery staple", "language": "zh-CN" });
        let response = client.post(format!("{url}/api/v1/setup")).json(&owner).send().await?;
        let cookies: Vec<String> = response
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|value| Some(value.to_str().ok()?.split(';').next()?.to_owned()))
            .collect();
        let me = body(response, "/api/v1/setup").await?;
        let scopes = [
            "accounts:read",
            "accounts:write",
            "accounts:bind",
            "replies:read",
            "replies:write",
            "customers:read",
            "customers:write",
            "messages:read",
            "messages:write",
            "team:read",
        ];
        let made = client
            .post(format!("{url}/api/v1/api_keys"))
            .header(header::COOKIE, cookies.join("; "))
            .header("x-csrf-token", text(&me, "csrf_token")?)
            .json(&json!({ "name": "bench", "scopes": scopes }))
            .send()
            .await?;
        let made = body(made, "/api/v1/api_keys").await?;
        Ok(Self { url: url.to_owned(), client, key: text(&made, "key")?.to_owned() })
    }

    /// The same, asked of another node.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// What the hub counts of itself, in Prometheus' text.
    pub async fn metrics(&self) -> Result<String> {
        Ok(self.client.get(format!("{}/metrics", self.url)).send().await?.error_for_status()?.text().await?)
    }

    pub async fn get(&self, path: &str) -> Result<Json> {
        self.ask(Method::GET, path, None).await
    }

    /// The live stream, from now on.
    pub async fn listen(&self) -> Result<reqwest::Response> {
        let request = self.client.get(format!("{}/api/v1/stream", self.url)).bearer_auth(&self.key);
        let mut response = request.send().await?.error_for_status()?;
        // It says that it listens before anything else.
        response.chunk().await?;
        Ok(response)
    }

    pub async fn post(&self, path: &str, body: Json) -> Result<Json> {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Once under this key, however often it is repeated.
    pub async fn post_once(&self, path: &str, content: &Json, key: &str) -> Result<Json> {
        let request = self.client.post(format!("{}/api/v1{path}", self.url)).bearer_auth(&self.key);
        body(request.header("idempotency-key", key).json(content).send().await?, path).await
    }

    async fn ask(&self, method: Method, path: &str, content: Option<Json>) -> Result<Json> {
        let mut request = self.client.request(method, format!("{}/api/v1{path}", self.url)).bearer_auth(&self.key);
        if let Some(content) = content {
            request = request.json(&content);
        }
        body(request.send().await?, path).await
    }
}

async fn body(response: reqwest::Response, path: &str) -> Result<Json> {
    let (status, text) = (response.status(), response.text().await?);
    if !status.is_success() {
        return Err(format!("the hub answers {path} with {status}: {text}").into());
    }
    Ok(if text.is_empty() { Json::Null } else { serde_json::from_str(&text)? })
}

/// A text in an answer.
pub fn text<'a>(answer: &'a Json, field: &str) -> Result<&'a str> {
    answer[field].as_str().ok_or_else(|| format!("an answer has no text called {field}").into())
}
