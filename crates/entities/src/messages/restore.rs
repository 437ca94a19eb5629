//! Whether this database is an old copy of itself, and what then waits for a person (P9, P10). The store of it.
//!
//! The database and a file beside it keep the same mark, which only goes up. A database that is behind its file
//! was put back from a backup: what it believes to be in line may have been said long ago.

use kit::{Error, Millis, TenantId, Work, sql};
use serde::Serialize;
use store::{FromRow, Tx};
use utoipa::ToSchema;

/// How late a send that stands alone may begin by itself when nobody was there to send it.
pub const GRACE_MS: Millis = 30 * 60_000;

/// The mark that is kept in the file as well: the latest instant at which a sender was alive.
pub async fn beat(tx: &Tx) -> Result<Option<Millis>, Error> {
    Ok(tx.scalar(sql("select value from marks where name = 'beat'")).await?)
}

/// Raises the mark.
pub async fn raise_beat(tx: &Tx, at: Millis) -> Result<(), Error> {
    let query = sql("insert into marks (name, value) values ('beat', ?)
         on conflict (name) do update set value = case when marks.value < excluded.value then excluded.value else marks.value end")
    .bind(at);
    tx.execute(query).await?;
    Ok(())
}

/// What is known of the pause of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
pub struct Pause {
    /// `restored`.
    pub reason: String,
    /// For people.
    pub evidence: Option<String>,
    pub paused_at: Millis,
}

/// Nothing of the tenant goes out until a person says so.
pub async fn pause(tx: &Tx, tenant: TenantId, reason: &str, evidence: &str, now: Millis) -> Result<(), Error> {
    let query = sql(
        "insert into send_pauses (tenant_id, reason, evidence, paused_at) values (?, ?, ?, ?) on conflict do nothing",
    )
    .bind(tenant)
    .bind(reason)
    .bind(evidence)
    .bind(now);
    tx.execute(query).await?;
    Ok(())
}

/// Whether the tenant is paused.
pub async fn paused(work: &mut Work) -> Result<Option<Pause>, Error> {
    let query = sql("select reason, evidence, paused_at from send_pauses where tenant_id = ?").bind(work.tenant());
    work.one(query).await
}

/// A person says so. False when it was not paused.
pub async fn resume(work: &mut Work) -> Result<bool, Error> {
    let query = sql("delete from send_pauses where tenant_id = ?").bind(work.tenant());
    let resumed = work.execute(query).await? > 0;
    work.wake_sender();
    Ok(resumed)
}

/// What an old copy believes to be in line or under way may have been said since: nobody knows. How many.
pub async fn doubt_open_sends(tx: &Tx, tenant: TenantId, now: Millis, evidence: &str) -> Result<u64, Error> {
    let query = sql("update sends set state = 'unknown', reason = 'restored', evidence = ?, settled_at = ?
         where tenant_id = ? and state in ('queued', 'sending', 'retrying')")
    .bind(evidence)
    .bind(now)
    .bind(tenant);
    Ok(tx.execute(query).await?)
}

/// A campaign that an old copy believes to be running may be over; one that was to begin may have begun.
pub async fn doubt_campaigns(tx: &Tx, tenant: TenantId, now: Millis) -> Result<u64, Error> {
    let query = sql("update campaigns set state = case when state = 'running' then 'stopped' else 'missed' end,
           reason = 'restored', ended_at = case when state = 'running' then ? else ended_at end, version = version + 1
         where tenant_id = ? and state in ('running', 'scheduled')")
    .bind(now)
    .bind(tenant);
    Ok(tx.execute(query).await?)
}

/// Nobody was there to send what was due: it waits for a person, but for what waits at a gate. How many.
pub async fn hold_missed(tx: &Tx, tenant: TenantId, now: Millis) -> Result<u64, Error> {
    let query = sql("update sends set state = 'held', reason = 'missed'
         where tenant_id = ? and campaign_id is null and state = 'queued' and due_at < ? and attempts = 0
           and not exists (select 1 from send_gates g where g.tenant_id = sends.tenant_id and g.account_id = sends.account_id and g.service = sends.service)")
        .bind(tenant)
        .bind(now - GRACE_MS);
    Ok(tx.execute(query).await?)
}
