//! The parts of broadcasts: reading them, and taking one that may go out now. The intent is written, and committed by the
//! caller, before the first byte leaves. One call at a time for an account; a hundred a day, one a second.

use kit::{AccountId, BroadcastId, BroadcastPartId, Error, Millis, Sql, TagId, TenantId, Work, sql};
use store::{FromRow, Tx};

use super::{Part, PartState, Way, machine};
use crate::{
    accounts::{self, Function},
    calendar,
    messages::{
        Service,
        gates::{self, Closing},
    },
};

/// WeChat takes so many calls for broadcasts on a day.
pub const CALLS_A_DAY: i64 = 100;
/// WeChat takes sixty of them a minute.
const APART_MS: Millis = 1_000;
/// After so long without an outcome of the one that tried a gate, another tries.
const TRY_AGAIN_MS: Millis = 60_000;

pub(super) const COLUMNS: &str = "id, broadcast_id, account_id, position, phase, variant, way, wechat_tag, tag_id, fans, clientmsgid, said, state, reason, errcode,
     status, evidence, msg_id, msg_data_id, attempts, due_at, first_sending_at, sending_at, submitted_at, finished_at, total, filtered, sent, failed,
     urls, decision, decided_by, decided_at, resent_as";

#[derive(FromRow)]
pub(super) struct Row {
    id: i64,
    broadcast_id: i64,
    account_id: i64,
    position: i64,
    phase: i64,
    variant: Option<i64>,
    way: String,
    wechat_tag: Option<i64>,
    tag_id: Option<i64>,
    fans: i64,
    clientmsgid: String,
    said: Option<String>,
    state: String,
    reason: Option<String>,
    errcode: Option<i64>,
    status: Option<String>,
    evidence: Option<String>,
    msg_id: Option<i64>,
    msg_data_id: Option<i64>,
    attempts: i64,
    due_at: i64,
    first_sending_at: Option<i64>,
    sending_at: Option<i64>,
    submitted_at: Option<i64>,
    finished_at: Option<i64>,
    total: Option<i64>,
    filtered: Option<i64>,
    sent: Option<i64>,
    failed: Option<i64>,
    urls: Option<String>,
    decision: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    resent_as: Option<i64>,
}

impl TryFrom<Row> for Part {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("broadcast_parts", row.id, why);
        Ok(Self {
            id: BroadcastPartId(row.id),
            broadcast: BroadcastId(row.broadcast_id),
            account: AccountId(row.account_id),
            position: row.position,
            phase: row.phase,
            variant: row.variant,
            way: Way::parse(&row.way).ok_or_else(|| broken("unknown way"))?,
            wechat_tag: row.wechat_tag,
            tag: row.tag_id.map(TagId),
            fans: row.fans,
            state: PartState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            urls: match &row.urls {
                Some(urls) => serde_json::from_str(urls).map_err(|_| broken("unreadable addresses"))?,
                None => Vec::new(),
            },
            clientmsgid: row.clientmsgid,
            said: row.said,
            reason: row.reason,
            errcode: row.errcode,
            status: row.status,
            evidence: row.evidence,
            msg_id: row.msg_id,
            msg_data_id: row.msg_data_id,
            attempts: row.attempts,
            due_at: row.due_at,
            first_sending_at: row.first_sending_at,
            sending_at: row.sending_at,
            submitted_at: row.submitted_at,
            finished_at: row.finished_at,
            total: row.total,
            filtered: row.filtered,
            sent: row.sent,
            failed: row.failed,
            decision: row.decision,
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            resent_as: row.resent_as.map(BroadcastPartId),
        })
    }
}

pub(super) fn select() -> Sql {
    sql("select ").push(COLUMNS).push(" from broadcast_parts")
}

pub(super) async fn rows(work: &mut Work, query: Sql) -> Result<Vec<Part>, Error> {
    work.all::<Row>(query).await?.into_iter().map(Part::try_from).collect()
}

