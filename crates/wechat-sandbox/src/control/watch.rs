//! What can be looked at and meddled with: faults, calls, pushes, QR codes.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::{AfterQuery, Ask, Body, ControlError, List, Problem, limit};
use crate::act::not_found;
use crate::faults::{Fault, NewFault};
use crate::journal::{Call, Total};
use crate::push::PushRecord;
use crate::sandbox::{Sandbox, lock};

/// A QR code with parameters.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QrView {
    ticket: String,
    appid: String,
    nick_name: String,
    scene: String,
    action_name: String,
    url: String,
    created_ms: i64,
    expires_ms: Option<i64>,
}

/// QR codes that can be scanned now, newest first, 500 at most.
#[utoipa::path(get, path = "/qrcodes", operation_id = "list_qrcodes", responses((status = 200, description = "codes", body = List<QrView>)))]
pub(crate) async fn list_qrcodes(State(sandbox): State<Sandbox>) -> Json<List<QrView>> {
    let world = sandbox.world();
    let now_ms = world.now_ms();
    let mut live: Vec<_> = world.qrs.values().filter(|qr| qr.is_live(now_ms)).collect();
    live.sort_by_key(|qr| std::cmp::Reverse(qr.created_ms));
    let view = |qr: &crate::world::things::Qr| QrView {
        ticket: qr.ticket.clone(),
        appid: qr.appid.clone(),
        nick_name: world.account(&qr.appid).map(|account| account.nick_name.clone()).unwrap_or_default(),
        scene: qr.scene(),
        action_name: qr.action_name.clone(),
        url: qr.url.clone(),
        created_ms: qr.created_ms,
        expires_ms: qr.expires_ms,
    };
    let total = Some(live.len() as u64);
    Json(List { items: live.into_iter().take(500).map(view).collect(), total })
}

impl Sandbox {
    /// Makes something go wrong. Says by what number it is removed.
    pub fn set_fault(&self, fault: NewFault) -> u64 {
        lock(&self.0.faults).add(fault)
    }

    pub fn clear_faults(&self) {
        lock(&self.0.faults).list.clear();
    }

    /// The last rows of the journal, and all totals.
    pub fn journal(&self) -> (Vec<Call>, HashMap<String, Total>) {
        let journal = lock(&self.0.journal);
        (journal.rows.iter().cloned().collect(), journal.totals.clone())
    }

    /// How often a logical key, or a path, was called and took effect.
    pub fn total(&self, key: &str) -> Total {
        lock(&self.0.journal).totals.get(key).copied().unwrap_or_default()
    }

    /// The last attempts to deliver something.
    pub fn pushes(&self) -> Vec<PushRecord> {
        self.0.engine.records(Some(0), usize::MAX, |_| true)
    }
}

/// What is set to go wrong.
#[utoipa::path(get, path = "/faults", operation_id = "list_faults", responses((status = 200, description = "faults", body = List<Fault>)))]
pub(crate) async fn list_faults(State(sandbox): State<Sandbox>) -> Json<List<Fault>> {
    Json(List { items: lock(&sandbox.0.faults).list.clone(), total: None })
}

/// A fault's number.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FaultId {
    id: u64,
}

/// Makes something go wrong.
#[utoipa::path(post, path = "/faults", operation_id = "add_fault", request_body = NewFault,
    responses((status = 201, description = "its number", body = FaultId), (status = 400, description = "why not", body = Problem)))]
pub(crate) async fn add_fault(
    State(sandbox): State<Sandbox>,
    Body(fault): Body<NewFault>,
) -> (StatusCode, Json<FaultId>) {
    (StatusCode::CREATED, Json(FaultId { id: sandbox.set_fault(fault) }))
}

/// Removes all faults.
#[utoipa::path(delete, path = "/faults", operation_id = "clear_faults", responses((status = 204, description = "none are left")))]
pub(crate) async fn clear_faults(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.clear_faults();
    StatusCode::NO_CONTENT
}

/// Removes one fault.
#[utoipa::path(delete, path = "/faults/{id}", operation_id = "remove_fault", params(("id" = u64, Path)),
    responses((status = 204, description = "it is gone"), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn remove_fault(
    State(sandbox): State<Sandbox>,
    Path(id): Path<u64>,
) -> Result<StatusCode, ControlError> {
    let mut faults = lock(&sandbox.0.faults);
    let before = faults.list.len();
    faults.list.retain(|fault| fault.id != id);
    if faults.list.len() < before { Ok(StatusCode::NO_CONTENT) } else { Err(not_found("fault").into()) }
}

/// Calls, and how often each thing was called and took effect.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JournalView {
    items: Vec<Call>,
    /// By logical key and by path; only the one asked for, if one was.
    totals: HashMap<String, Total>,
    /// So many more keys have totals that are not given here.
    totals_left_out: usize,
}

/// The calls to the WeChat side.
#[utoipa::path(get, path = "/journal", operation_id = "get_journal", params(AfterQuery),
    responses((status = 200, description = "calls", body = JournalView)))]
pub(crate) async fn journal(State(sandbox): State<Sandbox>, Ask(ask): Ask<AfterQuery>) -> Json<JournalView> {
    let journal = lock(&sandbox.0.journal);
    let wanted = |call: &&Call| {
        ask.key.as_deref().is_none_or(|key| call.key == key || call.path == key)
            && (ask.appid.is_none() || call.appid == ask.appid)
            && ask.before.is_none_or(|before| call.id < before)
    };
    let items = match ask.after {
        Some(after) => {
            journal.rows.iter().filter(|call| call.id > after).filter(wanted).take(limit(ask.limit)).cloned().collect()
        }
        None => {
            let mut last: Vec<Call> =
                journal.rows.iter().rev().filter(wanted).take(limit(ask.limit)).cloned().collect();
            last.reverse();
            last
        }
    };
    let most = ask.totals.unwrap_or(10_000);
    let (totals, totals_left_out) = match &ask.key {
        Some(key) => (journal.totals.get(key).map(|total| (key.clone(), *total)).into_iter().collect(), 0),
        None => (
            journal.totals.iter().take(most).map(|(key, total)| (key.clone(), *total)).collect(),
            journal.totals.len().saturating_sub(most),
        ),
    };
    Json(JournalView { items, totals, totals_left_out })
}

/// Forgets all calls and totals.
#[utoipa::path(delete, path = "/journal", operation_id = "clear_journal", responses((status = 204, description = "forgotten")))]
pub(crate) async fn clear_journal(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.wipe_journal();
    StatusCode::NO_CONTENT
}

/// The attempts to deliver something.
#[utoipa::path(get, path = "/pushes", operation_id = "list_pushes", params(AfterQuery),
    responses((status = 200, description = "attempts", body = List<PushRecord>)))]
pub(crate) async fn pushes(State(sandbox): State<Sandbox>, Ask(ask): Ask<AfterQuery>) -> Json<List<PushRecord>> {
    let wanted = |row: &PushRecord| {
        ask.appid.as_deref().is_none_or(|appid| row.appid == appid) && ask.before.is_none_or(|before| row.id < before)
    };
    Json(List { items: sandbox.0.engine.records(ask.after, limit(ask.limit), wanted), total: None })
}
