//! Writing what came of a call, and of broadcasts that end early. The store of both.
//!
//! A word is written over the very attempt it is about. What is late is taken as long as nobody knows better.

use kit::{AccountId, BroadcastId, BroadcastPartId, Error, Millis, TenantId, Work, sql};
use store::Tx;

use super::{
    Part, PartState, Way,
    machine::{self, Step},
    parts::{self, Claimed},
    reports,
};
use crate::accounts;

/// The slowest that WeChat sends: so many fans a minute.
const SLOWEST: i64 = 100_000;
const MINUTE: Millis = 60_000;
/// An administrator has so long to confirm.
pub const CONFIRM_MS: Millis = 30 * MINUTE;
/// Without any word for so long, nobody knows.
const NO_REPORT_MS: Millis = 48 * 60 * MINUTE;

/// What came of one attempt.
#[derive(Debug, Clone)]
pub struct Ended {
    pub claimed: Claimed,
    pub step: Step,
    pub errcode: Option<i64>,
    /// For people: what WeChat or the network said.
    pub evidence: Option<String>,
}

/// When WeChat is done with it at the latest, unless somebody has to confirm it.
pub fn expected_by(part: &Part) -> Millis {
    part.submitted_at.unwrap_or(0) + 3 * MINUTE + part.fans / SLOWEST * MINUTE
}

