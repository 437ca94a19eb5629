//! The ledger as people read it. The store of these reads; nothing here changes a send.

use kit::{AccountId, CampaignId, CustomerId, Error, Millis, RuleId, SendId, Sql, TenantId, Work, sql};
use store::FromRow;

use super::{
    Message, Service,
    sends::{Purpose, SendState},
};

/// A line of the ledger as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Send {
    pub id: SendId,
    pub account: AccountId,
    pub customer: CustomerId,
    pub openid: String,
    pub service: Service,
    pub message: Message,
    pub campaign: Option<CampaignId>,
    pub purpose: Purpose,
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
    pub attempts: i64,
    /// WeChat's id of it.
    pub wechat_id: Option<String>,
    /// What WeChat reported afterwards: `delivered`, `blocked`, `failed`.
    pub delivery: Option<String>,
    pub delivered_at: Option<Millis>,
    /// What a person made of one in doubt: `left` or `resent`.
    pub decision: Option<String>,
    pub decided_by: Option<String>,
    pub decided_at: Option<Millis>,
    /// The line that says it again.
    pub resent_as: Option<SendId>,
}

/// Which lines of the ledger are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<SendState>,
    pub account: Option<AccountId>,
    pub service: Option<Service>,
    /// Due at this instant or later, and before this one.
    pub due_after: Option<Millis>,
    pub due_before: Option<Millis>,
    /// Only those in doubt of which nobody has made anything yet.
    pub undecided: bool,
    /// The ids that are one person (see [`crate::customers::group`]).
    pub customers: Option<Vec<CustomerId>>,
    pub campaign: Option<CampaignId>,
}

#[derive(FromRow)]
struct Line {
    id: i64,
    account_id: i64,
    customer_id: i64,
    openid: String,
    service: String,
    message: Option<String>,
    campaign_id: Option<i64>,
    purpose: String,
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
    attempts: i64,
    wechat_id: Option<String>,
    delivery: Option<String>,
    delivered_at: Option<i64>,
    decision: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    resent_as: Option<i64>,
}

const LINE: &str = "select id, account_id, customer_id, openid, service,
       case when message = '' then (select c.message from campaigns c where c.tenant_id = sends.tenant_id and c.id = sends.campaign_id) else message end as message,
       campaign_id, purpose, state, reason, errcode, evidence, rule_id, said_by, due_at, deadline_at, sending_at, settled_at, attempts,
       wechat_id, delivery, delivered_at, decision, decided_by, decided_at, resent_as
     from sends where tenant_id = ?";

/// By the instant at which they are due, newest first, before `before`.
pub async fn list(
    work: &mut Work,
    filter: &Filter,
    before: Option<(Millis, i64)>,
    limit: u64,
) -> Result<Vec<Send>, Error> {
    let mut query = narrowed(sql(LINE).bind(work.tenant()), work.tenant(), filter);
    if let Some((due_at, id)) = before {
        query = query.push(" and (due_at, id) < (?, ?)").bind(due_at).bind(id);
    }
    let rows: Vec<Line> = work.all(query.push(" order by due_at desc, id desc limit ?").bind(limit as i64)).await?;
    rows.into_iter().map(Send::try_from).collect()
}

/// Only those that are wanted.
fn narrowed(query: Sql, tenant: TenantId, filter: &Filter) -> Sql {
    let mut query = match filter.state {
        // Said as it stands in the index of those that need a person.
        Some(SendState::Unknown) => query.push(" and state = 'unknown'"),
        Some(SendState::Held) => query.push(" and state = 'held'"),
        Some(state) => query.push(" and state = ?").bind(state.as_str()),
        None => query,
    };
    if filter.undecided {
        query = query.push(" and decision is null");
    }
    if let Some(account) = filter.account {
        query = query.push(" and account_id = ?").bind(account);
    }
    if let Some(customers) = &filter.customers {
        query = query.push(" and customer_id in ").list(customers.iter().copied());
    }
    if let Some(service) = filter.service {
        query = query.push(" and service = ?").bind(service.as_str());
    }
    if let Some(campaign) = filter.campaign {
        // What is under way is in an index of its own.
        query = match filter.state {
            Some(SendState::Sending) => {
                query.push(" and state in ('sending', 'retrying') and campaign_id = ?").bind(campaign)
            }
            Some(_) => {
                query.push(" and campaign_id is not null and campaign_id = ? and state <> 'sending'").bind(campaign)
            }
            None => query
                .push(
                    " and id in (select id from sends where tenant_id = ? and campaign_id = ? and state <> 'sending'
                   union all select id from sends where tenant_id = ? and state in ('sending', 'retrying')
                     and state = 'sending' and campaign_id = ?)",
                )
                .bind(tenant)
                .bind(campaign)
                .bind(tenant)
                .bind(campaign),
        };
    }
    if let Some(after) = filter.due_after {
        query = query.push(" and due_at >= ?").bind(after);
    }
    if let Some(before) = filter.due_before {
        query = query.push(" and due_at < ?").bind(before);
    }
    query
}

