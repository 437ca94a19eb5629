//! Writing what came of sends, and what WeChat reports of them afterwards. The store of both.
//!
//! A word is written over the very attempt it is about: a row that was taken up again since has another number of
//! attempts. What is late is taken as long as nobody knows better: an answer that arrives after the send was called unknown.

use kit::{AccountId, CustomerId, Error, Millis, SendId, Work, sql};
use store::FromRow;

use super::{
    Service,
    machine::Step,
    sends::{Claimed, SendState},
};

/// What came of one attempt.
#[derive(Debug, Clone)]
pub struct Ended {
    pub send: Claimed,
    pub step: Step,
    /// WeChat's code, when it gave one.
    pub errcode: Option<i64>,
    /// For people: what WeChat or the network said.
    pub evidence: Option<String>,
    /// WeChat's id of the message.
    pub wechat_id: Option<String>,
}

impl Ended {
    /// The state that is written, and the word for why.
    pub fn state(&self) -> (SendState, Option<&'static str>) {
        match self.step {
            Step::Over(state, reason) => (state, reason),
            Step::Again => (SendState::Queued, None),
            Step::Repeat(_) => (SendState::Retrying, Some("answer_lost")),
            Step::Hold(reason) => (SendState::Held, Some(reason)),
        }
    }

    fn row(&self, tenant: i64, now: Millis) -> [store::Value; 11] {
        let (state, reason) = self.state();
        let over = matches!(self.step, Step::Over(..));
        let due_at = if let Step::Repeat(at) = self.step { at } else { self.send.due_at };
        [
            tenant.into(),
            self.send.id.into(),
            self.send.attempts.into(),
            SendState::Sending.as_str().into(),
            state.as_str().into(),
            reason.into(),
            self.errcode.into(),
            self.evidence.clone().into(),
            over.then_some(now).into(),
            due_at.into(),
            self.wechat_id.clone().into(),
        ]
    }
}

/// Its state is given with each, so that PostgreSQL looks each up: among all that are under way it would look for each in turn.
const KEYS: &[&str] = &["tenant_id", "id", "attempts", "state"];
const COLUMNS: &[&str] = &["state", "reason", "errcode", "evidence", "settled_at", "due_at", "wechat_id"];

/// Writes what came of sends of one tenant. For each, the state that the row has now, or none when it was not about
/// the row as it stands: it had been settled before, and the first word holds.
pub async fn write(work: &mut Work, ended: &[Ended]) -> Result<Vec<Option<SendState>>, Error> {
    let (tenant, now) = (work.tenant().0, work.now());
    let in_doubt = |one: &&Ended| matches!(one.state().0, SendState::Unknown | SendState::Retrying);
    let certain: Vec<_> = ended.iter().filter(|one| !in_doubt(one)).map(|one| one.row(tenant, now)).collect();
    // WeChat may have reported on it already, and then there is no doubt.
    let doubtful: Vec<_> = ended.iter().filter(in_doubt).map(|one| one.row(tenant, now)).collect();
    let tx = work.tx().await?;
    let written = tx.amend("sends", KEYS, COLUMNS, None, certain).await?
        + tx.amend("sends", KEYS, COLUMNS, Some("sends.delivery is null"), doubtful).await?;
    if written == ended.len() as u64 {
        return Ok(ended.iter().map(|one| Some(one.state().0)).collect());
    }
    let mut states = Vec::with_capacity(ended.len());
    for one in ended {
        states.push(late(work, one).await?);
    }
    Ok(states)
}

#[derive(FromRow)]
struct Standing {
    state: String,
    attempts: i64,
    settled_at: Option<i64>,
    is_reported: bool,
}

async fn standing(work: &mut Work, id: SendId) -> Result<Option<Standing>, Error> {
    let query =
        sql("select state, attempts, settled_at, delivery is not null as is_reported from sends where tenant_id = ? and id = ?")
            .bind(work.tenant())
            .bind(id);
    work.one(query).await
}

/// One of a lot of which not all were as expected.
async fn late(work: &mut Work, ended: &Ended) -> Result<Option<SendState>, Error> {
    let Some(row) = standing(work, ended.send.id).await? else { return Ok(None) };
    if row.attempts != ended.send.attempts {
        return Ok(None);
    }
    let (wanted, reason) = ended.state();
    match (row.state.as_str(), wanted) {
        // It was reported before the answer, or its loss, was written.
        ("sending", SendState::Unknown | SendState::Retrying) if row.is_reported => {
            overwrite(work, ended, "sending", SendState::Sent, Some("inferred")).await
        }
        // Somebody had given up hope of an answer; here it is.
        ("unknown", SendState::Sent | SendState::Refused) if !ended.send.doubt || wanted == SendState::Sent => {
            overwrite(work, ended, "unknown", wanted, reason).await
        }
        // It is what this lot has just written.
        (state, _) if state == wanted.as_str() && (row.settled_at == Some(work.now()) || row.settled_at.is_none()) => {
            Ok(Some(wanted))
        }
        _ => Ok(None),
    }
}