/// All of a broadcast, in order.
pub async fn of(work: &mut Work, broadcast: BroadcastId) -> Result<Vec<Part>, Error> {
    let query = select()
        .push(" where tenant_id = ? and broadcast_id = ? order by position")
        .bind(work.tenant())
        .bind(broadcast);
    rows(work, query).await
}

pub async fn find(work: &mut Work, id: BroadcastPartId) -> Result<Part, Error> {
    let query = select().push(" where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    rows(work, query).await?.pop().ok_or(Error::NotFound)
}

/// To whom a list goes.
pub async fn openids(work: &mut Work, id: BroadcastPartId) -> Result<Vec<String>, Error> {
    let query =
        sql("select openids from broadcast_lists where tenant_id = ? and part_id = ?").bind(work.tenant()).bind(id);
    let text: String = work.scalar(query).await?.ok_or_else(|| Error::broken("broadcast_lists", id.0, "no list"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Accounts of which something may go out, of every tenant. Costs no write lock.
pub async fn due_accounts(tx: &Tx, now: Millis) -> Result<Vec<(TenantId, AccountId)>, Error> {
    #[derive(FromRow)]
    struct Key {
        tenant_id: i64,
        account_id: i64,
    }
    let query = sql("select distinct p.tenant_id, p.account_id from broadcast_parts p
         join broadcasts b on b.tenant_id = p.tenant_id and b.id = p.broadcast_id and b.state = 'running' and b.filled_at is not null
         join accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id and a.status = 'bound'
         where p.tenant_id is not null and p.state in ('queued', 'retrying') and p.due_at <= ?
           and not exists (select 1 from send_pauses s where s.tenant_id = p.tenant_id)
           and not exists (select 1 from send_gates g where g.tenant_id = p.tenant_id and g.account_id = p.account_id and g.service = 'broadcast'
             and (g.opens_at is null or g.opens_at > ?))")
        .bind(now)
        .bind(now);
    let keys: Vec<Key> = tx.all(query).await?;
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), AccountId(key.account_id))).collect())
}

/// What of the account is next, if nothing stands in its way: first what is to be said again.
pub async fn next(work: &mut Work, account: AccountId) -> Result<Option<Part>, Error> {
    let query = sql("select ").push(COLUMNS).push(" from broadcast_parts where (tenant_id, id) in (
           select p.tenant_id, p.id from broadcast_parts p
           join broadcasts b on b.tenant_id = p.tenant_id and b.id = p.broadcast_id and b.state = 'running' and b.filled_at is not null
           where p.tenant_id = ? and p.account_id = ? and p.state in ('queued', 'retrying') and p.due_at <= ?
             and not (p.way = 'all' and p.state = 'queued' and exists (select 1 from broadcast_parts w where w.tenant_id = p.tenant_id and w.account_id = p.account_id
               and w.way = 'all' and w.state = 'queued' and w.reason = 'month_quota' and w.due_at > ?))
           order by case when p.state = 'retrying' then 0 else 1 end, b.started_at, b.id, p.position limit 1)")
        .bind(work.tenant())
        .bind(account)
        .bind(work.now())
        .bind(work.now());
    Ok(rows(work, query).await?.pop())
}

/// A part that this process may say now, once.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub part: Part,
    pub sending_at: Millis,
    pub is_service: bool,
    /// An earlier attempt may have been carried out: this is a repetition under the same id.
    pub doubt: bool,
    /// It tries a gate that was closed.
    pub tries_gate: bool,
}

impl Claimed {
    pub fn tried(&self) -> machine::Tried {
        machine::Tried {
            way: self.part.way,
            is_service: self.is_service,
            first_at: self.part.first_sending_at.unwrap_or(self.sending_at),
            attempts: self.part.attempts,
            doubt: self.doubt,
        }
    }
}

