//! What WeChat sends to developers, and what becomes of their answers.
//!
//! Each fan has a queue: their next message waits until the last one has been
//! dealt with. A push goes to the account's own address, if it has one, and to
//! the platform that holds set 1. It is tried three times, five seconds each,
//! signed anew every time; the answer is checked as strictly as WeChat does and
//! shown in the chat, or a grey line is, if the fan was waiting for one.

pub(crate) mod component;
mod deliver;
pub(crate) mod document;
mod reply;

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, oneshot};
use utoipa::ToSchema;
use wechat::wire::Fields;

use crate::faults::{FaultKind, What};
use crate::sandbox::{Error, Sandbox, lock};
use crate::world::ChatItem;
use crate::world::chat::From;
pub(crate) use deliver::{Delivered, Target, with_query};

const RECORDS: usize = 5000;
/// Deliveries under way at once.
const AT_ONCE: usize = 512;
/// Who stands behind pushes that no fan set off: somebody who runs the account, whom it does not know as a fan.
pub(crate) const OPERATOR: u64 = u64::MAX;
/// What the fan sees when the account does not answer as it should.
const FAILURE: &str = "该公众号提供的服务出现故障，请稍后再试";

/// One attempt to deliver something.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct PushRecord {
    pub id: u64,
    pub at_ms: i64,
    pub appid: String,
    pub openid: Option<String>,
    /// The kind of message, or the name of the event.
    pub what: String,
    pub attempt: u32,
    pub url: String,
    /// `None`: no answer came.
    pub status: Option<u16>,
    pub elapsed_ms: u64,
    /// `answered`, `silent`, `timeout`, `unreachable`, `http_error`, `bad_answer`.
    pub outcome: String,
    pub reason: Option<String>,
}

/// What became of a push.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Outcome {
    /// `answered`, `silent`, `failed`, or `not_pushed` when there is nowhere to push it.
    pub outcome: String,
    pub attempts: u32,
    /// What the account said in answer.
    pub answer: Option<ChatItem>,
    pub elapsed_ms: u64,
}

/// A push that waits for its turn.
pub(crate) struct Job {
    pub appid: String,
    pub person: u64,
    pub what: String,
    pub document: Fields<'static>,
    /// The fan is waiting: an answer is shown, and so is its failing.
    pub speaks: bool,
    /// Articles an answer may have.
    pub articles: usize,
    pub done: oneshot::Sender<Outcome>,
}

/// A job with what is to go wrong with it.
struct Queued {
    job: Job,
    faults: Vec<What>,
}

#[derive(Default)]
struct Records {
    rows: VecDeque<PushRecord>,
    last_id: u64,
}

pub(crate) struct Engine {
    client: reqwest::Client,
    queues: Mutex<HashMap<(String, u64), VecDeque<Queued>>>,
    at_once: Semaphore,
    records: Mutex<Records>,
}

impl Engine {
    #[expect(clippy::disallowed_methods, reason = "these calls are WeChat's, not ours")]
    pub fn new() -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tcp_nodelay(true)
            .pool_max_idle_per_host(AT_ONCE)
            .user_agent("Mozilla/4.0")
            .build()?;
        Ok(Self { client, queues: Mutex::default(), at_once: Semaphore::new(AT_ONCE), records: Mutex::default() })
    }

    /// The client that stands for WeChat's servers.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Attempts after `after`, oldest first: the last `limit` of them when `after` is not given.
    pub fn records(&self, after: Option<u64>, limit: usize, wanted: impl Fn(&PushRecord) -> bool) -> Vec<PushRecord> {
        let records = lock(&self.records);
        match after {
            Some(after) => {
                records.rows.iter().filter(|row| row.id > after && wanted(row)).take(limit).cloned().collect()
            }
            None => {
                let mut last: Vec<_> =
                    records.rows.iter().rev().filter(|row| wanted(row)).take(limit).cloned().collect();
                last.reverse();
                last
            }
        }
    }

    fn record(&self, mut row: PushRecord) -> PushRecord {
        let mut records = lock(&self.records);
        records.last_id += 1;
        row.id = records.last_id;
        if records.rows.len() == RECORDS {
            records.rows.pop_front();
        }
        records.rows.push_back(row.clone());
        row
    }
}

