//! The platform's credentials, and the leases under which one node at a time gets tokens. Neither is a tenant's.

use kit::{Error, Millis, sql};
use store::{FromRow, Tx};

pub const TICKET: &str = "ticket";
pub const TOKEN: &str = "token";

/// A credential as it lies: sealed.
#[derive(Debug, FromRow)]
pub struct Row {
    pub sealed: Vec<u8>,
    pub issued_at: Millis,
    pub expires_at: Option<Millis>,
    pub version: i64,
}

/// The credential in that slot; 0 is in use.
pub async fn find(tx: &Tx, app_id: &str, field: &str, slot: i64) -> Result<Option<Row>, Error> {
    let query = sql("select sealed, issued_at, expires_at, version from platform_credentials where component_app_id = ? and field = ? and slot = ?")
        .bind(app_id)
        .bind(field)
        .bind(slot);
    Ok(tx.one(query).await?)
}

/// Writes the credential of that slot, over what is there.
pub async fn put(tx: &Tx, app_id: &str, field: &str, slot: i64, row: Row) -> Result<(), Error> {
    let query = sql("insert into platform_credentials (component_app_id, field, slot, sealed, issued_at, expires_at, version) values (?, ?, ?, ?, ?, ?, ?)
         on conflict (component_app_id, field, slot) do update set sealed = excluded.sealed, issued_at = excluded.issued_at,
         expires_at = excluded.expires_at, version = excluded.version")
        .bind(app_id)
        .bind(field)
        .bind(slot)
        .bind(row.sealed)
        .bind(row.issued_at)
        .bind(row.expires_at)
        .bind(row.version);
    tx.execute(query).await?;
    Ok(())
}

/// The token of this version was refused: it has run out.
pub async fn expire(tx: &Tx, app_id: &str, field: &str, version: i64) -> Result<bool, Error> {
    let query = sql("update platform_credentials set expires_at = 0 where component_app_id = ? and field = ? and slot = 0 and version = ?")
        .bind(app_id)
        .bind(field)
        .bind(version);
    Ok(tx.execute(query).await? == 1)
}

/// Takes a lease until that instant. False while another holds it.
pub async fn lease(tx: &Tx, name: &str, holder: &str, now: Millis, until: Millis) -> Result<bool, Error> {
    let query = sql("insert into leases (name, holder, expires_at) values (?, ?, ?)
         on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
         where leases.expires_at <= ? or leases.holder = excluded.holder")
    .bind(name)
    .bind(holder)
    .bind(until)
    .bind(now);
    Ok(tx.execute(query).await? == 1)
}

/// Gives a lease back.
pub async fn release(tx: &Tx, name: &str, holder: &str) -> Result<(), Error> {
    tx.execute(sql("delete from leases where name = ? and holder = ?").bind(name).bind(holder)).await?;
    Ok(())
}
