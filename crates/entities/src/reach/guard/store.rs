//! What the last look reads.

use std::collections::HashMap;

use kit::{CustomerId, Error, Millis, TenantId, sql};
use store::{FromRow, Tx};

/// Whether the tenant has anything that could keep a message back.
pub async fn anything(tx: &Tx, tenant: TenantId) -> Result<bool, Error> {
    let query = sql("select
           (select count(*) from (select 1 as one from reach_settings where tenant_id = ?) as settings)
         + (select count(*) from (select 1 as one from opt_outs where tenant_id = ? and withdrawn_at is null limit 1) as wishes)
         + (select count(*) from (select 1 as one from blocked_fans where tenant_id = ? limit 1) as blocked)")
        .bind(tenant)
        .bind(tenant)
        .bind(tenant);
    Ok(tx.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

#[derive(FromRow)]
struct Link {
    id: i64,
    canonical: i64,
}

/// Every id of the customers that these are, with the one who stands for all.
pub async fn canonical(
    tx: &Tx,
    tenant: TenantId,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, CustomerId>, Error> {
    let query = sql("select id, coalesce(merged_into, id) as canonical from customers where tenant_id = ? and id in ")
        .bind(tenant)
        .list(customers.iter().copied());
    let mut links: Vec<Link> = tx.all(query).await?;
    let stand: Vec<i64> = links.iter().map(|link| link.canonical).collect();
    let query = sql("select id, merged_into as canonical from customers where tenant_id = ? and merged_into in ")
        .bind(tenant)
        .list(stand.iter().copied());
    links.extend(tx.all::<Link>(query).await?);
    links.extend(stand.into_iter().map(|id| Link { id, canonical: id }));
    Ok(links.into_iter().map(|link| (CustomerId(link.id), CustomerId(link.canonical))).collect())
}

#[derive(FromRow)]
struct Heard {
    id: i64,
    customer_id: i64,
    at: i64,
}

/// When these customers were told marketing since `from`, but for the sends `without`.
pub async fn heard(
    tx: &Tx,
    tenant: TenantId,
    customers: &[CustomerId],
    from: Millis,
    without: &[i64],
) -> Result<Vec<(CustomerId, Millis)>, Error> {
    let query = sql("select id, customer_id, sending_at as at from sends where tenant_id = ? and purpose = 'marketing'
           and state in ('sending', 'retrying', 'sent', 'unknown') and sending_at > ? and customer_id in ")
    .bind(tenant)
    .bind(from)
    .list(customers.iter().copied());
    let mut rows: Vec<Heard> = tx.all(query).await?;
    rows.retain(|row| !without.contains(&row.id));
    Ok(rows.into_iter().map(|row| (CustomerId(row.customer_id), row.at)).collect())
}