async fn overwrite(
    work: &mut Work,
    ended: &Ended,
    from: &'static str,
    state: SendState,
    reason: Option<&'static str>,
) -> Result<Option<SendState>, Error> {
    let query = sql("update sends set state = ?, reason = ?, errcode = ?, evidence = ?, settled_at = ?, wechat_id = coalesce(?, wechat_id)
         where tenant_id = ? and id = ? and attempts = ? and state = ?")
    .bind(state.as_str())
    .bind(reason)
    .bind(ended.errcode)
    .bind(ended.evidence.clone())
    .bind(work.now())
    .bind(ended.wechat_id.clone())
    .bind(work.tenant())
    .bind(ended.send.id)
    .bind(ended.send.attempts)
    .bind(from);
    Ok((work.execute(query).await? == 1).then_some(state))
}

/// What WeChat says of a template message or notice when it has dealt with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    Delivered,
    /// The fan has muted the account.
    Blocked,
    Failed,
}

impl Delivery {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Blocked => "blocked",
            Self::Failed => "failed",
        }
    }
}

/// A report, and whom it is about.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    pub account: AccountId,
    pub service: Service,
    pub openid: &'a str,
    pub wechat_id: &'a str,
    pub delivery: Delivery,
}

/// A send on which a report has settled something.
#[derive(Debug, Clone, Copy)]
pub struct Reported {
    pub send: SendId,
    pub customer: CustomerId,
    /// It was in doubt, and the report is all we know of it.
    pub inferred: bool,
}

const DAY_MS: Millis = 86_400_000;
/// A send has no more words than these written over it while one looks.
const LOOKS: usize = 3;

#[derive(FromRow)]
struct Awaited {
    id: i64,
    customer_id: i64,
    state: String,
    wechat_id: Option<String>,
    sending_at: Option<i64>,
}

/// Takes a report in. None when it is about nothing of ours.
///
/// It names the message by an id that we know from the answer. An answer that was lost, or is still to be written, leaves
/// the fan: when of those to them only one has no id yet, it is that one. Of two, the one of which the answer was lost a moment ago and
/// the one that is under way, nobody can tell which it is about, and both stay in doubt. What nobody has reported within a day
/// is not awaited any more.
pub async fn report(work: &mut Work, report: &Report<'_>) -> Result<Option<Reported>, Error> {
    // What we looked at may be written by whoever made the call, before we write: then we look again.
    for _ in 0..LOOKS {
        let Some(row) = whom(work, report).await? else { return Ok(None) };
        let inferred = matches!(row.state.as_str(), "retrying" | "unknown");
        if settle_by(work, &row, report, inferred).await? {
            return Ok(Some(Reported { send: SendId(row.id), customer: CustomerId(row.customer_id), inferred }));
        }
    }
    Ok(None)
}

/// The send that a report is about, as it stands now.
async fn whom(work: &mut Work, report: &Report<'_>) -> Result<Option<Awaited>, Error> {
    // What has been said, and what is under way: an index each.
    let query = sql("select id, customer_id, state, wechat_id, sending_at from sends
         where tenant_id = ? and account_id = ? and openid = ? and service = ? and service <> 'custom' and delivery is null
           and (state = 'sent' or state = 'unknown')
         union all
         select id, customer_id, state, wechat_id, sending_at from sends
         where tenant_id = ? and account_id = ? and openid = ? and service = ? and service <> 'custom' and delivery is null
           and state in ('sending', 'retrying')")
    .bind(work.tenant())
    .bind(report.account)
    .bind(report.openid)
    .bind(report.service.as_str())
    .bind(work.tenant())
    .bind(report.account)
    .bind(report.openid)
    .bind(report.service.as_str());
    let mut awaited: Vec<Awaited> = work.all(query).await?;
    if let Some(named) = awaited.iter().position(|row| row.wechat_id.as_deref() == Some(report.wechat_id)) {
        return Ok(Some(awaited.swap_remove(named)));
    }
    let day_ago = work.now() - DAY_MS;
    let is_awaited = |row: &Awaited| row.state != "unknown" || row.sending_at.is_some_and(|at| at > day_ago);
    awaited.retain(|row| row.wechat_id.is_none() && row.state != "sent" && is_awaited(row));
    let only = awaited.pop();
    Ok(only.filter(|_| awaited.is_empty()))
}

async fn settle_by(work: &mut Work, row: &Awaited, report: &Report<'_>, inferred: bool) -> Result<bool, Error> {
    let now = work.now();
    let state = if inferred { SendState::Sent.as_str() } else { row.state.as_str() };
    let query = sql("update sends set delivery = ?, delivered_at = ?, wechat_id = ?, state = ?,
           reason = case when ? then 'inferred' else reason end, settled_at = case when ? then ? else settled_at end
         where tenant_id = ? and id = ? and state = ? and delivery is null")
    .bind(report.delivery.as_str())
    .bind(now)
    .bind(report.wechat_id)
    .bind(state)
    .bind(inferred)
    .bind(inferred)
    .bind(now)
    .bind(work.tenant())
    .bind(row.id)
    .bind(row.state.as_str());
    Ok(work.execute(query).await? == 1)
}