/// Writes what came of an attempt. The state that the row has now, or none when it was not about the row as it stands.
pub async fn write(work: &mut Work, ended: &Ended) -> Result<Option<PartState>, Error> {
    let now = work.now();
    let part = &ended.claimed.part;
    let (state, reason, due_at) = match ended.step {
        Step::Submitted { .. } => (PartState::Submitted, None, part.due_at),
        Step::Refused(reason) => (PartState::Refused, Some(reason), part.due_at),
        Step::Again { at, reason } => (PartState::Queued, reason, at),
        Step::Lost => (PartState::Queued, Some("unauthorized"), part.due_at),
        Step::Repeat(at) => (PartState::Retrying, Some("answer_lost"), at),
        Step::Unknown(reason) => (PartState::Unknown, Some(reason), part.due_at),
    };
    let taken = match ended.step {
        Step::Submitted { taken, .. } => Some(taken),
        _ => None,
    };
    // WeChat is asked at once about what it says that it knew, else when it ought to be over.
    let ask_at = match ended.step {
        Step::Submitted { known_before: true, .. } => Some(now + 5_000),
        Step::Submitted { .. } => Some(expected_by(&Part { submitted_at: Some(now), ..part.clone() })),
        _ => None,
    };
    let is_over = matches!(state, PartState::Refused | PartState::Unknown);
    if taken.is_some() {
        // A report on the job may be being written (see [`reports::take`]).
        accounts::hold(work, part.account).await?;
    }
    let query = sql("update broadcast_parts set state = ?, reason = ?, errcode = ?, evidence = ?, due_at = ?, msg_id = coalesce(?, msg_id),
           msg_data_id = coalesce(?, msg_data_id), submitted_at = coalesce(submitted_at, ?), ask_at = ?, finished_at = ?
         where tenant_id = ? and id = ? and attempts = ? and (state = 'sending' or (state in ('unknown', 'retrying') and ?))")
    .bind(state.as_str())
    .bind(reason)
    .bind(ended.errcode)
    .bind(ended.evidence.clone())
    .bind(due_at)
    .bind(taken.map(|taken| taken.msg_id))
    .bind(taken.and_then(|taken| taken.msg_data_id))
    .bind(taken.map(|_| now))
    .bind(ask_at)
    .bind(is_over.then_some(now))
    .bind(work.tenant())
    .bind(part.id)
    .bind(part.attempts)
    // Somebody had given up hope of an answer; here it is.
    .bind(taken.is_some());
    if work.execute(query).await? != 1 {
        return Ok(None);
    }
    super::tell(work, part.account, part.broadcast);
    if let Some(taken) = taken {
        // WeChat may have reported on it before its own answer was here (P14).
        reports::claim_orphan(work, part.account, taken.msg_id).await?;
    } else {
        end_strays(work, part.broadcast).await?;
    }
    Ok(Some(state))
}

/// What came back into line, or was to be said again, of a broadcast that has been stopped meanwhile.
async fn end_strays(work: &mut Work, id: BroadcastId) -> Result<(), Error> {
    if super::lock(work, id).await?.state == super::BroadcastState::Stopped {
        end_rest(work, id, "the broadcast had been stopped").await?;
    }
    Ok(())
}

/// What waits is cancelled; what was to be said again is in doubt for good.
pub(super) async fn end_rest(work: &mut Work, id: BroadcastId, evidence: &str) -> Result<(), Error> {
    let cancel =
        sql("update broadcast_parts set state = 'cancelled', reason = 'stopped', evidence = ?, finished_at = ?
         where tenant_id = ? and broadcast_id = ? and state = 'queued'")
        .bind(evidence)
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(cancel).await?;
    let doubt = sql("update broadcast_parts set state = 'unknown', finished_at = ? where tenant_id = ? and broadcast_id = ? and state = 'retrying'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(doubt).await?;
    Ok(())
}

/// What waited too long to be said again: WeChat may have forgotten the id by now. How many.
pub async fn too_late_to_repeat(tx: &Tx, now: Millis) -> Result<u64, Error> {
    let query = sql("update broadcast_parts set state = 'unknown', finished_at = ? where tenant_id is not null and state = 'retrying' and first_sending_at <= ?")
        .bind(now)
        .bind(now - machine::REMEMBERED_MS);
    Ok(tx.execute(query).await?)
}

/// WeChat's word on how a job stands, when it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Sending,
    Success,
    Fail,
    Deleted,
    /// WeChat does not know it, or says something nobody has explained.
    Nothing,
}

/// Writes how a job stands. The state it has now.
pub async fn stands(work: &mut Work, id: BroadcastPartId, standing: Standing) -> Result<PartState, Error> {
    let (now, part) = (work.now(), parts::find(work, id).await?);
    let submitted_at = part.submitted_at.unwrap_or(now);
    let late = now >= expected_by(&part);
    let waits = part.way == Way::All && late && now < submitted_at + CONFIRM_MS;
    let again = now + if late { 10 * MINUTE } else { (expected_by(&part) - now).max(5_000) };
    let (state, reason, ask_at) = match standing {
        Standing::Success => (PartState::Sent, None, None),
        Standing::Fail => (PartState::Failed, Some("send_fail"), None),
        Standing::Deleted => (PartState::Withdrawn, None, None),
        _ if now - submitted_at > NO_REPORT_MS => (PartState::Unknown, Some("no_report"), None),
        Standing::Sending if waits => {
            (PartState::AwaitingConfirmation, None, Some((submitted_at + CONFIRM_MS + MINUTE).min(again)))
        }
        Standing::Sending | Standing::Nothing => (part.state, part.reason.as_deref(), Some(again)),
    };
    let is_over = ask_at.is_none();
    let query = sql("update broadcast_parts set state = ?, reason = ?, ask_at = ?, finished_at = ?
         where tenant_id = ? and id = ? and state in ('submitted', 'awaiting_confirmation')")
    .bind(state.as_str())
    .bind(reason.map(str::to_owned))
    .bind(ask_at)
    .bind(is_over.then_some(now))
    .bind(work.tenant())
    .bind(id);
    work.execute(query).await?;
    if state != part.state {
        super::tell(work, part.account, part.broadcast);
    }
    Ok(state)
}

/// WeChat took it offline.
pub async fn withdrawn(work: &mut Work, id: BroadcastPartId) -> Result<(), Error> {
    let query = sql("update broadcast_parts set state = 'withdrawn' where tenant_id = ? and id = ? and state = 'sent'")
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// A person leaves one in doubt as it is, or has it said again by another part. False when somebody had decided before.
pub async fn decide(
    work: &mut Work,
    id: BroadcastPartId,
    decision: &str,
    by: &str,
    resent_as: Option<BroadcastPartId>,
) -> Result<bool, Error> {
    let query = sql("update broadcast_parts set decision = ?, decided_by = ?, decided_at = ?, resent_as = ?
         where tenant_id = ? and id = ? and state = 'unknown' and decision is null")
    .bind(decision)
    .bind(by)
    .bind(work.now())
    .bind(resent_as.map(|id| id.0))
    .bind(work.tenant())
    .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// What an old copy of the database believes to be in line or under way may have been said since (P10). How many parts.
pub async fn doubt_restored(tx: &Tx, tenant: TenantId, now: Millis, evidence: &str) -> Result<u64, Error> {
    let parts = sql("update broadcast_parts set state = 'unknown', reason = 'restored', evidence = ?, finished_at = ?
         where tenant_id = ? and state in ('queued', 'sending', 'retrying')")
    .bind(evidence)
    .bind(now)
    .bind(tenant);
    let doubted = tx.execute(parts).await?;
    let broadcasts = sql("update broadcasts set state = case when state in ('running', 'testing') then 'stopped' else 'missed' end,
           reason = 'restored', ended_at = case when state in ('running', 'testing') then ? else ended_at end, version = version + 1
         where tenant_id = ? and state in ('running', 'testing', 'scheduled')")
    .bind(now)
    .bind(tenant);
    tx.execute(broadcasts).await?;
    Ok(doubted)
}

/// WeChat's month of everything to all is used up: what else goes to all waits as well.
pub async fn put_off_all(work: &mut Work, account: AccountId, until: Millis) -> Result<(), Error> {
    let query = sql("update broadcast_parts set due_at = ?, reason = 'month_quota' where tenant_id = ? and account_id = ? and way = 'all' and state = 'queued' and due_at < ?")
        .bind(until)
        .bind(work.tenant())
        .bind(account)
        .bind(until);
    work.execute(query).await?;
    Ok(())
}
