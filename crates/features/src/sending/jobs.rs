//! The loop behind the ledger. Several processes may run one each; a send is claimed by one of them.
//!
//! Each turn is one transaction: what calls came back with is written down, and as many sends are claimed as there is room
//! for. What is written down lasts before anything of what was claimed leaves. PostgreSQL has room for two who write: there one
//! claims and another writes down, each in a transaction of its own, so that neither waits for the other's server process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use entities::{
    accounts,
    messages::{
        claim,
        machine::{self, Clock, Step},
        sends::Claimed,
        settle::Ended,
    },
};
use kit::{
    AccountId, Batch, Ctx, Error, Millis, TenantId, Work,
    drill::{self, Mistake},
};
use store::Engine;
use tokio::{sync::mpsc, task::JoinSet};

use super::{
    book::write_down,
    call::{self, Begun, Outcome, Shared},
    going::let_go,
    hand::{Hand, Held},
};

/// Calls under way at once. The more, the more share a commit; and when the process dies, of so many nobody knows.
const AT_ONCE: usize = 256;
/// The same where claims are made beside what is written down: a transaction there costs as much as dozens of its rows.
const AT_ONCE_APART: usize = 512;
/// Begun and not written down, where that is done beside.
const IN_HAND: usize = AT_ONCE_APART + 256;
/// So long either of the two waits for more, so as not to begin a transaction for a few.
const FOR_MORE: Duration = Duration::from_millis(5);
/// Enough not to wait for more.
const ENOUGH: usize = AT_ONCE_APART / 2;
/// A call takes 20 s at most; a send that began longer ago in a process that is gone has no answer coming.
const ABANDONED_MS: Millis = 30_000;
/// How far a clock may go back and still be one to measure by.
const WOBBLE_MS: Millis = 30_000;
/// After a turn that failed the next comes after this, and then after twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Sends what the ledger holds.
#[derive(Clone)]
pub struct Sender {
    ctx: Ctx,
    /// Names this process in the ledger.
    holder: String,
    hand: Arc<Hand>,
    /// The latest instant that this process knows somebody to have seen.
    latest: Arc<AtomicI64>,
    /// Whether the last claim found anything.
    found: Arc<AtomicBool>,
    /// Calls that came back from a closed gate which is not written down as closed yet. Nothing is claimed meanwhile.
    at_walls: Arc<AtomicUsize>,
}

/// A call that is over, and the send that is in hand until it is written down.
struct Done {
    outcome: Outcome,
    _held: Held,
}

impl Sender {
    pub fn new(ctx: &Ctx, holder: &str) -> Self {
        let latest = Arc::new(AtomicI64::new(ctx.now()));
        Self {
            ctx: ctx.clone(),
            holder: holder.to_owned(),
            hand: Arc::default(),
            latest,
            found: Arc::default(),
            at_walls: Arc::default(),
        }
    }

    /// Somebody saw this instant: a clock before it has gone back (P21).
    pub fn saw(&self, at: Millis) {
        self.latest.fetch_max(at, Ordering::Relaxed);
    }

    fn clock(&self) -> Clock {
        let now = self.ctx.now();
        let latest = self.latest.fetch_max(now, Ordering::Relaxed);
        Clock { now, doubtful: now < latest - WOBBLE_MS }
    }

    /// Settles what nobody can finish any more. What a former life of this installation left in the middle: with one
    /// process on SQLite, whatever is `sending` at start was begun by one that is gone. And what this process began
    /// and has lost hold of: a commit of whose end it never heard.
    pub async fn recover(&self, alone: bool) -> Result<usize, Error> {
        let now = self.ctx.now();
        // Alone, there is nobody whose sign of life could still count.
        let (alive_at, began_before) = if alone { (Millis::MAX, Millis::MAX) } else { (now, now - ABANDONED_MS) };
        let mut recovered = 0;
        loop {
            let tx = self.ctx.store().read().await?;
            let abandoned = claim::abandoned(&tx, alive_at, began_before, &self.holder).await?;
            drop(tx);
            if abandoned.is_empty() {
                break;
            }
            recovered += abandoned.len();
            let why = "the process that was sending it ended before WeChat's answer was written";
            self.interrupt(abandoned, "process_died", why).await?;
        }
        Ok(recovered + self.recover_own().await?)
    }

    async fn recover_own(&self) -> Result<usize, Error> {
        let lost = {
            // Between the commit of a claim and its being in hand nobody looks.
            let _still = self.hand.still().await;
            let tx = self.ctx.store().read().await?;
            let mut sending = claim::held_by(&tx, &self.holder).await?;
            sending.retain(|send| !self.hand.holds(send.id));
            sending
        };
        let count = lost.len();
        self.interrupt(lost, "answer_lost", "what came of it was not written down while it was known").await?;
        Ok(count)
    }

