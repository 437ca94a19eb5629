//! The tokens table. `fetched_at` is the last fetch and `window_start` the one before it, so that a third is
//! never sooner than ten minutes after the first.

use kit::{AccountId, Error, Millis, Work, sql};
use store::FromRow;

#[derive(FromRow)]
pub struct Row {
    pub sealed: Vec<u8>,
    pub expires_at: Millis,
    pub version: i64,
    pub fetched_at: Millis,
    pub window_start: Millis,
}

pub async fn find(work: &mut Work, account: AccountId) -> Result<Option<Row>, Error> {
    let query = sql("select sealed, expires_at, version, fetched_at, window_start from account_tokens where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    work.one(query).await
}

/// The status of the account, and its token if it has one.
pub struct WithStatus {
    pub status: String,
    pub token: Option<Row>,
}

#[derive(FromRow)]
struct Joined {
    status: String,
    sealed: Option<Vec<u8>>,
    expires_at: Option<i64>,
    version: Option<i64>,
}

/// None when there is no such account.
pub async fn find_with_status(work: &mut Work, account: AccountId) -> Result<Option<WithStatus>, Error> {
    let query = sql("select a.status, t.sealed, t.expires_at, t.version from accounts a
         left join account_tokens t on t.tenant_id = a.tenant_id and t.account_id = a.id
         where a.tenant_id = ? and a.id = ?")
    .bind(work.tenant())
    .bind(account);
    let row: Option<Joined> = work.one(query).await?;
    Ok(row.map(|row| {
        let token = match (row.sealed, row.expires_at, row.version) {
            (Some(sealed), Some(expires_at), Some(version)) => {
                Some(Row { sealed, expires_at, version, fetched_at: 0, window_start: 0 })
            }
            _ => None,
        };
        WithStatus { status: row.status, token }
    }))
}

/// Makes sure that there is a row, so that there is a version to compare.
pub async fn ensure(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let query = sql("insert into account_tokens (tenant_id, account_id, sealed, expires_at, version, fetched_at, window_start, window_fetches)
         values (?, ?, ?, 0, 0, 0, 0, 0) on conflict do nothing")
        .bind(work.tenant())
        .bind(account)
        .bind(Vec::<u8>::new());
    work.execute(query).await?;
    Ok(())
}

/// The token that came with the binding, over whatever is there.
pub async fn put_first(work: &mut Work, account: AccountId, sealed: Vec<u8>, expires_at: Millis) -> Result<(), Error> {
    let query = sql("insert into account_tokens (tenant_id, account_id, sealed, expires_at, version, fetched_at, window_start, window_fetches)
         values (?, ?, ?, ?, 1, ?, 0, 1)
         on conflict (tenant_id, account_id) do update set sealed = excluded.sealed, expires_at = excluded.expires_at,
         version = account_tokens.version + 1, fetched_at = excluded.fetched_at, window_start = account_tokens.fetched_at,
         window_fetches = account_tokens.window_fetches + 1")
        .bind(work.tenant())
        .bind(account)
        .bind(sealed)
        .bind(expires_at)
        .bind(work.now());
    work.execute(query).await?;
    Ok(())
}

/// Notes the last fetch and the one before it.
pub async fn note_fetch(work: &mut Work, account: AccountId, last: Millis, before: Millis) -> Result<(), Error> {
    let query =
        sql("update account_tokens set fetched_at = ?, window_start = ? where tenant_id = ? and account_id = ?")
            .bind(last)
            .bind(before)
            .bind(work.tenant())
            .bind(account);
    work.execute(query).await?;
    Ok(())
}

/// Compare-and-swap: writes the new token over the version that was seen. False when another was quicker.
pub async fn replace(
    work: &mut Work,
    account: AccountId,
    seen: i64,
    sealed: Vec<u8>,
    expires_at: Millis,
) -> Result<bool, Error> {
    let query = sql("update account_tokens set sealed = ?, expires_at = ?, version = version + 1, window_fetches = window_fetches + 1
         where tenant_id = ? and account_id = ? and version = ?")
        .bind(sealed)
        .bind(expires_at)
        .bind(work.tenant())
        .bind(account)
        .bind(seen);
    Ok(work.execute(query).await? == 1)
}

/// The token of this version has run out, whatever WeChat promised.
pub async fn expire(work: &mut Work, account: AccountId, version: i64) -> Result<bool, Error> {
    let query = sql("update account_tokens set expires_at = 0 where tenant_id = ? and account_id = ? and version = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(version);
    Ok(work.execute(query).await? == 1)
}
