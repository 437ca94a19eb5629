//! Group commit: a writer takes whatever has arrived, gives it one transaction and one flush, and answers all.
//!
//! There is no timer. While one batch is being written the next one gathers, so batches are as large as the
//! load makes them, and a lone callback waits for nobody. While a batch is flushed, the next one is written already;
//! who answers it waits for the flush.

use std::{
    hash::{Hash, Hasher},
    path::PathBuf,
    sync::Arc,
    time::Duration,
    time::Instant,
};

use kit::{
    Committed, Ctx, Error,
    drill::{self, Mistake},
};
use store::Engine;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    task::JoinSet,
};

use super::{Item, StoredAnswer, batch, spool::Spool};

/// What became of a callback.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Durable in the database. The answer, or none for "success".
    Answered(Option<StoredAnswer>),
    /// Durable in the spool; nothing is answered.
    Spooled,
    /// Addressed to another account than the one it is signed for.
    Refused,
    /// Not durable. WeChat must ask again.
    Failed,
}

impl From<batch::Taken> for Outcome {
    fn from(taken: batch::Taken) -> Self {
        match taken {
            batch::Taken::Answered(answer) => Self::Answered(answer),
            batch::Taken::Refused => Self::Refused,
        }
    }
}

/// How the door's writers are set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder of the spool file.
    pub folder: PathBuf,
}

struct Waiting {
    item: Item,
    done: oneshot::Sender<Outcome>,
}

/// A batch that is committed, and whose answers may be given as soon as it lasts.
struct Settled {
    committed: Committed,
    taken: Vec<batch::Taken>,
    items: Vec<Item>,
    waiting: Vec<oneshot::Sender<Outcome>>,
    began: Instant,
}

/// The way to the writers. Cheap to clone; the writers end when the last clone is gone.
#[derive(Clone)]
pub struct Callbacks {
    lanes: Arc<[mpsc::Sender<Waiting>]>,
}

/// WeChat hangs up at five seconds; an answer after four is not worth giving.
const PATIENCE: Duration = Duration::from_millis(3_800);
const MOST_IN_BATCH: usize = 512;
const MOST_WAITING: usize = 20_000;

impl Callbacks {
    /// Starts the writers and the replay of the spool, which run until the handles are gone.
    pub fn start(ctx: &Ctx, options: &Options, tasks: &mut JoinSet<()>) -> std::io::Result<Self> {
        let spool = Arc::new(Spool::open(&options.folder)?);
        // SQLite has one writer. On PostgreSQL a batch is often on its way to the server or back, so that a lane a core
        // is needed to keep busy; more of them only make batches smaller. A fan's messages always go the same lane, so
        // that they stay in order.
        let lanes = match ctx.store().engine() {
            Engine::Sqlite => 1,
            Engine::Postgres => std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 8)),
        };
        let mut senders = Vec::with_capacity(lanes);
        for _ in 0..lanes {
            let (sender, receiver) = mpsc::channel(MOST_WAITING);
            senders.push(sender);
            // A thread of its own: among hundreds of connections that have just been answered, each step of the
            // next batch would wait for its turn, with the write lock in hand.
            let (ctx, spool, runtime) = (ctx.clone(), spool.clone(), Handle::current());
            let (settled, to_answer) = mpsc::unbounded_channel();
            let answering = answer(spool.clone(), to_answer);
            tasks.spawn_blocking({
                let runtime = runtime.clone();
                move || runtime.block_on(answering)
            });
            let writer = Writer { ctx, spool, settled };
            tasks.spawn_blocking(move || runtime.block_on(writer.write(receiver)));
        }
        let lanes: Arc<[mpsc::Sender<Waiting>]> = senders.into();
        tasks.spawn(replay(ctx.clone(), spool, Arc::downgrade(&lanes)));
        Ok(Self { lanes })
    }

    /// Makes a callback durable, and says what to answer.
    pub async fn submit(&self, item: Item) -> Outcome {
        let mut hasher = std::hash::DefaultHasher::new();
        item.message.from.as_str().hash(&mut hasher);
        let lane = &self.lanes[hasher.finish() as usize % self.lanes.len()];
        let (done, answer) = oneshot::channel();
        if lane.try_send(Waiting { item, done }).is_err() {
            metrics::counter!("hongyan_callbacks_shed_total").increment(1);
            return Outcome::Failed;
        }
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(outcome)) => outcome,
            _ => Outcome::Failed,
        }
    }
}

