//! The rows of comparisons with draft boxes. Every statement stays inside the caller's tenant, but for the one that looks who has any.

use kit::{AccountId, Error, TenantId, Work, sql};
use store::FromRow;

use super::{SyncState, Syncing};

#[derive(FromRow)]
struct Row {
    state: String,
    total: i64,
    seen: i64,
    changed: i64,
    conflicts: i64,
    started_at: i64,
    ended_at: Option<i64>,
    problem: Option<String>,
    errcode: Option<i64>,
}

/// How the account's stands; `none` when there never was one.
pub async fn sync(work: &mut Work, account: AccountId) -> Result<Syncing, Error> {
    let query = sql("select state, total, seen, changed, conflicts, started_at, ended_at, problem, errcode from article_syncs where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    let Some(row) = work.one::<Row>(query).await? else {
        return Ok(Syncing {
            account_id: account,
            state: SyncState::None,
            total: 0,
            seen: 0,
            changed: 0,
            conflicts: 0,
            started_at: None,
            ended_at: None,
            problem: None,
            errcode: None,
        });
    };
    Ok(Syncing {
        account_id: account,
        state: SyncState::parse(&row.state)
            .ok_or_else(|| Error::broken("article_syncs", account.0, "unknown state"))?,
        total: row.total,
        seen: row.seen,
        changed: row.changed,
        conflicts: row.conflicts,
        started_at: Some(row.started_at),
        ended_at: row.ended_at,
        problem: row.problem,
        errcode: row.errcode,
    })
}

pub async fn put_sync(work: &mut Work, sync: &Syncing) -> Result<(), Error> {
    let query = sql("insert into article_syncs (tenant_id, account_id, state, total, seen, changed, conflicts, started_at, ended_at, problem, errcode)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (tenant_id, account_id) do update set state = excluded.state, total = excluded.total,
         seen = excluded.seen, changed = excluded.changed, conflicts = excluded.conflicts, started_at = excluded.started_at,
         ended_at = excluded.ended_at, problem = excluded.problem, errcode = excluded.errcode")
        .bind(work.tenant())
        .bind(sync.account_id)
        .bind(sync.state.as_str())
        .bind(sync.total)
        .bind(sync.seen)
        .bind(sync.changed)
        .bind(sync.conflicts)
        .bind(sync.started_at.unwrap_or(work.now()))
        .bind(sync.ended_at)
        .bind(sync.problem.clone())
        .bind(sync.errcode);
    work.execute(query).await?;
    Ok(())
}

/// Every account whose box was ever compared, of every tenant.
pub async fn all_synced(tx: &kit::Tx) -> Result<Vec<(TenantId, AccountId)>, Error> {
    #[derive(FromRow)]
    struct Whose {
        tenant_id: i64,
        account_id: i64,
    }
    let rows: Vec<Whose> =
        tx.all(sql("select tenant_id, account_id from article_syncs where state <> 'running'")).await?;
    Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), AccountId(row.account_id))).collect())
}
