//! Making the codes of a table, in slices: each ends within its lease, and a process that dies costs at most the calls
//! that were under way, which are made again and change nothing.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use ::jobs::{Job, NewJob, Outcome};
use entities::accounts::{self, Function, tokens::Keeper};
use futures::{StreamExt, stream};
use kit::{AccountId, Ctx, Error, Millis, QrcodeBatchId, QrcodeId, TenantId, Work};
use serde::Deserialize;
use tokio::time::Instant;
use wechat_client::{Failure, Next};

use super::{
    batches,
    make::{self, Made},
    model::{Batch, BatchState},
    store::{self, ToMake},
};

const NAME: &str = "qrcode_batch";

#[derive(Deserialize)]
struct About {
    batch: QrcodeBatchId,
}

/// How long a slice goes on; a lease is longer.
const SLICE: Duration = Duration::from_secs(15);
/// Codes a transaction.
const CHUNK: u64 = 120;
/// Calls in flight.
const AT_ONCE: usize = 8;
const TROUBLE_MS: Millis = 10_000;

/// One table at work.
struct Maker {
    ctx: Ctx,
    tenant: TenantId,
    account: AccountId,
    batch: QrcodeBatchId,
    keeper: Keeper,
    until: Instant,
}

/// Why a slice ended early.
enum Ended {
    Failed(Failure),
    Broken(Error),
    /// A person stopped it.
    Stopped,
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

/// Has the codes of a table made from now on: a person need not wait for WeChat's quota.
pub async fn enqueue(work: &mut Work, batch: QrcodeBatchId) -> Result<(), Error> {
    put(work, batch).await?;
    let now = work.now();
    let tenant = work.tenant().0;
    Ok(::jobs::hurry(work.tx().await?, tenant, NAME, &batch.to_string(), now).await?)
}

/// A table has one job: two would ask WeChat for every code twice.
async fn put(work: &mut Work, batch: QrcodeBatchId) -> Result<(), Error> {
    let payload = serde_json::json!({ "batch": batch });
    let key = Some(batch.to_string());
    work.enqueue(NewJob { name: NAME, payload, run_at: work.now(), dedupe_key: key }).await?;
    Ok(())
}

/// Every minute: tables that are under way and have no job, because a process died at the wrong moment.
pub async fn nudge_batches(ctx: Ctx) -> Result<(), Error> {
    for (tenant, batch) in batches::running(&ctx).await? {
        let mut work = Work::begin(&ctx, tenant);
        put(&mut work, batch).await?;
        work.commit().await?;
    }
    Ok(())
}

/// The job `qrcode_batch` `{batch}`.
pub async fn run_batch(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<About>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no batch".into());
    };
    let tenant = TenantId(job.tenant);
    let batch = match batches::of_id(&mut Work::reading(&ctx, tenant), about.batch).await {
        Ok(batch) if batch.state == BatchState::Running => batch,
        Ok(_) | Err(Error::NotFound) => return Outcome::Done,
        Err(error) => return Outcome::Again { at: ctx.now() + TROUBLE_MS, problem: Some(error.to_string()) },
    };
    let maker = Maker {
        keeper: Keeper::new(&ctx, tenant, batch.account_id),
        ctx: ctx.clone(),
        tenant,
        account: batch.account_id,
        batch: batch.id,
        until: Instant::now() + SLICE,
    };
    match maker.slice(&batch).await {
        Ok(true) | Err(Ended::Stopped | Ended::Broken(Error::NotFound)) => Outcome::Done,
        Ok(false) => Outcome::Again { at: ctx.now(), problem: None },
        Err(Ended::Broken(error)) => Outcome::Again { at: ctx.now() + TROUBLE_MS, problem: Some(error.to_string()) },
        Err(Ended::Failed(failure)) => maker
            .after(&failure)
            .await
            .unwrap_or_else(|error| Outcome::Again { at: ctx.now() + TROUBLE_MS, problem: Some(error.to_string()) }),
    }
}

/// What came of a chunk.
#[derive(Default)]
struct Chunk {
    made: Vec<(QrcodeId, Made)>,
    refused: Vec<(QrcodeId, Option<i64>)>,
    failure: Option<Failure>,
}

impl Maker {
    fn write(&self) -> Work {
        Work::begin(&self.ctx, self.tenant)
    }