/// No more lines than these are counted, the newest.
pub const MOST_COUNTED: u64 = 50_000;

/// How many of those that are wanted stand in each state, and whether there are more than were counted.
pub async fn count(work: &mut Work, filter: &Filter) -> Result<(Vec<(SendState, i64)>, bool), Error> {
    #[derive(FromRow)]
    struct Count {
        state: String,
        n: i64,
    }
    let all = sql("select state, count(*) as n from (select state from sends where tenant_id = ?").bind(work.tenant());
    let query = narrowed(all, work.tenant(), filter)
        .push(" order by due_at desc, id desc limit ?) as newest group by state")
        .bind(MOST_COUNTED as i64);
    let rows: Vec<Count> = work.all(query).await?;
    let state = |text: &str| SendState::parse(text).ok_or_else(|| Error::broken("sends", 0, "unknown state"));
    let counts: Vec<(SendState, i64)> =
        rows.iter().map(|row| Ok((state(&row.state)?, row.n))).collect::<Result<_, Error>>()?;
    let more = counts.iter().map(|(_, n)| n).sum::<i64>() >= MOST_COUNTED as i64;
    Ok((counts, more))
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

/// Notices to a fan that are in line, under way, or taken by WeChat, which has not reported on them: what the fan agreed to
/// is not used up yet, and will be. `customers` are the ids that are one person.
pub async fn unreported_notices(
    work: &mut Work,
    account: AccountId,
    openid: &str,
    customers: &[CustomerId],
) -> Result<Vec<Send>, Error> {
    let query = sql(LINE)
        .bind(work.tenant())
        .push(" and service = 'notice' and account_id = ? and openid = ? and (state in ('queued', 'held', 'sending', 'retrying') or (state = 'sent' and delivery is null)) and customer_id in ")
        .bind(account)
        .bind(openid)
        .list(customers.iter().copied())
        .push(" limit 200");
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
        let message = serde_json::from_str(line.message.as_deref().unwrap_or_default())
            .map_err(|error| Error::broken("sends", line.id, error))?;
        Ok(Self {
            id: SendId(line.id),
            account: AccountId(line.account_id),
            customer: CustomerId(line.customer_id),
            openid: line.openid,
            service: Service::parse(&line.service).ok_or_else(|| Error::broken("sends", line.id, "unknown service"))?,
            message,
            campaign: line.campaign_id.map(CampaignId),
            purpose: Purpose::parse(&line.purpose).ok_or_else(|| Error::broken("sends", line.id, "unknown purpose"))?,
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
            attempts: line.attempts,
            wechat_id: line.wechat_id,
            delivery: line.delivery,
            delivered_at: line.delivered_at,
            decision: line.decision,
            decided_by: line.decided_by,
            decided_at: line.decided_at,
            resent_as: line.resent_as.map(SendId),
        })
    }
}

/// A person leaves one in doubt as it is, or has it said again by another line. False when somebody had decided before.
pub async fn decide(
    work: &mut Work,
    send: SendId,
    decision: &str,
    by: &str,
    resent_as: Option<SendId>,
) -> Result<bool, Error> {
    let query = sql("update sends set decision = ?, decided_by = ?, decided_at = ?, resent_as = ?
         where tenant_id = ? and id = ? and state = 'unknown' and decision is null")
    .bind(decision)
    .bind(by)
    .bind(work.now())
    .bind(resent_as.map(|id| id.0))
    .bind(work.tenant())
    .bind(send);
    Ok(work.execute(query).await? == 1)
}

/// How many lines are in doubt and undecided, of the tenant or of one account.
pub async fn count_unknown(work: &mut Work, account: Option<AccountId>) -> Result<i64, Error> {
    let mut query = sql("select count(*) from sends where tenant_id = ? and state = 'unknown' and decision is null")
        .bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0))
}
