//! SQLite: each connection lives in a thread of its own, which runs statements one after the other.
//!
//! One gets in by [`Connections::begin`], which waits in line for a connection. Asking and answering are one
//! message each way for a whole statement, or for a thousand rows of one: what a statement costs here is
//! SQLite's work, not the way to it. Nothing here is async but the waiting.

mod error;
mod thread;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{Error, Value, row::Row};
use thread::Ask;

/// How a connection is set up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setup {
    pub connections: usize,
    /// KiB of pages that a connection keeps.
    pub cache_kib: i64,
    pub allow_unsafe: bool,
}

/// Connections of one kind, and the line before them: who came first is served first.
#[derive(Clone)]
pub(crate) struct Connections {
    free: Arc<Mutex<Vec<mpsc::Sender<Ask>>>>,
    line: Arc<Semaphore>,
}

/// How long one waits in line before the database counts as away.
const PATIENCE: Duration = Duration::from_secs(20);

impl Connections {
    pub(crate) async fn open(file: &Path, setup: Setup) -> Result<Self, Error> {
        let mut free = Vec::with_capacity(setup.connections);
        for _ in 0..setup.connections {
            let file = file.to_owned();
            let (sender, asks) = mpsc::channel();
            let (opened, open) = oneshot::channel();
            let serve = move || match connect(&file, setup) {
                Ok(connection) => {
                    let _ = opened.send(Ok(()));
                    thread::serve(connection, asks);
                }
                Err(error) => drop(opened.send(Err(error))),
            };
            std::thread::Builder::new()
                .name("sqlite".into())
                .spawn(serve)
                .map_err(|error| Error::Away(format!("no thread for SQLite: {error}")))?;
            open.await.map_err(|_| gone())??;
            free.push(sender);
        }
        Ok(Self { line: Arc::new(Semaphore::new(setup.connections)), free: Arc::new(Mutex::new(free)) })
    }

    pub(crate) async fn begin(&self, begin: &'static str) -> Result<Transaction, Error> {
        let session = self.session().await?;
        // Nobody waits for the answer: should it fail, the first statement says so.
        session.ask(Ask::Begin(begin))?;
        Ok(Transaction { session, open: true })
    }

    /// Runs text that needs no transaction; the rows of its last statement.
    pub(crate) async fn pragma(&self, text: &'static str) -> Result<Vec<Row>, Error> {
        self.session().await?.rows(text.into(), Vec::new()).await
    }

    async fn session(&self) -> Result<Session, Error> {
        let turn = tokio::time::timeout(PATIENCE, self.line.clone().acquire_owned())
            .await
            .map_err(|_| Error::Away("no SQLite connection was free in time".into()))?
            .map_err(|_| gone())?;
        let thread = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or_else(gone)?;
        Ok(Session { thread: Some(thread), free: self.free.clone(), _turn: turn })
    }

    /// No further work is taken; returns when what is under way has ended and the file is closed.
    pub(crate) async fn close(&self) {
        let all = self.free.lock().unwrap_or_else(PoisonError::into_inner).len();
        let Ok(_everyone) = self.line.clone().acquire_many_owned(all.max(1) as u32).await else { return };
        self.line.close();
        for thread in self.free.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let (reply, closed) = oneshot::channel();
            if thread.send(Ask::Close(reply)).is_ok() {
                let _ = closed.await;
            }
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
    set("synchronous", if setup.allow_unsafe { "off" } else { "full" })?;
    set("foreign_keys", "on")?;
    set("temp_store", "memory")?;
    // `Store::checkpoint` does it, off the writer's way; this is for the case that it is held up.
    connection.pragma_update(None, "wal_autocheckpoint", 100_000)?;
    connection.pragma_update(None, "cache_size", -setup.cache_kib)?;
    Ok(connection)
}

/// A connection for as long as one has it.
struct Session {
    thread: Option<mpsc::Sender<Ask>>,
    free: Arc<Mutex<Vec<mpsc::Sender<Ask>>>>,
    _turn: OwnedSemaphorePermit,
}

impl Session {
    fn ask(&self, ask: Ask) -> Result<(), Error> {
        self.thread.as_ref().ok_or_else(gone)?.send(ask).map_err(|_| gone())
    }

    async fn asked<T>(&self, make: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> Ask) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.ask(make(reply))?;
        answer.await.map_err(|_| gone())?
    }

    async fn rows(&self, text: thread::Text, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.asked(|reply| Ask::Rows { text, values, reply }).await
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.free.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        }
    }
}

/// An open transaction. Dropped, it is rolled back before anybody else gets the connection.
pub(crate) struct Transaction {
    session: Session,
    open: bool,
}

impl Transaction {
    pub(crate) async fn execute(&self, text: thread::Text, values: Vec<Value>) -> Result<u64, Error> {
        self.session.asked(|reply| Ask::Execute { text, values, reply }).await
    }

    pub(crate) async fn rows(&self, text: thread::Text, values: Vec<Value>) -> Result<Vec<Row>, Error> {
        self.session.rows(text, values).await
    }

    /// One statement for each `width` values; how many rows were changed, and what came back.
    pub(crate) async fn each(&self, text: String, width: usize, values: Vec<Value>) -> Result<(u64, Vec<Row>), Error> {
        self.session.asked(|reply| Ask::Each { text, width, values, reply }).await
    }

    pub(crate) async fn script(&self, text: String) -> Result<(), Error> {
        self.session.asked(|reply| Ask::Script { text, reply }).await
    }

    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.open = false;
        self.session.asked(Ask::Commit).await
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.open {
            let _ = self.session.ask(Ask::Rollback);
        }
    }
}
