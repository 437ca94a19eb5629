//! Every job and every schedule, in one place.
//!
//! A schedule runs on one node at a time, under a row in `leases` that also remembers when it is due again.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use jobs::{Handler, Job, Outcome, Runner, RunnerOptions};
use kit::{Ctx, Error, sql};
use metrics::{counter, histogram};

use crate::{background::Stop, config, idempotency};

/// The jobs by name.
fn handlers(ctx: &Ctx) -> HashMap<&'static str, Handler> {
    let mut handlers = HashMap::new();
    let mut job = |name, handler| {
        handlers.insert(name, handler);
    };
    job("binding_grant", handler(ctx, "binding_grant", features::binding::run_grant));
    job("upload_media", handler(ctx, "upload_media", features::media::upload_media));
    job("fan_import", handler(ctx, "fan_import", features::fan_import::run_import));
    job("fan_reconcile", handler(ctx, "fan_reconcile", features::fan_import::run_reconcile));
    job("fan_info", handler(ctx, "fan_info", features::fan_import::run_info));
    job("menu_sync", handler(ctx, "menu_sync", features::menus::run_sync));
    job("fetch_received_file", handler(ctx, "fetch_received_file", features::inbox::fetch_received_file));
    job("tag_mirror", handler(ctx, "tag_mirror", features::tags::run_mirror));
    job("blacklist", handler(ctx, "blacklist", features::reach::run_blacklist));
    job("template_sync", handler(ctx, "template_sync", features::templates::run_sync));
    job("qrcode_batch", handler(ctx, "qrcode_batch", features::qrcodes::run_batch));
    job("article_work", handler(ctx, "article_work", features::articles::run_work));
    job("article_publication", handler(ctx, "article_publication", features::articles::run_publication));
    job("article_sync", handler(ctx, "article_sync", features::articles::run_sync));
    handlers
}

/// The schedules, with how often each is due.
fn schedules() -> Vec<Schedule> {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    vec![
        schedule("platform_ticket", 5 * MINUTE, features::binding::watch_ticket),
        schedule("accounts_reread", 24 * HOUR, features::binding::reread_accounts),
        schedule("fan_imports", 30, features::fan_import::nudge_imports),
        schedule("fan_comparison", 24 * HOUR, features::fan_import::reconcile_all),
        schedule("qrcode_batches", MINUTE, features::qrcodes::nudge_batches),
        schedule("tag_comparison", 24 * HOUR, features::tags::sync_all),
        schedule("blacklist_comparison", 24 * HOUR, features::reach::compare_all),
        schedule("template_comparison", 24 * HOUR, features::templates::sync_all),
        schedule("menu_schedules", 10, features::menus::keep_schedules),
        schedule("article_comparison", 6 * HOUR, features::articles::sync_all),
        schedule("media_renewal", 10 * MINUTE, async |ctx| features::media::renew(&ctx).await),
        schedule("broadcast_figures", HOUR, features::broadcasts::stats::fetch_all),
        schedule("conservation", 24 * HOUR, features::sending::conservation::check_all),
        schedule("old_callbacks", HOUR, crate::callback::sweep),
        schedule("expired_sessions", HOUR, features::team::sweep_sessions),
        schedule("old_idempotency_keys", HOUR, idempotency::sweep),
    ]
}

/// Something that is done again and again.
#[derive(Clone)]
pub struct Schedule {
    name: &'static str,
    every: Duration,
    run: Arc<dyn Fn(Ctx) -> BoxFuture<'static, Result<(), Error>> + Send + Sync>,
}

fn schedule<F>(name: &'static str, seconds: u64, run: impl Fn(Ctx) -> F + Send + Sync + 'static) -> Schedule
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    Schedule { name, every: Duration::from_secs(seconds), run: Arc::new(move |ctx| Box::pin(run(ctx))) }
}

fn handler<F>(ctx: &Ctx, name: &'static str, run: impl Fn(Ctx, Job) -> F + Send + Sync + 'static) -> Handler
where
    F: Future<Output = Outcome> + Send + 'static,
{
    let ctx = ctx.clone();
    Arc::new(move |job| {
        let began = std::time::Instant::now();
        let running = run(ctx.clone(), job);
        Box::pin(async move {
            let outcome = running.await;
            let word = match outcome {
                Outcome::Done => "done",
                Outcome::Again { .. } => "again",
                Outcome::GiveUp(_) => "given_up",
            };
            counter!("hongyan_jobs_total", "job" => name, "outcome" => word).increment(1);
            histogram!("hongyan_job_seconds", "job" => name).record(began.elapsed());
            outcome
        })
    })
}

/// What takes jobs up.
pub fn runner(ctx: &Ctx, holder: &str, config: &config::Jobs) -> Runner {
    let options = RunnerOptions {
        holder: holder.to_owned(),
        lease: Duration::from_secs(config.lease_seconds),
        rest: Duration::from_secs(1),
        at_once: config.at_once.max(1),
    };
    Runner::new(ctx.store().clone(), ctx.clock(), ctx.job_nudge(), handlers(ctx), options)
}

/// Runs what is due, until stopped.
pub async fn keep_schedules(ctx: Ctx, holder: String, stop: Stop) {
    let stopped = stop.wait();
    tokio::pin!(stopped);
    let schedules = schedules();
    loop {
        for schedule in &schedules {
            match claim(&ctx, schedule, &holder).await {
                Ok(true) => run(&ctx, schedule).await,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, schedule.name = schedule.name, "a schedule could not be looked at")
                }
            }
        }
        tokio::select! {
            () = &mut stopped => return,
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
    }
}

async fn run(ctx: &Ctx, schedule: &Schedule) {
    let done = (schedule.run)(ctx.clone()).await;
    counter!("hongyan_schedules_total", "schedule" => schedule.name, "outcome" => if done.is_ok() { "done" } else { "failed" }).increment(1);
    if let Err(error) = done {
        tracing::warn!(%error, schedule.name = schedule.name, "a schedule failed and will be tried when it is due again");
    }
}

/// Takes a schedule that is due, and puts its next time down. At most one node gets true.
async fn claim(ctx: &Ctx, schedule: &Schedule, holder: &str) -> Result<bool, Error> {
    let (name, now) = (format!("schedule:{}", schedule.name), ctx.now());
    let due: Option<i64> = ctx
        .store()
        .read()
        .await?
        .scalar(sql("select expires_at from leases where name = ?").bind(name.as_str()))
        .await?;
    // Looking costs a read; the write lock is only taken for what is due.
    if due.is_some_and(|due| due > now) {
        return Ok(false);
    }
    let tx = ctx.store().write().await?;
    let taken = tx
        .execute(
            sql("insert into leases (name, holder, expires_at) values (?, ?, ?)
                 on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at where leases.expires_at <= ?")
            .bind(name)
            .bind(holder)
            .bind(now + schedule.every.as_millis() as i64)
            .bind(now),
        )
        .await?;
    tx.commit().await?;
    Ok(taken == 1)
}
