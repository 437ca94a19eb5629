use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sqlx::PgPool;

use crate::{
    Error, Tx, postgres, sql,
    sqlite::{Connections, Durable, Setup, Where},
    tx::Inner,
};

/// Which database speaks. Only this crate asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// `sqlite://path/to/file` or `postgres://…`.
    pub fn of(url: &str) -> Result<Self, Error> {
        match url.split_once(':').map(|(scheme, _)| scheme) {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(Error::Unfit("database.url must begin with sqlite:// or postgres://".into())),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Options {
    /// Connections for PostgreSQL; readers for SQLite.
    pub connections: u32,
    /// Serve from a database that may lose what it acknowledged. For tests only.
    pub allow_unsafe: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 8, allow_unsafe: false }
    }
}

/// The open database. Cheap to clone.
///
/// SQLite has one writer, for which one waits in line: who came first is served first, and none is told "busy".
/// Readers have connections of their own and wait for no writer.
#[derive(Clone)]
pub struct Store {
    face: Face,
    /// Transactions begun that may write.
    begun: Arc<AtomicU64>,
}

#[derive(Clone)]
enum Face {
    Sqlite { writer: Connections, readers: Connections, sweeper: Connections },
    Postgres(PgPool),
}

/// Frames of the write-ahead log (of 4 KiB) that are not worth a checkpoint, and that the writer may fold in by itself.
const FEW_FRAMES: i64 = 500;
/// Frames that are: more would make readers slow and the flush long, at which a writer waits.
const WORTH_FRAMES: i64 = 4_000;
/// Frames from which on the log should begin anew.
const MANY_FRAMES: i64 = 12_000;

impl Store {
    /// Opens a migrated database (see [`crate::migrate`]).
    pub async fn open(url: &str, options: &Options) -> Result<Self, Error> {
        match Engine::of(url)? {
            Engine::Sqlite => {
                let file = sqlite_file(url)
                    .ok_or_else(|| Error::Unfit("database.url must name a file: sqlite://path/to/file".into()))?;
                let safe = |durable| if options.allow_unsafe { Durable::Never } else { durable };
                let readers = options.connections.max(1) as usize;
                Ok(Self::new(Face::Sqlite {
                    // SQLite walks through the whole cache at most commits, so more is not better: the system keeps pages too.
                    writer: open(&file, 1, 16_000, safe(Durable::Flushed)).await?,
                    readers: open(&file, readers, 8_000, safe(Durable::Committed)).await?,
                    sweeper: open(&file, 1, 500, safe(Durable::Committed)).await?,
                }))
            }
            Engine::Postgres => {
                let store = Self::new(Face::Postgres(postgres::connect(url, options.connections.max(2)).await?));
                if !options.allow_unsafe {
                    store.refuse_unsafe_postgres().await?;
                }
                Ok(store)
            }
        }
    }

    fn new(face: Face) -> Self {
        Self { face, begun: Arc::default() }
    }

    pub fn engine(&self) -> Engine {
        match &self.face {
            Face::Sqlite { .. } => Engine::Sqlite,
            Face::Postgres(_) => Engine::Postgres,
        }
    }