struct Writer {
    ctx: Ctx,
    spool: Arc<Spool>,
    settled: mpsc::UnboundedSender<Settled>,
}

impl Writer {
    async fn write(self, mut arriving: mpsc::Receiver<Waiting>) {
        let mut gathered = Vec::with_capacity(MOST_IN_BATCH);
        while arriving.recv_many(&mut gathered, MOST_IN_BATCH).await > 0 {
            drill::place("callback.arrived");
            let (items, mut waiting): (Vec<_>, Vec<_>) = gathered.drain(..).map(|one| (one.item, one.done)).unzip();
            if drill::is_made(Mistake::AnswerBeforeCommit) {
                give(vec![Outcome::Answered(None); items.len()], std::mem::take(&mut waiting));
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            self.settle(items, waiting).await;
        }
    }

    /// Writes a batch together, or each by itself when one of them spoils it, or to the spool when nothing can be written.
    async fn settle(&self, mut items: Vec<Item>, mut waiting: Vec<oneshot::Sender<Outcome>>) {
        let began = Instant::now();
        loop {
            match batch::process(&self.ctx, &items).await {
                Ok((taken, committed)) => {
                    let _ = self.settled.send(Settled { committed, taken, items, waiting, began });
                    return;
                }
                Err(Error::Away(why)) => return give(keep(&self.spool, &items, &why), waiting),
                // Nothing of it was written, and whoever stood in the way is through.
                Err(Error::Collided(why)) => {
                    tracing::warn!(why, items = items.len(), "a batch of callbacks is taken once more");
                }
                Err(error) if items.len() == 1 => {
                    tracing::error!(%error, "a callback could not be taken");
                    return give(vec![Outcome::Failed], waiting);
                }
                Err(error) => {
                    tracing::warn!(%error, items = items.len(), "a batch of callbacks failed; taking them one by one");
                    break;
                }
            }
        }
        for (item, done) in items.drain(..).zip(waiting.drain(..)) {
            Box::pin(self.settle(vec![item], vec![done])).await;
        }
    }
}

/// Answers batches as they come to last, in their order.
async fn answer(spool: Arc<Spool>, mut settled: mpsc::UnboundedReceiver<Settled>) {
    while let Some(Settled { committed, taken, items, waiting, began }) = settled.recv().await {
        drill::place("callback.committed");
        let outcomes = match committed.lasting().await {
            Ok(()) => {
                drill::place("callback.lasting");
                taken.into_iter().map(Outcome::from).collect()
            }
            // It may be in the database, and then it is known again by its key.
            Err(error) => keep(&spool, &items, &error.to_string()),
        };
        metrics::counter!("hongyan_callbacks_written_total").increment(outcomes.len() as u64);
        metrics::histogram!("hongyan_callback_batch_seconds").record(began.elapsed());
        give(outcomes, waiting);
        drill::place("callback.answered");
    }
}

/// Whoever asked may have hung up; the callback is durable all the same.
fn give(outcomes: Vec<Outcome>, waiting: Vec<oneshot::Sender<Outcome>>) {
    for (outcome, done) in outcomes.into_iter().zip(waiting) {
        let _ = done.send(outcome);
    }
}

fn keep(spool: &Spool, items: &[Item], why: &str) -> Vec<Outcome> {
    tracing::warn!(why, items = items.len(), "the database is away; callbacks go to the spool");
    metrics::counter!("hongyan_callbacks_spooled_total").increment(items.len() as u64);
    match spool.append(items) {
        Ok(()) => vec![Outcome::Spooled; items.len()],
        Err(error) => {
            tracing::error!(%error, "the spool cannot be written either");
            vec![Outcome::Failed; items.len()]
        }
    }
}

/// Takes in what the spool holds, as soon as the database is back. A callback that came in both ways is known by its key.
async fn replay(ctx: Ctx, spool: Arc<Spool>, alive: std::sync::Weak<[mpsc::Sender<Waiting>]>) {
    while alive.strong_count() > 0 {
        let (ctx, spool, runtime) = (ctx.clone(), spool.clone(), Handle::current());
        // Batches hold up the thread that writes them.
        match tokio::task::spawn_blocking(move || runtime.block_on(spool.replay(&ctx))).await {
            Ok(Ok(0)) => {}
            Ok(Ok(taken)) => tracing::info!(taken, "callbacks from the spool were taken in"),
            Ok(Err(error)) => tracing::warn!(%error, "the spool waits"),
            Err(error) => tracing::error!(%error, "the spool could not be read"),
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
