//! Follows the log, a batch at a time: the index by customer, last-seen, and the search over what was said.
//!
//! Each batch is one transaction that also moves the place it has reached, so a crash repeats nothing and
//! loses nothing. The rows of a batch are written in the order of the index they go to.

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use kit::{Bulk, Ctx, Error, Millis, OnConflict, TenantId, Work, event_id_floor, event_id_time, sql};
use store::{
    Engine, FromRow,
    search::{self, Document, Index},
};

use super::{
    EventKind,
    taps::{self, Tap},
};
use crate::terms;

/// Most rows a batch. The more there are, the more of them share a page of the random index; but on SQLite the
/// callback door waits while a batch is written. Only a log that is well ahead fills one.
const BATCH: u64 = 6_000;

/// From here on it takes more at a time although somebody waits: the same pages then serve more rows.
const HURRY: Duration = Duration::from_secs(2);
const HURRIED: u64 = 24_000;

/// Most rows a batch while nobody waits for the database.
const UNHURRIED: u64 = 48_000;

/// On PostgreSQL a transaction may commit ids that are older than ones already seen; no transaction that
/// writes events lives longer than this: the server ends what stands still in one for 8 s.
const LAG_MS: i64 = 10_000;

/// Others who write so often are busy.
const BUSY_WRITES_A_SECOND: f64 = 40.0;

/// How many times as long as it held others up, it rests, while it is not far behind.
const PATIENCE: f64 = 15.0;

/// A page of a customer reads what has not been indexed yet straight from the log: so much of it in no time,
const BEHIND: Duration = Duration::from_secs(10);
/// and so much of it, one begins to feel; by then it rests no longer than it works.
const FAR_BEHIND: Duration = Duration::from_secs(40);

/// What one batch did.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    events: u64,
    /// How long others, if there were any, were kept from writing.
    kept_waiting: Option<Duration>,
    /// How old the log is where it stands now.
    behind: Duration,
}

/// Follows the log of every tenant to its end. How many events were taken in.
///
/// Nobody waits for this, and others may wait for the database: between two batches it rests several times as long as
/// the first held them up, unless it has fallen far behind, when pages begin to feel it.
pub async fn follow_all(ctx: &Ctx) -> Result<u64, Error> {
    let tenants: Vec<i64> = ctx.store().read().await?.scalars(sql("select id from tenants order by id")).await?;
    let mut taken = 0;
    for tenant in tenants {
        let mut most = BATCH;
        loop {
            let step = step(ctx, TenantId(tenant), most).await?;
            taken += step.events;
            if step.events < most {
                break;
            }
            most = match step.kept_waiting {
                Some(_) if step.behind < HURRY => BATCH,
                Some(_) => (most * 2).min(HURRIED),
                None => (most * 2).min(UNHURRIED),
            };
            if let Some(time) = step.kept_waiting {
                tokio::time::sleep(time.mul_f64(patience(step.behind))).await;
            }
        }
    }
    Ok(taken)
}

fn patience(behind: Duration) -> f64 {
    let late = behind.saturating_sub(BEHIND).as_secs_f64() / (FAR_BEHIND - BEHIND).as_secs_f64();
    1.0 + (PATIENCE - 1.0) * (1.0 - late.min(1.0))
}

/// Follows one tenant's log by one batch. How many events it held.
pub async fn follow(ctx: &Ctx, tenant: TenantId) -> Result<u64, Error> {
    Ok(step(ctx, tenant, BATCH).await?.events)
}

async fn step(ctx: &Ctx, tenant: TenantId, most: u64) -> Result<Step, Error> {
    // All that can be done without the write lock is done before it is taken: the log does not change.
    let mut look = Work::reading(ctx, tenant);
    let from = watermark(&mut look).await?;
    let limit = match ctx.store().engine() {
        Engine::Sqlite => i64::MAX,
        Engine::Postgres => event_id_floor(ctx.now() - LAG_MS),
    };
    let mut rows = rows(&mut look, from.unwrap_or(0), limit, most).await?;
    drop(look);
    let Some(until) = rows.last().map(|row| row.id) else { return Ok(Step::default()) };
    let (said, seen, tapped) = (said(tenant, &rows), seen(&rows), tapped(&rows));
    rows.sort_unstable_by_key(|row| (row.customer_id, row.at, row.id));

    let mut work = Work::begin_here(ctx, tenant);
    work.tx().await?;
    let writes_before = ctx.store().writes_begun();
    let began = tokio::time::Instant::now();
    if from.is_none() {
        start(&mut work).await?;
    }
    // Another node follows this tenant, or has just done so.
    if lock(&mut work).await? != Some(from.unwrap_or(0)) {
        return Ok(Step::default());
    }
    index(&mut work, &rows).await?;
    see(&mut work, seen).await?;
    taps::add(&mut work, tapped).await?;
    search::put(work.tx().await?, Index::Messages, said).await?;
    move_to(&mut work, until).await?;
    let is_waited_for = ctx.store().is_writer_wanted();
    work.commit().await?;
    let held = began.elapsed();
    // On PostgreSQL nobody waits for this, but all share the processors.
    let others = ctx.store().writes_begun() - writes_before;
    let is_wanted = is_waited_for
        || ctx.store().engine() == Engine::Postgres && others as f64 > BUSY_WRITES_A_SECOND * held.as_secs_f64();
    metrics::histogram!("hongyan_follower_batch_seconds").record(held);
    let behind = Duration::from_millis((ctx.now() - event_id_time(until)).max(0).cast_unsigned());
    Ok(Step { events: rows.len() as u64, kept_waiting: is_wanted.then_some(held), behind })
}

