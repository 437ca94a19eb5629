//! One push to one address: sealed, signed, tried, and the answer read.

use std::time::{Duration, Instant};

use wechat::crypto::envelope::{seal_push, seal_push_compatible};
use wechat::crypto::signature::sign;
use wechat::crypto::{KeyAge, MsgCipher, Outer};
use wechat::wire::{self, Format};

use super::reply::{self, Reply};
use super::{Job, PushRecord};
use crate::chance;
use crate::clock::SECOND;
use crate::permute::{hex, mix};
use crate::sandbox::Sandbox;
use crate::world::World;
use crate::world::account::Mode;

/// Answers longer than this are cut off.
const ANSWER: usize = 1 << 20;

/// An address and how to speak to it.
pub(crate) struct Target {
    pub url: String,
    pub token: String,
    pub cipher: Option<MsgCipher>,
    pub mode: Mode,
    pub format: Format,
    pub original_id: String,
}

/// What came of it.
pub(crate) enum Delivered {
    Answered(Box<Reply>),
    Silent,
    Failed(String),
}

/// Where an account's pushes go: its own address, and the component's if it holds set 1.
pub(super) fn targets(world: &World, appid: &str) -> Vec<Target> {
    let Some(account) = world.account(appid) else { return Vec::new() };
    let mut targets = Vec::new();
    if !account.callback_url.is_empty() {
        targets.push(Target {
            url: account.callback_url.clone(),
            token: account.token.clone(),
            cipher: account.cipher(),
            mode: account.mode,
            format: account.format,
            original_id: account.original_id.clone(),
        });
    }
    let component = &world.component;
    let holds = account.authorization(&component.appid).is_some_and(|held| held.sets.contains(&1));
    if let Some(url) = component.message_url(appid).filter(|_| holds) {
        targets.push(Target {
            url,
            token: component.token.clone(),
            cipher: component.cipher(),
            mode: Mode::Safe,
            format: Format::Xml,
            original_id: account.original_id.clone(),
        });
    }
    targets
}

/// Tries until there is an answer, or no attempts are left. Says how many it took.
pub(super) async fn deliver(sandbox: &Sandbox, target: &Target, job: &Job) -> (Delivered, u32) {
    let settings = sandbox.world().counters.push;
    let mut reason = String::new();
    for number in 1..=settings.attempts.max(1) {
        match attempt(sandbox, target, job, number).await {
            Tried::Read(Ok(None)) => return (Delivered::Silent, number),
            Tried::Read(Ok(Some(reply))) => return (Delivered::Answered(reply), number),
            // A bad answer is an answer: it is not asked for again.
            Tried::Read(Err(why)) => return (Delivered::Failed(why), number),
            Tried::Lost(why) => reason = why,
        }
        if number < settings.attempts {
            tokio::time::sleep(Duration::from_millis(settings.pause_ms)).await;
        }
    }
    (Delivered::Failed(reason), settings.attempts)
}

pub(super) enum Tried {
    Read(Result<Option<Box<Reply>>, String>),
    Lost(String),
}

/// One attempt, written down.
pub(super) async fn attempt(sandbox: &Sandbox, target: &Target, job: &Job, number: u32) -> Tried {
    let openid = job.document.text("FromUserName").unwrap_or_default().to_owned();
    let timeout = Duration::from_millis(sandbox.world().counters.push.timeout_ms);
    let _turn = sandbox.0.engine.at_once.acquire().await;
    let started = Instant::now();
    let sent = match seal(sandbox, target, job, &openid) {
        Ok((url, body)) => tokio::time::timeout(timeout, post(sandbox, &url, target.format, body)).await,
        Err(why) => Ok(Err(("unreachable", None, why))),
    };
    let (outcome, status, reason, tried) = match sent {
        Err(_) => {
            let why = format!("no answer within {} ms", timeout.as_millis());
            ("timeout", None, Some(why.clone()), Tried::Lost(why))
        }
        Ok(Err((outcome, status, why))) => (outcome, status, Some(why.clone()), Tried::Lost(why)),
        Ok(Ok(body)) => match reply::read(&body, target, job, &openid) {
            Ok(None) => ("silent", Some(200), None, Tried::Read(Ok(None))),
            Ok(Some(reply)) => ("answered", Some(200), None, Tried::Read(Ok(Some(Box::new(reply))))),
            Err(why) => ("bad_answer", Some(200), Some(why.clone()), Tried::Read(Err(why))),
        },
    };
    let row = sandbox.0.engine.record(PushRecord {
        id: 0,
        at_ms: sandbox.0.clock.now_ms(),
        appid: job.appid.clone(),
        openid: Some(openid),
        what: job.what.clone(),
        attempt: number,
        url: target.url.clone(),
        status,
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        outcome: outcome.to_owned(),
        reason,
    });
    sandbox.0.live.tell("push", || row);
    tried
}

