//! Lists of customers, by keyset.
//!
//! A rare tag or a small group of fans is read whole and looked up; anything else is read along the index of the
//! order wanted, a few customers first and then ever more until the page is full. After [`MOST`] of these, or [`LONG`],
//! the page is given as it is: it may then be short and still have a next one. So no list reads many millions of rows
//! for fifty.

use std::time::Duration;

use kit::{AccountId, Cursor, CustomerId, Error, Millis, Page, PageQuery, Sql, TagId, Work, sql};
use serde::Deserialize;
use store::FromRow;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::{CustomerRow, rows};

/// Which customers are wanted.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Fans of this account, of whatever status unless `status` says which.
    pub account: Option<AccountId>,
    pub status: Option<StatusFilter>,
    pub tag: Option<TagId>,
    /// Last seen at this instant or later.
    pub seen_after: Option<Millis>,
    /// Last seen before this instant.
    pub seen_before: Option<Millis>,
    pub sort: Sort,
}

/// How a customer stands to an account, or to any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusFilter {
    Following,
    /// Followed once, and left.
    Left,
    /// Has not been seen to follow.
    Never,
}

/// Newest first, by this.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    LastSeen,
    Created,
}

/// So many customers are looked at in the first statement; ten times as many in the next,
const FIRST_SCAN: i64 = 500;
/// but never more than so many in one,
const LARGEST_SCAN: i64 = 50_000;
/// and so many in all of them for one page,
const MOST: i64 = 1_000_000;
/// and in no new one after this.
const LONG: Duration = Duration::from_millis(600);
/// A group of at most so many is read whole.
const FEW: i64 = 20_000;

type Place = (Millis, i64);

#[derive(FromRow)]
struct Key {
    at: i64,
    id: i64,
}

/// What a list is read from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Drive {
    Customers,
    Tag,
    Fans,
}

/// One page.
pub async fn list(work: &mut Work, filter: &ListFilter, page: &PageQuery) -> Result<Page<CustomerRow>, Error> {
    let limit = page.limit()?;
    let mut before = page.after::<Place>()?.unwrap_or((Millis::MAX, i64::MAX));
    let drive = drive(work, filter).await?;
    let along = filter.sort == Sort::LastSeen;
    let narrow = filter.tag.is_some()
        || filter.account.is_some()
        || filter.status.is_some()
        || (!along && (filter.seen_after.is_some() || filter.seen_before.is_some()));
    // Read along last-seen, its bounds are where to begin and where to stop. As conditions, PostgreSQL 15 begins at the
    // very end all the same, and takes those of the last days, of whom its statistics do not know yet, for few.
    let mut asked = filter.clone();
    let mut end = None;
    if along && drive == Drive::Customers {
        before = asked.seen_before.take().map_or(before, |instant| before.min((instant, i64::MIN)));
        if !narrow {
            end = asked.seen_after.take();
        }
    }
    let began = Instant::now();
    let (mut found, mut from, mut scan, mut looked) = (Vec::new(), before, FIRST_SCAN, 0);
    let until = loop {
        let until = if drive == Drive::Customers && narrow { boundary(work, &asked, from, scan).await? } else { None };
        found.extend(keys(work, &asked, drive, from, until, limit + 1 - found.len() as u64).await?);
        looked += scan;
        match until {
            Some(place) if (found.len() as u64) < limit && looked < MOST && began.elapsed() < LONG => from = place,
            _ => break until,
        }
        scan = (scan * 10).min(LARGEST_SCAN);
    };
    if let Some(end) = end {
        found.truncate(found.partition_point(|key| key.at >= end));
    }
    let more = found.len() as u64 > limit;
    let shown = &found[..found.len().min(limit as usize)];
    let next = if more { shown.last().map(|key| (key.at, key.id)) } else { until };
    let ids: Vec<CustomerId> = shown.iter().map(|key| CustomerId(key.id)).collect();
    Ok(Page { items: rows::rows(work, &ids).await?, next_cursor: next.map(|place| Cursor::write(&place)) })
}

/// Those of `ids` that the filter lets through.
pub(super) async fn narrow(work: &mut Work, filter: &ListFilter, ids: &[CustomerId]) -> Result<Vec<CustomerId>, Error> {
    let query = sql("select c.id from customers c where c.tenant_id = ? and c.merged_into is null and c.id in ")
        .bind(work.tenant())
        .list(ids.iter().copied());
    Ok(work
        .scalars::<i64>(conditions(query, work, filter, Drive::Customers))
        .await?
        .into_iter()
        .map(CustomerId)
        .collect())
}

async fn drive(work: &mut Work, filter: &ListFilter) -> Result<Drive, Error> {
    if let Some(tag) = filter.tag
        && tagged(work, tag).await? <= FEW
    {
        return Ok(Drive::Tag);
    }
    // Those who left are few and have an index of their own, whatever the account.
    let grouped = filter.account.is_some() && filter.status != Some(StatusFilter::Never);
    if (grouped || filter.status == Some(StatusFilter::Left)) && fans(work, filter).await? <= FEW {
        return Ok(Drive::Fans);
    }
    Ok(Drive::Customers)
}

