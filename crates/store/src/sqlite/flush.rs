//! The flush of the write-ahead log, apart from the commit.
//!
//! Left to itself, SQLite flushes the log inside the commit, with the write lock in hand: on most disks that is as long
//! as all the rest. Here a commit writes to the log and lets the next writer in; whoever committed then waits until a
//! flush that began after it has ended. Commits that meet share one. What counts is as before: nobody is told that
//! something is done before it would survive a power cut, and after one the log ends with a whole transaction, for
//! every frame carries a checksum. A checkpoint flushes the log by itself before it touches the database.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::mpsc,
    time::Instant,
};

use tokio::sync::oneshot;

use crate::Error;

type Waiting = oneshot::Sender<Result<(), Error>>;

/// The way to the thread that flushes. It ends with the last clone.
#[derive(Clone)]
pub(crate) struct Flush(mpsc::Sender<Waiting>);

impl Flush {
    /// For the log of the database in `file`, which a connection must hold open from now on.
    pub(super) fn start(file: &Path) -> Result<Self, Error> {
        let away = |error| Error::Away(format!("the write-ahead log cannot be flushed: {error}"));
        let path = log_of(file);
        // SQLite takes an empty log for a new one.
        let log = File::options().create(true).append(true).open(&path).map_err(away)?;
        // That the file is there must be durable as well.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(away)?;
        let (asks, asked) = mpsc::channel();
        std::thread::Builder::new().name("flush".into()).spawn(move || serve(&log, &asked)).map_err(away)?;
        Ok(Self(asks))
    }

    /// A flush of all that was committed before this call. It goes on whether one waits for it or not.
    pub(super) fn begin(&self) -> Flushing {
        let (done, waiting) = oneshot::channel();
        // Should the thread have ended, `done` is dropped with it, and the wait says so.
        let _ = self.0.send(done);
        Flushing(waiting)
    }
}

/// A flush under way.
pub(crate) struct Flushing(oneshot::Receiver<Result<(), Error>>);

impl Flushing {
    pub(crate) async fn wait(self) -> Result<(), Error> {
        self.0.await.map_err(|_| Error::Away("SQLite is closed".into()))?
    }
}

fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Until nobody can ask any more.
fn serve(log: &File, asked: &mpsc::Receiver<Waiting>) {
    let mut failed = None;
    let mut together = Vec::new();
    while let Ok(first) = asked.recv() {
        together.push(first);
        together.extend(asked.try_iter());
        // A system that failed to write pages forgets that they were to be written: a second try would lie.
        if failed.is_none() {
            let began = Instant::now();
            failed = log.sync_data().err();
            metrics::histogram!("hongyan_sqlite_flush_seconds").record(began.elapsed());
            if let Some(error) = &failed {
                tracing::error!(%error, "the disk failed; nothing can be promised until the hub is started again");
            }
        }
        for waiting in together.drain(..) {
            let outcome = failed
                .as_ref()
                .map_or(Ok(()), |error| Err(Error::Away(format!("the write-ahead log could not be flushed: {error}"))));
            let _ = waiting.send(outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::{Connections, Durable, Setup, Where};

    /// Nothing is behind it that could be flushed.
    fn failing() -> Flush {
        let log = File::options().write(true).open("/dev/null").unwrap();
        assert!(log.sync_data().is_err(), "this test needs a file that cannot be flushed");
        let (asks, asked) = mpsc::channel();
        std::thread::spawn(move || serve(&log, &asked));
        Flush(asks)
    }

    #[tokio::test]
    async fn a_flush_that_failed_is_never_said_to_have_worked() {
        let flush = failing();
        for _ in 0..3 {
            assert!(matches!(flush.begin().wait().await, Err(Error::Away(_))));
        }
    }

    #[tokio::test]
    async fn p19_a_commit_that_was_not_flushed_is_not_said_to_be_done() {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup { connections: 1, cache_kib: 100, durable: Durable::Flushed };
        let mut writer = Connections::open(&folder.path().join("some.db"), setup).await.unwrap();
        let commit = async |writer: &Connections, text: &str| {
            let tx = writer.begin("begin immediate", Where::There).await?;
            tx.script(text.to_owned()).await?;
            match tx.commit_ahead().await? {
                Some(flushing) => flushing.wait().await,
                None => panic!("a connection whose commits are flushed afterwards has a flush"),
            }
        };
        commit(&writer, "create table t (a)").await.unwrap();
        writer.flush = Some(failing());
        assert!(matches!(commit(&writer, "insert into t values (1)").await, Err(Error::Away(_))));
        let seen = writer.pragma("select a from t").await.unwrap();
        assert_eq!(seen.len(), 1, "the next transaction goes on from it all the same");
    }

    #[tokio::test]
    async fn many_who_meet_are_all_served() {
        let folder = tempfile::tempdir().unwrap();
        let flush = Flush::start(&folder.path().join("some.db")).unwrap();
        let all = (0..200).map(|_| {
            let flush = flush.clone();
            tokio::spawn(async move { flush.begin().wait().await })
        });
        for one in all.collect::<Vec<_>>() {
            one.await.unwrap().unwrap();
        }
    }
}
