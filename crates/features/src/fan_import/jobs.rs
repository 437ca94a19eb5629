//! The import as a job, in slices: each ends within its lease and asks for the next one at once, so that a
//! process that dies leaves at most a slice to be taken up, from the last commit on.

use std::{sync::Arc, time::Duration};

use entities::{
    accounts::{self, Account, Function},
    imports::{self, Import, ImportState, Run},
    tags,
};
use jobs::{Job, NewJob, Outcome};
use kit::{AccountId, Ctx, Error, Millis, TenantId, Work};
use serde_json::json;
use tokio::time::Instant;
use wechat_client::Failure;

use super::{
    decide::{self, Then},
    fetch::{Answers, Asker},
    model::{AboutAccount, Told},
    openids::Openids,
    reconcile, store, write,
};

/// How long a slice goes on; a lease is longer.
const SLICE: Duration = Duration::from_secs(15);
/// Fans a transaction, and the longest it waits for them.
const CHUNK: usize = 5000;
const CHUNK_TIME: Duration = Duration::from_secs(2);
/// The consoles are told no more often.
const TELL: Duration = Duration::from_millis(500);
/// After the database or something of ours failed.
const TROUBLE_MS: Millis = 10_000;

/// Before looking again at an import that somebody else has moved on.
const NOT_OURS_MS: Millis = 1000;

/// One account's import, from where it stands.
pub struct Importer {
    pub ctx: Ctx,
    pub tenant: TenantId,
    pub account: AccountId,
    pub asker: Asker,
    pub until: Instant,
}