/// Takes this part, if it may go out now; it is `sending` from the caller's commit on. That its broadcast runs is read in
/// this transaction (P6), and that nothing else of the account is under way.
pub async fn claim(
    work: &mut Work,
    id: BroadcastPartId,
    holder: &str,
    clock_doubtful: bool,
) -> Result<Option<Claimed>, Error> {
    let now = work.now();
    let part = find(work, id).await?;
    accounts::hold(work, part.account).await?;
    let account = accounts::find(work, part.account).await?;
    if account.may(Function::Broadcast).is_err() || crate::messages::restore::paused(work).await?.is_some() {
        return Ok(None);
    }
    let broadcast = super::lock(work, part.broadcast).await?;
    if broadcast.state != super::BroadcastState::Running || is_busy(work, part.account).await? {
        return Ok(None);
    }
    let Some(tries_gate) = pass(work, part.account).await? else { return Ok(None) };
    let part = find(work, id).await?;
    let doubt = part.state == PartState::Retrying;
    let is_due = part.due_at <= now && matches!(part.state, PartState::Queued | PartState::Retrying);
    if !is_due || part.said.is_none() || (doubt && clock_doubtful) {
        return Ok(None);
    }
    if !count_call(work, part.account).await? {
        return Ok(None);
    }
    let query =
        sql("update broadcast_parts set state = 'sending', sending_at = ?, attempts = attempts + 1, holder = ?,
           first_sending_at = case when state = 'retrying' then first_sending_at else ? end, reason = null
         where tenant_id = ? and id = ? and state in ('queued', 'retrying') returning ")
        .push(COLUMNS)
        .bind(now)
        .bind(holder)
        .bind(now)
        .bind(work.tenant())
        .bind(id);
    let taken = rows(work, query).await?.pop();
    let is_service = account.kind() == wechat::rights::AccountKind::Service;
    Ok(taken.map(|part| Claimed { part, sending_at: now, is_service, doubt, tries_gate }))
}

async fn is_busy(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let query =
        sql("select count(*) from broadcast_parts where tenant_id = ? and account_id = ? and state = 'sending'")
            .bind(work.tenant())
            .bind(account);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// Whether the way is open: none when it is closed, else whether this one tries it.
async fn pass(work: &mut Work, account: AccountId) -> Result<Option<bool>, Error> {
    #[derive(FromRow)]
    struct Gate {
        opens_at: Option<i64>,
        tried_at: Option<i64>,
    }
    let now = work.now();
    let query = sql(
        "select opens_at, tried_at from send_gates where tenant_id = ? and account_id = ? and service = 'broadcast'",
    )
    .bind(work.tenant())
    .bind(account);
    let Some(gate) = work.one::<Gate>(query).await? else { return Ok(Some(false)) };
    let is_due = gate.opens_at.is_some_and(|at| at <= now) && gate.tried_at.is_none_or(|at| at <= now - TRY_AGAIN_MS);
    if !is_due {
        return Ok(None);
    }
    let query =
        sql("update send_gates set tried_at = ? where tenant_id = ? and account_id = ? and service = 'broadcast'")
            .bind(now)
            .bind(work.tenant())
            .bind(account);
    work.execute(query).await?;
    Ok(Some(true))
}

/// How many calls the account made on the day of the work.
pub async fn calls_today(work: &mut Work, account: AccountId) -> Result<(i64, Millis), Error> {
    #[derive(FromRow)]
    struct Calls {
        calls: i64,
        last_at: i64,
    }
    let query = sql("select calls, last_at from broadcast_calls where tenant_id = ? and account_id = ? and day = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(calendar::day(work.now()).to_string());
    Ok(work.one::<Calls>(query).await?.map_or((0, 0), |row| (row.calls, row.last_at)))
}

/// One more call. False when it has to wait: for the next second, or for the next day, and then the way is closed.
async fn count_call(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let now = work.now();
    let (calls, last_at) = calls_today(work, account).await?;
    if (0..APART_MS).contains(&(now - last_at)) {
        return Ok(false);
    }
    if calls >= CALLS_A_DAY {
        let closing = Closing { reason: "day_quota", opens_at: Some(calendar::next_day(now) + 30_000) };
        let evidence = format!("{CALLS_A_DAY} calls were made today");
        gates::close(work, account, Service::Broadcast, &closing, None, Some(evidence)).await?;
        super::stop_for_quota(work, account, false).await?;
        return Ok(false);
    }
    let query = sql("insert into broadcast_calls (tenant_id, account_id, day, calls, last_at) values (?, ?, ?, 1, ?)
         on conflict (tenant_id, account_id, day) do update set calls = broadcast_calls.calls + 1, last_at = excluded.last_at")
        .bind(work.tenant())
        .bind(account)
        .bind(calendar::day(now).to_string())
        .bind(now);
    work.execute(query).await?;
    Ok(true)
}

/// What it says, as WeChat hears it: from here on the same bytes. False when it is no longer in line.
pub async fn make_ready(work: &mut Work, id: BroadcastPartId, said: &str) -> Result<bool, Error> {
    let query =
        sql("update broadcast_parts set said = ? where tenant_id = ? and id = ? and state = 'queued' and said is null")
            .bind(said)
            .bind(work.tenant())
            .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// Not now: it waits in line until then.
pub async fn put_off(work: &mut Work, id: BroadcastPartId, until: Millis, evidence: &str) -> Result<(), Error> {
    let query =
        sql("update broadcast_parts set due_at = ?, evidence = ? where tenant_id = ? and id = ? and state = 'queued'")
            .bind(until)
            .bind(evidence)
            .bind(work.tenant())
            .bind(id);
    work.execute(query).await?;
    Ok(())
}

#[derive(FromRow)]
struct Key {
    tenant_id: i64,
    id: i64,
}

/// Parts that a process began and cannot finish: it is gone. They may have been executed.
pub async fn abandoned(
    tx: &Tx,
    now: Millis,
    began_before: Millis,
    own: &str,
) -> Result<Vec<(TenantId, BroadcastPartId)>, Error> {
    let query = sql("select tenant_id, id from broadcast_parts p
         where p.tenant_id is not null and p.state = 'sending' and p.holder <> ? and p.sending_at < ?
           and not exists (select 1 from leases l where l.name = 'node:' || p.holder and l.expires_at > ?)")
    .bind(own)
    .bind(began_before)
    .bind(now);
    let keys: Vec<Key> = tx.all(query).await?;
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), BroadcastPartId(key.id))).collect())
}

/// Parts that this process began so long ago that it must know what came of them.
pub async fn held_by(tx: &Tx, holder: &str, before: Millis) -> Result<Vec<(TenantId, BroadcastPartId)>, Error> {
    let query = sql("select tenant_id, id from broadcast_parts where tenant_id is not null and state = 'sending' and holder = ? and sending_at < ?")
        .bind(holder)
        .bind(before);
    let keys: Vec<Key> = tx.all(query).await?;
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), BroadcastPartId(key.id))).collect())
}

/// Of these ways, what WeChat has been asked about for too long, or not yet: parts whose fate is to be asked now.
pub async fn to_ask(tx: &Tx, now: Millis) -> Result<Vec<(TenantId, BroadcastPartId)>, Error> {
    let query = sql("select p.tenant_id, p.id from broadcast_parts p
         join accounts a on a.tenant_id = p.tenant_id and a.id = p.account_id and a.status = 'bound'
         where p.tenant_id is not null and p.ask_at <= ? and p.state in ('submitted', 'awaiting_confirmation') and p.msg_id is not null
         order by p.ask_at limit 20")
    .bind(now);
    let keys: Vec<Key> = tx.all(query).await?;
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), BroadcastPartId(key.id))).collect())
}
