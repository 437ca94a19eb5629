use serde_json::Value as Json;
use store::{Error, FromRow, Sql, Tx, sql};

use crate::{Job, Outcome};

/// A job before it is in the queue.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub name: &'static str,
    /// Ids, never content.
    pub payload: Json,
    /// Not before this instant, in milliseconds.
    pub run_at: i64,
    /// Two open jobs of one name and key are one job.
    pub dedupe_key: Option<String>,
}

/// Puts a job into the queue of `tenant`. False when the same is waiting already; one that is running already runs once
/// more after that, for it may have looked before there was anything to see.
pub async fn enqueue(tx: &Tx, tenant: i64, id: i64, job: NewJob, now: i64) -> Result<bool, Error> {
    let added = tx
        .execute(
            sql("insert into jobs (tenant_id, id, name, payload, state, run_at, attempts, dedupe_key, created_at, updated_at)
                 values (?, ?, ?, ?, 'ready', ?, 0, ?, ?, ?)
                 on conflict (tenant_id, name, dedupe_key) where state in ('ready', 'running')
                 do update set again_at = excluded.run_at where jobs.state = 'running'")
            .bind(tenant)
            .bind(id)
            .bind(job.name)
            .bind(job.payload.to_string())
            .bind(job.run_at)
            .bind(job.dedupe_key)
            .bind(now)
            .bind(now),
        )
        .await?;
    Ok(added == 1)
}

#[derive(FromRow)]
struct Row {
    tenant_id: i64,
    id: i64,
    name: String,
    payload: String,
    attempts: i64,
}

/// Leases what is due, of every tenant, oldest first.
pub(crate) async fn claim(tx: &Tx, holder: &str, now: i64, lease_until: i64, most: u64) -> Result<Vec<Job>, Error> {
    let rows: Vec<Row> = tx
        .all(
            sql("update jobs set state = 'running', holder = ?, lease_until = ?, attempts = attempts + 1, again_at = null, updated_at = ?
                 where (tenant_id, id) in (
                   select tenant_id, id from jobs
                   where (state = 'ready' and run_at <= ?) or (state = 'running' and lease_until <= ?)
                   order by run_at, id limit ? {skip_locked})
                 returning tenant_id, id, name, payload, attempts")
            .bind(holder)
            .bind(lease_until)
            .bind(now)
            .bind(now)
            .bind(now)
            .bind(most as i64),
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let payload = serde_json::from_str(&row.payload).map_err(|error| {
                Error::Refused(format!("jobs {}/{} has a payload that is no JSON: {error}", row.tenant_id, row.id))
            })?;
            Ok(Job { tenant: row.tenant_id, id: row.id, name: row.name, payload, attempts: row.attempts })
        })
        .collect()
}

/// Writes what came of a try, unless it is no longer ours to say: the job was freed, or taken up once more, be it
/// by ourselves. The number of the try tells one claim from the next. Whether it was written.
pub(crate) async fn settle(tx: &Tx, job: &Job, holder: &str, outcome: &Outcome, now: i64) -> Result<bool, Error> {
    let ours = |sql: Sql| {
        sql.push(" where tenant_id = ? and id = ? and holder = ? and attempts = ?")
            .bind(job.tenant)
            .bind(job.id)
            .bind(holder.to_owned())
            .bind(job.attempts)
    };
    if !matches!(outcome, Outcome::Again { .. }) {
        let again = sql("update jobs set state = 'ready', run_at = again_at, problem = null, holder = null, lease_until = null, updated_at = ?")
            .bind(now);
        if tx.execute(ours(again).push(" and again_at is not null")).await? == 1 {
            return Ok(true);
        }
    }
    let sql = match outcome {
        Outcome::Done => sql("delete from jobs"),
        Outcome::Again { at, problem } => {
            sql("update jobs set state = 'ready', run_at = ?, problem = ?, holder = null, lease_until = null, updated_at = ?")
                .bind(*at)
                .bind(problem.clone())
                .bind(now)
        }
        Outcome::GiveUp(problem) => {
            sql("update jobs set state = 'failed', problem = ?, holder = null, lease_until = null, updated_at = ?")
                .bind(problem.clone())
                .bind(now)
        }
    };
    Ok(tx.execute(ours(sql)).await? == 1)
}

/// The job of this name and key that waits for its time waits no longer: somebody knows better.
pub async fn hurry(tx: &Tx, tenant: i64, name: &str, key: &str, now: i64) -> Result<(), Error> {
    let query = sql("update jobs set run_at = ?, updated_at = ?
         where tenant_id = ? and name = ? and dedupe_key = ? and state = 'ready' and run_at > ?")
    .bind(now)
    .bind(now)
    .bind(tenant)
    .bind(name)
    .bind(key)
    .bind(now);
    tx.execute(query).await?;
    Ok(())
}

/// Whether a process holds a job whose sign of life ran out before `alive_at`. Costs no write lock.
pub async fn any_abandoned(tx: &Tx, own: &str, alive_at: i64) -> Result<bool, Error> {
    let query = sql("select count(*) from jobs where state = 'running' and holder <> ?
           and not exists (select 1 from leases l where l.name = 'node:' || jobs.holder and l.expires_at > ?)")
    .bind(own)
    .bind(alive_at);
    Ok(tx.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// Frees at once what processes hold whose sign of life ran out before `alive_at`, instead of letting each lease
/// run out. How many jobs. Should such a process live after all, what it says of them counts no more.
pub async fn free_abandoned(tx: &Tx, own: &str, alive_at: i64, now: i64) -> Result<u64, Error> {
    let query = sql("update jobs set state = 'ready', holder = null, lease_until = null, updated_at = ?
         where state = 'running' and holder <> ?
           and not exists (select 1 from leases l where l.name = 'node:' || jobs.holder and l.expires_at > ?)")
    .bind(now)
    .bind(own)
    .bind(alive_at);
    tx.execute(query).await
}

/// When the next job is due, if any waits.
pub(crate) async fn next_due(tx: &Tx) -> Result<Option<i64>, Error> {
    Ok(tx.scalar::<Option<i64>>(sql("select min(run_at) from jobs where state = 'ready'")).await?.flatten())
}

/// How many jobs are ready or running.
pub(crate) async fn open_jobs(tx: &Tx) -> Result<i64, Error> {
    Ok(tx.scalar::<i64>(sql("select count(*) from jobs where state in ('ready', 'running')")).await?.unwrap_or(0))
}