    /// Goes on for a while. True when there is nothing left to do.
    async fn slice(&self, batch: &Batch) -> Result<bool, Ended> {
        let mut work = Work::reading(&self.ctx, self.tenant);
        let account = accounts::find(&mut work, self.account).await?;
        drop(work);
        if account.may(Function::Qrcode).is_err() {
            self.stop("not_allowed", None).await?;
            return Ok(true);
        }
        let mut rate = batch.rate;
        while Instant::now() < self.until {
            let began = Instant::now();
            let next = batches::next(&mut Work::reading(&self.ctx, self.tenant), self.batch, CHUNK).await?;
            if next.is_empty() {
                self.finish().await?;
                return Ok(true);
            }
            let chunk = self.make(next).await;
            let took = began.elapsed().as_secs_f64().max(0.001);
            let now = ((chunk.made.len() + chunk.refused.len()) as f64 * 60.0 / took) as i64;
            rate = if rate == 0 { now } else { (rate * 3 + now) / 4 };
            self.keep(&chunk, rate.max(1)).await?;
            if let Some(failure) = chunk.failure {
                return Err(Ended::Failed(failure));
            }
        }
        Ok(false)
    }

    /// Calls for each, several at a time. After the first thing that would stop all, no more are begun; what is under
    /// way is waited for, since WeChat may have made it.
    async fn make(&self, codes: Vec<ToMake>) -> Chunk {
        let mut chunk = Chunk::default();
        let is_over = AtomicBool::new(false);
        let mut answers = stream::iter(codes)
            .map(|code| {
                let is_over = &is_over;
                async move {
                    if is_over.load(Ordering::Relaxed) {
                        return None;
                    }
                    let answer = make::make(&self.ctx, &self.keeper, &code.scene, code.life).await;
                    Some((QrcodeId(code.id), answer))
                }
            })
            .buffer_unordered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            match answer {
                None => {}
                Some((id, Ok(made))) => chunk.made.push((id, made)),
                Some((id, Err(failure))) => {
                    let errcode = failure.errcode().map(|code| code.0);
                    if failure.next() == Next::FixRequest {
                        chunk.refused.push((id, errcode));
                    } else {
                        is_over.store(true, Ordering::Relaxed);
                        chunk.failure.get_or_insert(failure);
                    }
                }
            }
        }
        chunk
    }

    async fn keep(&self, chunk: &Chunk, rate: i64) -> Result<(), Ended> {
        let mut work = self.write();
        let (mut made, mut failed) = (0, 0);
        for (id, code) in &chunk.made {
            made += i64::from(store::made(&mut work, *id, &code.url, code.expires_at, false).await?);
        }
        for (id, errcode) in &chunk.refused {
            failed += i64::from(store::not_made(&mut work, *id, "refused", *errcode).await?);
        }
        let running = batches::advance(&mut work, self.batch, made, failed, rate).await?;
        batches::tell(&mut work, self.account, self.batch);
        // What was made is kept also when a person has stopped it meanwhile.
        if !running {
            batches::count(&mut work, self.batch, made, failed).await?;
        }
        work.commit().await?;
        if running { Ok(()) } else { Err(Ended::Stopped) }
    }

    async fn finish(&self) -> Result<(), Error> {
        let mut work = self.write();
        batches::finish(&mut work, self.batch).await?;
        batches::tell(&mut work, self.account, self.batch);
        work.commit().await
    }

    async fn stop(&self, problem: &str, errcode: Option<i64>) -> Result<(), Error> {
        let mut work = self.write();
        batches::stop(&mut work, self.batch, problem, errcode).await?;
        batches::tell(&mut work, self.account, self.batch);
        work.commit().await
    }

    /// WeChat refused or was silent: shows it, and says when to go on.
    async fn after(&self, failure: &Failure) -> Result<Outcome, Error> {
        let errcode = failure.errcode().map(|code| code.0);
        let now = self.ctx.now();
        let wait = match failure.next() {
            _ if errcode == Some(make::FULL) => Err("qrcodes_full"),
            Next::WaitMinute => Ok(("wechat_minute", now + 60_000)),
            Next::WaitDay | Next::WaitMonth => Ok(("wechat_day", entities::calendar::next_day(now) + 60_000)),
            Next::Unclear | Next::FreshToken | Next::AlreadyDone | Next::SameIdTooSoon => {
                Ok(("wechat_away", now + TROUBLE_MS))
            }
            Next::NotAllowed => Err("not_allowed"),
            Next::Unauthorized => Err("unauthorized"),
            Next::TellPerson | Next::FixRequest | Next::GiveUpRecipient => Err("wechat_refused"),
        };
        match wait {
            Ok((problem, until)) => {
                let mut work = self.write();
                batches::wait(&mut work, self.batch, problem, errcode, until).await?;
                batches::tell(&mut work, self.account, self.batch);
                work.commit().await?;
                Ok(Outcome::Again { at: until, problem: Some(failure.to_string()) })
            }
            Err(problem) => {
                self.stop(problem, errcode).await?;
                if problem == "unauthorized" {
                    let mut work = self.write();
                    accounts::lost(&mut work, self.account, problem).await?;
                    work.commit().await?;
                }
                Ok(Outcome::Done)
            }
        }
    }
}
