//! The mark that the database and a file beside it both keep (P10), and what follows when they do not agree, or when
//! nobody was there for a while (P9).

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, Ordering},
};

use entities::{broadcasts, messages::restore};
use kit::{Ctx, Error, Millis, TenantId, sql};
use store::Engine;

/// The file is at most one step ahead of the database. Twice that, and the database is an old one.
const APART_MS: Millis = 20_000;

/// Keeps the mark of this installation.
pub struct Beat {
    file: PathBuf,
    /// What the file says and the database may not say yet; 0 when they agree.
    ahead: AtomicI64,
}

impl Beat {
    /// In this folder.
    pub fn new(folder: &Path) -> Self {
        Self { file: folder.join("beat"), ahead: AtomicI64::new(0) }
    }

    fn read(&self) -> Option<Millis> {
        std::fs::read_to_string(&self.file).ok()?.trim().parse().ok()
    }

    /// Looks at both marks before anything is sent. Whether everybody's sends were paused.
    pub async fn compare(&self, ctx: &Ctx) -> Result<bool, Error> {
        let database = restore::beat(&ctx.store().read().await?).await?;
        if !is_old_copy(database, self.read(), ctx.store().engine()) {
            return Ok(false);
        }
        let now = ctx.now();
        let evidence = format!(
            "this database was last in use at {}, and the program beside it later: it was put back from a backup",
            chrono::DateTime::from_timestamp_millis(database.unwrap_or(0)).unwrap_or_default().to_rfc3339()
        );
        let tenants: Vec<i64> = ctx.store().read().await?.scalars(sql("select id from tenants order by id")).await?;
        let tx = ctx.store().write().await?;
        for tenant in tenants.into_iter().map(TenantId) {
            restore::pause(&tx, tenant, "restored", &evidence, now).await?;
            restore::doubt_open_sends(&tx, tenant, now, &evidence).await?;
            restore::doubt_campaigns(&tx, tenant, now).await?;
            broadcasts::settle::doubt_restored(&tx, tenant, now, &evidence).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// A sign of life. What was due while there was none for too long waits for a person. The mark before this one.
    pub async fn beat(&self, ctx: &Ctx) -> Result<Option<Millis>, Error> {
        let now = ctx.now();
        let at = match self.ahead.load(Ordering::Relaxed) {
            0 => now,
            // The database did not take the last one: the file waits for it.
            ahead => ahead,
        };
        let before = restore::beat(&ctx.store().read().await?).await?;
        self.write(at)?;
        self.ahead.store(at, Ordering::Relaxed);
        let tenants: Vec<i64> = match before {
            Some(before) if now - before > restore::GRACE_MS => {
                ctx.store().read().await?.scalars(sql("select id from tenants order by id")).await?
            }
            _ => Vec::new(),
        };
        let tx = ctx.store().write().await?;
        for tenant in tenants.into_iter().map(TenantId) {
            let held = restore::hold_missed(&tx, tenant, now).await?;
            if held > 0 {
                tracing::warn!(
                    tenant.id = tenant.0,
                    sends = held,
                    "nobody was there to send these in time; they wait for a person"
                );
            }
        }
        restore::raise_beat(&tx, at).await?;
        tx.commit().await?;
        self.ahead.store(0, Ordering::Relaxed);
        Ok(before)
    }

    fn write(&self, at: Millis) -> Result<(), Error> {
        // One that another node of this machine wrote may be later.
        if self.read().is_some_and(|before| before >= at) {
            return Ok(());
        }
        let next = self.file.with_extension("next");
        std::fs::write(&next, at.to_string()).and_then(|()| std::fs::rename(&next, &self.file)).map_err(Error::internal)
    }
}

/// Whether the database is older than the file beside it says.
fn is_old_copy(database: Option<Millis>, file: Option<Millis>, engine: Engine) -> bool {
    match (database, file) {
        (Some(database), Some(file)) => database < file - APART_MS,
        (None, Some(_)) => true,
        // SQLite's file and this one live in one folder; nodes on PostgreSQL may begin with an empty one.
        (Some(_), None) => engine == Engine::Sqlite,
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p10_a_database_that_is_behind_the_file_beside_it_is_an_old_copy() {
        let old = |database, file, engine| is_old_copy(database, file, engine);
        for engine in [Engine::Sqlite, Engine::Postgres] {
            assert!(old(Some(1_000_000), Some(1_030_000), engine));
            assert!(!old(Some(1_000_000), Some(1_005_000), engine), "a process died between the two");
            assert!(!old(Some(1_000_000), Some(500_000), engine), "another node was there later");
            assert!(old(None, Some(1_000_000), engine), "a copy from before there were marks");
            assert!(!old(None, None, engine), "new");
        }
        assert!(old(Some(1_000_000), None, Engine::Sqlite), "the database came alone");
        assert!(!old(Some(1_000_000), None, Engine::Postgres), "a new node");
    }
}
