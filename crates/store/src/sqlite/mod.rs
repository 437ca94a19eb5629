//! SQLite: each connection lives in a thread of its own, which runs statements one after the other.
//!
//! One gets in by [`Connections::begin`], which waits in line for a connection. Asking and answering are one
//! message each way for a whole statement, or for a thousand rows of one. Who has a thread of their own to spend
//! begins with [`Where::Here`]: the statements then run in the caller's thread, and there is no way to go at all.

mod desk;
mod error;
mod flush;
pub(crate) mod plans;
mod thread;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{Error, Value, row::Row};
pub(crate) use desk::Back;
use desk::Desk;
use flush::Flush;
pub(crate) use flush::Flushing;
use thread::{Ask, What};

pub(crate) type Text = std::borrow::Cow<'static, str>;

/// How a connection is set up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup {
    pub connections: usize,
    /// KiB of pages that a connection keeps.
    pub cache_kib: i64,
    pub durable: Durable,
}

/// When what a connection committed will survive a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durable {
    /// When its commit returns.
    Committed,
    /// When the [`Flush`] after it says so; the lock is free before.
    Flushed,
    /// Some day.
    Never,
}

/// In which thread statements run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    /// The connection's own; the caller's is free meanwhile.
    There,
    /// The caller's, which is held up by them.
    Here,
}

/// A connection, and the way to its thread.
struct Handle {
    desk: Arc<Mutex<Desk>>,
    thread: mpsc::Sender<Ask>,
}

/// Connections of one kind, and the line before them: who came first is served first.
#[derive(Clone)]
pub(crate) struct Connections {
    free: Arc<Mutex<Vec<Handle>>>,
    line: Arc<Semaphore>,
    in_line: Arc<AtomicUsize>,
    /// Numbers what connections are lent for.
    next: Arc<AtomicU64>,
    flush: Option<Flush>,
}

/// How long one waits in line before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(20);

impl Connections {
    pub(crate) async fn open(file: &Path, setup: Setup) -> Result<Self, Error> {
        let mut free = Vec::with_capacity(setup.connections);
        for _ in 0..setup.connections {
            let file = file.to_owned();
            let connection = tokio::task::spawn_blocking(move || connect(&file, setup)).await.map_err(|_| gone())??;
            let desk = Arc::new(Mutex::new(Desk::new(connection)));
            let (thread, asks) = mpsc::channel();
            let own = desk.clone();
            std::thread::Builder::new()
                .name("sqlite".into())
                .spawn(move || thread::serve(&own, &asks))
                .map_err(|error| Error::Away(format!("no thread for SQLite: {error}")))?;
            free.push(Handle { desk, thread });
        }
        let line = Arc::new(Semaphore::new(setup.connections));
        let flush = if setup.durable == Durable::Flushed { Some(Flush::start(file)?) } else { None };
        Ok(Self { line, in_line: Arc::default(), free: Arc::new(Mutex::new(free)), next: Arc::default(), flush })
    }

    pub(crate) async fn begin(&self, begin: &'static str, place: Where) -> Result<Transaction, Error> {
        let session = self.session(place).await?;
        // Nobody waits for the answer: should it fail, the first statement says so.
        session.tell(What::Begin(begin))?;
        Ok(Transaction { session, open: true, flush: self.flush.clone() })
    }

    /// Whether anybody waits in line.
    pub(crate) fn wanted(&self) -> bool {
        self.in_line.load(Ordering::Relaxed) > 0
    }

    /// Runs text that needs no transaction; its rows.
    pub(crate) async fn pragma(&self, text: &'static str) -> Result<Vec<Row>, Error> {
        let session = self.session(Where::There).await?;
        session.tell(What::Open)?;
        session.rows(text.into(), Vec::new()).await
    }

    async fn session(&self, place: Where) -> Result<Session, Error> {
        let waiting = InLine::enter(&self.in_line);
        let turn = tokio::time::timeout(PATIENCE, self.line.clone().acquire_owned()).await;
        drop(waiting);
        let turn =
            turn.map_err(|_| Error::Away("no SQLite connection was free in time".into()))?.map_err(|_| gone())?;
        let handle = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or_else(gone)?;
        let number = self.next.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(Session { number, place, handle: Some(handle), free: self.free.clone(), _turn: turn })
    }

