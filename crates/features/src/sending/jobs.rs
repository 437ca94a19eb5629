//! The loop behind the ledger. Several processes may run one each; a send is claimed by one of them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use entities::{
    accounts::{self, tokens::Keeper},
    conversations, events, media,
    messages::sends::{self, Claimed, SendState, Settled},
};
use kit::{Ctx, Error, Millis, TenantId, Work};
use tokio::{sync::Semaphore, task::JoinSet};
use wechat::api::custom::send_message::{Request, SendMessage};
use wechat_client::{Failure, Next};

use super::{decide, hand::Hand};

/// Calls under way at once.
const AT_ONCE: usize = 32;
/// A call takes 20 s at most; a send that began longer ago in a process that is gone has no answer coming.
const ABANDONED_MS: Millis = 30_000;
/// An outcome that cannot be written is tried again after this, and then after twice as long, up to the longest; a
/// quarter of an hour in all. By then it is not the database that is away, and the sweep calls the send unknown.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
const TRIES: u32 = 180;

/// Sends what the ledger holds.
#[derive(Clone)]
pub struct Sender {
    ctx: Ctx,
    /// Names this process in the ledger.
    holder: String,
    room: Arc<Semaphore>,
    hand: Arc<Hand>,
}

impl Sender {
    pub fn new(ctx: &Ctx, holder: &str) -> Self {
        Self {
            ctx: ctx.clone(),
            holder: holder.to_owned(),
            room: Arc::new(Semaphore::new(AT_ONCE)),
            hand: Arc::default(),
        }
    }

    /// Settles what nobody can finish any more. What a former life of this installation left in the middle: with one
    /// process on SQLite, whatever is `sending` at start was begun by one that is gone. And what this process began
    /// and has lost hold of: a commit of whose end it never heard, an outcome it could not write.
    pub async fn recover(&self, alone: bool) -> Result<usize, Error> {
        let now = self.ctx.now();
        // Alone, there is nobody whose sign of life could still count.
        let (alive_at, began_before) = if alone { (Millis::MAX, Millis::MAX) } else { (now, now - ABANDONED_MS) };
        let tx = self.ctx.store().read().await?;
        let abandoned = sends::abandoned(&tx, alive_at, began_before, &self.holder).await?;
        drop(tx);
        for send in &abandoned {
            let settled = Settled {
                state: SendState::Unknown,
                reason: Some("process_died"),
                errcode: None,
                evidence: Some("the process that was sending it ended before WeChat's answer was written".into()),
            };
            self.settle(send, &settled).await?;
        }
        Ok(abandoned.len() + self.recover_own().await?)
    }

    async fn recover_own(&self) -> Result<usize, Error> {
        let lost = {
            // Between the commit of a claim and its being in hand nobody looks.
            let _still = self.hand.still().await;
            let tx = self.ctx.store().read().await?;
            let mut sending = sends::held_by(&tx, &self.holder).await?;
            sending.retain(|send| !self.hand.holds(send.id));
            sending
        };
        for send in &lost {
            let settled = Settled {
                state: SendState::Unknown,
                reason: Some("answer_lost"),
                errcode: None,
                evidence: Some("what came of it was not written down while it was known".into()),
            };
            self.settle(send, &settled).await?;
        }
        Ok(lost.len())
    }

    /// Sends until `stop` resolves, then waits for what is under way.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut running = JoinSet::new();
        let nudge = self.ctx.send_nudge();
        loop {
            let room = self.room.available_permits();
            let claimed = if room == 0 { Vec::new() } else { self.claim(room).await };
            let idle = claimed.is_empty();
            for send in claimed {
                let Ok(permit) = self.room.clone().acquire_owned().await else { return };
                let sender = self.clone();
                running.spawn(async move {
                    sender.send(send).await;
                    drop(permit);
                });
            }
            if !idle {
                continue;
            }
            tokio::select! {
                () = &mut stop => break,
                () = nudge.notified() => {}
                () = tokio::time::sleep(Duration::from_millis(500)) => {}
                Some(_) = running.join_next(), if !running.is_empty() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Sends everything that waits, in order, and returns when nothing does. How many. For tests and tools.
    pub async fn send_due(&self) -> usize {
        let mut sent = 0;
        loop {
            let claimed = self.claim(AT_ONCE).await;
            if claimed.is_empty() {
                return sent;
            }
            for send in claimed {
                self.send(send).await;
                sent += 1;
            }
        }
    }

    async fn claim(&self, most: usize) -> Vec<Claimed> {
        let claimed = async {
            let look = self.ctx.store().read().await?;
            if !sends::any_queued(&look).await? {
                return Ok(Vec::new());
            }
            drop(look);
            let still = self.hand.still().await;
            let tx = self.ctx.store().write().await?;
            let claimed = sends::claim(&tx, &self.holder, self.ctx.now(), most as u64).await?;
            // From here on each of these is `sending` for good.
            tx.commit().await?;
            self.hand.take(&still, &claimed);
            Ok::<_, Error>(claimed)
        };
        claimed.await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the ledger could not be read");
            Vec::new()
        })
    }

