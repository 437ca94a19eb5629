//! The ledger as people read it. The store of these reads; nothing here changes a send.

use kit::{AccountId, CustomerId, Error, Millis, RuleId, SendId, Work, sql};
use store::FromRow;

use super::{Content, sends::SendState};

/// A line of the ledger as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    pub id: SendId,
    pub account: AccountId,
    pub customer: CustomerId,
    pub openid: String,
    pub content: Content,
    pub state: SendState,
    pub reason: Option<String>,
    pub errcode: Option<i64>,
    pub evidence: Option<String>,
    pub rule: Option<RuleId>,
    pub by: Option<String>,
    pub due_at: Millis,
    pub deadline_at: Option<Millis>,
    pub sending_at: Option<Millis>,
    pub settled_at: Option<Millis>,
}

/// Which lines of the ledger are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<SendState>,
    pub account: Option<AccountId>,
    /// The ids that are one person (see [`crate::customers::group`]).
    pub customers: Option<Vec<CustomerId>>,
}

#[derive(FromRow)]
struct Line {
    id: i64,
    account_id: i64,
    customer_id: i64,
    openid: String,
    message: String,
    state: String,
    reason: Option<String>,
    errcode: Option<i64>,
    evidence: Option<String>,
    rule_id: Option<i64>,
    said_by: Option<String>,
    due_at: i64,
    deadline_at: Option<i64>,
    sending_at: Option<i64>,
    settled_at: Option<i64>,
}

const LINE: &str =
    "select id, account_id, customer_id, openid, message, state, reason, errcode, evidence, rule_id, said_by, due_at, deadline_at, sending_at, settled_at
     from sends where tenant_id = ?";

/// By the instant at which they are due, newest first, before `before`.
pub async fn list(
    work: &mut Work,
    filter: &Filter,
    before: Option<(Millis, i64)>,
    limit: u64,
) -> Result<Vec<Send>, Error> {
    let mut query = sql(LINE).bind(work.tenant());
    query = match filter.state {
        // Said as it stands in the index of those that need a person.
        Some(SendState::Unknown) => query.push(" and state = 'unknown'"),
        Some(SendState::Held) => query.push(" and state = 'held'"),
        Some(state) => query.push(" and state = ?").bind(state.as_str()),
        None => query,
    };
    if let Some(account) = filter.account {
        query = query.push(" and account_id = ?").bind(account);
    }
    if let Some(customers) = &filter.customers {
        query = query.push(" and customer_id in ").list(customers.iter().copied());
    }
    if let Some((due_at, id)) = before {
        query = query.push(" and (due_at, id) < (?, ?)").bind(due_at).bind(id);
    }
    let rows: Vec<Line> = work.all(query.push(" order by due_at desc, id desc limit ?").bind(limit as i64)).await?;
    rows.into_iter().map(Send::try_from).collect()
}

/// One line of the ledger.
pub async fn find(work: &mut Work, id: SendId) -> Result<Send, Error> {
    let query = sql(LINE).bind(work.tenant()).push(" and id = ?").bind(id);
    work.one::<Line>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// What has not ended yet of what is to be said to a person by an account. `customers` are the ids that are one person.
pub async fn open_of(work: &mut Work, account: AccountId, customers: &[CustomerId]) -> Result<Vec<Send>, Error> {
    let query = sql(LINE)
        .bind(work.tenant())
        .push(" and account_id = ? and state in ('queued', 'sending', 'held') and customer_id in ")
        .bind(account)
        .list(customers.iter().copied())
        .push(" order by due_at desc, position desc, id desc limit 200");
    let rows: Vec<Line> = work.all(query).await?;
    rows.into_iter().map(Send::try_from).collect()
}

/// Those of these that are there, in no order.
pub async fn find_many(work: &mut Work, ids: &[SendId]) -> Result<Vec<Send>, Error> {
    let query = sql(LINE).bind(work.tenant()).push(" and id in ").list(ids.iter().copied());
    let rows: Vec<Line> = work.all(query).await?;
    rows.into_iter().map(Send::try_from).collect()
}

impl TryFrom<Line> for Send {
    type Error = Error;

    fn try_from(line: Line) -> Result<Self, Error> {
        let content = serde_json::from_str(&line.message).map_err(|error| Error::broken("sends", line.id, error))?;
        Ok(Self {
            id: SendId(line.id),
            account: AccountId(line.account_id),
            customer: CustomerId(line.customer_id),
            openid: line.openid,
            content,
            state: SendState::parse(&line.state).ok_or_else(|| Error::broken("sends", line.id, "unknown state"))?,
            reason: line.reason,
            errcode: line.errcode,
            evidence: line.evidence,
            rule: line.rule_id.map(RuleId),
            by: line.said_by,
            due_at: line.due_at,
            deadline_at: line.deadline_at,
            sending_at: line.sending_at,
            settled_at: line.settled_at,
        })
    }
}
