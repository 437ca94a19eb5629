//! The queue under its worst cases: one job in two hands, and hands that are dead.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{collections::HashMap, sync::Arc, time::Duration};

use jobs::{Handler, NewJob, Outcome, Runner, RunnerOptions, enqueue, free_abandoned};
use serde_json::json;
use store::{Options, Store, sql};
use testkit::{TestClock, TestDb, databases};
use tokio::sync::{Notify, Semaphore};

const TENANT: i64 = 7;
const JOB: i64 = 1;
const LEASE: Duration = Duration::from_secs(3600);

struct Queue {
    store: Store,
    clock: TestClock,
    _db: TestDb,
}

impl Queue {
    async fn on_each_database() -> Vec<Queue> {
        let mut all = Vec::new();
        for db in databases().await {
            let store = Store::open(&db.url, &Options { connections: 4, allow_unsafe: true }).await.unwrap();
            all.push(Queue { store, clock: TestClock::default(), _db: db });
        }
        all
    }

    async fn add(&self, id: i64) {
        let tx = self.store.write().await.unwrap();
        let job = NewJob { name: "walk", payload: json!({}), run_at: 0, dedupe_key: Some(id.to_string()) };
        assert!(enqueue(&tx, TENANT, id, job, self.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
    }

    fn runner(&self, holder: &str, handler: Handler) -> Runner {
        let options =
            RunnerOptions { holder: holder.into(), lease: LEASE, rest: Duration::from_millis(20), at_once: 4 };
        let handlers = HashMap::from([("walk", handler)]);
        Runner::new(self.store.clone(), self.clock.as_fn(), Arc::new(Notify::new()), handlers, options)
    }

    /// `state/attempts` of the job, or that it is gone.
    async fn job(&self, id: i64) -> String {
        let query = sql("select state || '/' || cast(attempts as text) from jobs where tenant_id = ? and id = ?");
        let found = self.store.read().await.unwrap().scalar::<String>(query.bind(TENANT).bind(id)).await.unwrap();
        found.unwrap_or_else(|| "gone".into())
    }

    /// A sign of life of this holder, until this instant.
    async fn alive(&self, holder: &str, until: i64) {
        let tx = self.store.write().await.unwrap();
        let query = sql("insert into leases (name, holder, expires_at) values (?, ?, ?)");
        tx.execute(query.bind(format!("node:{holder}")).bind(holder).bind(until)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn free(&self, own: &str, alive_at: i64) -> u64 {
        let tx = self.store.write().await.unwrap();
        let freed = free_abandoned(&tx, own, alive_at, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        freed
    }
}

/// Tells when a try has begun, and lets it end when it is told to.
#[derive(Default)]
struct Gate {
    begun: Notify,
    go: Notify,
}

/// A job whose first try hangs and then ends like this, while later ones end like that at once.
fn hanging(gate: &Arc<Gate>, first: Outcome, later: Outcome) -> Handler {
    let gate = gate.clone();
    Arc::new(move |job| {
        let (gate, first, later) = (gate.clone(), first.clone(), later.clone());
        Box::pin(async move {
            if job.attempts > 1 {
                return later;
            }
            gate.begun.notify_one();
            gate.go.notified().await;
            first
        })
    })
}

#[tokio::test]
async fn a_try_that_outlived_its_lease_settles_nothing_even_in_the_same_process() {
    let far = i64::MAX / 2;
    let again = || Outcome::Again { at: far, problem: None };
    for (first, later, stands) in [
        // The later try wants to go on: the earlier one's "done" must not delete the job under it.
        (Outcome::Done, again(), "ready/2"),
        (Outcome::GiveUp("no".into()), again(), "ready/2"),
        // The later one is through: the earlier one must not bring the job back.
        (again(), Outcome::Done, "gone"),
    ] {
        for queue in Queue::on_each_database().await {
            queue.add(JOB).await;
            let gate = Arc::new(Gate::default());
            let runner = queue.runner("one", hanging(&gate, first.clone(), later.clone()));
            let hangs = tokio::spawn({
                let runner = runner.clone();
                async move { runner.run_due().await }
            });
            gate.begun.notified().await;
            assert_eq!(queue.job(JOB).await, "running/1");
            queue.clock.advance(LEASE * 2);
            assert_eq!(runner.run_due().await, 1, "the lease is over, and the job is taken up once more");
            assert_eq!(queue.job(JOB).await, stands);
            gate.go.notify_one();
            hangs.await.unwrap();
            assert_eq!(queue.job(JOB).await, stands, "after {first:?} of the first try");
        }
    }
}

#[tokio::test]
async fn an_earlier_try_does_not_settle_the_job_while_a_later_one_runs() {
    for queue in Queue::on_each_database().await {
        queue.add(JOB).await;
        let rooms: Arc<[Gate; 2]> = Arc::default();
        let handler: Handler = Arc::new({
            let rooms = rooms.clone();
            move |job| {
                let rooms = rooms.clone();
                Box::pin(async move {
                    let room = &rooms[usize::try_from(job.attempts).unwrap() - 1];
                    room.begun.notify_one();
                    room.go.notified().await;
                    Outcome::Done
                })
            }
        });
        let runner = queue.runner("one", handler);
        let run = || {
            tokio::spawn({
                let runner = runner.clone();
                async move { runner.run_due().await }
            })
        };
        let first = run();
        rooms[0].begun.notified().await;
        queue.clock.advance(LEASE * 2);
        let second = run();
        rooms[1].begun.notified().await;
        rooms[0].go.notify_one();
        first.await.unwrap();
        assert_eq!(queue.job(JOB).await, "running/2", "the job is the second try's");
        rooms[1].go.notify_one();
        second.await.unwrap();
        assert_eq!(queue.job(JOB).await, "gone");
    }
}

#[tokio::test]
async fn what_the_dead_hold_is_free_at_once_and_what_the_living_hold_is_not() {
    for queue in Queue::on_each_database().await {
        let now = queue.clock.now();
        let nobody_ends = Arc::new(Semaphore::new(0));
        for (id, holder, until) in [(1, "dead", now - 1), (2, "alive", now + 15_000), (3, "own", now - 1)] {
            queue.add(id).await;
            queue.alive(holder, until).await;
            let handler: Handler = Arc::new({
                let nobody_ends = nobody_ends.clone();
                move |_| {
                    let nobody_ends = nobody_ends.clone();
                    Box::pin(async move {
                        let _ = nobody_ends.acquire().await;
                        Outcome::Done
                    })
                }
            });
            let runner = queue.runner(holder, handler);
            // The process dies in the middle.
            tokio::select! {
                _ = runner.run_due() => panic!("nobody ends"),
                () = async { while queue.job(id).await != "running/1" { tokio::task::yield_now().await } } => {}
            }
        }
        queue.add(4).await;
        assert_eq!(queue.free("own", now).await, 1);
        assert_eq!(queue.job(1).await, "ready/1");
        assert_eq!([queue.job(2).await, queue.job(3).await, queue.job(4).await], ["running/1", "running/1", "ready/0"]);
        // Who is alone with a database needs no sign of life to know that the others are gone.
        assert_eq!(queue.free("own", i64::MAX).await, 1);
        assert_eq!([queue.job(2).await, queue.job(3).await], ["ready/1", "running/1"]);

        // A job that was freed is taken up without the lease being over, and its former holder has no say.
        let done: Handler = Arc::new(|_| Box::pin(async { Outcome::Done }));
        assert_eq!(queue.runner("own", done).run_due().await, 3);
        assert_eq!([queue.job(1).await, queue.job(2).await, queue.job(4).await], ["gone", "gone", "gone"]);
    }
}

#[tokio::test]
async fn what_is_asked_for_while_it_runs_runs_once_more() {
    for outcome in [Outcome::Done, Outcome::GiveUp("no".into())] {
        for queue in Queue::on_each_database().await {
            queue.add(JOB).await;
            let gate = Arc::new(Gate::default());
            let runner = queue.runner("one", hanging(&gate, outcome.clone(), Outcome::Done));
            let ask = async |id: i64| {
                let tx = queue.store.write().await.unwrap();
                let job = NewJob { name: "walk", payload: json!({}), run_at: 0, dedupe_key: Some(JOB.to_string()) };
                let new = enqueue(&tx, TENANT, id, job, queue.clock.now()).await.unwrap();
                tx.commit().await.unwrap();
                new
            };
            assert!(!ask(11).await, "it waits already");
            let (ran, ()) = tokio::join!(runner.run_due(), async {
                gate.begun.notified().await;
                assert!(ask(12).await && ask(13).await, "it runs, and may have looked before this");
                gate.go.notify_one();
            });
            assert_eq!(ran, 2, "twice in all, however often it was asked for");
            assert_eq!([queue.job(JOB).await, queue.job(12).await, queue.job(13).await], ["gone", "gone", "gone"]);
        }
    }
}