    /// No further work is taken; returns when what is under way has ended and the files are closed.
    pub(crate) async fn close(&self) {
        let all = self.free.lock().unwrap_or_else(PoisonError::into_inner).len();
        let Ok(_everyone) = self.line.clone().acquire_many_owned(all.max(1) as u32).await else { return };
        self.line.close();
        let handles = std::mem::take(&mut *self.free.lock().unwrap_or_else(PoisonError::into_inner));
        for Handle { desk, thread } in handles {
            drop(thread);
            let _ = tokio::task::spawn_blocking(move || drop(desk::lock(&desk).close())).await;
        }
    }
}

fn gone() -> Error {
    Error::Away("SQLite is closed".into())
}

fn connect(file: &Path, setup: Setup) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(300);
    let set = |name: &str, value: &str| connection.pragma_update(None, name, value);
    set("journal_mode", "wal")?;
    set(
        "synchronous",
        match setup.durable {
            Durable::Committed => "full",
            // Without the flush at a commit, but with those that keep the file whole.
            Durable::Flushed => "normal",
            Durable::Never => "off",
        },
    )?;
    set("foreign_keys", "on")?;
    set("temp_store", "memory")?;
    // `Store::checkpoint` does it, off the writer's way; this is for the case that it is held up.
    connection.pragma_update(None, "wal_autocheckpoint", 100_000)?;
    connection.pragma_update(None, "cache_size", -setup.cache_kib)?;
    Ok(connection)
}

/// Counts as waiting until it is dropped, be it because the caller has gone.
struct InLine<'a>(&'a AtomicUsize);

impl<'a> InLine<'a> {
    fn enter(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection for as long as one has it.
struct Session {
    number: u64,
    place: Where,
    handle: Option<Handle>,
    free: Arc<Mutex<Vec<Handle>>>,
    _turn: OwnedSemaphorePermit,
}

impl Session {
    /// Has it done, and waits for no answer.
    fn tell(&self, what: What) -> Result<(), Error> {
        let handle = self.handle.as_ref().ok_or_else(gone)?;
        match self.place {
            Where::Here => thread::run(&mut desk::lock(&handle.desk), Ask { session: self.number, what }),
            Where::There => handle.thread.send(Ask { session: self.number, what }).map_err(|_| gone())?,
        }
        Ok(())
    }

    async fn asked<T>(&self, make: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> What) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.tell(make(reply))?;
        answer.await.map_err(|_| gone())?
    }

    async fn rows(&self, text: Text, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.asked(|reply| What::Rows { text, values, reply }).await
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            self.free.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        }
    }
}

/// An open transaction. Dropped, it is rolled back before anybody else gets the connection.
pub(crate) struct Transaction {
    session: Session,
    open: bool,
    flush: Option<Flush>,
}

impl Transaction {
    pub(crate) async fn execute(&self, text: Text, values: Vec<Value>) -> Result<u64, Error> {
        self.session.asked(|reply| What::Execute { text, values, reply }).await
    }

    pub(crate) async fn rows(&self, text: Text, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.session.rows(text, values).await
    }

    /// One statement for each `width` values; how many rows were changed, and of those what is wanted back.
    pub(crate) async fn each(
        &self,
        text: String,
        width: usize,
        values: Vec<Value>,
        back: Back,
    ) -> Result<(u64, Vec<Row>), Error> {
        self.session.asked(|reply| What::Each { text, width, values, back, reply }).await
    }

    pub(crate) async fn script(&self, text: String) -> Result<(), Error> {
        self.session.asked(|reply| What::Script { text, reply }).await
    }

    /// Everybody sees it from here on, and the next writer may begin. Whether it lasts, the flush says.
    pub(crate) async fn commit_ahead(mut self) -> Result<Option<Flushing>, Error> {
        self.open = false;
        self.session.asked(What::Commit).await?;
        Ok(self.flush.as_ref().map(Flush::begin))
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.open {
            let _ = self.session.tell(What::Rollback);
        }
    }
}