/// The address with a fresh signature, and the body.
fn seal(sandbox: &Sandbox, target: &Target, job: &Job, openid: &str) -> Result<(String, String), String> {
    let (timestamp, nonce) = stamp(sandbox);
    let plain = wire::write(target.format, &job.document);
    let mut query = vec![("signature", sign(&[&target.token, &timestamp, &nonce]))];
    query.extend([("timestamp", timestamp.clone()), ("nonce", nonce.clone()), ("openid", openid.to_owned())]);
    let body = if target.mode == Mode::Plain {
        plain
    } else {
        let cipher = target.cipher.as_ref().ok_or("the EncodingAESKey is not one")?;
        let encrypt = cipher.encrypt(plain.as_bytes(), random(), KeyAge::Current);
        query.push(("encrypt_type", "aes".to_owned()));
        query.push(("msg_signature", sign(&[&target.token, &timestamp, &nonce, &encrypt])));
        match target.mode {
            Mode::Compatible => seal_push_compatible(plain.as_bytes(), &encrypt).map_err(|error| error.to_string())?,
            _ => seal_push(target.format, Outer::Account(&target.original_id), &encrypt),
        }
    };
    Ok((with_query(&target.url, &query)?, body))
}

/// The sixteen hex characters real servers put before a message.
pub(super) fn random() -> [u8; 16] {
    let mut random = [0; 16];
    random.copy_from_slice(hex(chance::any(), 16).as_bytes());
    random
}

/// Timestamp and nonce of a push.
pub(super) fn stamp(sandbox: &Sandbox) -> (String, String) {
    let timestamp = (sandbox.0.clock.now_ms() / SECOND).to_string();
    let nonce = (mix(chance::any()) % 2_000_000_000).to_string();
    (timestamp, nonce)
}

/// The address with more behind its own query.
pub(crate) fn with_query(url: &str, query: &[(&str, String)]) -> Result<String, String> {
    let mut url = url::Url::parse(url).map_err(|error| format!("the address is not one: {error}"))?;
    url.query_pairs_mut().extend_pairs(query);
    Ok(url.into())
}

type Unheard = (&'static str, Option<u16>, String);

/// The body of the answer, if it is one with status 200.
pub(super) async fn post(sandbox: &Sandbox, url: &str, format: Format, body: String) -> Result<Vec<u8>, Unheard> {
    let content_type = if format == Format::Json { "application/json" } else { "text/xml" };
    let request = sandbox.0.engine.client.post(url).header("content-type", content_type).body(body);
    let lost = |error: reqwest::Error| ("unreachable", None, error.without_url().to_string());
    let mut response = request.send().await.map_err(lost)?;
    let status = response.status();
    if status != reqwest::StatusCode::OK {
        return Err(("http_error", Some(status.as_u16()), format!("status {status}")));
    }
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(lost)? {
        answer.extend_from_slice(&chunk);
        if answer.len() > ANSWER {
            return Err(("unreachable", Some(200), "the answer is longer than 1 MiB".to_owned()));
        }
    }
    Ok(answer)
}
