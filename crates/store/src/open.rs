use std::{path::PathBuf, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use crate::{Error, Tx, sql};

/// Which database speaks. Only this crate asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

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
/// SQLite has one writer, and its connection is a pool of one: writers queue there in order of
/// arrival, and none is told "busy". Readers have connections of their own and never wait.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    writers: DatabaseConnection,
    readers: DatabaseConnection,
}

impl Store {
    /// Opens a migrated database (see [`crate::migrate`]).
    pub async fn open(url: &str, options: &Options) -> Result<Self, Error> {
        let engine = Engine::of(url)?;
        let store = match engine {
            Engine::Sqlite => {
                let writers = Database::connect(sqlite(url, 1, options.allow_unsafe)).await?;
                let readers = Database::connect(sqlite(url, options.connections.max(1), options.allow_unsafe)).await?;
                Self { engine, writers, readers }
            }
            Engine::Postgres => {
                let both = Database::connect(postgres(url, options.connections.max(2))).await?;
                Self { engine, writers: both.clone(), readers: both }
            }
        };
        if engine == Engine::Postgres && !options.allow_unsafe {
            store.refuse_unsafe_postgres().await?;
        }
        Ok(store)
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A transaction that may write. On SQLite it holds the write lock from the start: a later
    /// upgrade from reading to writing would fail as busy.
    pub async fn write(&self) -> Result<Tx, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(Tx::new(self.writers.begin_with_options(options).await?, self.engine))
    }

    /// A transaction that only reads, from one consistent view.
    pub async fn read(&self) -> Result<Tx, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            access_mode: (self.engine == Engine::Postgres).then_some(AccessMode::ReadOnly),
            ..Default::default()
        };
        Ok(Tx::new(self.readers.begin_with_options(options).await?, self.engine))
    }

    /// Folds SQLite's write-ahead log back into the file, away from the writer. Nothing on PostgreSQL.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        if self.engine == Engine::Sqlite {
            self.readers.execute_unprepared("pragma wal_checkpoint(passive)").await?;
        }
        Ok(())
    }

    pub async fn close(self) -> Result<(), Error> {
        self.writers.close().await?;
        if self.engine == Engine::Sqlite {
            self.readers.close().await?;
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

pub(crate) fn sqlite(url: &str, connections: u32, allow_unsafe: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .acquire_timeout(Duration::from_secs(20))
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(if allow_unsafe { SqliteSynchronous::Off } else { SqliteSynchronous::Full })
                .busy_timeout(Duration::from_secs(10))
                .statement_cache_capacity(200)
                // The writer never stops to checkpoint; `Store::checkpoint` does it from a reader.
                .pragma("wal_autocheckpoint", "20000")
                .pragma("cache_size", "-32000")
                .pragma("temp_store", "memory")
        });
    options
}

pub(crate) fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .acquire_timeout(Duration::from_secs(20));
    options
}

/// The file of a `sqlite://` URL, without its parameters.
pub(crate) fn sqlite_file(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}
