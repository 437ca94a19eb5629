use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{RequestBuilder, redirect};
use wechat::{
    ErrCode, Secret,
    api::{Call, Method, Sends, Upload},
    errcode::{Answer, ErrorBody, parse_answer},
};

use crate::{
    Next, TokenError, TokenSource,
    clock::{Clock, Hearing},
};

/// How the client reaches WeChat.
#[derive(Clone)]
pub struct Options {
    /// `https://api.weixin.qq.com`, or the sandbox's address.
    pub api_base: String,
    pub connect_timeout: Duration,
    /// For the whole call.
    pub timeout: Duration,
    /// Ours, to be compared with the `Date` of WeChat's answers; without it nothing is compared.
    pub clock: Option<Clock>,
}

impl Options {
    pub fn new(api_base: impl Into<String>) -> Self {
        Self {
            api_base: api_base.into(),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(20),
            clock: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("api_base", &self.api_base)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// WeChat said no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("WeChat answered {}: {}", .body.errcode, .body.errmsg)]
pub struct Refusal {
    pub body: ErrorBody,
    pub next: Next,
}

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No byte left us: certainly not executed.
    #[error("WeChat could not be reached: {0}")]
    NotSent(String),
    /// WeChat refused; see [`Refusal::next`].
    #[error(transparent)]
    Refused(Refusal),
    /// It may have been executed: no answer, a cut answer, or one that cannot be read.
    #[error("WeChat's answer was lost: {0}")]
    Unclear(String),
    /// There was no token to call with.
    #[error(transparent)]
    NoToken(#[from] TokenError),
}

impl Failure {
    /// Whether the call certainly did nothing.
    pub fn is_definite(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::NoToken(_) => true,
            Self::Refused(refusal) => refusal.next.is_definite(),
            Self::Unclear(_) => false,
        }
    }

    pub fn next(&self) -> Next {
        match self {
            Self::Refused(refusal) => refusal.next,
            Self::NoToken(TokenError::Unauthorized) => Next::Unauthorized,
            Self::NoToken(TokenError::Refused { .. }) => Next::TellPerson,
            Self::NotSent(_) | Self::Unclear(_) | Self::NoToken(_) => Next::Unclear,
        }
    }

    /// WeChat's code, when it gave one.
    pub fn errcode(&self) -> Option<ErrCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.body.errcode),
            Self::NoToken(TokenError::Refused { errcode, .. }) => Some(ErrCode(*errcode)),
            _ => None,
        }
    }
}

/// A file WeChat gave.
#[derive(Debug, Clone)]
pub struct Download {
    pub content_type: String,
    pub bytes: Bytes,
}

/// Answers longer than this are not WeChat's. Lists of 10,000 followers are about 300 kB.
const LONGEST_ANSWER: usize = 4 << 20;
const LONGEST_FILE: usize = 32 << 20;

/// The way to WeChat. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    api_base: String,
    hearing: Arc<Hearing>,
}

impl Client {
    /// The one place in the program that makes an HTTP client for WeChat.
    #[expect(clippy::disallowed_methods, reason = "this is where calls to WeChat leave")]
    pub fn new(options: &Options) -> Result<Self, String> {
        let http = reqwest::Client::builder()
            // A redirect would carry a POST, and the token in its query, to wherever it says.
            .redirect(redirect::Policy::none())
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            .pool_idle_timeout(Duration::from_secs(50))
            .tcp_nodelay(true)
            .no_proxy()
            .build()
            .map_err(|error| format!("no HTTP client: {error}"))?;
        let hearing = Arc::new(Hearing::new(options.clock.clone()));
        Ok(Self { http, api_base: options.api_base.trim_end_matches('/').to_owned(), hearing })
    }

    pub fn api_base(&self) -> &str {
        &self.api_base
    }

    /// So many milliseconds our clock was ahead of WeChat's when it last answered, or behind when negative, to about a second.
    /// None before the first answer.
    pub fn ahead_ms(&self) -> Option<i64> {
        self.hearing.ahead_ms()
    }

    /// How long ago WeChat last said what time it is.
    pub fn heard_ago(&self) -> Option<Duration> {
        self.hearing.ago()
    }

    /// Asks for nothing but an answer, whatever it says: its `Date` is what is wanted.
    pub async fn ask_the_time(&self) -> Result<(), Failure> {
        self.send(self.http.head(format!("{}/", self.api_base))).await.map(drop)
    }

    /// One call, once.
    pub async fn call<C: Call>(&self, token: Option<&Secret>, request: &C::Request) -> Result<C::Response, Failure> {
        let builder = self.builder::<C>(token);
        let builder = match C::SENDS {
            Sends::Query | Sends::Multipart => builder.query(request),
            Sends::Json => builder.json(request),
        };
        counted::<C, _>(self.answer(builder).await)
    }

    /// One call for an account. A refused token is replaced and the call made once more, for then nothing was done.
    pub async fn call_as<C: Call>(
        &self,
        source: &impl TokenSource,
        request: &C::Request,
    ) -> Result<C::Response, Failure> {
        let token = source.token().await?;
        match self.call::<C>(Some(&token.secret), request).await {
            Err(failure) if failure.next() == Next::FreshToken => {
                source.refused(token.version).await?;
                let fresh = source.token().await?;
                self.call::<C>(Some(&fresh.secret), request).await
            }
            done => done,
        }
    }