    async fn interrupt(&self, sends: Vec<Claimed>, reason: &'static str, evidence: &str) -> Result<(), Error> {
        let clock = self.clock();
        let outcomes: Vec<Outcome> = sends
            .into_iter()
            .map(|send| {
                let said = send.message.clone();
                let step = match drill::is_made(Mistake::ResendOnRestart) {
                    true => Step::Again,
                    false => machine::interrupted(send.tried(), clock, reason),
                };
                let ended = Ended { send, step, errcode: None, evidence: Some(evidence.to_owned()), wechat_id: None };
                Outcome { ended, said, closing: None, lost: false }
            })
            .collect();
        let mut batch = Batch::begin_among_others(&self.ctx);
        write_down(&mut batch, &outcomes.iter().collect::<Vec<_>>()).await?;
        let is_empty = outcomes.is_empty();
        if !is_empty {
            drill::place("send.recover.before_commit");
        }
        batch.commit_ahead().await?.lasting().await?;
        if !is_empty {
            drill::place("send.recover.lasting");
        }
        Ok(())
    }

    /// Sends until `stop` resolves, then waits for what is under way and writes it down.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let nudge = self.ctx.send_nudge();
        let (over, mut overs) = mpsc::unbounded_channel::<Done>();
        let (mut calls, mut under_way, mut stopping) = (JoinSet::new(), 0usize, false);
        let (mut scribe, apart) = (JoinSet::new(), self.ctx.store().engine() == Engine::Postgres);
        let at_once = if apart { AT_ONCE_APART } else { AT_ONCE };
        if apart {
            let (_, nothing) = mpsc::unbounded_channel();
            scribe.spawn(self.clone().write_all(std::mem::replace(&mut overs, nothing)));
        }
        let mut done: Vec<Done> = Vec::new();
        let mut pause = FIRST_PAUSE;
        loop {
            while let Ok(one) = overs.try_recv() {
                done.push(one);
            }
            while calls.try_join_next().is_some() {
                under_way -= 1;
            }
            if apart {
                under_way -= for_room(&mut calls, under_way).await;
            }
            let mut room = if stopping { 0 } else { at_once.saturating_sub(under_way) };
            if apart {
                room = room.min(IN_HAND.saturating_sub(self.hand.count()));
                if self.at_walls.load(Ordering::Relaxed) > 0 {
                    room = 0;
                }
            }
            let had = done.len();
            match self.turn(&mut done, room).await {
                Ok((claimed, kept_back)) => {
                    pause = FIRST_PAUSE;
                    under_way += claimed.len();
                    let busy = had > 0 || !claimed.is_empty();
                    self.begin(claimed, &mut calls, &over);
                    if stopping && under_way == 0 && done.is_empty() && overs.is_empty() {
                        drop(over);
                        while scribe.join_next().await.is_some() {}
                        return;
                    }
                    if busy && under_way < at_once && !stopping && overs.is_empty() {
                        tokio::task::yield_now().await;
                    }
                    if kept_back && !stopping {
                        continue;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, waiting = done.len(), "the ledger could not be written; nothing more is sent until it can");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    continue;
                }
            }
            tokio::select! {
                () = &mut stop, if !stopping => stopping = true,
                Some(one) = overs.recv() => done.push(one),
                Some(_) = calls.join_next(), if !calls.is_empty() => under_way -= 1,
                () = nudge.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
            }
        }
    }

    /// Writes down what calls come back with, until none is left that could.
    async fn write_all(self, mut overs: mpsc::UnboundedReceiver<Done>) {
        let nudge = self.ctx.send_nudge();
        let (mut done, mut pause) = (Vec::new(), FIRST_PAUSE);
        loop {
            if done.is_empty() {
                let Some(one) = overs.recv().await else { return };
                done.push(one);
            }
            let until = tokio::time::Instant::now() + FOR_MORE;
            while done.len() < ENOUGH
                && let Ok(Some(one)) = tokio::time::timeout_at(until, overs.recv()).await
            {
                done.push(one);
            }
            match self.turn(&mut done, 0).await {
                Ok(_) => {
                    pause = FIRST_PAUSE;
                    // There is room again, and what was to come after these may be next.
                    nudge.notify_one();
                }
                Err(error) => {
                    tracing::error!(%error, waiting = done.len(), "the ledger could not be written");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn begin(&self, claimed: Vec<Claimed>, calls: &mut JoinSet<()>, over: &mpsc::UnboundedSender<Done>) {
        let (shared, since, clock) = (Arc::new(Shared::default()), Instant::now(), self.clock());
        for send in claimed {
            let held = self.hand.until_dropped(send.id);
            let begun = Begun { send, since, shared: shared.clone(), clock_doubtful: clock.doubtful };
            let (ctx, over, at_walls) = (self.ctx.clone(), over.clone(), self.at_walls.clone());
            calls.spawn(async move {
                let outcome = call::call(&ctx, &begun).await;
                if outcome.closing.is_some() {
                    at_walls.fetch_add(1, Ordering::Relaxed);
                }
                // Only at the end of the program is there nobody to take it.
                let _ = over.send(Done { outcome, _held: held });
            });
        }
    }

    /// Writes down what is done, and claims what there is room for. The second is true when something was claimed that
    /// may not go, so that there is room left.
    async fn turn(&self, done: &mut Vec<Done>, room: usize) -> Result<(Vec<Claimed>, bool), Error> {
        if done.is_empty() {
            if room == 0 {
                return Ok((Vec::new(), false));
            }
            // After a turn that found something there is more, or it costs one transaction to see that there is not.
            if !self.found.load(Ordering::Relaxed) {
                let look = self.ctx.store().read().await?;
                if !claim::anything(&look, self.ctx.now()).await? {
                    return Ok((Vec::new(), false));
                }
            }
        }
        let still = if room > 0 { Some(self.hand.still().await) } else { None };
        let mut batch = Batch::begin_among_others(&self.ctx);
        write_down(&mut batch, &done.iter().map(|one| &one.outcome).collect::<Vec<_>>()).await?;
        let clock = self.clock();
        let by = claim::By { holder: &self.holder, now: clock.now, clock_doubtful: clock.doubtful };
        let claimed = if room > 0 { claim::claim(batch.tx().await?, by, room).await? } else { Vec::new() };
        let before = claimed.len();
        if room > 0 {
            self.found.store(before > 0, Ordering::Relaxed);
        }
        let claimed = let_go(&mut batch, claimed, clock.now).await?;
        let early = match drill::is_made(Mistake::CallBeforeIntent) {
            true => self.call_too_early(&claimed).await,
            false => Vec::new(),
        };
        come_by(done, &claimed, ["send.result.before_commit", "send.claim.before_commit"]);
        // From here on each of these is `sending` until something is known of it.
        let committed = batch.commit_ahead().await?;
        come_by(done, &claimed, ["send.result.committed", "send.claim.committed"]);
        committed.lasting().await?;
        come_by(done, &claimed, ["send.result.lasting", "send.claim.lasting"]);
        if let Some(still) = still {
            self.hand.take(&still, &claimed);
        }
        let lost: Vec<(TenantId, AccountId, String)> = done.iter().filter_map(|one| lost(&one.outcome)).collect();
        for one in done.drain(..) {
            if one.outcome.closing.is_some() {
                // One of another life, or of a drill, was not counted.
                let _ = self.at_walls.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
            }
            let state = one.outcome.ended.state().0.as_str();
            metrics::counter!("hongyan_sends_total", "service" => one.outcome.ended.send.service.as_str(), "state" => state).increment(1);
        }
        for (tenant, account, why) in lost {
            self.lose(tenant, account, &why).await;
        }
        if !early.is_empty() {
            done.extend(early);
            return Ok((Vec::new(), false));
        }
        let kept_back = claimed.len() < before;
        Ok((claimed, kept_back))
    }

    /// A drill: the calls are made, and only then their intents are kept.
    async fn call_too_early(&self, claimed: &[Claimed]) -> Vec<Done> {
        let shared = Arc::new(Shared::default());
        let calls = claimed.iter().map(|send| {
            let begun =
                Begun { send: send.clone(), since: Instant::now(), shared: shared.clone(), clock_doubtful: false };
            async move {
                let outcome = call::call(&self.ctx, &begun).await;
                Done { outcome, _held: self.hand.until_dropped(begun.send.id) }
            }
        });
        futures::future::join_all(calls).await
    }

    async fn lose(&self, tenant: TenantId, account: AccountId, why: &str) {
        let mut work = Work::begin(&self.ctx, tenant);
        let noted = async {
            accounts::lost(&mut work, account, why).await?;
            work.commit().await
        };
        if let Err(error) = noted.await {
            tracing::error!(%error, account.id = account.0, "a lost authorisation could not be noted");
        }
    }
}

/// Waits a moment until half of all calls are over, so that claims are made by the hundred. How many of them are.
async fn for_room(calls: &mut JoinSet<()>, under_way: usize) -> usize {
    let (until, mut over) = (tokio::time::Instant::now() + FOR_MORE, 0);
    while under_way - over > AT_ONCE_APART - ENOUGH {
        match tokio::time::timeout_at(until, calls.join_next()).await {
            Ok(Some(_)) => over += 1,
            _ => break,
        }
    }
    over
}

/// Places of drills: the one for outcomes, the other for claims.
fn come_by(done: &[Done], claimed: &[Claimed], [of_results, of_claims]: [&'static str; 2]) {
    if !done.is_empty() {
        drill::place(of_results);
    }
    if !claimed.is_empty() {
        drill::place(of_claims);
    }
}

fn lost(outcome: &Outcome) -> Option<(TenantId, AccountId, String)> {
    let send = &outcome.ended.send;
    outcome.lost.then(|| (TenantId(send.tenant), send.account, outcome.ended.evidence.clone().unwrap_or_default()))
}
