//! WeChat's word at the end of a broadcast. It names the job by an id that we know from the answer; when it comes before
//! the answer is written it is kept, and so is what WeChat's own console sent. The store of it.

use kit::{AccountId, BroadcastId, BroadcastPartId, Error, Millis, Work, sql};
use store::FromRow;
use wechat::message::job::MassStatus;

use super::{Part, PartState, parts, stop};
use crate::accounts;

/// What WeChat says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub msg_id: i64,
    pub status: String,
    /// The audience.
    pub total: i64,
    /// Whom WeChat left out of it.
    pub filtered: i64,
    pub sent: i64,
    pub failed: i64,
    /// The pages of its articles.
    pub urls: Vec<String>,
    pub at: Millis,
}

impl Report {
    /// Where the part stands by this, and a stable word for why.
    fn state(&self) -> (PartState, Option<&'static str>, Option<i64>) {
        match MassStatus::of(&self.status) {
            MassStatus::Success => (PartState::Sent, None, None),
            MassStatus::Fail | MassStatus::Other(_) => (PartState::Failed, Some("send_fail"), None),
            MassStatus::Stopped(code) => (PartState::Failed, Some(stopped(code)), Some(code)),
        }
    }
}

/// Why WeChat stopped it.
fn stopped(code: i64) -> &'static str {
    match code {
        10001 => "advertising",
        20001..=20999 => "forbidden_content",
        21000 => "wechat_stopped",
        22000 => "mutual_promotion",
        30001..=30003 => "not_original",
        40001 => "admin_refused",
        40002 => "admin_silent",
        _ => "wechat_stopped",
    }
}

/// Takes a report in. The part that it settled.
pub async fn take(work: &mut Work, account: AccountId, report: &Report) -> Result<Option<BroadcastPartId>, Error> {
    // The answer that names the job may be being written: whoever is second finds what the first wrote.
    accounts::hold(work, account).await?;
    let query = parts::select()
        .push(" where tenant_id = ? and account_id = ? and msg_id = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(report.msg_id);
    match parts::rows(work, query).await?.pop() {
        Some(part) => Ok(settle(work, &part, report).await?.then_some(part.id)),
        None => {
            keep(work, account, report).await?;
            Ok(None)
        }
    }
}

async fn keep(work: &mut Work, account: AccountId, report: &Report) -> Result<(), Error> {
    let query = sql(
        "insert into broadcast_reports (tenant_id, account_id, msg_id, at, status, total, filtered, sent, failed, urls)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
    )
    .bind(work.tenant())
    .bind(account)
    .bind(report.msg_id)
    .bind(report.at)
    .bind(report.status.as_str())
    .bind(report.total)
    .bind(report.filtered)
    .bind(report.sent)
    .bind(report.failed)
    .bind(serde_json::to_string(&report.urls).map_err(Error::internal)?);
    work.execute(query).await?;
    super::tell(work, account, BroadcastId(0));
    Ok(())
}

/// The part is settled by it, if its fate is still open; numbers come also after WeChat was asked.
async fn settle(work: &mut Work, part: &Part, report: &Report) -> Result<bool, Error> {
    let (state, reason, code) = report.state();
    let query = sql("update broadcast_parts set state = ?, reason = ?, errcode = ?, status = ?, total = ?, filtered = ?, sent = ?, failed = ?, urls = ?,
           submitted_at = coalesce(submitted_at, sending_at), ask_at = null, finished_at = ?
         where tenant_id = ? and id = ? and (state in ('submitted', 'awaiting_confirmation', 'unknown') or (state in ('sent', 'failed') and total is null))")
    .bind(state.as_str())
    .bind(reason)
    .bind(code)
    .bind(report.status.as_str())
    .bind(report.total)
    // Of one that was not sent nobody was left out.
    .bind(if state == PartState::Sent { report.filtered } else { 0 })
    .bind(report.sent)
    .bind(report.failed)
    .bind(serde_json::to_string(&report.urls).map_err(Error::internal)?)
    .bind(work.now())
    .bind(work.tenant())
    .bind(part.id);
    if work.execute(query).await? != 1 {
        return Ok(false);
    }
    // What WeChat has just found fault with is not said to anybody else.
    if code.is_some_and(|code| code < 40_000) && stop(work, part.broadcast, "wechat_stopped", "WeChat").await? {
        tracing::warn!(
            broadcast.id = part.broadcast.0,
            status = report.status,
            "WeChat stopped a broadcast; the rest is not sent"
        );
    }
    super::tell(work, part.account, part.broadcast);
    Ok(true)
}

#[derive(FromRow)]
struct Row {
    at: i64,
    status: String,
    total: i64,
    filtered: i64,
    sent: i64,
    failed: i64,
    urls: Option<String>,
}

/// A job has just become ours: what was reported of it before is taken in.
pub(super) async fn claim_orphan(work: &mut Work, account: AccountId, msg_id: i64) -> Result<(), Error> {
    let query = sql("delete from broadcast_reports where tenant_id = ? and account_id = ? and msg_id = ? returning at, status, total, filtered, sent, failed, urls")
        .bind(work.tenant())
        .bind(account)
        .bind(msg_id);
    let Some(row) = work.one::<Row>(query).await? else { return Ok(()) };
    let report = Report {
        msg_id,
        status: row.status,
        total: row.total,
        filtered: row.filtered,
        sent: row.sent,
        failed: row.failed,
        urls: row.urls.as_deref().and_then(|urls| serde_json::from_str(urls).ok()).unwrap_or_default(),
        at: row.at,
    };
    Box::pin(take(work, account, &report)).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wechats_word_is_read_whatever_its_number_and_its_blanks() {
        let of = |status: &str| {
            let status = status.to_owned();
            let report =
                Report { msg_id: 1, status, total: 0, filtered: 0, sent: 0, failed: 0, urls: Vec::new(), at: 0 };
            report.state()
        };
        assert_eq!(of("send success"), (PartState::Sent, None, None));
        assert_eq!(of("sendsuccess"), (PartState::Sent, None, None));
        assert_eq!(of("send fail"), (PartState::Failed, Some("send_fail"), None));
        assert_eq!(of("err(10001)"), (PartState::Failed, Some("advertising"), Some(10001)));
        assert_eq!(of("err(40002)"), (PartState::Failed, Some("admin_silent"), Some(40002)));
        assert_eq!(of("err(77777)"), (PartState::Failed, Some("wechat_stopped"), Some(77777)));
    }
}
