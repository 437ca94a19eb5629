use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use serde_json::Value as Json;
use store::{Error, Store};
use tokio::{sync::Notify, task::JoinSet};

use crate::queue;

/// A job that has been leased to us.
#[derive(Debug, Clone)]
pub struct Job {
    pub tenant: i64,
    pub id: i64,
    pub name: String,
    pub payload: Json,
    /// This try included.
    pub attempts: i64,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Once more, not before `at` (milliseconds).
    Again {
        at: i64,
        problem: Option<String>,
    },
    /// Never again; the row stays, with the reason.
    GiveUp(String),
}

/// What a job does. It gets the job and gives the outcome; errors are its own to sort.
pub type Handler = Arc<dyn Fn(Job) -> Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync>;

/// How the runner paces itself.
#[derive(Debug, Clone)]
pub struct RunnerOptions {
    /// Names this process in leases.
    pub holder: String,
    pub lease: Duration,
    /// Longest rest between two looks when nobody nudges.
    pub rest: Duration,
    pub at_once: usize,
}

/// Runs jobs until told to stop. Several processes may run one each.
#[derive(Clone)]
pub struct Runner {
    store: Store,
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    handlers: Arc<HashMap<&'static str, Handler>>,
    nudge: Arc<Notify>,
    options: RunnerOptions,
}

impl Runner {
    pub fn new(
        store: Store,
        clock: Arc<dyn Fn() -> i64 + Send + Sync>,
        nudge: Arc<Notify>,
        handlers: HashMap<&'static str, Handler>,
        options: RunnerOptions,
    ) -> Self {
        Self { store, clock, handlers: Arc::new(handlers), nudge, options }
    }

    /// Leases and runs until `stop` resolves; then waits for what is running.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut running = JoinSet::new();
        loop {
            let room = self.options.at_once.saturating_sub(running.len());
            let claimed = if room == 0 { Vec::new() } else { self.claim(room).await };
            let idle = claimed.is_empty();
            for job in claimed {
                let runner = self.clone();
                running.spawn(async move { runner.run_one(job).await });
            }
            if !idle {
                continue;
            }
            let rest = self.rest().await;
            tokio::select! {
                () = &mut stop => break,
                () = self.nudge.notified() => {}
                () = tokio::time::sleep(rest) => {}
                Some(_) = running.join_next(), if !running.is_empty() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Runs everything that is due, one after the other, until nothing is. How many ran. For tests and tools.
    pub async fn run_due(&self) -> usize {
        let mut ran = 0;
        loop {
            let jobs = self.claim(16).await;
            if jobs.is_empty() {
                return ran;
            }
            for job in jobs {
                self.run_one(job).await;
                ran += 1;
            }
        }
    }

    /// How many jobs wait or run, of all tenants.
    pub async fn open_jobs(&self) -> Result<i64, Error> {
        queue::open_jobs(&self.store.read().await?).await
    }

    async fn claim(&self, most: usize) -> Vec<Job> {
        let claimed = async {
            // Looking costs a read; the write lock is taken only when something is there.
            let now = (self.clock)();
            let due = queue::next_due(&self.store.read().await?).await?;
            let expired = due.is_none_or(|due| due > now);
            if expired && !self.has_expired_lease(now).await? {
                return Ok(Vec::new());
            }
            let tx = self.store.write().await?;
            let jobs =
                queue::claim(&tx, &self.options.holder, now, now + self.options.lease.as_millis() as i64, most as u64)
                    .await?;
            tx.commit().await?;
            Ok::<_, Error>(jobs)
        };
        claimed.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "no jobs could be leased");
            Vec::new()
        })
    }

    async fn has_expired_lease(&self, now: i64) -> Result<bool, Error> {
        let tx = self.store.read().await?;
        let count: Option<i64> = tx
            .scalar(store::sql("select count(*) from jobs where state = 'running' and lease_until <= ?").bind(now))
            .await?;
        Ok(count.unwrap_or(0) > 0)
    }

    async fn run_one(&self, job: Job) {
        let outcome = match self.handlers.get(job.name.as_str()) {
            Some(handler) => handler(job.clone()).await,
            None => Outcome::GiveUp(format!("no job is called {:?} in this program", job.name)),
        };
        if let Outcome::GiveUp(problem) = &outcome {
            tracing::error!(job.name, job.id, problem, "a job was given up");
        }
        let settled = async {
            let tx = self.store.write().await?;
            let ours = queue::settle(&tx, &job, &self.options.holder, &outcome, (self.clock)()).await?;
            tx.commit().await?;
            Ok::<_, Error>(ours)
        };
        match settled.await {
            Ok(true) => {}
            Ok(false) => tracing::info!(job.name, job.id, "a job ended that another had taken up meanwhile"),
            // The lease will expire and the job run again; it must bear that.
            Err(error) => tracing::warn!(%error, job.name, job.id, "the outcome of a job could not be written"),
        }
    }

    async fn rest(&self) -> Duration {
        let due = async { queue::next_due(&self.store.read().await?).await };
        match due.await {
            Ok(Some(at)) => Duration::from_millis((at - (self.clock)()).max(1) as u64).min(self.options.rest),
            _ => self.options.rest,
        }
    }
}
