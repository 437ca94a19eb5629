use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, Executor};
use store::{Options, Store, sql};

use super::cost::{family_cpu_us, parent_of};
use crate::Result;

/// A database of one run's own.
pub struct Database {
    pub url: String,
    /// The PostgreSQL server, and the name of the database in it.
    made: Option<(String, String)>,
    /// The server's first process, if it runs on this machine.
    postmaster: Option<u32>,
}

impl Database {
    /// A file in the folder.
    pub fn sqlite(folder: &Path) -> Self {
        Self { url: format!("sqlite://{}", folder.join("hongyan.db").display()), made: None, postmaster: None }
    }

    /// A new database in the server at `server` (`postgres://user@host/any`); gone after [`Database::drop_it`].
    pub async fn postgres(server: &str) -> Result<Self> {
        // A run may have several at a time.
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("hongyan_bench_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        run(server, &format!("drop database if exists {name} with (force)")).await?;
        run(server, &format!("create database {name}")).await?;
        let mut url = url::Url::parse(server)?;
        url.set_path(&name);
        let postmaster = postmaster(server).await?;
        Ok(Self { url: url.into(), made: Some((server.to_owned(), name)), postmaster })
    }

    /// What the server's processes have cost so far, in microseconds of CPU; 0 for SQLite, which is inside the hub.
    pub fn cpu_us(&self) -> u64 {
        self.postmaster.map_or(0, family_cpu_us)
    }

    /// Whether there is a server at this address.
    pub async fn is_there(server: &str) -> bool {
        sqlx::PgConnection::connect(server).await.is_ok()
    }

    /// The same database for another process; whoever made it takes it away.
    pub fn borrowed(&self) -> Self {
        Self { url: self.url.clone(), made: None, postmaster: self.postmaster }
    }

    /// Opens it beside the hub, to look or to load.
    pub async fn open(&self) -> Result<Store> {
        Ok(Store::open(&self.url, &Options { connections: 2, allow_unsafe: true }).await?)
    }

    /// Takes a PostgreSQL database away again.
    pub async fn drop_it(&self) -> Result {
        if let Some((server, name)) = &self.made {
            run(server, &format!("drop database if exists {name} with (force)")).await?;
        }
        Ok(())
    }
}

/// The parent of the process that serves a connection.
async fn postmaster(server: &str) -> Result<Option<u32>> {
    let store = Store::open(server, &Options { connections: 2, allow_unsafe: true }).await?;
    let pid: Option<i64> = store.read().await?.scalar(sql("select pg_backend_pid()")).await?;
    let found = pid.and_then(|pid| u32::try_from(pid).ok()).and_then(parent_of);
    store.close().await?;
    Ok(found)
}

async fn run(server: &str, statement: &str) -> Result {
    let mut connection = sqlx::PgConnection::connect(server).await?;
    connection.execute(AssertSqlSafe(statement.to_owned())).await?;
    Ok(connection.close().await?)
}
