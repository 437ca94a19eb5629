//! The rows of blacklists.

use std::collections::HashSet;

use kit::{AccountId, Error, Millis, OnConflict, TenantId, Work, sql};
use store::{Bulk, FromRow, Tx};

const COLUMNS: &[&str] = &["tenant_id", "account_id", "openid", "is_blocked", "said_by", "changed_at"];
const SOME: usize = 1000;

#[derive(FromRow)]
struct Row {
    account_id: i64,
    openid: String,
}

/// Which of these are blocked.
pub async fn among(tx: &Tx, tenant: TenantId, openids: &[&str]) -> Result<HashSet<(AccountId, String)>, Error> {
    let query = sql("select b.account_id, b.openid from accounts a join blocked_fans b on b.tenant_id = a.tenant_id and b.account_id = a.id
         where a.tenant_id = ? and b.is_blocked = true and b.openid in ")
        .bind(tenant)
        .list(openids.iter().copied());
    let rows: Vec<Row> = tx.all(query).await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), row.openid)).collect())
}

/// Whether this fan is blocked.
pub async fn is_blocked(work: &mut Work, account: AccountId, openid: &str) -> Result<bool, Error> {
    let query = sql(
        "select count(*) from blocked_fans where tenant_id = ? and account_id = ? and openid = ? and is_blocked = true",
    )
    .bind(work.tenant())
    .bind(account)
    .bind(openid);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// WeChat has taken this fan onto its list, or off it, by the word of `by`; none when WeChat told us by itself.
pub async fn note(
    work: &mut Work,
    account: AccountId,
    openid: &str,
    blocked: bool,
    by: Option<&str>,
) -> Result<(), Error> {
    let mut bulk = Bulk::into("blocked_fans", COLUMNS).on_conflict(OnConflict::Do(
        "(tenant_id, account_id, openid) do update set is_blocked = excluded.is_blocked, said_by = excluded.said_by, changed_at = excluded.changed_at",
    ));
    bulk.row([work.tenant().into(), account.into(), openid.into(), blocked.into(), by.into(), work.now().into()]);
    work.bulk(bulk).await?;
    Ok(())
}

/// The whole list, as it was read from `began_at` on: what was noted since then knows better. How many changed.
pub async fn note_listed(
    work: &mut Work,
    account: AccountId,
    listed: &HashSet<String>,
    began_at: Millis,
) -> Result<u64, Error> {
    let known = of_account(work, account).await?;
    let mut changed = 0;
    let gone: Vec<&String> = known.iter().filter(|openid| !listed.contains(*openid)).collect();
    for some in gone.chunks(SOME) {
        let query = sql("update blocked_fans set is_blocked = false, said_by = null, changed_at = ?
             where tenant_id = ? and account_id = ? and is_blocked = true and changed_at < ? and openid in ")
        .bind(work.now())
        .bind(work.tenant())
        .bind(account)
        .bind(began_at)
        .list(some.iter().map(|openid| openid.as_str()));
        changed += work.execute(query).await?;
    }
    let mut bulk = Bulk::into("blocked_fans", COLUMNS).on_conflict(OnConflict::Do(
        "(tenant_id, account_id, openid) do update set is_blocked = true, said_by = null, changed_at = excluded.changed_at
         where blocked_fans.is_blocked = false and blocked_fans.changed_at < excluded.changed_at",
    ));
    let (tenant, is_new) = (work.tenant(), |openid: &&String| !known.contains(*openid));
    for openid in listed.iter().filter(is_new) {
        let row: [store::Value; 6] = [
            tenant.into(),
            account.into(),
            openid.as_str().into(),
            true.into(),
            None::<String>.into(),
            began_at.into(),
        ];
        bulk.row(row);
    }
    Ok(changed + work.bulk(bulk).await?)
}

/// All of the account's.
pub async fn of_account(work: &mut Work, account: AccountId) -> Result<HashSet<String>, Error> {
    let query = sql("select openid from blocked_fans where tenant_id = ? and account_id = ? and is_blocked = true")
        .bind(work.tenant())
        .bind(account);
    Ok(work.scalars::<String>(query).await?.into_iter().collect())
}
