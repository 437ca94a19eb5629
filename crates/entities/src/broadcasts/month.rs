//! Who has had how many of the four of a month (R1). The store of it.
//!
//! A list or a tag leaves a row for each fan, some thousands a transaction, behind the call. What went to everybody stands
//! only with its part: whoever followed by then has had it. What WeChat did not send after all is taken out again.

use std::collections::HashMap;

use kit::{AccountId, BroadcastPartId, Bulk, Error, Millis, OnConflict, Sql, TenantId, Work, sql};
use store::{FromRow, Tx};

use super::{Part, Way, parts};
use crate::{
    calendar,
    campaigns::{Audience, within},
};

/// A fan of a service account gets so many a month.
pub const A_MONTH: usize = 4;
/// So many fans a transaction.
const SOME: usize = 5_000;
/// What WeChat's console sent to so much of all fans was meant for all, in percent.
const NEARLY_ALL: i64 = 90;

/// How many of an audience have had none, one, … all four.
pub type Had = [i64; A_MONTH + 1];

/// What went out in a month and is counted: its number, when, and to how many, none when WeChat did not say.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Report {
    pub msg_id: i64,
    pub at: Millis,
    pub total: i64,
    pub sent: i64,
}

/// What WeChat's own console sent between these instants, as far as WeChat told us.
pub async fn from_console(
    work: &mut Work,
    account: AccountId,
    from: Millis,
    until: Millis,
) -> Result<Vec<Report>, Error> {
    let query = sql("select msg_id, at, total, sent from broadcast_reports where tenant_id = ? and account_id = ? and at >= ? and at < ?
         and lower(replace(status, ' ', '')) = 'sendsuccess' order by at, msg_id")
    .bind(work.tenant())
    .bind(account)
    .bind(from)
    .bind(until);
    work.all(query).await
}

/// When what is counted as sent to all left us, between these instants.
async fn to_all(work: &mut Work, account: AccountId, from: Millis, until: Millis) -> Result<Vec<Millis>, Error> {
    let query = sql("select coalesce(submitted_at, first_sending_at) from broadcast_parts where tenant_id = ? and account_id = ? and way = 'all'
         and state in ('sending', 'retrying', 'submitted', 'awaiting_confirmation', 'sent', 'withdrawn', 'unknown')
         and coalesce(submitted_at, first_sending_at) >= ? and coalesce(submitted_at, first_sending_at) < ? and resent_as is null
         order by coalesce(submitted_at, first_sending_at)")
    .bind(work.tenant())
    .bind(account)
    .bind(from)
    .bind(until);
    work.scalars(query).await
}

/// How many calls of any kind are counted as sent between these instants.
async fn sent_between(work: &mut Work, account: AccountId, from: Millis, until: Millis) -> Result<i64, Error> {
    let query = sql("select count(*) from broadcast_parts where tenant_id = ? and account_id = ?
         and state in ('sending', 'retrying', 'submitted', 'awaiting_confirmation', 'sent', 'withdrawn', 'unknown')
         and coalesce(submitted_at, first_sending_at) >= ? and coalesce(submitted_at, first_sending_at) < ?")
    .bind(work.tenant())
    .bind(account)
    .bind(from)
    .bind(until);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0))
}

/// What went out between these instants, here and in WeChat's console as far as it told us.
pub async fn sent(work: &mut Work, account: AccountId, from: Millis, until: Millis) -> Result<i64, Error> {
    let ours = sent_between(work, account, from, until).await?;
    Ok(ours + from_console(work, account, from, until).await?.len() as i64)
}

/// What went to all between these instants; what the console sent counts as that.
pub async fn sent_to_all(work: &mut Work, account: AccountId, from: Millis, until: Millis) -> Result<i64, Error> {
    let ours = to_all(work, account, from, until).await?.len() as i64;
    Ok(ours + from_console(work, account, from, until).await?.len() as i64)
}

/// Who of the audience follows.
pub async fn following(work: &mut Work, account: AccountId, audience: &Audience) -> Result<i64, Error> {
    let query =
        sql("select count(*) from fans f where f.tenant_id = ? and f.account_id = ? and f.status = 'following'")
            .bind(work.tenant())
            .bind(account);
    Ok(work.scalar::<i64>(within(query, audience)).await?.unwrap_or(0))
}

/// Of the audience, how many who follow have had how many in the month of this instant.
pub async fn had(work: &mut Work, account: AccountId, audience: &Audience, at: Millis) -> Result<Had, Error> {
    let month = calendar::month(at);
    let alls = alls(work, account, at).await?;
    let mut had = Had::default();
    for (all, fans) in by_all(work, account, audience, &alls).await? {
        had[place(all)] += fans;
    }
    for row in by_rows(work, account, audience, month, &alls).await? {
        had[place(row.had)] -= row.fans;
        had[place(row.had + row.n)] += row.fans;
    }
    Ok(had)
}

/// How many of the month of this instant each of these fans has had who are in the audience and follow.
pub async fn had_by(
    work: &mut Work,
    account: AccountId,
    audience: &Audience,
    openids: &[&str],
    at: Millis,
) -> Result<HashMap<String, usize>, Error> {
    #[derive(FromRow)]
    struct Row {
        openid: String,
        had: i64,
    }
    let alls = alls(work, account, at).await?;
    let tenant = work.tenant();
    let query = had_of_all(sql("select f.openid, cast("), &alls)
        .push(" + (select count(*) from broadcast_fans b where b.tenant_id = f.tenant_id and b.account_id = f.account_id and b.month = ? and b.openid = f.openid) as bigint) as had
           from fans f where f.tenant_id = ? and f.account_id = ? and f.status = 'following' and f.openid in ")
        .bind(calendar::month(at))
        .bind(tenant)
        .bind(account)
        .list(openids.iter().copied());
    let rows: Vec<Row> = work.all(within(query, audience)).await?;
    Ok(rows.into_iter().map(|row| (row.openid, place(row.had))).collect())
}

/// When what everybody who followed then has had left in the month of this instant, here and from WeChat's console.
async fn alls(work: &mut Work, account: AccountId, at: Millis) -> Result<Vec<Millis>, Error> {
    let (from, until) = calendar::month_span(calendar::month(at)).unwrap_or((0, 0));
    let mut alls = to_all(work, account, from, until).await?;
    let console = from_console(work, account, from, until).await?;
    if !console.is_empty() {
        let everybody = following(work, account, &Audience::All).await?;
        alls.extend(console.iter().filter(|one| one.total * 100 >= everybody * NEARLY_ALL).map(|one| one.at));
    }
    Ok(alls)
}

fn place(had: i64) -> usize {
    usize::try_from(had).unwrap_or(0).min(A_MONTH)
}

/// How many of what went to all a fan `f` has had: what left after they had come.
fn had_of_all(mut query: Sql, alls: &[Millis]) -> Sql {
    query = query.push("0");
    for at in alls {
        query = query.push(" + case when coalesce(f.subscribed_at, 0) <= ? then 1 else 0 end").bind(*at);
    }
    query
}

async fn by_all(
    work: &mut Work,
    account: AccountId,
    audience: &Audience,
    alls: &[Millis],
) -> Result<Vec<(i64, i64)>, Error> {
    #[derive(FromRow)]
    struct Row {
        had: i64,
        fans: i64,
    }
    if alls.is_empty() {
        return Ok(vec![(0, following(work, account, audience).await?)]);
    }
    let tenant = work.tenant();
    let query = had_of_all(sql("select cast(had as bigint) as had, count(*) as fans from (select "), alls)
        .push(" as had from fans f where f.tenant_id = ? and f.account_id = ? and f.status = 'following'")
        .bind(tenant)
        .bind(account);
    let rows: Vec<Row> = work.all(within(query, audience).push(") as of_each group by had")).await?;
    Ok(rows.into_iter().map(|row| (row.had, row.fans)).collect())
}

#[derive(FromRow)]
struct ByRow {
    had: i64,
    n: i64,
    fans: i64,
}

async fn by_rows(
    work: &mut Work,
    account: AccountId,
    audience: &Audience,
    month: i64,
    alls: &[Millis],
) -> Result<Vec<ByRow>, Error> {
    let tenant = work.tenant();
    let query = had_of_all(sql("select cast(had as bigint) as had, n, count(*) as fans from (select "), alls)
        .push(" as had, c.n from (select openid, count(*) as n from broadcast_fans where tenant_id = ? and account_id = ? and month = ? group by openid) c
           join fans f on f.tenant_id = ? and f.account_id = ? and f.openid = c.openid and f.status = 'following' where 0 = 0")
        .bind(tenant)
        .bind(account)
        .bind(month)
        .bind(tenant)
        .bind(account);
    work.all(within(query, audience).push(") as of_each group by had, n")).await
}

/// Parts of which not all fans are in the ledger, or which are to be taken out, of every tenant.
pub async fn uncounted(tx: &Tx) -> Result<Vec<(TenantId, BroadcastPartId)>, Error> {
    #[derive(FromRow)]
    struct Key {
        tenant_id: i64,
        id: i64,
    }
    let mut keys: Vec<Key> = tx.all(sql("select tenant_id, id from broadcast_parts where tenant_id is not null and counted_at is null and way <> 'all'
         and state in ('submitted', 'awaiting_confirmation', 'sent', 'withdrawn', 'unknown') limit 100")).await?;
    keys.extend(
        tx.all::<Key>(sql("select tenant_id, id from broadcast_parts where tenant_id is not null and counted_to is not null and state = 'failed' limit 100"))
            .await?,
    );
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), BroadcastPartId(key.id))).collect())
}

/// Puts the next of a part's fans into the month's ledger, or takes them out. False when nothing is left to do.
pub async fn count_some(work: &mut Work, id: BroadcastPartId) -> Result<bool, Error> {
    #[derive(FromRow)]
    struct Place {
        counted_to: Option<String>,
        counted_at: Option<i64>,
    }
    let query = sql("select counted_to, counted_at from broadcast_parts where tenant_id = ? and id = ? {for_update}")
        .bind(work.tenant())
        .bind(id);
    let Some(place) = work.one::<Place>(query).await? else { return Ok(false) };
    let part = parts::find(work, id).await?;
    let month = calendar::month(part.submitted_at.or(part.first_sending_at).unwrap_or(work.now()));
    if part.state == super::PartState::Failed {
        take_out(work, &part, month).await?;
        return Ok(false);
    }
    if place.counted_at.is_some() {
        return Ok(false);
    }
    let some = some(work, &part, place.counted_to.as_deref().unwrap_or_default()).await?;
    let tenant = work.tenant();
    let mut bulk = Bulk::into("broadcast_fans", &["tenant_id", "account_id", "month", "openid", "part_id"])
        .on_conflict(OnConflict::Nothing);
    bulk.reserve(some.len());
    for openid in &some {
        bulk.row([tenant.into(), part.account.into(), month.into(), openid.as_str().into(), id.into()]);
    }
    work.bulk(bulk).await?;
    let all = some.len() < SOME;
    let query = sql("update broadcast_parts set counted_to = coalesce(?, counted_to), counted_at = ? where tenant_id = ? and id = ?")
        .bind(some.last().cloned())
        .bind(all.then_some(work.now()))
        .bind(tenant)
        .bind(id);
    work.execute(query).await?;
    Ok(!all)
}

async fn take_out(work: &mut Work, part: &Part, month: i64) -> Result<(), Error> {
    let out = sql("delete from broadcast_fans where tenant_id = ? and account_id = ? and month = ? and part_id = ?")
        .bind(work.tenant())
        .bind(part.account)
        .bind(month)
        .bind(part.id);
    work.execute(out).await?;
    let query = sql("update broadcast_parts set counted_to = null, counted_at = ? where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(work.tenant())
        .bind(part.id);
    work.execute(query).await?;
    Ok(())
}

/// The next of a part's fans, after this one.
async fn some(work: &mut Work, part: &Part, after: &str) -> Result<Vec<String>, Error> {
    if part.way == Way::List {
        let list = parts::openids(work, part.id).await?;
        return Ok(list.into_iter().filter(|openid| openid.as_str() > after).take(SOME).collect());
    }
    let Some(tag) = part.tag else { return Ok(Vec::new()) };
    let audience = Audience::Tags { tag_ids: vec![tag] };
    let query = sql("select f.openid from fans f where f.tenant_id = ? and f.account_id = ? and f.openid > ? and f.status = 'following'")
        .bind(work.tenant())
        .bind(part.account)
        .bind(after);
    work.scalars(within(query, &audience).push(" order by f.openid limit ?").bind(SOME as i64)).await
}
