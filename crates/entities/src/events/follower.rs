//! Follows the log, a batch at a time: the index by customer, last-seen, and the search over what was said.
//!
//! Each batch is one transaction that also moves the place it has reached, so a crash repeats nothing and
//! loses nothing. The rows of a batch are written in the order of the index they go to.

use kit::{Ctx, Error, TenantId, Work, event_id_floor, sql};
use store::{
    Engine, FromQueryResult,
    search::{self, Document, Index},
};

use crate::terms;

/// Rows a batch. Large, because the index is random and more rows then share a page; not larger, because on
/// SQLite the callback door waits meanwhile.
const BATCH: i64 = 4_000;

/// On PostgreSQL a transaction may commit ids that are older than ones already seen; no transaction that
/// writes events lives longer than this.
const LAG_MS: i64 = 10_000;

/// Follows the log of every tenant to its end. How many events were taken in.
pub async fn follow_all(ctx: &Ctx) -> Result<u64, Error> {
    let tenants: Vec<i64> = ctx.store().read().await?.scalars(sql("select id from tenants order by id")).await?;
    let mut taken = 0;
    for tenant in tenants {
        loop {
            let batch = follow(ctx, TenantId(tenant)).await?;
            taken += batch;
            if batch < BATCH as u64 {
                break;
            }
        }
    }
    Ok(taken)
}

/// Follows one tenant's log by one batch. How many events it held.
pub async fn follow(ctx: &Ctx, tenant: TenantId) -> Result<u64, Error> {
    // Looking first, without the write lock: most of the time there is nothing.
    let mut look = Work::reading(ctx, tenant);
    let newest = newest(&mut look).await?;
    let from = watermark(&mut look).await?;
    drop(look);
    let limit = match ctx.store().engine() {
        Engine::Sqlite => i64::MAX,
        Engine::Postgres => event_id_floor(ctx.now() - LAG_MS),
    };
    if newest.min(limit) <= from {
        return Ok(0);
    }

    let mut work = Work::begin(ctx, tenant);
    start(&mut work).await?;
    let Some(from) = lock(&mut work).await? else { return Ok(0) };
    let until = until(&mut work, from).await?.unwrap_or(newest).min(limit);
    let taken = index(&mut work, from, until).await?;
    see(&mut work, from, until).await?;
    let said = said(&mut work, from, until).await?;
    search::put(work.tx().await?, Index::Messages, tenant.0, &said).await?;
    move_to(&mut work, until).await?;
    work.commit().await?;
    Ok(taken)
}

async fn newest(work: &mut Work) -> Result<i64, Error> {
    let query = sql("select max(id) from events where tenant_id = ?").bind(work.tenant());
    Ok(work.scalar::<Option<i64>>(query).await?.flatten().unwrap_or(0))
}

async fn watermark(work: &mut Work) -> Result<i64, Error> {
    let query = sql("select event_id from event_watermarks where tenant_id = ?").bind(work.tenant());
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0))
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

/// The last id of a full batch, if the log holds one.
async fn until(work: &mut Work, from: i64) -> Result<Option<i64>, Error> {
    let query = sql("select id from events where tenant_id = ? and id > ? order by id limit 1 offset ?")
        .bind(work.tenant())
        .bind(from)
        .bind(BATCH - 1);
    work.scalar(query).await
}

async fn index(work: &mut Work, from: i64, until: i64) -> Result<u64, Error> {
    let query = sql("insert into timeline (tenant_id, customer_id, at, event_id, kind, channel)
         select tenant_id, customer_id, at, id, kind, channel from events
         where tenant_id = ? and id > ? and id <= ? order by customer_id, at, id
         on conflict do nothing")
    .bind(work.tenant())
    .bind(from)
    .bind(until);
    work.execute(query).await
}

/// A customer was last seen when they last did something themselves.
async fn see(work: &mut Work, from: i64, until: i64) -> Result<u64, Error> {
    let tenant = work.tenant();
    let query = sql("update customers set last_seen_at = seen.at
         from (select customer_id, max(at) as at from events
               where tenant_id = ? and id > ? and id <= ? and kind in ('message_in', 'follow', 'scan', 'menu_tap')
               group by customer_id) as seen
         where customers.tenant_id = ? and customers.id = seen.customer_id and customers.last_seen_at < seen.at")
    .bind(tenant)
    .bind(from)
    .bind(until)
    .bind(tenant);
    work.execute(query).await
}

#[derive(FromQueryResult)]
struct Said {
    id: i64,
    properties: String,
}

/// What fans said, cut into terms.
async fn said(work: &mut Work, from: i64, until: i64) -> Result<Vec<Document>, Error> {
    let query = sql("select id, properties from events where tenant_id = ? and id > ? and id <= ? and kind = 'message_in' order by id")
        .bind(work.tenant())
        .bind(from)
        .bind(until);
    let rows: Vec<Said> = work.all(query).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            #[derive(serde::Deserialize)]
            struct Text<'a> {
                #[serde(borrow)]
                text: Option<std::borrow::Cow<'a, str>>,
            }
            let text = serde_json::from_str::<Text>(&row.properties).ok()?.text?;
            let terms = terms::of(&text);
            (!terms.is_empty()).then_some(Document { id: row.id, terms })
        })
        .collect())
}

async fn move_to(work: &mut Work, until: i64) -> Result<u64, Error> {
    let query = sql("update event_watermarks set event_id = ? where tenant_id = ?").bind(until).bind(work.tenant());
    work.execute(query).await
}