impl Sandbox {
    /// Puts a push at the end of its fan's queue.
    pub(crate) fn push(&self, job: Job) {
        let faults = lock(&self.0.faults).draw(true, &job.what, Some(&job.appid));
        if let Some(late) = faults.iter().find(|fault| fault.kind == FaultKind::LatePush) {
            let (sandbox, wait) = (self.clone(), Duration::from_millis(late.ms.unwrap_or(3000)));
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                sandbox.work(job, &faults).await;
            });
            return;
        }
        let key = (job.appid.clone(), job.person);
        let job = Queued { job, faults };
        let mut queues = lock(&self.0.engine.queues);
        match queues.get_mut(&key) {
            Some(queue) => queue.push_back(job),
            None => {
                queues.insert(key.clone(), VecDeque::from([job]));
                tokio::spawn(self.clone().work_off(key));
            }
        }
    }

    /// Works off one fan's queue until it is empty.
    async fn work_off(self, key: (String, u64)) {
        while let Some(Queued { job, faults }) = self.0.engine.next(&key) {
            if let Some(fault) = faults.iter().find(|fault| fault.kind == FaultKind::ReorderPush) {
                let wait = Duration::from_millis(fault.ms.unwrap_or(2000));
                if let Some(other) = self.0.engine.another(&key, wait).await {
                    self.work(other.job, &other.faults).await;
                }
            }
            self.work(job, &faults).await;
        }
    }

    /// Delivers one push everywhere it goes, and shows what comes of it.
    async fn work(&self, job: Job, faults: &[What]) {
        let started = Instant::now();
        let targets = deliver::targets(&self.world(), &job.appid);
        let delivered =
            futures::future::join_all(targets.iter().map(|target| deliver::deliver(self, target, &job))).await;
        for _ in faults.iter().filter(|fault| fault.kind == FaultKind::DuplicatePush) {
            // Whatever is answered to a copy is not looked at.
            futures::future::join_all(targets.iter().map(|target| deliver::attempt(self, target, &job, 1))).await;
        }
        let attempts = delivered.iter().map(|(_, attempts)| *attempts).max().unwrap_or(0);
        let mut outcome = "not_pushed";
        let mut answer = None;
        for (delivered, _) in delivered {
            match delivered {
                Delivered::Answered(reply) => {
                    let shown = if job.speaks { self.show(&job, *reply) } else { Ok(None) };
                    match shown {
                        Ok(item) => (outcome, answer) = ("answered", item.or(answer)),
                        Err(reason) => {
                            self.fail(&job, reason);
                            outcome = better(outcome, "failed");
                        }
                    }
                }
                Delivered::Silent => outcome = better(outcome, "silent"),
                Delivered::Failed(reason) => {
                    self.fail(&job, reason);
                    outcome = better(outcome, "failed");
                }
            }
        }
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        if outcome != "not_pushed" && job.person != OPERATOR {
            self.world().count_answer(&job.appid, outcome == "failed", elapsed_ms);
        }
        // Whoever set it off may not be waiting any more.
        let _ = job.done.send(Outcome { outcome: outcome.to_owned(), attempts, answer, elapsed_ms });
    }

    /// The answer in the chat, if the files it names are there.
    fn show(&self, job: &Job, reply: reply::Reply) -> Result<Option<ChatItem>, String> {
        let mut world = self.world();
        let mut item = reply.item;
        for (id, kinds, thumb) in reply.media {
            let media = world.usable_media(&job.appid, &id).filter(|media| kinds.contains(&&*media.kind));
            let media = media.ok_or_else(|| {
                format!("the media_id of the {} is not known, not of that kind, or expired", item.kind)
            })?;
            let url = Some(world.file_url(&media.id));
            if thumb {
                item.thumb_url = url;
            } else {
                item.media_url = url;
            }
        }
        item.via = Some("passive".to_owned());
        item.id = world.hear(&job.appid, job.person, item.clone());
        item.at_ms = world.now_ms();
        Ok(Some(item))
    }

    /// The grey line, for a fan who was waiting.
    fn fail(&self, job: &Job, reason: String) {
        if job.speaks {
            let item = ChatItem {
                text: Some(FAILURE.to_owned()),
                reason: Some(reason),
                ..ChatItem::new(From::System, "failure")
            };
            self.world().hear(&job.appid, job.person, item);
        }
    }
}

/// Of two outcomes at two targets, the one that counts.
fn better(a: &'static str, b: &'static str) -> &'static str {
    let rank = |outcome| ["not_pushed", "failed", "silent", "answered"].iter().position(|known| *known == outcome);
    if rank(a) >= rank(b) { a } else { b }
}

impl Engine {
    /// The front of a queue; an empty queue goes away.
    fn next(&self, key: &(String, u64)) -> Option<Queued> {
        let mut queues = lock(&self.queues);
        let job = queues.get_mut(key).and_then(VecDeque::pop_front);
        if job.is_none() {
            queues.remove(key);
        }
        job
    }

    /// The next job of the fan, if one comes within the time.
    async fn another(&self, key: &(String, u64), within: Duration) -> Option<Queued> {
        let end = Instant::now() + within;
        loop {
            let job = lock(&self.queues).get_mut(key).and_then(VecDeque::pop_front);
            if job.is_some() || Instant::now() >= end {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}