/// How many carry the tag, counted no further than is asked.
async fn tagged(work: &mut Work, tag: TagId) -> Result<i64, Error> {
    let query = sql(
        "select count(*) from (select 1 from customer_tags where tenant_id = ? and tag_id = ? limit ?) as some_rows",
    )
    .bind(work.tenant())
    .bind(tag)
    .bind(FEW + 1);
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// How many fans the account and status name, counted no further than is asked.
async fn fans(work: &mut Work, filter: &ListFilter) -> Result<i64, Error> {
    let query = fans_of(sql("select count(*) from (select 1 from fans f where"), work, filter)
        .push(" limit ?) as some_rows")
        .bind(FEW + 1);
    Ok(work.scalar(query).await?.unwrap_or(0))
}

/// The last key that this statement looks at, if there are more than `scan` customers.
async fn boundary(work: &mut Work, filter: &ListFilter, before: Place, scan: i64) -> Result<Option<Place>, Error> {
    let text = match filter.sort {
        Sort::LastSeen => {
            "select last_seen_at as at, id from customers where tenant_id = ? and (last_seen_at, id) < (?, ?)"
        }
        Sort::Created => "select created_at as at, id from customers where tenant_id = ? and (created_at, id) < (?, ?)",
    };
    let mut query = sql(text).bind(work.tenant()).bind(before.0).bind(before.1);
    if let (Sort::LastSeen, Some(after)) = (filter.sort, filter.seen_after) {
        query = query.push(" and last_seen_at >= ?").bind(after);
    }
    let query = match filter.sort {
        Sort::LastSeen => query.push(" order by last_seen_at desc, id desc limit 1 offset ?"),
        Sort::Created => query.push(" order by created_at desc, id desc limit 1 offset ?"),
    };
    let key: Option<Key> = work.one(query.bind(scan - 1)).await?;
    Ok(key.map(|key| (key.at, key.id)))
}

async fn keys(
    work: &mut Work,
    filter: &ListFilter,
    drive: Drive,
    before: Place,
    until: Option<Place>,
    limit: u64,
) -> Result<Vec<Key>, Error> {
    let tenant = work.tenant();
    let query = match filter.sort {
        Sort::LastSeen => sql("select c.last_seen_at as at, c.id"),
        Sort::Created => sql("select c.created_at as at, c.id"),
    };
    // `cross join`: SQLite then keeps to the order of the tables.
    let query = match (drive, filter.tag) {
        (Drive::Tag, Some(tag)) => query
            .push(" from (select customer_id from customer_tags where tenant_id = ? and tag_id = ?) as d cross join customers c where c.id = d.customer_id and")
            .bind(tenant)
            .bind(tag),
        (Drive::Fans, _) => {
            // The sign keeps SQLite from reading the fans of all accounts in the order of customers, to have none twice.
            fans_of(query.push(" from (select distinct +f.customer_id as customer_id from fans f where"), work, filter).push(") as d cross join customers c where c.id = d.customer_id and")
        }
        _ => query.push(" from customers c where"),
    };
    let query = conditions(query.push(" c.tenant_id = ? and c.merged_into is null").bind(tenant), work, filter, drive);
    let (upper, lower, order) = match filter.sort {
        Sort::LastSeen => (
            " and (c.last_seen_at, c.id) < (?, ?)",
            " and (c.last_seen_at, c.id) >= (?, ?)",
            " order by c.last_seen_at desc, c.id desc limit ?",
        ),
        Sort::Created => (
            " and (c.created_at, c.id) < (?, ?)",
            " and (c.created_at, c.id) >= (?, ?)",
            " order by c.created_at desc, c.id desc limit ?",
        ),
    };
    let mut query = query.push(upper).bind(before.0).bind(before.1);
    if let Some(until) = until {
        query = query.push(lower).bind(until.0).bind(until.1);
    }
    work.all(query.push(order).bind(limit as i64)).await
}

/// What the filter asks of a customer `c`, beyond what the list is read from.
fn conditions(mut query: Sql, work: &Work, filter: &ListFilter, drive: Drive) -> Sql {
    if let Some(after) = filter.seen_after {
        query = query.push(" and c.last_seen_at >= ?").bind(after);
    }
    if let Some(before) = filter.seen_before {
        query = query.push(" and c.last_seen_at < ?").bind(before);
    }
    if let Some(tag) = filter.tag.filter(|_| drive != Drive::Tag) {
        query = query
            .push(" and exists (select 1 from customer_tags t where t.customer_id = c.id and t.tenant_id = ? and t.tag_id = ?)")
            .bind(work.tenant())
            .bind(tag);
    }
    if drive == Drive::Fans || (filter.account.is_none() && filter.status.is_none()) {
        return query;
    }
    let query = match filter.status {
        Some(StatusFilter::Never) => query.push(" and not exists (select 1 from fans f where f.customer_id = c.id and"),
        _ => query.push(" and exists (select 1 from fans f where f.customer_id = c.id and"),
    };
    fans_of(query, work, filter).push(")")
}

/// The fans `f` that the account and the status name. For "never", those that speak against it.
fn fans_of(query: Sql, work: &Work, filter: &ListFilter) -> Sql {
    let mut query = query.push(" f.tenant_id = ?").bind(work.tenant());
    if let Some(account) = filter.account {
        query = query.push(" and f.account_id = ?").bind(account);
    }
    match filter.status {
        Some(StatusFilter::Following) => query.push(" and f.status = 'following'"),
        // The second condition is the index's own.
        Some(StatusFilter::Left) => query.push(" and f.status = 'left' and f.status <> 'following'"),
        Some(StatusFilter::Never) => query.push(" and f.status <> 'unknown'"),
        None => query,
    }
}
