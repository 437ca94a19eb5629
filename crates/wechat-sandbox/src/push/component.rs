//! Pushes to the platform itself: tickets, and who authorised it.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/component_verify_ticket.html>

use std::time::{Duration, Instant};

use wechat::crypto::envelope::seal_push;
use wechat::crypto::signature::sign;
use wechat::crypto::{KeyAge, Outer};
use wechat::wire::{self, Fields, Format};

use super::PushRecord;
use super::deliver::{post, random, stamp, with_query};
use crate::clock::SECOND;
use crate::faults::FaultKind;
use crate::sandbox::{Sandbox, lock};

/// A push to the event URL that waits to be sent.
pub(crate) struct ComponentJob {
    pub what: &'static str,
    /// The account it is about; the component itself for tickets.
    pub appid: String,
    pub document: Fields<'static>,
}

/// What all of them begin with.
pub(crate) fn document(component_appid: &str, now_ms: i64, what: &'static str) -> Fields<'static> {
    let mut fields = Fields::default();
    fields.push_text("AppId", component_appid.to_owned());
    fields.push_number("CreateTime", now_ms / SECOND);
    fields.push_text("InfoType", what);
    fields
}

/// Issues a ticket and pushes it.
pub(crate) fn push_ticket(sandbox: &Sandbox) {
    let job = {
        let mut world = sandbox.world();
        let now_ms = world.now_ms();
        let ticket = world.component.issue_ticket(now_ms);
        world.dirty.whole();
        let what = "component_verify_ticket";
        let mut document = document(&world.component.appid, now_ms, what);
        document.push_text("ComponentVerifyTicket", ticket);
        ComponentJob { what, appid: world.component.appid.clone(), document }
    };
    let sandbox = sandbox.clone();
    tokio::spawn(async move { push(&sandbox, &job).await });
}

/// Delivers to the event URL, late or twice if a fault says so; true when `success` was answered.
pub(crate) async fn push(sandbox: &Sandbox, job: &ComponentJob) -> bool {
    let faults = lock(&sandbox.0.faults).draw(true, job.what, Some(&job.appid));
    for late in faults.iter().filter(|fault| fault.kind != FaultKind::DuplicatePush) {
        tokio::time::sleep(Duration::from_millis(late.ms.unwrap_or(3000))).await;
    }
    let answered = deliver(sandbox, job).await;
    for _ in faults.iter().filter(|fault| fault.kind == FaultKind::DuplicatePush) {
        deliver(sandbox, job).await;
    }
    answered
}

/// Tries as often as is set. Nothing to do without a URL.
async fn deliver(sandbox: &Sandbox, job: &ComponentJob) -> bool {
    let settings = sandbox.world().counters.push;
    for attempt in 1..=settings.attempts.max(1) {
        let Some((url, body)) = seal(sandbox, job) else { return false };
        let started = Instant::now();
        let sent = match with_query(&url.0, &url.1) {
            Ok(full) => {
                tokio::time::timeout(
                    Duration::from_millis(settings.timeout_ms),
                    post(sandbox, &full, Format::Xml, body),
                )
                .await
            }
            Err(why) => Ok(Err(("unreachable", None, why))),
        };
        let (outcome, status, reason) = match sent {
            Err(_) => ("timeout", None, Some("no answer in time".to_owned())),
            Ok(Err((outcome, status, why))) => (outcome, status, Some(why)),
            Ok(Ok(body)) if body == b"success" => ("silent", Some(200), None),
            Ok(Ok(_)) => ("bad_answer", Some(200), Some("the answer is not `success`".to_owned())),
        };
        let row = sandbox.0.engine.record(PushRecord {
            id: 0,
            at_ms: sandbox.0.clock.now_ms(),
            appid: job.appid.clone(),
            openid: None,
            what: job.what.to_owned(),
            attempt,
            url: url.0,
            status,
            elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            outcome: outcome.to_owned(),
            reason,
        });
        sandbox.0.live.tell("push", || row);
        if outcome == "silent" {
            return true;
        }
        if attempt < settings.attempts {
            tokio::time::sleep(Duration::from_millis(settings.pause_ms)).await;
        }
    }
    false
}

type Address = (String, Vec<(&'static str, String)>);

fn seal(sandbox: &Sandbox, job: &ComponentJob) -> Option<(Address, String)> {
    let (timestamp, nonce) = stamp(sandbox);
    let world = sandbox.world();
    let component = &world.component;
    if component.event_url.is_empty() {
        return None;
    }
    let plain = wire::to_xml(&job.document);
    let encrypt = component.cipher()?.encrypt(plain.as_bytes(), random(), KeyAge::Current);
    let query = vec![
        ("signature", sign(&[&component.token, &timestamp, &nonce])),
        ("timestamp", timestamp.clone()),
        ("nonce", nonce.clone()),
        ("encrypt_type", "aes".to_owned()),
        ("msg_signature", sign(&[&component.token, &timestamp, &nonce, &encrypt])),
    ];
    let body = seal_push(Format::Xml, Outer::Component(&component.appid), &encrypt);
    Some(((component.event_url.clone(), query), body))
}
