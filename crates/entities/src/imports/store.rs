//! The import tables. Every statement stays inside the caller's tenant.

use kit::{AccountId, Ctx, Error, Millis, TenantId, Topic, Work, sql};
use serde::Serialize;
use store::FromRow;

use super::{Import, ImportState, Run};

#[derive(FromRow)]
struct Row {
    account_id: i64,
    state: String,
    total: i64,
    listed: i64,
    done: i64,
    after_openid: String,
    next_openid: String,
    pages: i64,
    rate: i64,
    problem: Option<String>,
    errcode: Option<i64>,
    started_at: i64,
    running_ms: i64,
    finished_at: Option<i64>,
    updated_at: i64,
}

/// The import with its place, if there ever was one.
pub async fn of_account(work: &mut Work, account: AccountId) -> Result<Option<Run>, Error> {
    let query = sql("select account_id, state, total, listed, done, after_openid, next_openid, pages, rate, problem, errcode, started_at, running_ms, finished_at, updated_at
         from fan_imports where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    work.one::<Row>(query).await?.map(Run::try_from).transpose()
}

/// The import as people see it, if there ever was one.
pub async fn find(work: &mut Work, account: AccountId) -> Result<Option<Import>, Error> {
    Ok(of_account(work, account).await?.map(|run| run.seen()))
}

/// Begins an import, unless one is under way; a paused one goes on. How it stands.
pub async fn start(work: &mut Work, account: AccountId) -> Result<Import, Error> {
    match of_account(work, account).await? {
        Some(run) if run.state.is_open() => {}
        Some(run) if run.state == ImportState::Paused => return resume(work, account).await,
        _ => {
            clear_pages(work, account).await?;
            reset(work, account).await?;
        }
    }
    enqueue(work, account).await?;
    tell(work, account).await
}

async fn reset(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    let now = work.now();
    let query = sql("insert into fan_imports (tenant_id, account_id, state, total, listed, done, after_openid, next_openid, pages, rate, started_at, running_ms, updated_at)
         values (?, ?, 'listing', 0, 0, 0, '', '', 0, 0, ?, 0, ?)
         on conflict (tenant_id, account_id) do update set state = 'listing', total = 0, listed = 0, done = 0, after_openid = '', next_openid = '', pages = 0,
           rate = 0, problem = null, errcode = null, started_at = excluded.started_at, running_ms = 0, finished_at = null, updated_at = excluded.updated_at")
        .bind(work.tenant())
        .bind(account)
        .bind(now)
        .bind(now);
    work.execute(query).await
}

async fn enqueue(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let run_at = work.now();
    let payload = serde_json::json!({ "account": account });
    work.enqueue(jobs::NewJob { name: "fan_import", payload, run_at, dedupe_key: Some(account.to_string()) }).await
}

/// Stops an import after the fans that are being written. One that is not under way is left as it is.
pub async fn pause(work: &mut Work, account: AccountId) -> Result<Import, Error> {
    let query = sql("update fan_imports set state = 'paused', rate = 0, problem = null, errcode = null, updated_at = ?
         where tenant_id = ? and account_id = ? and state in ('listing', 'running')")
    .bind(work.now())
    .bind(work.tenant())
    .bind(account);
    work.execute(query).await?;
    tell(work, account).await
}

/// Lets a paused import go on where it was.
pub async fn resume(work: &mut Work, account: AccountId) -> Result<Import, Error> {
    // Listing is over when fans have been counted; see `to_running`.
    let query = sql("update fan_imports set state = case when listed < 0 then 'running' else 'listing' end, problem = null, errcode = null, updated_at = ?
         where tenant_id = ? and account_id = ? and state = 'paused'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(account);
    if work.execute(query).await? > 0 {
        enqueue(work, account).await?;
    }
    tell(work, account).await
}

#[derive(Serialize)]
struct Told {
    account_id: AccountId,
    #[serde(flatten)]
    import: Import,
}

/// Tells the consoles how the import stands, after the commit.
pub async fn tell(work: &mut Work, account: AccountId) -> Result<Import, Error> {
    let import = find(work, account).await?.ok_or(Error::NotFound)?;
    work.tell(Topic::Import, &Told { account_id: account, import: import.clone() });
    Ok(import)
}

/// Waits for, or shuts out, whoever writes fans of this account in bulk. False when nothing was ever imported.
pub async fn lock(work: &mut Work, account: AccountId) -> Result<bool, Error> {
    let query = sql("update fan_imports set pages = pages where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    Ok(work.execute(query).await? > 0)
}

/// Keeps a page of the follower list. False when the import has moved on without us.
pub async fn save_page(
    work: &mut Work,
    run: &Run,
    openids: &str,
    next_openid: &str,
    total: i64,
    count: i64,
) -> Result<bool, Error> {
    let query = sql("update fan_imports set next_openid = ?, pages = pages + 1, listed = listed + ?, total = ?, problem = null, errcode = null
         where tenant_id = ? and account_id = ? and pages = ? and next_openid = ? and started_at = ? and state = ?")
        .bind(next_openid)
        .bind(count)
        .bind(total)
        .bind(work.tenant())
        .bind(run.account)
        .bind(run.pages)
        .bind(run.next_openid.as_str())
        .bind(run.started_at)
        .bind(run.state.as_str());
    if work.execute(query).await? == 0 {
        return Ok(false);
    }
    let query = sql("insert into fan_import_pages (tenant_id, account_id, page, openids) values (?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(run.account)
        .bind(run.pages)
        .bind(openids);
    work.execute(query).await?;
    Ok(true)
}

/// One page of the follower list: openids between line breaks.
pub async fn page(work: &mut Work, account: AccountId, page: i64) -> Result<String, Error> {
    let query = sql("select openids from fan_import_pages where tenant_id = ? and account_id = ? and page = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(page);
    work.scalar(query)
        .await?
        .ok_or_else(|| Error::broken("fan_import_pages", account.0, "a page of the follower list is missing"))
}

pub async fn clear_pages(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    let query =
        sql("delete from fan_import_pages where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account);
    work.execute(query).await
}

/// The list is complete, and `total` fans are on it; `listed` goes below zero to say so.
pub async fn to_running(work: &mut Work, run: &Run, total: i64) -> Result<bool, Error> {
    let query = sql("update fan_imports set state = 'running', total = ?, listed = -1, updated_at = ?
         where tenant_id = ? and account_id = ? and started_at = ? and state = 'listing'")
    .bind(total)
    .bind(work.now())
    .bind(work.tenant())
    .bind(run.account)
    .bind(run.started_at);
    Ok(work.execute(query).await? > 0)
}

/// Moves the place on by `count` fans, to `after`. False when the import has moved on without us; then nothing
/// of this work may stand. A paused import may still take in what was under way.
pub async fn advance(
    work: &mut Work,
    run: &Run,
    after: &str,
    count: i64,
    rate: i64,
    running_ms: i64,
) -> Result<bool, Error> {
    let query = sql("update fan_imports set after_openid = ?, done = done + ?, rate = ?, running_ms = running_ms + ?, problem = null, errcode = null, updated_at = ?
         where tenant_id = ? and account_id = ? and after_openid = ? and started_at = ? and state in ('running', 'paused')")
        .bind(after)
        .bind(count)
        .bind(rate)
        .bind(running_ms)
        .bind(work.now())
        .bind(work.tenant())
        .bind(run.account)
        .bind(run.after_openid.as_str())
        .bind(run.started_at);
    Ok(work.execute(query).await? > 0)
}

/// The import waits; why.
pub async fn wait(work: &mut Work, run: &Run, problem: &str, errcode: Option<i64>) -> Result<(), Error> {
    let query = sql("update fan_imports set problem = ?, errcode = ?, rate = 0, updated_at = ?
         where tenant_id = ? and account_id = ? and started_at = ? and state in ('listing', 'running')")
    .bind(problem)
    .bind(errcode)
    .bind(work.now())
    .bind(work.tenant())
    .bind(run.account)
    .bind(run.started_at);
    work.execute(query).await?;
    tell(work, run.account).await?;
    Ok(())
}

/// The import cannot go on by itself; why.
pub async fn fail(work: &mut Work, run: &Run, problem: &str, errcode: Option<i64>) -> Result<(), Error> {
    let now = work.now();
    let query = sql(
        "update fan_imports set state = 'failed', problem = ?, errcode = ?, rate = 0, finished_at = ?, updated_at = ?
         where tenant_id = ? and account_id = ? and started_at = ? and state in ('listing', 'running')",
    )
    .bind(problem)
    .bind(errcode)
    .bind(now)
    .bind(now)
    .bind(work.tenant())
    .bind(run.account)
    .bind(run.started_at);
    work.execute(query).await?;
    tell(work, run.account).await?;
    Ok(())
}

/// Every fan is written.
pub async fn finish(work: &mut Work, run: &Run) -> Result<(), Error> {
    let now = work.now();
    let query = sql("update fan_imports set state = 'done', rate = 0, problem = null, errcode = null, next_openid = '', pages = 0, finished_at = ?, updated_at = ?
         where tenant_id = ? and account_id = ? and started_at = ? and state = 'running'")
        .bind(now)
        .bind(now)
        .bind(work.tenant())
        .bind(run.account)
        .bind(run.started_at);
    if work.execute(query).await? > 0 {
        clear_pages(work, run.account).await?;
    }
    tell(work, run.account).await?;
    Ok(())
}

/// Begins, or ends, reading the follower list once more for an import that is done: the place in the list goes
/// back to its beginning, and the instant is kept ([`listed_at`]).
pub async fn set_listed(work: &mut Work, account: AccountId) -> Result<(), Error> {
    clear_pages(work, account).await?;
    let query = sql("update fan_imports set next_openid = '', pages = 0, updated_at = ? where tenant_id = ? and account_id = ? and state = 'done'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await?;
    Ok(())
}

/// Since when the follower list is being read.
pub fn listed_at(run: &Run) -> Millis {
    if run.state == ImportState::Done { run.updated_at } else { run.started_at }
}

#[derive(FromRow)]
struct Place {
    tenant_id: i64,
    account_id: i64,
}

/// The imports of all tenants in this state.
pub async fn open_everywhere(ctx: &Ctx, state: ImportState) -> Result<Vec<(TenantId, AccountId)>, Error> {
    let query = sql("select i.tenant_id, i.account_id from fan_imports i join accounts a on a.tenant_id = i.tenant_id and a.id = i.account_id
         where i.state = ? and a.status = 'bound' order by i.tenant_id, i.account_id")
        .bind(state.as_str());
    let rows: Vec<Place> = ctx.store().read().await?.all(query).await?;
    Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), AccountId(row.account_id))).collect())
}

impl TryFrom<Row> for Run {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            account: AccountId(row.account_id),
            state: ImportState::parse(&row.state)
                .ok_or_else(|| Error::broken("fan_imports", row.account_id, "unknown state"))?,
            total: row.total,
            listed: row.listed,
            done: row.done,
            after_openid: row.after_openid,
            next_openid: row.next_openid,
            pages: row.pages,
            rate: row.rate,
            problem: row.problem,
            errcode: row.errcode,
            started_at: row.started_at,
            running_ms: row.running_ms,
            finished_at: row.finished_at,
            updated_at: row.updated_at,
        })
    }
}
