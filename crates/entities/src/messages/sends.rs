//! The lines of the ledger: queued → sending → sent | refused | unknown, with held and cancelled before sending, and
//! retrying where WeChat itself would remove a second copy.
//!
//! `sending` is committed before the first byte leaves. The store of what puts sends in line, and of what people decide about them.

use kit::{
    AccountId, Bulk, CampaignId, CustomerId, Error, Millis, RuleId, SendId, Work,
    drill::{self, Mistake},
    sql,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::FromRow;
use utoipa::ToSchema;

use super::{
    Message, Service,
    claim::{RETURNED, Row},
};

/// Where a send stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    Queued,
    /// Waiting for a person: the account is not bound at the moment.
    Held,
    Cancelled,
    Sending,
    /// An answer was lost; it is said again under the same id, by which WeChat knows it.
    Retrying,
    Sent,
    Refused,
    /// WeChat's answer was lost. It may have arrived; it is never repeated.
    Unknown,
}

impl SendState {
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Held,
        Self::Cancelled,
        Self::Sending,
        Self::Retrying,
        Self::Sent,
        Self::Refused,
        Self::Unknown,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
            Self::Sending => "sending",
            Self::Retrying => "retrying",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Why something is said. What a rule says is always an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Nobody asked for it.
    #[default]
    Marketing,
    /// It tells of something that the customer did: ordered, booked, paid.
    Service,
    /// It answers what a fan just said or did.
    Answer,
}

impl Purpose {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Marketing => "marketing",
            Self::Service => "service",
            Self::Answer => "answer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Marketing, Self::Service, Self::Answer].into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// A send before it is in the ledger.
#[derive(Debug, Clone)]
pub struct NewSend {
    pub account: AccountId,
    pub customer: CustomerId,
    pub openid: String,
    pub message: Message,
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
    pub service: Service,
    /// What is said; of a campaign none when it is the same for everybody, and none when the row makes no sense.
    pub message: Option<Message>,
    pub campaign: Option<CampaignId>,
    pub purpose: Purpose,
    pub rule: Option<RuleId>,
    pub position: i64,
    pub due_at: Millis,
    pub deadline_at: Option<Millis>,
    pub by: Option<String>,
    /// When the intent was written for the first time, and now.
    pub first_at: Millis,
    pub sending_at: Millis,
    pub attempts: i64,
    /// An earlier attempt may have been carried out: this is a repetition under the same id.
    pub doubt: bool,
    /// It tries a gate that was closed.
    pub tries_gate: bool,
}

impl Claimed {
    /// The id under which WeChat knows this message: see [`dedupe_id`].
    pub fn dedupe_id(&self) -> String {
        let attempt = if drill::is_made(Mistake::AnotherIdEachTime) { self.attempts - 1 } else { 0 };
        dedupe_id(self.tenant, self.account, SendId(self.id.0 + attempt))
    }

    pub fn tried(&self) -> super::machine::Tried {
        super::machine::Tried {
            service: self.service,
            first_at: self.first_at,
            attempts: self.attempts,
            doubt: self.doubt,
        }
    }
}

/// The id under which WeChat knows a message, should it hear it again: 26 letters of a 128-bit hash. The same for every
/// attempt, whatever process makes it.
pub fn dedupe_id(tenant: i64, account: AccountId, send: SendId) -> String {
    let text = format!("hongyan send {tenant}/{account}/{send}");
    super::claim::letters(&Sha256::digest(text.as_bytes())[..16])
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
    "service",
    "message",
    "state",
    "rule_id",
    "position",
    "group_id",
    "deadline_at",
    "due_at",
    "said_by",
    "campaign_id",
    "purpose",
];

/// Puts sends into the ledger, in the transaction that wants them. Their ids, in order. What no rule says is marketing.
pub async fn queue(work: &mut Work, sends: Vec<NewSend>) -> Result<Vec<SendId>, Error> {
    queue_for(work, Purpose::Marketing, sends).await
}

/// The same for a purpose.
pub async fn queue_for(work: &mut Work, purpose: Purpose, sends: Vec<NewSend>) -> Result<Vec<SendId>, Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into("sends", COLUMNS);
    let mut ids = Vec::with_capacity(sends.len());
    for send in sends {
        let id = SendId(work.new_id());
        ids.push(id);
        let message = serde_json::to_string(&send.message).map_err(Error::internal)?;
        bulk.row([
            tenant.into(),
            id.into(),
            send.account.into(),
            send.customer.into(),
            send.openid.into(),
            send.message.service().as_str().into(),
            message.into(),
            SendState::Queued.as_str().into(),
            send.rule.map(|rule| rule.0).into(),
            send.position.into(),
            send.group.into(),
            send.deadline_at.into(),
            send.due_at.into(),
            send.by.into(),
            None::<i64>.into(),
            if send.rule.is_some() { Purpose::Answer } else { purpose }.as_str().into(),
        ]);
    }
    work.bulk(bulk).await?;
    work.wake_sender();
    Ok(ids)
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
         returning ").push(RETURNED)
        .bind(settled.state.as_str())
        .bind(settled.reason)
        .bind(settled.evidence.clone())
        .bind(work.now())
        .bind(work.tenant())
        .bind(account);
    let rows: Vec<Row> = work.all(query).await?;
    rows.into_iter().map(|row| row.claimed(false, false)).collect()
}
