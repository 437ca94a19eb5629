//! The calls. Several processes may run one each; an account has one call under way at a time, wherever.
//!
//! What a part needs is fetched first and kept with it; then the intent is written and committed; then the clock is looked
//! at once more, and the bytes leave.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use entities::{
    accounts::{self, tokens::Keeper},
    broadcasts::{
        self, Broadcast, Part, PartState, Way,
        machine::{self, Clock, Step, Taken},
        parts::{self, Claimed},
        settle::{self, Ended},
    },
    messages::{
        self, Service,
        gates::{self, Closing},
    },
};
use kit::{AccountId, BroadcastPartId, Ctx, Error, Millis, TenantId, Work};
use tokio::task::JoinSet;
use wechat::api::mass::{self, send::Send, send_all::SendAll};
use wechat_client::{Failure, Next, Token, TokenError, TokenSource};

use super::{
    decide::{self, Request},
    ready::{self, NotReady},
    reports,
};

/// A call begins within so long of the commit of its intent, or not at all (P6, P22).
const AT_ONCE: Duration = Duration::from_millis(1000);
const REST: Duration = Duration::from_millis(300);
/// A call takes 20 s at most; what began longer ago in a process that is gone has no answer coming.
const ABANDONED_MS: Millis = 30_000;
/// What this process began so long ago and knows nothing of, it has lost hold of.
const LOST_MS: Millis = 90_000;
/// How far a clock may go back and still be one to measure by.
const WOBBLE_MS: Millis = 30_000;
/// After trouble with files.
const TROUBLE_MS: Millis = 60_000;

/// Makes the calls of broadcasts.
#[derive(Clone)]
pub struct Postman {
    ctx: Ctx,
    /// Names this process.
    holder: String,
    /// Accounts at which this process is busy.
    busy: Arc<Mutex<HashSet<AccountId>>>,
    /// The latest instant that this process knows somebody to have seen.
    latest: Arc<AtomicI64>,
}

/// Ends when dropped.
struct Busy {
    with: Arc<Mutex<HashSet<AccountId>>>,
    account: AccountId,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.with.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.account);
    }
}

impl Postman {
    pub fn new(ctx: &Ctx, holder: &str) -> Self {
        let latest = Arc::new(AtomicI64::new(ctx.now()));
        Self { ctx: ctx.clone(), holder: holder.to_owned(), busy: Arc::default(), latest }
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

    fn busy(&self) -> MutexGuard<'_, HashSet<AccountId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Settles what nobody can finish any more: it is repeated under its id, or unknown (P5).
    pub async fn recover(&self, alone: bool) -> Result<usize, Error> {
        let now = self.ctx.now();
        let (alive_at, began_before) = if alone { (Millis::MAX, Millis::MAX) } else { (now, now - ABANDONED_MS) };
        let look = self.ctx.store().read().await?;
        let mut lost = parts::abandoned(&look, alive_at, began_before, &self.holder).await?;
        let own = parts::held_by(&look, &self.holder, now - LOST_MS).await?;
        drop(look);
        for (tenant, id) in own {
            let account = parts::find(&mut Work::reading(&self.ctx, tenant), id).await?.account;
            if !self.busy().contains(&account) {
                lost.push((tenant, id));
            }
        }
        for (tenant, id) in &lost {
            self.interrupt(*tenant, *id).await?;
        }
        Ok(lost.len())
    }

    async fn interrupt(&self, tenant: TenantId, id: BroadcastPartId) -> Result<(), Error> {
        let mut work = Work::begin(&self.ctx, tenant);
        let part = parts::find(&mut work, id).await?;
        if part.state != PartState::Sending {
            return Ok(());
        }
        let sending_at = part.sending_at.unwrap_or(part.due_at);
        let claimed = Claimed { part, sending_at, is_service: true, doubt: false, tries_gate: false };
        let step = machine::interrupted(claimed.tried(), self.clock());
        let evidence = Some("the process that was sending it ended before WeChat's answer was written".to_owned());
        settle::write(&mut work, &Ended { claimed, step, errcode: None, evidence }).await?;
        work.commit().await
    }

    /// Makes calls until `stop` resolves, then waits for those under way and writes down what came of them.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut calls = JoinSet::new();
        loop {
            while calls.try_join_next().is_some() {}
            match self.due().await {
                Ok(due) => {
                    for (tenant, account) in due {
                        if self.busy().insert(account) {
                            let busy = Busy { with: self.busy.clone(), account };
                            let postman = self.clone();
                            calls.spawn(async move {
                                if let Err(error) = postman.serve(tenant, account).await {
                                    tracing::warn!(%error, account.id = account.0, "a broadcast could not be taken up and is tried again");
                                }
                                drop(busy);
                            });
                        }
                    }
                }
                Err(error) => tracing::warn!(%error, "broadcasts could not be looked at"),
            }
            tokio::select! {
                () = &mut stop => break,
                () = tokio::time::sleep(REST) => {}
            }
        }
        while calls.join_next().await.is_some() {}
    }

