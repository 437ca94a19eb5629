//! The rows of tables that codes are made from. Every statement stays inside the caller's tenant.

use ::store::FromRow;
use kit::{AccountId, Ctx, Error, Millis, QrcodeBatchId, TenantId, Topic, Work, sql};

use super::{
    model::{Batch, BatchState, Line, LineFault},
    store::ToMake,
    table::Table,
};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    file_name: String,
    state: String,
    total: i64,
    made: i64,
    failed: i64,
    rate: i64,
    problem: Option<String>,
    errcode: Option<i64>,
    waits_until: Option<i64>,
    said_by: Option<String>,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    created_at: i64,
}

const SELECT: &str = "select id, account_id, file_name, state, total, made, failed, rate, problem, errcode, waits_until, said_by, started_at, finished_at, created_at
     from qrcode_batches where tenant_id = ?";

/// Keeps a table that was read.
pub async fn add(work: &mut Work, account: AccountId, file_name: &str, table: &Table) -> Result<QrcodeBatchId, Error> {
    let id = QrcodeBatchId(work.new_id());
    let by = work.caller().map(|caller| caller.name().to_owned());
    let query = sql("insert into qrcode_batches (tenant_id, id, account_id, file_name, state, body, faults, total, made, failed, rate, said_by, created_at)
         values (?, ?, ?, ?, 'draft', ?, ?, ?, 0, 0, 0, ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(account)
        .bind(file_name)
        .bind(serde_json::to_string(&table.lines).map_err(Error::internal)?)
        .bind(serde_json::to_string(&table.faults).map_err(Error::internal)?)
        .bind(table.lines.len() as i64)
        .bind(by)
        .bind(work.now());
    work.execute(query).await?;
    Ok(id)
}

pub async fn find(work: &mut Work, account: AccountId, id: QrcodeBatchId) -> Result<Batch, Error> {
    let query = sql(SELECT).bind(work.tenant()).push(" and account_id = ? and id = ?").bind(account).bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// The same, whichever account it is of: for the job, which knows its own.
pub async fn of_id(work: &mut Work, id: QrcodeBatchId) -> Result<Batch, Error> {
    let query = sql(SELECT).bind(work.tenant()).push(" and id = ?").bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// Newest first.
pub async fn list(
    work: &mut Work,
    account: AccountId,
    before: Option<(Millis, i64)>,
    limit: u64,
) -> Result<Vec<Batch>, Error> {
    let mut query = sql(SELECT).bind(work.tenant()).push(" and account_id = ?").bind(account);
    if let Some((at, id)) = before {
        query = query.push(" and (created_at, id) < (?, ?)").bind(at).bind(id);
    }
    let rows: Vec<Row> = work.all(query.push(" order by created_at desc, id desc limit ?").bind(limit as i64)).await?;
    rows.into_iter().map(Batch::try_from).collect()
}

/// The lines and the faults of a table. Lines are gone once they are codes.
pub async fn content(work: &mut Work, id: QrcodeBatchId) -> Result<(Vec<Line>, Vec<LineFault>), Error> {
    #[derive(FromRow)]
    struct Content {
        body: String,
        faults: String,
    }
    let query =
        sql("select body, faults from qrcode_batches where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    let content: Content = work.one(query).await?.ok_or(Error::NotFound)?;
    let broken = |error: serde_json::Error| Error::broken("qrcode_batches", id.0, error);
    let lines = serde_json::from_str(&content.body).map_err(broken)?;
    Ok((lines, serde_json::from_str(&content.faults).map_err(broken)?))
}

/// Its lines are codes now, to be made. False when somebody else has begun.
pub async fn begin(work: &mut Work, id: QrcodeBatchId) -> Result<bool, Error> {
    let query = sql("update qrcode_batches set state = 'running', body = '[]', started_at = ?, problem = null, errcode = null, waits_until = null
         where tenant_id = ? and id = ? and state = 'draft'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// Goes on with what is still to be made. False when it does not stand still.
pub async fn resume(work: &mut Work, id: QrcodeBatchId) -> Result<bool, Error> {
    let query = sql("update qrcode_batches set state = 'running', problem = null, errcode = null, waits_until = null, finished_at = null
         where tenant_id = ? and id = ? and (state = 'stopped' or (state = 'running' and waits_until is not null))")
    .bind(work.tenant())
    .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// It stands still. False when it was not running.
pub async fn stop(work: &mut Work, id: QrcodeBatchId, problem: &str, errcode: Option<i64>) -> Result<bool, Error> {
    let query = sql("update qrcode_batches set state = 'stopped', problem = ?, errcode = ?, waits_until = null where tenant_id = ? and id = ? and state = 'running'")
        .bind(problem)
        .bind(errcode)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// It waits for WeChat.
pub async fn wait(
    work: &mut Work,
    id: QrcodeBatchId,
    problem: &str,
    errcode: Option<i64>,
    until: Millis,
) -> Result<u64, Error> {
    let query = sql("update qrcode_batches set problem = ?, errcode = ?, waits_until = ? where tenant_id = ? and id = ? and state = 'running'")
        .bind(problem)
        .bind(errcode)
        .bind(until)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await
}

/// So many more were made or refused. False when it runs no more.
pub async fn advance(work: &mut Work, id: QrcodeBatchId, made: i64, failed: i64, rate: i64) -> Result<bool, Error> {
    let query = sql("update qrcode_batches set made = made + ?, failed = failed + ?, rate = ?, problem = null, errcode = null, waits_until = null
         where tenant_id = ? and id = ? and state = 'running'")
        .bind(made)
        .bind(failed)
        .bind(rate)
        .bind(work.tenant())
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// The same for one that stands still by now.
pub async fn count(work: &mut Work, id: QrcodeBatchId, made: i64, failed: i64) -> Result<u64, Error> {
    let query = sql("update qrcode_batches set made = made + ?, failed = failed + ? where tenant_id = ? and id = ?")
        .bind(made)
        .bind(failed)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await
}

pub async fn finish(work: &mut Work, id: QrcodeBatchId) -> Result<u64, Error> {
    let query = sql("update qrcode_batches set state = 'done', finished_at = ?, problem = null, errcode = null, waits_until = null where tenant_id = ? and id = ? and state = 'running'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await
}

/// Forgets a table from which nothing was made.
pub async fn remove(work: &mut Work, account: AccountId, id: QrcodeBatchId) -> Result<bool, Error> {
    let query = sql("delete from qrcode_batches where tenant_id = ? and account_id = ? and id = ? and state = 'draft'")
        .bind(work.tenant())
        .bind(account)
        .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// The next lines that WeChat is to make, in the order of the table.
pub async fn next(work: &mut Work, id: QrcodeBatchId, limit: u64) -> Result<Vec<ToMake>, Error> {
    let query = sql("select id, scene, life, url from qrcodes where tenant_id = ? and batch_id = ? and url is null and problem is null order by line limit ?")
        .bind(work.tenant())
        .bind(id)
        .bind(limit as i64);
    work.all(query).await
}

/// Every table whose codes are being made, of every tenant.
pub async fn running(ctx: &Ctx) -> Result<Vec<(TenantId, QrcodeBatchId)>, Error> {
    #[derive(FromRow)]
    struct Open {
        tenant_id: i64,
        id: i64,
    }
    let query = sql("select tenant_id, id from qrcode_batches where tenant_id is not null and state = 'running'");
    let rows: Vec<Open> = ctx.store().read().await?.all(query).await?;
    Ok(rows.into_iter().map(|row| (TenantId(row.tenant_id), QrcodeBatchId(row.id))).collect())
}

/// Lines that were refused are tried again.
pub async fn forget_refusals(work: &mut Work, id: QrcodeBatchId) -> Result<u64, Error> {
    let query = sql("update qrcodes set problem = null, errcode = null where tenant_id = ? and batch_id = ? and url is null and problem is not null")
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await
}

/// None is counted as refused any more.
pub async fn forgive(work: &mut Work, id: QrcodeBatchId) -> Result<u64, Error> {
    let query = sql("update qrcode_batches set failed = 0 where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.execute(query).await
}

/// Tells the consoles to look again.
pub fn tell(work: &mut Work, account: AccountId, id: QrcodeBatchId) {
    work.tell(Topic::Qrcodes, &serde_json::json!({ "account_id": account, "batch_id": id }));
}

impl TryFrom<Row> for Batch {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let state = BatchState::parse(&row.state)?;
        let open = (row.total - row.made - row.failed).max(0);
        let runs = state == BatchState::Running && row.waits_until.is_none();
        Ok(Self {
            id: QrcodeBatchId(row.id),
            account_id: AccountId(row.account_id),
            file_name: row.file_name,
            state,
            total: row.total,
            made: row.made,
            failed: row.failed,
            rate: row.rate,
            seconds_left: (runs && row.rate > 0).then(|| (open * 60 + row.rate - 1) / row.rate),
            problem: row.problem,
            errcode: row.errcode,
            waits_until: row.waits_until,
            by: row.said_by,
            started_at: row.started_at,
            finished_at: row.finished_at,
            created_at: row.created_at,
        })
    }
}
