use std::sync::Arc;

use jobs::NewJob;
use serde::Serialize;
use store::{Bulk, Readable, Sql, Tx};

use crate::{Caller, Ctx, Error, Live, Millis, TenantId, Topic};

/// One unit of work inside one tenant: the transaction, the time, new ids.
///
/// Made at a door (a handler, the callback, a job) and committed there. Dropped, it never was. The
/// transaction opens at the first statement, so that reading a slow body holds no lock. Never await the
/// network while it is open.
pub struct Work {
    ctx: Ctx,
    tenant: TenantId,
    caller: Option<Caller>,
    now: Millis,
    reading: bool,
    here: bool,
    tx: Option<Tx>,
    told: Vec<Live>,
    jobs: bool,
    sends: bool,
}

impl Work {
    /// Work that may write.
    pub fn begin(ctx: &Ctx, tenant: TenantId) -> Self {
        Self {
            ctx: ctx.clone(),
            tenant,
            caller: None,
            now: ctx.now(),
            reading: false,
            here: false,
            tx: None,
            told: Vec::new(),
            jobs: false,
            sends: false,
        }
    }

    /// Work that only reads, from one consistent view, and waits for no writer.
    pub fn reading(ctx: &Ctx, tenant: TenantId) -> Self {
        Self { reading: true, ..Self::begin(ctx, tenant) }
    }

    /// Work that may write, in a thread that one has to oneself and that may be held up (see [`store::Store::write_here`]).
    pub fn begin_here(ctx: &Ctx, tenant: TenantId) -> Self {
        Self { here: true, ..Self::begin(ctx, tenant) }
    }

    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The person or key behind this work; none for callbacks and jobs.
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
    }

    pub(crate) fn set_caller(&mut self, caller: Caller) {
        self.caller = Some(caller);
    }

    /// One instant for the whole unit, in milliseconds UTC.
    pub fn now(&self) -> Millis {
        self.now
    }

    pub fn new_id(&self) -> i64 {
        self.ctx.new_id()
    }

    /// The open transaction. Opens it if need be.
    pub async fn tx(&mut self) -> Result<&Tx, Error> {
        if self.tx.is_none() {
            let store = self.ctx.store();
            self.tx = Some(match (self.reading, self.here) {
                (true, _) => store.read().await?,
                (false, true) => store.write_here().await?,
                (false, false) => store.write().await?,
            });
        }
        self.tx.as_ref().ok_or_else(|| Error::Internal("a transaction was opened and is gone".into()))
    }

    /// Runs a statement; how many rows it changed.
    pub async fn execute(&mut self, sql: Sql) -> Result<u64, Error> {
        Ok(self.tx().await?.execute(sql).await?)
    }

    /// The first row, if there is one.
    pub async fn one<T: Readable>(&mut self, sql: Sql) -> Result<Option<T>, Error> {
        Ok(self.tx().await?.one(sql).await?)
    }

    pub async fn all<T: Readable>(&mut self, sql: Sql) -> Result<Vec<T>, Error> {
        Ok(self.tx().await?.all(sql).await?)
    }

    /// The first column of the first row.
    pub async fn scalar<T: Readable>(&mut self, sql: Sql) -> Result<Option<T>, Error> {
        Ok(self.tx().await?.scalar(sql).await?)
    }

    /// The first column of every row.
    pub async fn scalars<T: Readable>(&mut self, sql: Sql) -> Result<Vec<T>, Error> {
        Ok(self.tx().await?.scalars(sql).await?)
    }

    /// Writes many rows; how many were written.
    pub async fn bulk(&mut self, bulk: Bulk) -> Result<u64, Error> {
        if bulk.is_empty() {
            return Ok(0);
        }
        Ok(self.tx().await?.bulk(bulk).await?)
    }

    /// A job that begins after the commit. False when the same is waiting already.
    pub async fn enqueue(&mut self, job: NewJob) -> Result<bool, Error> {
        let (tenant, id, now) = (self.tenant.0, self.new_id(), self.now);
        self.jobs = true;
        Ok(jobs::enqueue(self.tx().await?, tenant, id, job, now).await?)
    }

    /// The sender is to look at the ledger after the commit.
    pub fn wake_sender(&mut self) {
        self.sends = true;
    }

    /// Tells the tenant's consoles, after the commit.
    pub fn tell(&mut self, topic: Topic, data: &impl Serialize) {
        if !self.ctx.live().heard() {
            return;
        }
        match serde_json::to_string(data) {
            Ok(json) => self.told.push(Live { tenant: self.tenant, topic, data: Arc::from(json) }),
            Err(error) => tracing::error!(%error, "a live message could not be written as JSON"),
        }
    }

    /// Makes everything true at once, and when it would survive a power cut, tells who listens.
    pub async fn commit(self) -> Result<(), Error> {
        self.commit_ahead().await?.lasting().await
    }

    async fn commit_ahead(mut self) -> Result<Committed, Error> {
        let committed = match self.tx.take() {
            Some(tx) => Some(tx.commit_ahead().await?),
            None => None,
        };
        Ok(Committed { committed, work: self })
    }

    fn tell_who_listens(self) {
        for live in self.told {
            self.ctx.live().tell(live);
        }
        if self.jobs {
            self.ctx.job_nudge().notify_one();
        }
        if self.sends {
            self.ctx.send_nudge().notify_one();
        }
    }
}

/// Work that is done and seen by the next transaction, but of which nobody may be told yet.
#[must_use = "nobody may be told before it lasts"]
pub struct Committed {
    committed: Option<store::Committed>,
    work: Work,
}

impl Committed {
    /// Returns when it would survive a power cut, having told who listens.
    pub async fn lasting(self) -> Result<(), Error> {
        if let Some(committed) = self.committed {
            committed.lasting().await?;
        }
        self.work.tell_who_listens();
        Ok(())
    }
}

/// Several units of work that share one transaction and one flush, for the callback door, which has a thread to itself.
pub struct Batch(Work);

impl Batch {
    pub fn begin(ctx: &Ctx) -> Self {
        Self(Work::begin_here(ctx, TenantId(0)))
    }

    /// The same for a task that is one among many: opening the transaction does not hold up the thread.
    pub fn begin_among_others(ctx: &Ctx) -> Self {
        Self(Work::begin(ctx, TenantId(0)))
    }

    /// The transaction itself, for statements that are about every tenant.
    pub async fn tx(&mut self) -> Result<&Tx, Error> {
        self.0.tx().await
    }

    /// The work, now inside `tenant`.
    pub fn inside(&mut self, tenant: TenantId) -> &mut Work {
        self.0.tenant = tenant;
        &mut self.0
    }

    /// Lets the next batch begin. Nobody is answered before this one lasts.
    pub async fn commit_ahead(self) -> Result<Committed, Error> {
        self.0.commit_ahead().await
    }
}
