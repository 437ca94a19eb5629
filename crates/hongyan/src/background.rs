//! What runs behind the doors for as long as the process lives. The list, in one place.

use std::{future::Future, path::Path, sync::Arc, time::Duration};

use features::{
    broadcasts::Postman,
    sending::{Beat, Sender},
};
use kit::{Ctx, Error, sql};
use tokio::{sync::watch, task::JoinSet};

/// Ends when the program is told to stop.
#[derive(Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// The handle that stops, and what hears of it.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    pub async fn wait(mut self) {
        // An error means that the sender is gone, which is a stop too.
        let _ = self.0.wait_for(|stopped| *stopped).await;
    }
}

/// How long a process counts as alive after its last sign.
const NODE_LEASE_MS: i64 = 15_000;

/// Starts everything. `holder` names this process in leases and in the ledger; `alone` says that no other
/// process can be using the database (SQLite).
pub async fn start(
    ctx: &Ctx,
    holder: &str,
    alone: bool,
    folder: &Path,
    tasks: &mut JoinSet<()>,
    stop: &Stop,
) -> Result<(), Error> {
    let sender = Sender::new(ctx, holder);
    let postman = Postman::new(ctx, holder);
    // Before this process says that it lives: else it could not see that nobody did.
    let beat = Arc::new(Beat::new(folder));
    if beat.compare(ctx).await? {
        tracing::error!(
            "the database was put back from a backup; nothing is sent until a person says so in the console"
        );
    }
    sign_of_life(ctx, holder).await?;
    beat_once(ctx, &beat, &sender, &postman).await?;
    let unknown = sender.recover(alone).await?;
    if unknown > 0 {
        tracing::warn!(sends = unknown, "sends were interrupted; they are marked unknown and are not repeated");
    }
    let interrupted = postman.recover(alone).await?;
    if interrupted > 0 {
        tracing::warn!(calls = interrupted, "broadcasts were interrupted; they are repeated under their ids");
    }
    let freed = free_jobs(ctx, holder, alone).await?;
    if freed > 0 {
        tracing::info!(jobs = freed, "jobs were interrupted and begin again");
    }
    tasks.spawn(sender.clone().run(stop.clone().wait()));
    tasks.spawn(postman.clone().run(stop.clone().wait()));
    every(tasks, stop, Duration::from_secs(5), "sign of life", {
        let (ctx, holder) = (ctx.clone(), holder.to_owned());
        move || {
            let (ctx, holder, beat) = (ctx.clone(), holder.clone(), beat.clone());
            let (sender, postman) = (sender.clone(), postman.clone());
            async move {
                beat_once(&ctx, &beat, &sender, &postman).await?;
                sign_of_life(&ctx, &holder).await?;
                sender.recover(false).await?;
                postman.recover(false).await?;
                free_jobs(&ctx, &holder, false).await.map(|_| ())
            }
        }
    });
    every(tasks, stop, Duration::from_secs(60), "clock", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move {
                kit::clock::look_again(&ctx).await;
                Ok(())
            }
        }
    });
    // In a thread of its own: it holds the write lock, and should not wait behind connections with it.
    let runtime = tokio::runtime::Handle::current();
    let follower = again_and_again(stop, Duration::from_millis(150), "event follower", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move { entities::events::follow_all(&ctx).await.map(|_| ()) }
        }
    });
    tasks.spawn_blocking(move || runtime.block_on(follower));
    every(tasks, stop, Duration::from_millis(300), "campaigns", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move {
                while features::sending::campaigns::go_on(&ctx).await? {}
                Ok(())
            }
        }
    });
    every(tasks, stop, Duration::from_millis(300), "broadcasts", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move { features::broadcasts::turns::go_on(&ctx).await }
        }
    });
    every(tasks, stop, Duration::from_secs(1), "broadcasts at WeChat", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move { features::broadcasts::ask::go_on(&ctx).await }
        }
    });
    every(tasks, stop, Duration::from_millis(10), "inbox", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move { entities::conversations::follow(&ctx).await }
        }
    });
    every(tasks, stop, Duration::from_millis(300), "reply counters", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move { features::replies::tally::add_up(&ctx).await.map(|_| ()) }
        }
    });
    every(tasks, stop, Duration::from_millis(300), "code counters", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move { features::qrcodes::tally::add_up(&ctx).await.map(|_| ()) }
        }
    });
    every(tasks, stop, Duration::from_millis(250), "checkpoint", {
        let ctx = ctx.clone();
        move || {
            let ctx = ctx.clone();
            async move {
                let began = std::time::Instant::now();
                ctx.store().checkpoint().await?;
                metrics::histogram!("hongyan_checkpoint_seconds").record(began.elapsed());
                Ok(())
            }
        }
    });
    Ok(())
}