    async fn send(&self, send: Claimed) {
        let _held = self.hand.until_dropped(send.id);
        let late = send.deadline_at.is_some_and(|deadline| deadline <= self.ctx.now());
        let settled = if late {
            Settled { state: SendState::Refused, reason: Some("too_late"), errcode: None, evidence: None }
        } else {
            self.call(&send).await
        };
        metrics::counter!("hongyan_sends_total", "state" => settled.state.as_str()).increment(1);
        self.write_down(&send, &settled).await;
    }

    /// Writes the outcome, however long the database is away: nobody else knows it.
    async fn write_down(&self, send: &Claimed, settled: &Settled) {
        let mut pause = FIRST_PAUSE;
        for _ in 0..TRIES {
            match self.settle(send, settled).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(%error, send.id = send.id.0, "the outcome of a send could not be written yet")
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn call(&self, send: &Claimed) -> Settled {
        let refused = |reason, evidence: String| Settled {
            state: SendState::Refused,
            reason: Some(reason),
            errcode: None,
            evidence: Some(evidence),
        };
        let files = match self.files(send).await {
            Ok(files) => files,
            // Nothing has been said to the fan yet, whatever happened to the file.
            Err(evidence) => return refused("file", evidence),
        };
        let Some(content) = decide::custom(&send.content, &files) else {
            return refused("file", "WeChat has no such file".into());
        };
        let keeper = Keeper::new(&self.ctx, TenantId(send.tenant), send.account);
        let request = Request::new(send.openid.clone(), content);
        let outcome = self.ctx.wechat().call_as::<SendMessage>(&keeper, &request).await.map(|_| ());
        if outcome.as_ref().is_err_and(|failure| failure.next() == Next::Unauthorized) {
            self.lost(send, outcome.as_ref().err()).await;
        }
        decide::settled(&outcome)
    }

    /// WeChat's ids for the files this send needs, handing up what it lacks.
    async fn files(&self, send: &Claimed) -> Result<HashMap<kit::MediaId, String>, String> {
        let Some(id) = send.content.media() else { return Ok(HashMap::new()) };
        let tenant = TenantId(send.tenant);
        let mut work = Work::reading(&self.ctx, tenant);
        let soon = work.now() + 60_000;
        let known = media::wechat_ids(&mut work, send.account, soon).await.map_err(|error| error.to_string())?;
        drop(work);
        if let Some(file) = known.into_iter().find(|file| file.media == id) {
            return Ok(HashMap::from([(id, file.wechat_media_id)]));
        }
        let given = media::upload(&self.ctx, tenant, send.account, id).await.map_err(|failure| failure.to_string())?;
        Ok(HashMap::from([(id, given.wechat_media_id)]))
    }

    async fn lost(&self, send: &Claimed, failure: Option<&Failure>) {
        let mut work = Work::begin(&self.ctx, TenantId(send.tenant));
        let noted = async {
            let why = failure.map(ToString::to_string).unwrap_or_default();
            accounts::lost(&mut work, send.account, &why).await?;
            work.commit().await
        };
        if let Err(error) = noted.await {
            tracing::error!(%error, account.id = send.account.0, "a lost authorisation could not be noted");
        }
    }

    async fn settle(&self, send: &Claimed, settled: &Settled) -> Result<(), Error> {
        let mut work = Work::begin(&self.ctx, TenantId(send.tenant));
        if !sends::settle(&mut work, send.id, settled).await? {
            return Ok(());
        }
        let event = decide::told(send, settled, work.now());
        events::record(&mut work, vec![event]).await?;
        // A person thinks that they have answered, and they have not, or nobody knows.
        if send.by.is_some() && matches!(settled.state, SendState::Refused | SendState::Unknown) {
            conversations::failed(&mut work, send.account, &send.openid).await?;
        }
        work.commit().await
    }
}
