use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::LocalSet;

use super::{Line, Ring};
use crate::{Result, table::Times};

/// How fast requests are sent.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// Each connection sends its next request when it has its answer.
    Closed,
    /// So many a second, whatever comes back. The time of a request that had to wait for its connection
    /// counts from the instant it was due; the timer's own lateness (1 ms) does not count.
    Open(u64),
}

/// What came of a run.
pub struct Load {
    /// Time of every answered request.
    pub times: Times,
    pub elapsed: Duration,
    /// Answers with status 200.
    pub acknowledged: u64,
    /// How many documents were acknowledged at least once.
    pub documents: u64,
    /// Other answers, and connections that broke.
    pub failed: u64,
    /// Answers opened and found right.
    pub checked: u64,
    /// What was wrong with answers that were not.
    pub wrong: Vec<String>,
}

impl Load {
    /// Two loads as one.
    pub fn add(&mut self, other: Self) {
        self.times.add(other.times);
        self.elapsed += other.elapsed;
        self.acknowledged += other.acknowledged;
        self.documents += other.documents;
        self.failed += other.failed;
        self.checked += other.checked;
        self.wrong.extend(other.wrong);
    }
}

struct Going {
    ring: Arc<Ring>,
    address: SocketAddr,
    next: Cell<usize>,
    end: Instant,
    times: RefCell<Vec<u32>>,
    acknowledged: Cell<u64>,
    documents: RefCell<Vec<bool>>,
    failed: Cell<u64>,
    checked: Cell<u64>,
    wrong: RefCell<Vec<String>>,
}

/// One answer in so many is opened.
const CHECKED: usize = 101;

/// Sends the ring, once, on a thread of its own, until it is empty or the time is over.
pub async fn run(ring: Arc<Ring>, address: SocketAddr, connections: usize, pace: Pace, time: Duration) -> Result<Load> {
    tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        LocalSet::new().block_on(&runtime, local(ring, address, connections, pace, time))
    })
    .await?
}

async fn local(ring: Arc<Ring>, address: SocketAddr, connections: usize, pace: Pace, time: Duration) -> Result<Load> {
    let mut lines = Vec::with_capacity(connections);
    for _ in 0..connections {
        lines.push(Line::open(address).await?);
    }
    let begun = Instant::now();
    let going = Rc::new(Going {
        times: RefCell::new(Vec::with_capacity(ring.len())),
        documents: RefCell::new(vec![false; ring.len()]),
        ring,
        address,
        next: Cell::new(0),
        end: begun + time,
        acknowledged: Cell::new(0),
        failed: Cell::new(0),
        checked: Cell::new(0),
        wrong: RefCell::new(Vec::new()),
    });
    let mut workers = Vec::with_capacity(connections);
    for (number, line) in lines.into_iter().enumerate() {
        let going = going.clone();
        let schedule = match pace {
            Pace::Closed => None,
            Pace::Open(rate) => Some(Schedule { begun, number: number as u64, connections: connections as u64, rate }),
        };
        workers.push(tokio::task::spawn_local(async move { going.work(line, schedule).await }));
    }
    for worker in workers {
        worker.await?;
    }
    let elapsed = begun.elapsed();
    let going = Rc::try_unwrap(going).map_err(|_| "a connection outlived its run")?;
    Ok(Load {
        times: Times::of(going.times.into_inner()),
        elapsed,
        acknowledged: going.acknowledged.get(),
        documents: going.documents.into_inner().iter().filter(|acknowledged| **acknowledged).count() as u64,
        failed: going.failed.get(),
        checked: going.checked.get(),
        wrong: going.wrong.into_inner(),
    })
}

/// When each request of one connection is due.
struct Schedule {
    begun: Instant,
    number: u64,
    connections: u64,
    rate: u64,
}

impl Schedule {
    fn due(&self, turn: u64) -> Instant {
        self.begun + Duration::from_nanos((self.number + turn * self.connections) * 1_000_000_000 / self.rate)
    }
}

impl Going {
    async fn work(&self, mut line: Line, schedule: Option<Schedule>) {
        for turn in 0.. {
            let due = match &schedule {
                Some(schedule) => {
                    let due = schedule.due(turn);
                    if due >= self.end {
                        return;
                    }
                    if due > Instant::now() {
                        tokio::time::sleep_until(due.into()).await;
                        Instant::now()
                    } else {
                        due
                    }
                }
                None => Instant::now(),
            };
            let number = self.next.get();
            if number >= self.ring.len() || due >= self.end {
                return;
            }
            self.next.set(number + 1);
            if let Err(error) = self.one(&mut line, number, due).await {
                self.failed.set(self.failed.get() + 1);
                self.complain(format!("a connection broke: {error}"));
                match Line::open(self.address).await {
                    Ok(new) => line = new,
                    Err(_) => return,
                }
            }
        }
    }

    async fn one(&self, line: &mut Line, number: usize, due: Instant) -> std::io::Result<()> {
        let answer = line.exchange(self.ring.request(number)).await?;
        let took = u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX);
        self.times.borrow_mut().push(took);
        if answer.status != 200 {
            self.failed.set(self.failed.get() + 1);
            self.complain(format!("status {}: {}", answer.status, String::from_utf8_lossy(answer.body)));
            return Ok(());
        }
        self.acknowledged.set(self.acknowledged.get() + 1);
        let document = self.ring.document(number);
        let place = usize::try_from(document - self.ring.mix.first_document).unwrap_or(usize::MAX);
        if let Some(seen) = self.documents.borrow_mut().get_mut(place) {
            *seen = true;
        }
        if number.is_multiple_of(CHECKED) {
            self.check(document, answer.body);
        }
        Ok(())
    }

    fn check(&self, document: u64, body: &[u8]) {
        let (openid, expected) = self.ring.expected(document);
        let expected = expected.map(wechat::Reply::text);
        match self.ring.receiver.read_answer(body, openid) {
            Ok(answer) if answer == expected => self.checked.set(self.checked.get() + 1),
            Ok(answer) => self.complain(format!("answered {answer:?} where {expected:?} is right")),
            Err(error) => self.complain(error.to_string()),
        }
    }

    fn complain(&self, what: String) {
        let mut wrong = self.wrong.borrow_mut();
        if wrong.len() < 5 {
            wrong.push(what);
        }
    }
}