    /// Sends a file. Uploads cost quota and do nothing else, so a refused token is replaced here too.
    pub async fn upload_as<C: Call>(
        &self,
        source: &impl TokenSource,
        request: &C::Request,
        file: &Upload,
    ) -> Result<C::Response, Failure> {
        let token = source.token().await?;
        match self.upload::<C>(&token.secret, request, file).await {
            Err(failure) if failure.next() == Next::FreshToken => {
                source.refused(token.version).await?;
                let fresh = source.token().await?;
                self.upload::<C>(&fresh.secret, request, file).await
            }
            done => done,
        }
    }

    async fn upload<C: Call>(
        &self,
        token: &Secret,
        request: &C::Request,
        file: &Upload,
    ) -> Result<C::Response, Failure> {
        let part = reqwest::multipart::Part::bytes(file.bytes.clone())
            .file_name(file.filename.clone())
            .mime_str(&file.content_type)
            .map_err(|error| Failure::NotSent(format!("the content type cannot be sent: {error}")))?;
        let mut form = reqwest::multipart::Form::new().part(Upload::PART, part);
        let mut query = serde_json::to_value(request)
            .map_err(|error| Failure::NotSent(format!("the request cannot be written: {error}")))?;
        for name in C::FORM {
            if let Some(serde_json::Value::String(text)) = query.as_object_mut().and_then(|query| query.remove(*name)) {
                form = form.text(*name, text);
            }
        }
        self.answer(self.builder::<C>(Some(token)).query(&query).multipart(form)).await
    }

    /// Fetches a file. WeChat answers errors as JSON and files as themselves. A refused token is replaced here too.
    pub async fn download_as<C: Call>(
        &self,
        source: &impl TokenSource,
        request: &C::Request,
    ) -> Result<Download, Failure> {
        let token = source.token().await?;
        match counted::<C, _>(self.download::<C>(&token.secret, request).await) {
            Err(failure) if failure.next() == Next::FreshToken => {
                source.refused(token.version).await?;
                let fresh = source.token().await?;
                counted::<C, _>(self.download::<C>(&fresh.secret, request).await)
            }
            done => done,
        }
    }

    async fn download<C: Call>(&self, token: &Secret, request: &C::Request) -> Result<Download, Failure> {
        let builder = self.builder::<C>(Some(token));
        let builder = match C::SENDS {
            Sends::Json => builder.json(request),
            Sends::Query | Sends::Multipart => builder.query(request),
        };
        let response = self.send(builder).await?;
        let content_type = response
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or("application/octet-stream")
            .to_owned();
        let is_file = response.headers().contains_key("content-disposition");
        let status = response.status();
        let bytes = read(response, LONGEST_FILE).await?;
        if !status.is_success() {
            return Err(Failure::Unclear(format!("HTTP status {status}")));
        }
        if !is_file && let Answer::Err(body) = parse_answer::<serde_json::Value>(&bytes) {
            return Err(refused(body));
        }
        Ok(Download { content_type, bytes })
    }

    fn builder<C: Call>(&self, token: Option<&Secret>) -> RequestBuilder {
        let url = format!("{}{}", self.api_base, C::PATH);
        let builder = match C::METHOD {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
        };
        match (C::TOKEN.query_key(), token) {
            (Some(key), Some(token)) => builder.query(&[(key, token.expose())]),
            _ => builder,
        }
    }

    async fn answer<T: serde::de::DeserializeOwned>(&self, builder: RequestBuilder) -> Result<T, Failure> {
        let response = self.send(builder).await?;
        let status = response.status();
        let bytes = read(response, LONGEST_ANSWER).await?;
        if !status.is_success() {
            return Err(Failure::Unclear(format!("HTTP status {status}")));
        }
        match parse_answer::<T>(&bytes) {
            Answer::Ok(value) => Ok(value),
            Answer::Err(body) => Err(refused(body)),
            Answer::Unreadable(why) => Err(Failure::Unclear(why)),
            Answer::NotJson => Err(Failure::Unclear("the answer is not JSON, or was cut off".into())),
        }
    }

    async fn send(&self, builder: RequestBuilder) -> Result<reqwest::Response, Failure> {
        let response = builder.send().await.map_err(|error| {
            // The URL holds the token.
            let connecting = error.is_connect();
            let said = error.without_url().to_string();
            if connecting { Failure::NotSent(said) } else { Failure::Unclear(said) }
        })?;
        self.hearing.hear(response.headers().get("date").and_then(|date| date.to_str().ok()));
        Ok(response)
    }
}

/// Counts a call by its path and by what came of it.
fn counted<C: Call, T>(outcome: Result<T, Failure>) -> Result<T, Failure> {
    let word = match &outcome {
        Ok(_) => "ok",
        Err(Failure::Refused(_)) => "refused",
        Err(Failure::NotSent(_)) => "not_sent",
        Err(Failure::Unclear(_)) => "unclear",
        Err(Failure::NoToken(_)) => "no_token",
    };
    metrics::counter!("hongyan_wechat_calls_total", "path" => C::PATH, "outcome" => word).increment(1);
    outcome
}

fn refused(body: ErrorBody) -> Failure {
    let next = Next::of(body.errcode);
    Failure::Refused(Refusal { body, next })
}

async fn read(mut response: reqwest::Response, most: usize) -> Result<Bytes, Failure> {
    let mut bytes = Vec::with_capacity(response.content_length().unwrap_or(0).min(most as u64) as usize);
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > most => {
                return Err(Failure::Unclear(format!("the answer is longer than {most} bytes")));
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(bytes.into()),
            Err(error) => return Err(Failure::Unclear(error.without_url().to_string())),
        }
    }
}
