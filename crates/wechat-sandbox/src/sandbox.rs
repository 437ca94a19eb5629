//! The handle of a running sandbox: opening it, serving it, and the work that
//! goes on by itself.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::keep::{self, Batch, Keep};
use crate::listener::{Cuttable, Wire};
use crate::live::Live;
use crate::push::Engine;
use crate::world::component::TICKET_EVERY_MS;
use crate::world::{Counters, Effect, World};

/// How often what changed is written out.
const WRITE_EVERY: Duration = Duration::from_millis(200);
/// The statistics are written out every so many times.
const DAYS_EVERY: u64 = 25;

/// How a sandbox is opened.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where it keeps its file; `None` keeps everything in memory.
    pub data: Option<PathBuf>,
    /// What appids, secrets and openids follow from. A kept sandbox keeps the seed it began with.
    pub seed: u64,
    /// Serve the phone's pages.
    pub phone_files: bool,
}

/// Why a sandbox could not be opened or served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the sandbox's folder or address: {0}")]
    Io(#[from] std::io::Error),
    #[error("the sandbox's file: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the sandbox's file holds what this version cannot read: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the client that delivers pushes: {0}")]
    Client(#[from] reqwest::Error),
}

/// A WeChat in this process. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Sandbox(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub clock: Arc<Clock>,
    pub live: Arc<Live>,
    world: Mutex<World>,
    pub faults: Mutex<Faults>,
    pub journal: Mutex<Journal>,
    pub engine: Engine,
    pub phone_files: bool,
    keep: Option<Keep>,
}

/// Locks; what a panicking thread left behind is still whole enough to go on with.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sandbox {
    /// Opens a sandbox, as it was left if it has a folder. Needs a tokio runtime: tickets and
    /// pushes begin at once.
    pub async fn open(options: Options) -> Result<Sandbox, Error> {
        let live = Arc::new(Live::new());
        let mut journal = Journal::default();
        let fresh = Counters { seed: options.seed, ..Counters::default() };
        let (mut world, mut kept) = (None, None);
        if let Some(dir) = &options.data {
            kept = Some(Keep::open(dir, |connection| {
                let counters = keep::read_doc(connection, "counters")?.unwrap_or_else(|| fresh.clone());
                let clock = Arc::new(Clock::new(counters.ahead_ms));
                let mut loaded = World::new(clock, live.clone(), counters);
                keep::load(connection, &mut loaded, &mut journal)?;
                loaded.dirty.whole();
                world = Some(loaded);
                Ok(())
            })?);
        }
        let world = world.unwrap_or_else(|| World::new(Arc::new(Clock::new(0)), live.clone(), fresh));
        let sandbox = Sandbox(Arc::new(Inner {
            clock: world.clock.clone(),
            live,
            engine: Engine::new()?,
            world: Mutex::new(world),
            faults: Mutex::default(),
            journal: Mutex::new(journal),
            phone_files: options.phone_files,
            keep: kept,
        }));
        tokio::spawn(push_tickets(Arc::downgrade(&sandbox.0)));
        sandbox.publish_what_waits();
        sandbox.take_up();
        if sandbox.0.keep.is_some() {
            tokio::spawn(write_out(Arc::downgrade(&sandbox.0)));
        }
        Ok(sandbox)
    }

    /// The time by the sandbox's clock, in milliseconds since 1970, UTC. It is ahead of the machine's by as much as was asked for.
    pub fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    /// Everything on one address: WeChat's API and pages, the control API, the phone.
    pub fn router(&self) -> Router {
        crate::routes::router(self)
    }

    /// Serves until the future resolves, then writes out what is left.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Error> {
        let address = listener.local_addr()?;
        let host = if address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { address.ip().to_string() };
        self.world().base_url = format!("http://{host}:{}", address.port());
        let service = self.router().into_make_service_with_connect_info::<Wire>();
        let live = self.0.live.clone();
        let shutdown = async move {
            shutdown.await;
            live.end();
        };
        axum::serve(Cuttable(listener), service).with_graceful_shutdown(shutdown).await?;
        self.flush().await;
        Ok(())
    }

    /// Comes back when everything that has happened is in the file. Nothing to do without one.
    pub async fn flush(&self) {
        if let Some(keep) = &self.0.keep {
            self.0.write_out(true);
            keep.done().await;
        }
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        lock(&self.0.world)
    }

    pub(crate) fn wipe_journal(&self) {
        lock(&self.0.journal).clear();
        if let Some(keep) = &self.0.keep {
            self.0.write_out(false);
            keep.wipe_journal();
        }
    }

    /// Does what calls have set off.
    pub(crate) fn settle(&self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::PushTicket => crate::push::component::push_ticket(self),
                Effect::Account(appid) => self.0.live.tell("account", || serde_json::json!({"appid": appid})),
                Effect::Typing { appid, person } => self.tell_typing(&appid, person),
                Effect::Publish(msg_data_id) => self.publish_in_time(msg_data_id),
                Effect::Mass { appid, msg_id } => {
                    self.0.live.tell("mass", || serde_json::json!({"appid": appid, "msg_id": msg_id.to_string()}));
                    self.watch_mass(appid, msg_id);
                }
                Effect::Form(appid) => self.watch_forms(appid),
            }
        }
    }

    fn tell_typing(&self, appid: &str, person: u64) {
        let world = self.world();
        let Some(account) = world.account(appid) else { return };
        let until_ms = account.fans.get(person).map_or(0, |fan| fan.typing_until_ms);
        let openid = account.fans.ids.id(person);
        let until_ms = (until_ms > world.now_ms()).then_some(until_ms);
        self.0.live.tell(
            "typing",
            || serde_json::json!({"appid": appid, "openid": openid, "person": person, "until_ms": until_ms}),
        );
    }
}

impl Inner {
    /// `days`: the statistics too.
    fn write_out(&self, days: bool) {
        let Some(keep) = &self.keep else { return };
        let mut batch = Batch::default();
        {
            let mut world = lock(&self.world);
            batch.gather(&mut world);
            if days {
                batch.gather_days(&mut world);
            }
        }
        batch.gather_calls(&mut lock(&self.journal));
        keep.write(batch);
    }
}

async fn write_out(inner: Weak<Inner>) {
    for turn in 1_u64.. {
        tokio::time::sleep(WRITE_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        inner.write_out(turn.is_multiple_of(DAYS_EVERY));
    }
}

/// A ticket every ten minutes of the sandbox's clock, while there is somewhere to push it.
async fn push_tickets(inner: Weak<Inner>) {
    loop {
        let Some(strong) = inner.upgrade() else { return };
        let clock = strong.clock.clone();
        let sandbox = Sandbox(strong);
        let next_ms = {
            let world = sandbox.world();
            let last_ms = world.component.tickets.back().map_or(0, |(_, issued_ms)| *issued_ms);
            let now_ms = world.now_ms();
            let due = !world.component.event_url.is_empty() && now_ms - last_ms >= TICKET_EVERY_MS;
            drop(world);
            if due {
                crate::push::component::push_ticket(&sandbox);
                now_ms + TICKET_EVERY_MS
            } else {
                (last_ms + TICKET_EVERY_MS).max(now_ms + 1000)
            }
        };
        drop(sandbox);
        // Looked at every few seconds all the same, so that a dropped sandbox ends.
        let _ = tokio::time::timeout(Duration::from_secs(5), clock.until(next_ms)).await;
    }
}
