//! The rows of opt-outs.

use std::collections::HashSet;

use kit::{CustomerId, Error, OnConflict, TenantId, Work, sql};
use store::{Bulk, FromRow, Tx};

use super::{OptOut, OptOutWay, Word};

/// What is known to be unwanted now. `customers` are the ids that are one person.
pub async fn holding(work: &mut Work, customers: &[CustomerId]) -> Result<HashSet<OptOutWay>, Error> {
    let tenant = work.tenant();
    let found = among(work.tx().await?, customers, tenant).await?;
    Ok(found.into_iter().map(|(_, way)| way).collect())
}

#[derive(FromRow)]
struct Wish {
    customer_id: i64,
    way: String,
}

/// The same for many at once, each under the id that it was said for.
pub async fn among(
    tx: &Tx,
    customers: &[CustomerId],
    tenant: TenantId,
) -> Result<HashSet<(CustomerId, OptOutWay)>, Error> {
    let query =
        sql("select customer_id, way from opt_outs where tenant_id = ? and withdrawn_at is null and customer_id in ")
            .bind(tenant)
            .list(customers.iter().copied());
    let rows: Vec<Wish> = tx.all(query).await?;
    rows.into_iter().map(|row| Ok((CustomerId(row.customer_id), way(&row.way, row.customer_id)?))).collect()
}

fn way(text: &str, customer: i64) -> Result<OptOutWay, Error> {
    OptOutWay::parse(text).ok_or_else(|| Error::broken("opt_outs", customer, "unknown way"))
}

/// Notes a new one; one that holds already stays.
pub async fn add(
    work: &mut Work,
    customer: CustomerId,
    way: OptOutWay,
    word: Word<'_>,
    note: Option<&str>,
) -> Result<(), Error> {
    let columns = &["tenant_id", "id", "customer_id", "way", "source", "said_by", "note", "created_at"];
    let mut bulk = Bulk::into("opt_outs", columns).on_conflict(OnConflict::Nothing);
    bulk.row([
        work.tenant().into(),
        work.new_id().into(),
        customer.into(),
        way.as_str().into(),
        word.source.into(),
        word.by.into(),
        note.into(),
        work.now().into(),
    ]);
    work.bulk(bulk).await?;
    Ok(())
}

/// Ends those that hold. How many.
pub async fn withdraw(work: &mut Work, customers: &[CustomerId], way: OptOutWay, word: Word<'_>) -> Result<u64, Error> {
    let query = sql("update opt_outs set withdrawn_at = ?, withdrawn_source = ?, withdrawn_by = ?
         where tenant_id = ? and withdrawn_at is null and way = ? and customer_id in ")
    .bind(work.now())
    .bind(word.source)
    .bind(word.by)
    .bind(work.tenant())
    .bind(way.as_str())
    .list(customers.iter().copied());
    work.execute(query).await
}

/// Whoever is claiming a message to them has committed when this returns, and whoever claims one later sees the wish:
/// what is in line is held until this work is committed.
pub async fn wait_for_claims(work: &mut Work, customers: &[CustomerId]) -> Result<(), Error> {
    let query = sql("select id from sends where tenant_id = ? and state in ('queued', 'retrying') and customer_id in ")
        .bind(work.tenant())
        .list(customers.iter().copied())
        .push(" {for_update}");
    work.scalars::<i64>(query).await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    customer_id: i64,
    way: String,
    source: String,
    said_by: String,
    note: Option<String>,
    created_at: i64,
    withdrawn_at: Option<i64>,
    withdrawn_source: Option<String>,
    withdrawn_by: Option<String>,
}

/// All there ever were, newest first.
pub async fn list(work: &mut Work, customers: &[CustomerId]) -> Result<Vec<OptOut>, Error> {
    let query =
        sql("select customer_id, way, source, said_by, note, created_at, withdrawn_at, withdrawn_source, withdrawn_by
         from opt_outs where tenant_id = ? and customer_id in ")
        .bind(work.tenant())
        .list(customers.iter().copied())
        .push(" order by created_at desc, id desc limit 200");
    let rows: Vec<Row> = work.all(query).await?;
    let told = |row: Row| {
        Ok(OptOut {
            way: way(&row.way, row.customer_id)?,
            source: row.source,
            by: row.said_by,
            note: row.note,
            created_at: row.created_at,
            withdrawn_at: row.withdrawn_at,
            withdrawn_source: row.withdrawn_source,
            withdrawn_by: row.withdrawn_by,
        })
    };
    rows.into_iter().map(told).collect()
}