/// Runs `work` again and again, with a rest between; a failure is told and does not end it.
fn every<F, W>(tasks: &mut JoinSet<()>, stop: &Stop, rest: Duration, name: &'static str, work: F)
where
    F: Fn() -> W + Send + 'static,
    W: Future<Output = Result<(), Error>> + Send + 'static,
{
    tasks.spawn(again_and_again(stop, rest, name, work));
}

fn again_and_again<F, W>(
    stop: &Stop,
    rest: Duration,
    name: &'static str,
    work: F,
) -> impl Future<Output = ()> + Send + 'static + use<F, W>
where
    F: Fn() -> W + Send + 'static,
    W: Future<Output = Result<(), Error>> + Send + 'static,
{
    let stop = stop.clone();
    async move {
        let stopped = stop.wait();
        tokio::pin!(stopped);
        loop {
            // What is under way when the stop comes is rolled back, and done by the next start.
            let outcome = tokio::select! {
                () = &mut stopped => return,
                outcome = work() => outcome,
            };
            if let Err(error) = outcome {
                tracing::warn!(%error, loop.name = name, "a background loop failed and goes on");
            }
            tokio::select! {
                () = &mut stopped => return,
                () = tokio::time::sleep(rest) => {}
            }
        }
    }
}

/// Lets jobs begin again whose process is dead: on SQLite at start, any other's; else when its sign of life has run
/// out. How many.
async fn free_jobs(ctx: &Ctx, holder: &str, alone: bool) -> Result<u64, Error> {
    let now = ctx.now();
    // Alone, there is nobody whose sign of life could still count.
    let alive_at = if alone { i64::MAX } else { now };
    // Looking costs a read; the write lock is only taken when there is something to free.
    if !jobs::any_abandoned(&ctx.store().read().await?, holder, alive_at).await? {
        return Ok(0);
    }
    let tx = ctx.store().write().await?;
    let freed = jobs::free_abandoned(&tx, holder, alive_at, now).await?;
    tx.commit().await?;
    ctx.job_nudge().notify_one();
    Ok(freed)
}

/// Raises the mark in the file and in the database, and tells the sender of the latest anybody saw.
async fn beat_once(ctx: &Ctx, beat: &Beat, sender: &Sender, postman: &Postman) -> Result<(), Error> {
    if let Some(before) = beat.beat(ctx).await? {
        sender.saw(before);
        postman.saw(before);
    }
    Ok(())
}

/// Says that this process lives, so that others do not take over what it has begun.
async fn sign_of_life(ctx: &Ctx, holder: &str) -> Result<(), Error> {
    let tx = ctx.store().write().await?;
    let query = sql("insert into leases (name, holder, expires_at) values (?, ?, ?) on conflict (name) do update set expires_at = excluded.expires_at")
        .bind(format!("node:{holder}"))
        .bind(holder)
        .bind(ctx.now() + NODE_LEASE_MS);
    tx.execute(query).await?;
    tx.commit().await?;
    Ok(())
}
