//! The send ledger: queued → sending → sent | refused | unknown, with held and cancelled before sending.
//!
//! `sending` is committed before the first byte leaves, and nothing leads back from it. The store of both.

use kit::{AccountId, Bulk, CustomerId, Error, Millis, RuleId, SendId, Work, sql};
use serde::{Deserialize, Serialize};
use store::{FromRow, Tx};
use utoipa::ToSchema;

use super::Content;

/// Where a send stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    Queued,
    /// Waiting for a person: the account is not bound at the moment.
    Held,
    Cancelled,
    Sending,
    Sent,
    Refused,
    /// WeChat's answer was lost. It may have arrived; it is never repeated.
    Unknown,
}

impl SendState {
    pub const ALL: [Self; 7] =
        [Self::Queued, Self::Held, Self::Cancelled, Self::Sending, Self::Sent, Self::Refused, Self::Unknown];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A send before it is in the ledger.
#[derive(Debug, Clone)]
pub struct NewSend {
    pub account: AccountId,
    pub customer: CustomerId,
    pub openid: String,
    pub content: Content,
    pub rule: Option<RuleId>,
    /// Sends of one group go out one after the other, by position.
    pub group: i64,
    pub position: i64,
    /// Not before this instant.
    pub due_at: Millis,
    /// Not after this instant: the window in which WeChat takes it is over.
    pub deadline_at: Option<Millis>,
    /// The person or key that said it; none for what a rule says.
    pub by: Option<String>,
}

/// A send that this process may make now, once.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub tenant: i64,
    pub id: SendId,
    pub account: AccountId,
    pub customer: CustomerId,
    pub openid: String,
    pub content: Content,
    pub rule: Option<RuleId>,
    pub group: i64,
    pub position: i64,
    pub deadline_at: Option<Millis>,
    pub by: Option<String>,
}

/// What is known of a send that is over.
#[derive(Debug, Clone)]
pub struct Settled {
    pub state: SendState,
    /// A stable word: `window_closed`, `wechat_refused`, `answer_lost`, `process_died`, `too_late`, …
    pub reason: Option<&'static str>,
    pub errcode: Option<i64>,
    /// For people: what WeChat or the network said.
    pub evidence: Option<String>,
}

const COLUMNS: &[&str] = &[
    "tenant_id",
    "id",
    "account_id",
    "customer_id",
    "openid",
    "channel",
    "message",
    "state",
    "rule_id",
    "position",
    "group_id",
    "deadline_at",
    "due_at",
    "said_by",
];

#[derive(FromRow)]
struct Row {
    tenant_id: i64,
    id: i64,
    account_id: i64,
    customer_id: i64,
    openid: String,
    message: String,
    rule_id: Option<i64>,
    position: i64,
    group_id: i64,
    deadline_at: Option<i64>,
    said_by: Option<String>,
}

/// Puts sends into the ledger, in the transaction that wants them. Their ids, in order.
pub async fn queue(work: &mut Work, sends: Vec<NewSend>) -> Result<Vec<SendId>, Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into("sends", COLUMNS);
    let mut ids = Vec::with_capacity(sends.len());
    for send in sends {
        let id = SendId(work.new_id());
        ids.push(id);
        let message = serde_json::to_string(&send.content).map_err(Error::internal)?;
        bulk.row([
            tenant.into(),
            id.into(),
            send.account.into(),
            send.customer.into(),
            send.openid.into(),
            "custom".into(),
            message.into(),
            SendState::Queued.as_str().into(),
            send.rule.map(|rule| rule.0).into(),
            send.position.into(),
            send.group.into(),
            send.deadline_at.into(),
            send.due_at.into(),
            send.by.into(),
        ]);
    }
    work.bulk(bulk).await?;
    work.wake_sender();
    Ok(ids)
}