    async fn due(&self) -> Result<Vec<(TenantId, AccountId)>, Error> {
        parts::due_accounts(&self.ctx.store().read().await?, self.ctx.now()).await
    }

    /// The next part of the account: made ready, claimed, said, and written down.
    async fn serve(&self, tenant: TenantId, account: AccountId) -> Result<(), Error> {
        let mut look = Work::reading(&self.ctx, tenant);
        let Some(part) = parts::next(&mut look, account).await? else { return Ok(()) };
        let broadcast = broadcasts::find(&mut look, part.broadcast).await?;
        let siblings = parts::of(&mut look, part.broadcast).await?;
        drop(look);
        let Some(said) = self.said(tenant, &broadcast, &part, &siblings).await? else { return Ok(()) };
        let openids = match part.way {
            Way::List => parts::openids(&mut Work::reading(&self.ctx, tenant), part.id).await?,
            Way::All | Way::Tag => Vec::new(),
        };
        let request = decide::request(&part, said, openids, broadcast.ignore_reprint);
        let keeper = Keeper::new(&self.ctx, tenant, account);
        // So that it is at hand when it must not take long.
        let token = keeper.token().await;
        let mut work = Work::begin(&self.ctx, tenant);
        let clock = self.clock();
        let Some(claimed) = parts::claim(&mut work, part.id, &self.holder, clock.doubtful).await? else {
            // What closed the way is to last.
            return work.commit().await;
        };
        broadcasts::tell(&mut work, account, part.broadcast);
        let since = Instant::now();
        work.commit().await?;
        let (ended, closing) = self.call(&claimed, &request, token, &keeper, since).await;
        self.write_down(tenant, &ended, closing.as_ref()).await;
        metrics::counter!("hongyan_broadcast_calls_total").increment(1);
        Ok(())
    }

    /// What it says, as WeChat hears it: as it was kept, or made ready now.
    async fn said(
        &self,
        tenant: TenantId,
        broadcast: &Broadcast,
        part: &Part,
        siblings: &[Part],
    ) -> Result<Option<mass::Content>, Error> {
        if let Some(said) = &part.said {
            let said =
                serde_json::from_str(said).map_err(|error| Error::broken("broadcast_parts", part.id.0, error))?;
            return Ok(Some(said));
        }
        let Some(content) = broadcast.content(part.variant) else {
            return Err(Error::broken("broadcasts", broadcast.id.0, "no such variant"));
        };
        let goes_again = siblings.iter().any(|other| {
            other.id != part.id
                && other.variant == part.variant
                && other.said.is_none()
                && other.state == PartState::Queued
        });
        let copy = goes_again || (broadcast.phase == 1 && broadcast.has_rest());
        let made = ready::make(&self.ctx, tenant, part.account, content, part.way, copy).await;
        let mut work = Work::begin(&self.ctx, tenant);
        match made {
            Ok(said) => {
                let text = serde_json::to_string(&said).map_err(Error::internal)?;
                let is_kept = parts::make_ready(&mut work, part.id, &text).await?;
                work.commit().await?;
                Ok(is_kept.then_some(said))
            }
            Err(NotReady::Later(evidence)) => {
                let until = work.now() + TROUBLE_MS;
                parts::put_off(&mut work, part.id, until, &evidence).await?;
                broadcasts::tell(&mut work, part.account, part.broadcast);
                work.commit().await?;
                Ok(None)
            }
            Err(NotReady::Never(reason, evidence)) => {
                broadcasts::stop(&mut work, part.broadcast, reason, &evidence).await?;
                broadcasts::tell(&mut work, part.account, part.broadcast);
                work.commit().await?;
                Ok(None)
            }
        }
    }