    /// A transaction that may write. On SQLite it holds the write lock from the start: a later
    /// upgrade from reading to writing would fail as busy.
    pub async fn write(&self) -> Result<Tx, Error> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.begin_write().await
    }

    async fn begin_write(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match &self.face {
            Face::Sqlite { writer, .. } => Inner::Sqlite(writer.begin("begin immediate", Where::There).await?),
            Face::Postgres(pool) => Inner::Postgres(postgres::begin(pool, "begin").await?),
        }))
    }

    /// A transaction that may write, for who has a thread of their own to spend: SQLite's work is done in it, which
    /// holds the thread up, and saves the way to another and back for every statement.
    pub async fn write_here(&self) -> Result<Tx, Error> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        let Face::Sqlite { writer, .. } = &self.face else { return self.begin_write().await };
        Ok(Tx::new(Inner::Sqlite(writer.begin("begin immediate", Where::Here).await?)))
    }

    /// Whether somebody waits for SQLite's one writer. On PostgreSQL nobody waits for anybody in particular.
    pub fn is_writer_wanted(&self) -> bool {
        match &self.face {
            Face::Sqlite { writer, .. } => writer.wanted(),
            Face::Postgres(_) => false,
        }
    }

    /// How many transactions of this process that may write have been begun.
    pub fn writes_begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// A transaction that only reads, from one consistent view.
    pub async fn read(&self) -> Result<Tx, Error> {
        Ok(Tx::new(match &self.face {
            Face::Sqlite { readers, .. } => Inner::Sqlite(readers.begin("begin deferred", Where::There).await?),
            Face::Postgres(pool) => {
                Inner::Postgres(postgres::begin(pool, "begin isolation level repeatable read, read only").await?)
            }
        }))
    }

    /// Folds SQLite's write-ahead log back into the file, away from the writer. Nothing on PostgreSQL.
    ///
    /// While callbacks come in without a pause there is always a little left that the log cannot do without, and it
    /// would grow for ever. So when it is long, the writer itself folds in what is left, which takes a moment.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        let Face::Sqlite { writer, sweeper, .. } = &self.face else { return Ok(()) };
        match fold(sweeper, "pragma wal_checkpoint(noop)").await? {
            Some(log) if log.left() >= WORTH_FRAMES => {}
            _ => return Ok(()),
        }
        for _ in 0..4 {
            let Some(log) = fold(sweeper, PASSIVE).await? else { return Ok(()) };
            if log.frames < MANY_FRAMES {
                return Ok(());
            }
            if log.left() <= FEW_FRAMES {
                break;
            }
        }
        fold(writer, PASSIVE).await.map(drop)
    }

    /// Tells PostgreSQL what its tables hold by now; SQLite plans without. After many rows were written at once: until
    /// the server finds out by itself, which takes a minute or more, it looks a few hundred fans up by reading all.
    pub async fn learn_sizes(&self) -> Result<(), Error> {
        let Face::Postgres(pool) = &self.face else { return Ok(()) };
        let tx = postgres::begin(pool, "begin").await?;
        tx.script("analyze".into()).await?;
        tx.commit().await
    }

    pub async fn close(self) -> Result<(), Error> {
        match self.face {
            Face::Sqlite { writer, readers, sweeper } => {
                readers.close().await;
                sweeper.close().await;
                // The last to close folds the log into the file.
                writer.close().await;
            }
            Face::Postgres(pool) => pool.close().await,
        }
        Ok(())
    }

    /// What is acknowledged must survive a power cut, so a server that does not flush is refused.
    async fn refuse_unsafe_postgres(&self) -> Result<(), Error> {
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            let tx = self.read().await?;
            let value: Option<String> = tx.scalar(sql("select current_setting(?)").bind(setting)).await?;
            if value.as_deref() == Some("off") {
                return Err(Error::Unfit(format!(
                    "PostgreSQL runs with {setting} = off: acknowledged messages could be lost. Switch it on"
                )));
            }
        }
        Ok(())
    }
}

pub(crate) async fn open(
    file: &Path,
    connections: usize,
    cache_kib: i64,
    durable: Durable,
) -> Result<Connections, Error> {
    Connections::open(file, Setup { connections, cache_kib, durable }).await
}

/// The write-ahead log after a checkpoint.
#[derive(serde::Deserialize)]
struct Log {
    #[serde(rename = "log")]
    frames: i64,
    checkpointed: i64,
}

impl Log {
    fn left(&self) -> i64 {
        self.frames - self.checkpointed
    }
}

const PASSIVE: &str = "pragma wal_checkpoint(passive)";

async fn fold(connection: &Connections, how: &'static str) -> Result<Option<Log>, Error> {
    let rows = connection.pragma(how).await?;
    rows.into_iter().next().map(crate::row::Row::read).transpose()
}

/// The file of a `sqlite://` URL, without its parameters.
pub(crate) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}