/// Takes sends that are next in their groups, of every tenant, and commits the intent to them with the
/// caller's transaction. A held account's sends stay where they are.
pub async fn claim(tx: &Tx, holder: &str, now: Millis, most: u64) -> Result<Vec<Claimed>, Error> {
    let query = sql("update sends set state = 'sending', sending_at = ?, holder = ?
         where (tenant_id, id) in (
           select s.tenant_id, s.id from sends s
           join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id and a.status = 'bound'
           where s.state = 'queued' and s.due_at <= ? and not exists (
             select 1 from sends earlier where earlier.tenant_id = s.tenant_id and earlier.group_id = s.group_id
               and earlier.position < s.position and earlier.state in ('queued', 'sending'))
           order by s.due_at, s.id limit ?)
         and state = 'queued'
         returning tenant_id, id, account_id, customer_id, openid, message, rule_id, position, group_id, deadline_at, said_by")
    .bind(now)
    .bind(holder)
    .bind(now)
    .bind(most as i64);
    let rows: Vec<Row> = tx.all(query).await?;
    rows.into_iter().map(Claimed::try_from).collect()
}

/// Whether anything waits to be sent. Costs no write lock.
pub async fn any_queued(tx: &Tx) -> Result<bool, Error> {
    let query = sql(
        "select count(*) from (select 1 as one from sends where tenant_id is not null and state = 'queued' limit 1) as waiting",
    );
    Ok(tx.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// Writes how a send ended. False when it had ended already: the first word stands.
pub async fn settle(work: &mut Work, id: SendId, settled: &Settled) -> Result<bool, Error> {
    let query = sql("update sends set state = ?, reason = ?, errcode = ?, evidence = ?, settled_at = ?, holder = null
         where tenant_id = ? and id = ? and state = 'sending'")
    .bind(settled.state.as_str())
    .bind(settled.reason)
    .bind(settled.errcode)
    .bind(settled.evidence.clone())
    .bind(work.now())
    .bind(work.tenant())
    .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// Sends that a process began and cannot finish: it is gone. They may have been executed.
pub async fn abandoned(tx: &Tx, now: Millis, began_before: Millis, own: &str) -> Result<Vec<Claimed>, Error> {
    let query = sql("select s.tenant_id, s.id, s.account_id, s.customer_id, s.openid, s.message, s.rule_id, s.position, s.group_id, s.deadline_at, s.said_by
         from sends s
         where s.tenant_id is not null and s.state = 'sending' and s.holder <> ? and s.sending_at < ?
           and not exists (select 1 from leases l where l.name = 'node:' || s.holder and l.expires_at > ?)
         limit 500")
        .bind(own)
        .bind(began_before)
        .bind(now);
    let rows: Vec<Row> = tx.all(query).await?;
    rows.into_iter().map(Claimed::try_from).collect()
}

/// Sends that this holder has begun and not settled.
pub async fn held_by(tx: &Tx, holder: &str) -> Result<Vec<Claimed>, Error> {
    let query =
        sql("select tenant_id, id, account_id, customer_id, openid, message, rule_id, position, group_id, deadline_at, said_by
         from sends where tenant_id is not null and state = 'sending' and holder = ? limit 500")
        .bind(holder);
    let rows: Vec<Row> = tx.all(query).await?;
    rows.into_iter().map(Claimed::try_from).collect()
}

/// The account is no longer bound: what waits is held for a person to decide. How many.
pub async fn hold(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    let query = sql("update sends set state = 'held' where tenant_id = ? and account_id = ? and state = 'queued'")
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await
}

/// What is held for a person to decide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Held {
    pub messages: i64,
    pub people: i64,
    /// Since when the oldest has been due.
    pub oldest_at: Option<Millis>,
    /// Of these, WeChat takes no more: their window is over.
    pub too_late: i64,
}

/// What of the account is held, looked at in the instant of the work.
pub async fn held(work: &mut Work, account: AccountId) -> Result<Held, Error> {
    let query = sql("select count(*) as messages, count(distinct customer_id) as people, min(due_at) as oldest_at,
           cast(coalesce(sum(case when deadline_at <= ? then 1 else 0 end), 0) as bigint) as too_late
         from sends where tenant_id = ? and account_id = ? and state = 'held'")
    .bind(work.now())
    .bind(work.tenant())
    .bind(account);
    Ok(work.one::<Held>(query).await?.unwrap_or_default())
}

/// A person lets what is held go out after all. How many.
pub async fn release(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    let query = sql("update sends set state = 'queued' where tenant_id = ? and account_id = ? and state = 'held'")
        .bind(work.tenant())
        .bind(account);
    let released = work.execute(query).await?;
    work.wake_sender();
    Ok(released)
}

/// Some of what is held will never be sent; `settled` says by whose word. These, and none when nothing is left.
pub async fn cancel_some(work: &mut Work, account: AccountId, settled: &Settled) -> Result<Vec<Claimed>, Error> {
    let query = sql("update sends set state = ?, reason = ?, evidence = ?, settled_at = ?
         where (tenant_id, id) in (select tenant_id, id from sends where tenant_id = ? and account_id = ? and state = 'held' order by id limit 500)
         and state = 'held'
         returning tenant_id, id, account_id, customer_id, openid, message, rule_id, position, group_id, deadline_at, said_by")
        .bind(settled.state.as_str())
        .bind(settled.reason)
        .bind(settled.evidence.clone())
        .bind(work.now())
        .bind(work.tenant())
        .bind(account);
    let rows: Vec<Row> = work.all(query).await?;
    rows.into_iter().map(Claimed::try_from).collect()
}

/// How many sends of the account stand in each state.
pub async fn counts(work: &mut Work, account: AccountId) -> Result<Vec<(String, i64)>, Error> {
    #[derive(FromRow)]
    struct Count {
        state: String,
        n: i64,
    }
    let query = sql("select state, count(*) as n from sends where tenant_id = ? and account_id = ? group by state")
        .bind(work.tenant())
        .bind(account);
    let rows: Vec<Count> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (row.state, row.n)).collect())
}

impl TryFrom<Row> for Claimed {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let content = serde_json::from_str(&row.message).map_err(|error| Error::broken("sends", row.id, error))?;
        Ok(Self {
            tenant: row.tenant_id,
            id: SendId(row.id),
            account: AccountId(row.account_id),
            customer: CustomerId(row.customer_id),
            openid: row.openid,
            content,
            rule: row.rule_id.map(RuleId),
            group: row.group_id,
            position: row.position,
            deadline_at: row.deadline_at,
            by: row.said_by,
        })
    }
}