    async fn call(
        &self,
        claimed: &Claimed,
        request: &Request,
        token: Result<Token, TokenError>,
        keeper: &Keeper,
        since: Instant,
    ) -> (Ended, Option<Closing>) {
        let ended = |step, errcode, evidence| Ended { claimed: claimed.clone(), step, errcode, evidence };
        // By both clocks: one stands still while the machine sleeps, the other is set by people.
        let at_once = AT_ONCE.as_millis() as Millis;
        if since.elapsed() > AT_ONCE || (self.ctx.now() - claimed.sending_at).abs() > at_once * 2 {
            let evidence = claimed.doubt.then(|| messages::machine::GIVEN_BACK.to_owned());
            return (ended(machine::given_back(claimed.tried(), self.clock()), None, evidence), None);
        }
        let answer = match token {
            Ok(token) => {
                let answer = said_to_wechat(&self.ctx, request, &token).await;
                if answer.as_ref().is_err_and(|failure| failure.next() == Next::FreshToken)
                    && let Err(error) = keeper.refused(token.version).await
                {
                    tracing::warn!(%error, "a refused token could not be noted");
                }
                answer
            }
            Err(error) => Err(Failure::NoToken(error)),
        };
        let (step, closing) = machine::after(claimed.tried(), answer.as_ref().copied(), self.clock());
        let failure = answer.as_ref().err();
        let errcode = failure.and_then(Failure::errcode).map(|code| code.0);
        (ended(step, errcode, failure.map(ToString::to_string)), closing)
    }

    /// Until it is written: nobody else knows.
    async fn write_down(&self, tenant: TenantId, ended: &Ended, closing: Option<&Closing>) {
        let mut pause = Duration::from_millis(100);
        while let Err(error) = self.write(tenant, ended, closing).await {
            tracing::error!(%error, "what came of a broadcast could not be written; it is tried again");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
        if ended.step == Step::Lost
            && let Err(error) = self.lose(tenant, ended).await
        {
            tracing::error!(%error, "a lost authorisation could not be noted");
        }
    }

    async fn write(&self, tenant: TenantId, ended: &Ended, closing: Option<&Closing>) -> Result<(), Error> {
        let part = &ended.claimed.part;
        let (account, mut work) = (part.account, Work::begin(&self.ctx, tenant));
        let state = settle::write(&mut work, ended).await?;
        match (ended.step, state) {
            (Step::Refused(reason), Some(_)) if reason != "recipient" => {
                // The others would hear the same.
                broadcasts::stop(&mut work, part.broadcast, "refused", "WeChat").await?;
            }
            (Step::Again { at, reason: Some("month_quota") }, Some(_)) if closing.is_none() => {
                settle::put_off_all(&mut work, account, at).await?;
                broadcasts::stop_for_quota(&mut work, account, true).await?;
            }
            _ => {}
        }
        if let Some(closing) = closing {
            gates::close(&mut work, account, Service::Broadcast, closing, ended.errcode, ended.evidence.clone())
                .await?;
            if matches!(closing.reason, "day_quota" | "month_quota") {
                broadcasts::stop_for_quota(&mut work, account, false).await?;
            }
        } else if ended.claimed.tries_gate && matches!(ended.step, Step::Submitted { .. } | Step::Refused(_)) {
            gates::open(&mut work, account, Service::Broadcast).await?;
        }
        if state == Some(PartState::Submitted) {
            reports::went_out(&mut work, part.id).await?;
        }
        work.commit().await
    }

    async fn lose(&self, tenant: TenantId, ended: &Ended) -> Result<(), Error> {
        let mut work = Work::begin(&self.ctx, tenant);
        let why = ended.evidence.clone().unwrap_or_default();
        accounts::lost(&mut work, ended.claimed.part.account, &why).await?;
        work.commit().await
    }
}

async fn said_to_wechat(ctx: &Ctx, request: &Request, token: &Token) -> Result<Taken, Failure> {
    let submitted = match request {
        Request::All(request) => ctx.wechat().call::<SendAll>(Some(&token.secret), request).await?,
        Request::List(request) => ctx.wechat().call::<Send>(Some(&token.secret), request).await?,
    };
    if submitted.msg_id == 0 {
        return Err(Failure::Unclear("the answer names no job".into()));
    }
    Ok(Taken { msg_id: submitted.msg_id.cast_signed(), msg_data_id: submitted.msg_data_id.map(u64::cast_signed) })
}
