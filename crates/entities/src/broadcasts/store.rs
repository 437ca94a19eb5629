//! The broadcasts table.

use kit::{AccountId, BroadcastId, Error, Millis, Sql, TenantId, Topic, Work, sql};
use store::{FromRow, Tx};

use super::{Broadcast, BroadcastState, NewBroadcast, model::Trial, standing};
use crate::campaigns::OnQuota;

/// How late a broadcast may begin by itself.
const GRACE_MS: Millis = 30 * 60_000;

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    name: String,
    contents: String,
    test: Option<String>,
    audience: String,
    ignore_reprint: bool,
    on_quota: String,
    state: String,
    reason: Option<String>,
    fans: i64,
    held_out: i64,
    starts_at: Option<i64>,
    grace_ms: i64,
    phase: i64,
    filled_at: Option<i64>,
    winner: Option<i64>,
    decide_at: Option<i64>,
    created_by: String,
    decided_by: Option<String>,
    decided_actor: Option<String>,
    approved_by: Option<String>,
    stats_at: Option<i64>,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    version: i64,
}

fn select() -> Sql {
    sql("select id, account_id, name, contents, test, audience, ignore_reprint, on_quota, state, reason, fans, held_out, starts_at, grace_ms,
         phase, filled_at, winner, decide_at, created_by, decided_by, decided_actor, approved_by, stats_at, created_at, started_at, ended_at, version from broadcasts")
}

/// Tells the tenant's consoles to look again.
pub fn tell(work: &mut Work, account: AccountId, id: BroadcastId) {
    work.tell(Topic::Broadcasts, &serde_json::json!({ "broadcast_id": id, "account_id": account }));
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

pub async fn create(work: &mut Work, new: &NewBroadcast) -> Result<BroadcastId, Error> {
    let id = BroadcastId(work.new_id());
    let query = sql("insert into broadcasts (tenant_id, id, account_id, name, contents, test, audience, ignore_reprint, on_quota, state, fans, held_out, grace_ms, phase, created_by, created_at, version)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', 0, 0, ?, 1, ?, ?, 1)")
        .bind(work.tenant())
        .bind(id)
        .bind(new.account)
        .bind(new.name.as_str())
        .bind(json(&new.contents)?)
        .bind(new.trial.as_ref().map(json::<Trial>).transpose()?)
        .bind(json(&new.audience)?)
        .bind(new.ignore_reprint)
        .bind(new.on_quota.as_str())
        .bind(GRACE_MS)
        .bind(new.by.as_str())
        .bind(work.now());
    work.execute(query).await?;
    tell(work, new.account, id);
    Ok(id)
}

/// Writes a draft anew. False when it is no draft any more, or somebody wrote it meanwhile.
pub async fn change(work: &mut Work, id: BroadcastId, new: &NewBroadcast, version: i64) -> Result<bool, Error> {
    let query = sql("update broadcasts set account_id = ?, name = ?, contents = ?, test = ?, audience = ?, ignore_reprint = ?, on_quota = ?, version = version + 1
         where tenant_id = ? and id = ? and state = 'draft' and version = ?")
        .bind(new.account)
        .bind(new.name.as_str())
        .bind(json(&new.contents)?)
        .bind(new.trial.as_ref().map(json::<Trial>).transpose()?)
        .bind(json(&new.audience)?)
        .bind(new.ignore_reprint)
        .bind(new.on_quota.as_str())
        .bind(work.tenant())
        .bind(id)
        .bind(version);
    let changed = work.execute(query).await? == 1;
    tell(work, new.account, id);
    Ok(changed)
}

/// False when it is no draft.
pub async fn delete(work: &mut Work, id: BroadcastId) -> Result<bool, Error> {
    let query =
        sql("delete from broadcasts where tenant_id = ? and id = ? and state = 'draft'").bind(work.tenant()).bind(id);
    Ok(work.execute(query).await? == 1)
}

pub async fn find(work: &mut Work, id: BroadcastId) -> Result<Broadcast, Error> {
    let query = select().push(" where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// The same, with the row in hand until the work ends.
pub async fn lock(work: &mut Work, id: BroadcastId) -> Result<Broadcast, Error> {
    let query = select().push(" where tenant_id = ? and id = ? {for_update}").bind(work.tenant()).bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// Which broadcasts are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub account: Option<AccountId>,
    pub state: Option<BroadcastState>,
    /// Part of the name.
    pub query: Option<String>,
    /// Only those with a part of which nobody knows whether it went out, and nobody has decided.
    pub in_doubt: bool,
}

/// Newest first, before `before`.
pub async fn list(
    work: &mut Work,
    filter: &Filter,
    before: Option<(Millis, i64)>,
    limit: u64,
) -> Result<Vec<Broadcast>, Error> {
    let mut query = select().push(" where tenant_id = ?").bind(work.tenant());
    if let Some(account) = filter.account {
        query = query.push(" and account_id = ?").bind(account);
    }
    if let Some(state) = filter.state {
        query = query.push(" and state = ?").bind(state.as_str());
    }
    if let Some(text) = &filter.query {
        let text = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        query = query.push(" and lower(name) like ? escape '\\'").bind(format!("%{text}%"));
    }
    if filter.in_doubt {
        query = query.push(standing::OF_PARTS_IN_DOUBT).bind(work.tenant());
    }
    if let Some((at, id)) = before {
        query = query.push(" and (created_at, id) < (?, ?)").bind(at).bind(id);
    }
    let rows: Vec<Row> = work.all(query.push(" order by created_at desc, id desc limit ?").bind(limit as i64)).await?;
    rows.into_iter().map(Broadcast::try_from).collect()
}

/// Those of the account that begin, or began, between these instants, or have no time yet.
pub async fn of_month(
    work: &mut Work,
    account: AccountId,
    from: Millis,
    until: Millis,
) -> Result<Vec<Broadcast>, Error> {
    let query = select()
        .push(" where tenant_id = ? and account_id = ? and state <> 'draft' and coalesce(started_at, starts_at) >= ? and coalesce(started_at, starts_at) < ? order by coalesce(started_at, starts_at), id")
        .bind(work.tenant())
        .bind(account)
        .bind(from)
        .bind(until);
    let rows: Vec<Row> = work.all(query).await?;
    rows.into_iter().map(Broadcast::try_from).collect()
}

const MAY_BEGIN: &str = " where tenant_id = ? and id = ? and state in ('draft', 'awaiting_approval', 'missed')";

/// It is to begin at this instant, for so many fans. False when it has begun, or is over.
pub async fn schedule(
    work: &mut Work,
    id: BroadcastId,
    at: Millis,
    fans: i64,
    (by, actor): (&str, &str),
) -> Result<bool, Error> {
    let query = sql("update broadcasts set state = 'scheduled', starts_at = ?, fans = ?, decided_by = ?, decided_actor = ?, reason = null, version = version + 1")
        .push(MAY_BEGIN)
        .bind(at)
        .bind(fans)
        .bind(by)
        .bind(actor)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// A second person is asked before it begins. False when it has begun, or is over.
pub async fn wait_for_approval(
    work: &mut Work,
    id: BroadcastId,
    at: Option<Millis>,
    fans: i64,
    (by, actor): (&str, &str),
) -> Result<bool, Error> {
    let query = sql("update broadcasts set state = 'awaiting_approval', starts_at = ?, fans = ?, decided_by = ?, decided_actor = ?, reason = null, version = version + 1
         where tenant_id = ? and id = ? and state in ('draft', 'missed')")
        .bind(at)
        .bind(fans)
        .bind(by)
        .bind(actor)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// The second person agrees: it begins at its time, or now. False when it does not wait for that.
pub async fn approve(work: &mut Work, id: BroadcastId, by: &str) -> Result<bool, Error> {
    let now = work.now();
    let query = sql("update broadcasts set state = 'scheduled', starts_at = coalesce(starts_at, ?), approved_by = ?, version = version + 1
         where tenant_id = ? and id = ? and state = 'awaiting_approval'")
        .bind(now)
        .bind(by)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// A held one goes on. False when it is not held.
pub async fn restart(work: &mut Work, id: BroadcastId, (by, actor): (&str, &str)) -> Result<bool, Error> {
    let query = sql("update broadcasts set state = case when started_at is null and starts_at > ? then 'scheduled' when phase = 1 and decide_at is not null then 'testing' else 'running' end,
           started_at = case when started_at is null and starts_at > ? then null else coalesce(started_at, ?) end, reason = null, decided_by = ?, decided_actor = ?, version = version + 1
         where tenant_id = ? and id = ? and state = 'held'")
        .bind(work.now())
        .bind(work.now())
        .bind(work.now())
        .bind(by)
        .bind(actor)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// It ends now: nothing more of it is begun. What waits is cancelled; what waits to be said again is in doubt for good.
/// False when it is over already, or never was more than a draft.
pub async fn stop(work: &mut Work, id: BroadcastId, reason: &str, by: &str) -> Result<bool, Error> {
    let now = work.now();
    let query = sql("update broadcasts set state = 'stopped', reason = ?, decided_by = ?, ended_at = ?, decide_at = null, version = version + 1
         where tenant_id = ? and id = ? and state in ('awaiting_approval', 'scheduled', 'missed', 'running', 'testing', 'held')")
        .bind(reason)
        .bind(by)
        .bind(now)
        .bind(work.tenant())
        .bind(id);
    if work.execute(query).await? != 1 {
        return Ok(false);
    }
    super::settle::end_rest(work, id, &format!("stopped by {by}")).await?;
    Ok(true)
}

/// The account's quota is used up: those end that do not wait for it. Only what goes to all, when `to_all`.
pub async fn stop_for_quota(work: &mut Work, account: AccountId, to_all: bool) -> Result<Vec<BroadcastId>, Error> {
    let mut query = sql("select id from broadcasts b where tenant_id = ? and account_id = ? and state = 'running' and on_quota = 'stop'")
        .bind(work.tenant())
        .bind(account);
    if to_all {
        query = query.push(" and exists (select 1 from broadcast_parts p where p.tenant_id = b.tenant_id and p.broadcast_id = b.id and p.way = 'all')");
    }
    let ids: Vec<i64> = work.scalars(query).await?;
    let mut stopped = Vec::new();
    for id in ids.into_iter().map(BroadcastId) {
        if stop(work, id, "quota", "the broadcast's own rule").await? {
            stopped.push(id);
        }
    }
    Ok(stopped)
}

/// The winner goes to the rest from now on. False when it does not wait for that.
pub async fn decide_winner(work: &mut Work, id: BroadcastId, variant: i64, by: Option<&str>) -> Result<bool, Error> {
    let query = sql("update broadcasts set winner = ?, phase = 2, filled_at = null, decide_at = null, state = 'running', decided_by = coalesce(?, decided_by), version = version + 1
         where tenant_id = ? and id = ? and state in ('running', 'testing') and phase = 1 and test is not null and winner is null")
        .bind(variant)
        .bind(by)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

pub async fn set_stats_at(work: &mut Work, id: BroadcastId) -> Result<(), Error> {
    let query = sql("update broadcasts set stats_at = ? where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// Begins what is due, of every tenant, and puts what could not begin in time before a person (P9). How many of each.
pub async fn begin_due(tx: &Tx, now: Millis) -> Result<(u64, u64), Error> {
    let missed = sql("update broadcasts set state = 'missed', reason = 'missed', version = version + 1
         where tenant_id is not null and state = 'scheduled' and starts_at + grace_ms < ?")
    .bind(now);
    let missed = tx.execute(missed).await?;
    let begun = sql("update broadcasts set state = 'running', started_at = ?, version = version + 1
         where tenant_id is not null and state = 'scheduled' and starts_at <= ?
           and exists (select 1 from accounts a where a.tenant_id = broadcasts.tenant_id and a.id = broadcasts.account_id and a.status = 'bound')
           and not exists (select 1 from send_pauses p where p.tenant_id = broadcasts.tenant_id)")
    .bind(now)
    .bind(now);
    Ok((tx.execute(begun).await?, missed))
}

/// What is moving, of every tenant: due to begin, under way, or waiting for a winner.
pub async fn moving(tx: &Tx, now: Millis) -> Result<Vec<(TenantId, BroadcastId)>, Error> {
    let query = sql("select tenant_id, id from broadcasts where tenant_id is not null
         and (state in ('running', 'testing') or (state = 'scheduled' and starts_at <= ?)) order by tenant_id, started_at, id")
    .bind(now);
    keys(tx, query).await
}

/// Those that wait for their winner and may be decided now, of every tenant.
pub async fn testing(tx: &Tx, now: Millis) -> Result<Vec<(TenantId, BroadcastId)>, Error> {
    let query = sql("select tenant_id, id from broadcasts where tenant_id is not null and state = 'testing' and decide_at <= ? order by tenant_id, id")
        .bind(now);
    keys(tx, query).await
}

async fn keys(tx: &Tx, query: Sql) -> Result<Vec<(TenantId, BroadcastId)>, Error> {
    #[derive(FromRow)]
    struct Key {
        tenant_id: i64,
        id: i64,
    }
    let keys: Vec<Key> = tx.all(query).await?;
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), BroadcastId(key.id))).collect())
}

/// Of one of which nothing is left to do in this phase: it is done, or waits for its winner.
pub async fn end_finished(work: &mut Work, id: BroadcastId) -> Result<bool, Error> {
    let broadcast = lock(work, id).await?;
    if broadcast.state != BroadcastState::Running || broadcast.filled_at.is_none() {
        return Ok(false);
    }
    let query = sql("select count(*) from broadcast_parts where tenant_id = ? and broadcast_id = ? and state in ('queued', 'sending', 'retrying', 'submitted', 'awaiting_confirmation')")
        .bind(work.tenant())
        .bind(id);
    if work.scalar::<i64>(query).await?.unwrap_or(0) > 0 {
        return Ok(false);
    }
    let now = work.now();
    let waits = broadcast.phase == 1 && broadcast.has_rest();
    let hours = broadcast.trial.map_or(0, |trial| trial.hours);
    let query = if waits {
        sql("update broadcasts set state = 'testing', decide_at = ?, version = version + 1 where tenant_id = ? and id = ?")
            .bind(broadcast.started_at.unwrap_or(now) + hours * 3_600_000)
    } else {
        sql("update broadcasts set state = 'done', ended_at = ?, version = version + 1 where tenant_id = ? and id = ?")
            .bind(now)
    };
    work.execute(query.bind(work.tenant()).bind(id)).await?;
    tell(work, broadcast.account, id);
    Ok(true)
}

impl TryFrom<Row> for Broadcast {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("broadcasts", row.id, why);
        Ok(Self {
            id: BroadcastId(row.id),
            account: AccountId(row.account_id),
            contents: serde_json::from_str(&row.contents).map_err(|_| broken("unreadable contents"))?,
            trial: match &row.test {
                Some(text) => Some(serde_json::from_str(text).map_err(|_| broken("unreadable trial"))?),
                None => None,
            },
            audience: serde_json::from_str(&row.audience).map_err(|_| broken("unreadable audience"))?,
            ignore_reprint: row.ignore_reprint,
            on_quota: OnQuota::parse(&row.on_quota).ok_or_else(|| broken("unknown word for quotas"))?,
            state: BroadcastState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            name: row.name,
            reason: row.reason,
            fans: row.fans,
            held_out: row.held_out,
            starts_at: row.starts_at,
            grace_ms: row.grace_ms,
            phase: row.phase,
            filled_at: row.filled_at,
            winner: row.winner,
            decide_at: row.decide_at,
            created_by: row.created_by,
            decided_by: row.decided_by,
            decided_actor: row.decided_actor,
            approved_by: row.approved_by,
            stats_at: row.stats_at,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            version: row.version,
        })
    }
}