async fn watermark(work: &mut Work) -> Result<Option<i64>, Error> {
    let query = sql("select event_id from event_watermarks where tenant_id = ?").bind(work.tenant());
    work.scalar(query).await
}

/// The tenant has a place from the first batch on.
async fn start(work: &mut Work) -> Result<u64, Error> {
    let query = sql("insert into event_watermarks (tenant_id, event_id) values (?, 0) on conflict do nothing")
        .bind(work.tenant());
    work.execute(query).await
}

/// The place, for this transaction alone; nothing when another node follows this tenant now.
async fn lock(work: &mut Work) -> Result<Option<i64>, Error> {
    let query = sql("select event_id from event_watermarks where tenant_id = ? {skip_locked}").bind(work.tenant());
    work.scalar(query).await
}

#[derive(FromRow)]
struct Row {
    id: i64,
    customer_id: i64,
    account_id: Option<i64>,
    at: i64,
    kind: String,
    channel: String,
    /// Only of what a fan said or tapped.
    properties: Option<String>,
}

/// The next of the log.
async fn rows(work: &mut Work, from: i64, limit: i64, most: u64) -> Result<Vec<Row>, Error> {
    let query = sql(
        "select id, customer_id, account_id, at, kind, channel, case when kind in ('message_in', 'menu_tap') then properties end as properties
         from events where tenant_id = ? and id > ? and id <= ? order by id limit ?",
    )
    .bind(work.tenant())
    .bind(from)
    .bind(limit)
    .bind(most as i64);
    work.all(query).await
}

async fn index(work: &mut Work, rows: &[Row]) -> Result<u64, Error> {
    let tenant = work.tenant();
    let mut bulk = Bulk::into("timeline", &["tenant_id", "customer_id", "at", "event_id", "kind", "channel"])
        .on_conflict(OnConflict::Nothing);
    bulk.reserve(rows.len());
    for row in rows {
        bulk.row([
            tenant.into(),
            row.customer_id.into(),
            row.at.into(),
            row.id.into(),
            row.kind.as_str().into(),
            row.channel.as_str().into(),
        ]);
    }
    work.bulk(bulk).await
}

/// A customer was last seen when they last did something themselves. In the order of customers.
fn seen(rows: &[Row]) -> BTreeMap<i64, Millis> {
    let mut seen = BTreeMap::new();
    for row in rows {
        if EventKind::parse(&row.kind).is_some_and(EventKind::is_theirs) {
            let at = seen.entry(row.customer_id).or_insert(row.at);
            *at = row.at.max(*at);
        }
    }
    seen
}

async fn see(work: &mut Work, seen: BTreeMap<i64, Millis>) -> Result<u64, Error> {
    let tenant = work.tenant();
    let rows = seen.into_iter().map(|(customer, at)| [tenant.into(), customer.into(), at.into()]).collect();
    Ok(work.tx().await?.raise("customers", &["tenant_id", "id"], "last_seen_at", rows).await?)
}

/// What fans tapped, counted.
fn tapped(rows: &[Row]) -> taps::Counted {
    let is_tap = |row: &&Row| row.kind == EventKind::MenuTap.as_str();
    taps::count(
        rows.iter().filter(is_tap).filter_map(|row| {
            Some(Tap { account: row.account_id?, at: row.at, properties: row.properties.as_deref()? })
        }),
    )
}

/// What fans said, cut into terms.
fn said(tenant: TenantId, rows: &[Row]) -> Vec<Document> {
    #[derive(serde::Deserialize)]
    struct Text<'a> {
        #[serde(borrow)]
        text: Option<Cow<'a, str>>,
    }
    let document = |row: &Row| {
        let text = serde_json::from_str::<Text>(row.properties.as_deref()?).ok()?.text?;
        let terms = terms::of(&text);
        (!terms.is_empty()).then(|| Document::new(tenant.0, row.id, &terms))
    };
    rows.iter().filter_map(document).collect()
}

async fn move_to(work: &mut Work, until: i64) -> Result<u64, Error> {
    let query = sql("update event_watermarks set event_id = ? where tenant_id = ?").bind(until).bind(work.tenant());
    work.execute(query).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_further_behind_the_less_it_rests() {
        let rests = [0, 10, 25, 40, 600].map(|seconds| patience(Duration::from_secs(seconds)));
        assert_eq!(rests, [15.0, 15.0, 8.0, 1.0, 1.0]);
    }
}