/// Why a slice ended early.
pub enum Ended {
    Failed(Failure),
    Broken(Error),
    /// Paused, begun anew, or taken over: somebody else has the say.
    NotOurs,
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// The job `fan_import` `{account}`.
pub async fn run_import(ctx: Ctx, job: Job) -> Outcome {
    let Ok(AboutAccount { account }) = serde_json::from_value(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let importer = Importer::new(&ctx, TenantId(job.tenant), account);
    match importer.slice().await {
        Ok(true) => Outcome::Done,
        Ok(false) => Outcome::Again { at: ctx.now(), problem: None },
        // It may be another slice that has moved on, and this job may be the only one left to follow it; or the
        // import was paused, which the next slice sees.
        Err(Ended::NotOurs) => Outcome::Again { at: ctx.now() + NOT_OURS_MS, problem: None },
        Err(Ended::Broken(Error::NotFound)) => Outcome::Done,
        Err(Ended::Broken(error)) => {
            tracing::warn!(%error, account.id = account.0, "an import was interrupted");
            Outcome::Again { at: ctx.now() + TROUBLE_MS, problem: Some(error.to_string()) }
        }
        Err(Ended::Failed(failure)) => importer
            .after(&failure)
            .await
            .unwrap_or_else(|error| Outcome::Again { at: ctx.now() + TROUBLE_MS, problem: Some(error.to_string()) }),
    }
}

impl Importer {
    pub fn new(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Self {
        Self {
            ctx: ctx.clone(),
            tenant,
            account,
            asker: Asker::new(ctx, tenant, account),
            until: Instant::now() + SLICE,
        }
    }

    pub fn read(&self) -> Work {
        Work::reading(&self.ctx, self.tenant)
    }

    pub fn write(&self) -> Work {
        Work::begin(&self.ctx, self.tenant)
    }

    /// Goes on for a while. True when there is nothing left to do.
    async fn slice(&self) -> Result<bool, Ended> {
        let mut work = self.read();
        let account = accounts::find(&mut work, self.account).await?;
        let run = imports::of_account(&mut work, self.account).await?;
        drop(work);
        if !account.is_bound() {
            return Ok(true);
        }
        let run = self.begun(&account, run).await?;
        if run.state.is_open() && account.may(Function::FanImport).is_err() {
            self.fail(&run, "not_allowed", None).await?;
            return Ok(true);
        }
        match run.state {
            ImportState::Listing => self.list(run).await,
            ImportState::Running => self.fetch(run).await,
            ImportState::None | ImportState::Paused | ImportState::Done | ImportState::Failed => Ok(true),
        }
    }

    /// The import under way; a new one where there was none since the account was last bound.
    async fn begun(&self, account: &Account, run: Option<Run>) -> Result<Run, Error> {
        let due = match &run {
            None => true,
            Some(run) => {
                matches!(run.state, ImportState::Done | ImportState::Failed) && run.started_at < account.bound_at
            }
        };
        match run {
            Some(run) if !due => Ok(run),
            _ => {
                let mut work = self.write();
                imports::start(&mut work, self.account).await?;
                let run = imports::of_account(&mut work, self.account).await?.ok_or(Error::NotFound)?;
                work.commit().await?;
                Ok(run)
            }
        }
    }

    /// Reads the follower list, a page a transaction.
    async fn list(&self, mut run: Run) -> Result<bool, Ended> {
        if run.pages == 0 {
            self.mirror_tags().await?;
        }
        let mut told = Instant::now();
        while Instant::now() < self.until {
            let answer = self.asker.list(&run.next_openid).await?;
            let openids: Vec<&str> = answer.data.iter().flat_map(|data| &data.openid).map(AsRef::as_ref).collect();
            let Some(last) = openids.last() else {
                return self.listed(&run).await;
            };
            let mut work = self.write();
            if !imports::save_page(&mut work, &run, &openids.join("\n"), last, answer.total, openids.len() as i64)
                .await?
            {
                return Err(Ended::NotOurs);
            }
            if told.elapsed() > TELL || run.pages == 0 {
                imports::tell(&mut work, self.account).await?;
                told = Instant::now();
            }
            work.commit().await?;
            run = Run {
                pages: run.pages + 1,
                listed: run.listed + openids.len() as i64,
                next_openid: (*last).to_owned(),
                ..run
            };
        }
        Ok(false)
    }

    async fn listed(&self, run: &Run) -> Result<bool, Ended> {
        let total = self.openids(run, "").await?.len() as i64;
        let mut work = self.write();
        if !imports::to_running(&mut work, run, total).await? {
            return Err(Ended::NotOurs);
        }
        imports::tell(&mut work, self.account).await?;
        work.commit().await?;
        Ok(false)
    }

    /// What WeChat's tags stand for should be known by the time fans with them come.
    async fn mirror_tags(&self) -> Result<(), Error> {
        let mut work = self.write();
        tags::mirror(&mut work, self.account, true).await?;
        work.commit().await
    }

    /// The follower list as far as it comes after `after`, sorted.
    pub async fn openids(&self, run: &Run, after: &str) -> Result<Openids, Ended> {
        // The total is known once the list is complete; until then, what was listed.
        let most = run.total.max(run.listed) - if after.is_empty() { 0 } else { run.done };
        let mut list = Openids::with_capacity(usize::try_from(most.min(run.pages * 10_000)).unwrap_or(0));
        // One connection for all pages: each one keeps what it has read in memory.
        let mut work = self.read();
        for page in 0..run.pages {
            let text = imports::page(&mut work, self.account, page).await?;
            list.take_page(&text, after)
                .map_err(|_| Failure::Unclear("an openid is longer than any of WeChat's".into()))?;
        }
        Ok(list.sorted())
    }

    /// Fetches fans and writes them, in openid order, a chunk a transaction.
    async fn fetch(&self, mut run: Run) -> Result<bool, Ended> {
        let openids = Arc::new(self.openids(&run, &run.after_openid).await?);
        let mut answers = Answers::begin(self.asker.clone(), openids.clone(), self.until);
        let mut written = 0;
        let mut pace = Pace::new(run.rate);
        let mut failure = None;
        while written < openids.len() {
            let (asked, told) = self.chunk(&mut answers, &mut failure).await;
            if asked > 0 {
                written += asked;
                let after = openids.get(written - 1).unwrap_or_default();
                let import = self.write_chunk(&run, after, asked, &told, &mut pace).await?;
                run.after_openid = after.to_owned();
                if import.state != ImportState::Running {
                    return Err(Ended::NotOurs);
                }
            }
            match failure.take() {
                Some(failure) => return Err(Ended::Failed(failure)),
                None if asked == 0 => return Ok(false),
                None => {}
            }
        }
        // The whole list is read once more, and one is enough in memory.
        drop((answers, openids));
        self.finish(&run).await
    }

    /// Gathers answers for one transaction. None asked means that time is up.
    async fn chunk(&self, answers: &mut Answers, failure: &mut Option<Failure>) -> (usize, Vec<Told>) {
        let (mut asked, mut told) = (0, Vec::with_capacity(CHUNK));
        let enough = Instant::now() + CHUNK_TIME;
        while asked < CHUNK && (asked == 0 || Instant::now() < enough) {
            match answers.next().await {
                Some(Ok(part)) => {
                    asked += part.asked;
                    told.extend(part.told);
                }
                Some(Err(why)) => {
                    *failure = Some(why);
                    break;
                }
                None => break,
            }
        }
        (asked, told)
    }

    /// The place first, then the rows: of two workers with the same place, one stops here.
    async fn write_chunk(
        &self,
        run: &Run,
        after: &str,
        asked: usize,
        told: &[Told],
        pace: &mut Pace,
    ) -> Result<Import, Ended> {
        let (rate, took_ms) = pace.step(asked);
        let mut work = self.write();
        if !imports::advance(&mut work, run, after, asked as i64, rate, took_ms).await? {
            return Err(Ended::NotOurs);
        }
        let as_of = work.now();
        write::take_in(&mut work, self.account, told, as_of).await?;
        let import = if pace.may_tell() {
            imports::tell(&mut work, self.account).await?
        } else {
            imports::find(&mut work, self.account).await?.unwrap_or_else(Import::none)
        };
        work.commit().await?;
        Ok(import)
    }

    async fn finish(&self, run: &Run) -> Result<bool, Ended> {
        // Fans who are here from before and whom WeChat does not list any more.
        let listed = self.openids(run, "").await?;
        reconcile::compare(self, &listed, imports::listed_at(run)).await?;
        // Before the import says that it is done: whoever begins another then must find this job gone.
        self.ctx.store().learn_sizes().await.map_err(Error::from)?;
        let mut work = self.write();
        imports::finish(&mut work, run).await?;
        accounts::tell(&mut work, self.account);
        work.commit().await?;
        tracing::info!(account.id = self.account.0, fans = listed.len(), "an import is done");
        Ok(true)
    }

    async fn fail(&self, run: &Run, problem: &str, errcode: Option<i64>) -> Result<(), Error> {
        let mut work = self.write();
        imports::fail(&mut work, run, problem, errcode).await?;
        work.commit().await
    }

    /// WeChat refused or was silent: shows it, and says when to go on.
    async fn after(&self, failure: &Failure) -> Result<Outcome, Error> {
        let errcode = failure.errcode().map(|code| code.0);
        let mut work = self.write();
        let Some(run) = imports::of_account(&mut work, self.account).await? else { return Ok(Outcome::Done) };
        let outcome = match decide::after(failure, work.now()) {
            Then::Wait { until, problem } => {
                imports::wait(&mut work, &run, problem, errcode).await?;
                Outcome::Again { at: until, problem: Some(failure.to_string()) }
            }
            Then::Lost => {
                imports::fail(&mut work, &run, "unauthorized", errcode).await?;
                accounts::lost(&mut work, self.account, "unauthorized").await?;
                Outcome::Done
            }
            Then::Stop { problem } => {
                imports::fail(&mut work, &run, problem, errcode).await?;
                Outcome::Done
            }
        };
        work.commit().await?;
        Ok(outcome)
    }
}

/// Fans a second, smoothed, and when the consoles were told last.
struct Pace {
    rate: i64,
    since: Instant,
    told: Option<Instant>,
}

impl Pace {
    fn new(rate: i64) -> Self {
        Self { rate, since: Instant::now(), told: None }
    }

    /// The rate after these fans, and how long they took.
    fn step(&mut self, fans: usize) -> (i64, i64) {
        let took_ms = (self.since.elapsed().as_millis() as i64).max(1);
        self.since = Instant::now();
        let now = fans as i64 * 1000 / took_ms;
        self.rate = if self.rate == 0 { now } else { (self.rate * 3 + now) / 4 };
        (self.rate.max(1), took_ms)
    }

    fn may_tell(&mut self) -> bool {
        let may = self.told.is_none_or(|told| told.elapsed() >= TELL);
        if may {
            self.told = Some(Instant::now());
        }
        may
    }
}

/// Every half minute: imports that are under way and have no job, because a process died at the wrong moment;
/// and fans who came by themselves, of whom WeChat can tell more.
pub async fn nudge_imports(ctx: Ctx) -> Result<(), Error> {
    for state in [ImportState::Listing, ImportState::Running] {
        for (tenant, account) in imports::open_everywhere(&ctx, state).await? {
            enqueue(&ctx, tenant, account, "fan_import").await?;
        }
    }
    for (tenant, account) in store::accounts_with_unasked(&ctx).await? {
        enqueue(&ctx, tenant, account, "fan_info").await?;
    }
    Ok(())
}

/// Puts a job about an account into the queue, if it is not there.
pub async fn enqueue(ctx: &Ctx, tenant: TenantId, account: AccountId, name: &'static str) -> Result<(), Error> {
    let mut work = Work::begin(ctx, tenant);
    let run_at = work.now();
    work.enqueue(NewJob {
        name,
        payload: json!({ "account": account }),
        run_at,
        dedupe_key: Some(account.to_string()),
    })
    .await?;
    work.commit().await
}
