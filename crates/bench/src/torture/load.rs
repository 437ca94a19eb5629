//! The load under which senders die: fans write and are answered once more by a customer-service message, a program
//! asks for template messages again and again until it hears an answer, and campaigns begin one after the other. WeChat takes
//! its time, loses some of its answers, and reports on every template message.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value as Json, json};
use sha1::{Digest, Sha1};
use store::{FromRow, sql};
use tokio::{
    task::{JoinHandle, JoinSet},
    time::{Interval, MissedTickBehavior},
};

use crate::{
    Result,
    hub::{Api, Bound, Choice, Place, prepare, text},
    import::finish,
    lot::{Lot, mix},
    machine::now_ms,
    sandbox::Sandbox,
};

const FANS_WRITE_EVERY: Duration = Duration::from_millis(25);
const ASKED_EVERY: Duration = Duration::from_millis(50);
const WORD: &str = "发票";
const AT_ONCE: &str = "请把抬头发给我们。";
const LATER: &str = "电子发票当天开出，请留意邮箱。";
pub const CUSTOM: &str = "/cgi-bin/message/custom/send";
pub const TEMPLATE: &str = "/cgi-bin/message/template/send";
/// One answer of WeChat in so many is lost.
const LOST: f64 = 0.03;
/// How long a call takes, so that some are under way at every instant.
const LATENCY_MS: u64 = 25;
/// A campaign goes to so many, and the next begins so much later.
const AUDIENCE: usize = 300;
const NEXT_CAMPAIGN_MS: i64 = 5_000;

/// A sandbox and a place for hubs, with an account that may send everything.
pub struct Stage {
    pub sandbox: Arc<Sandbox>,
    pub place: Place,
    pub api: Api,
    pub bound: Arc<Bound>,
    /// The fans' openids and customers, by person.
    people: Arc<Vec<Person>>,
    template: String,
    _folder: tempfile::TempDir,
}

struct Person {
    openid: String,
    customer: i64,
}

#[derive(FromRow)]
struct Fan {
    openid: String,
    customer_id: i64,
}

impl Stage {
    /// An account with so many fans, all of them known to the hub, and so many campaigns to begin. No hub runs afterwards.
    pub async fn set_up(choice: &Choice, fans: u64, campaigns: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let sandbox = Arc::new(Sandbox::start(folder.path()).await?);
        let place = Place::new(choice, &sandbox.url).await?;
        let hub = place.serve().await?;
        let api = Api::set_up(&place.url()).await?;
        let bound = Arc::new(prepare(&api, &sandbox, fans).await?);
        finish(&api, &bound.id).await?;
        bound.add_rule(&api, WORD, &[AT_ONCE, LATER]).await?;
        let wanted = json!({ "kind": "template", "short_id": "42984", "keywords": ["订单编号", "商品名称"] });
        let added = api.post(&format!("/accounts/{}/templates", bound.id), wanted).await?;
        let template = text(&added, "wechat_id")?.to_owned();
        sandbox.patch("/push", json!({ "timeout_ms": 4000, "attempts": 3, "pause_ms": 150 })).await?;
        hub.stop().await?;
        let people = people(&place, &sandbox, &bound).await?;
        let stage = Self { sandbox, place, api, bound, people: Arc::new(people), template, _folder: folder };
        stage.schedule(campaigns).await?;
        for path in [CUSTOM, TEMPLATE] {
            stage.fault(path, json!({ "kind": "latency", "ms": LATENCY_MS }), 1.0).await?;
            stage.fault(path, json!({ "kind": "drop_after" }), LOST).await?;
            stage.fault(path, json!({ "kind": "drop_before" }), LOST).await?;
        }
        Ok(stage)
    }

    async fn fault(&self, path: &str, what: Json, probability: f64) -> Result {
        let fault = json!({ "where": { "path": path }, "what": what, "probability": probability });
        self.sandbox.post("/faults", fault).await?;
        Ok(())
    }

    /// Campaigns that begin one after the other from now on, each to some of the fans.
    pub async fn schedule(&self, count: u64) -> Result {
        let store = self.place.database.open().await?;
        let account = self.bound.number()?;
        let tenant: i64 = store
            .read()
            .await?
            .scalar(sql("select tenant_id from accounts where id = ?").bind(account))
            .await?
            .ok_or("there is no such account")?;
        let tx = store.write().await?;
        let now = now_ms();
        for number in 0..count {
            let mut lot = Lot::new(mix(now.cast_unsigned() ^ number));
            let first = lot.below(self.people.len() as u64) as usize;
            let openids: Vec<&str> = (0..AUDIENCE.min(self.people.len()))
                .map(|n| self.people[(first + n * 7) % self.people.len()].openid.as_str())
                .collect();
            let name = if number % 2 == 0 { "{{customer.name|手工陶瓷杯}}" } else { "手工陶瓷杯" };
            let message = self.message(&now.wrapping_add(number.cast_signed()).to_string(), name);
            let query = sql("insert into campaigns (tenant_id, id, account_id, name, service, message, audience, state, on_quota, starts_at, grace_ms, created_by, created_at, version)
                 values (?, ?, ?, 'torture', 'template', ?, ?, 'scheduled', 'wait', ?, 86400000, 'torture', ?, 1)")
            .bind(tenant)
            .bind(now * 1000 + number.cast_signed())
            .bind(account)
            .bind(message.to_string())
            .bind(json!({ "type": "openids", "openids": openids }).to_string())
            .bind(now + NEXT_CAMPAIGN_MS * number.cast_signed())
            .bind(now);
            tx.execute(query).await?;
        }
        tx.commit().await?;
        Ok(store.close().await?)
    }

    fn message(&self, order: &str, thing: &str) -> Json {
        json!({ "type": "template", "template_id": self.template, "data": { "character_string1": order, "thing2": thing } })
    }

    /// Lets it begin, spoken to at these addresses.
    pub fn load(&self, urls: &[String]) -> Load {
        let (over, heard) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let writing =
            write(self.sandbox.clone(), self.bound.clone(), self.people.len() as u64 / 2, over.clone(), heard.clone());
        let apis: Vec<Api> = urls.iter().map(|url| self.api.at(url)).collect();
        let ask = Ask {
            apis,
            account: self.bound.id.clone(),
            template: self.template.clone(),
            over: over.clone(),
            heard: heard.clone(),
        };
        let asking = asks(Arc::new(ask), self.people.clone());
        Load { over, heard, writing: tokio::spawn(writing), asking: tokio::spawn(asking) }
    }

    /// The key under which the sandbox counts the customer-service message to this fan.
    pub fn custom_key(&self, openid: &str) -> String {
        let digest: String = Sha1::digest(LATER.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}:{openid}:{digest}", self.bound.official.appid)
    }

    pub fn openid(&self, person: u64) -> Option<&str> {
        self.people.get(usize::try_from(person).ok()?).map(|person| person.openid.as_str())
    }
}

/// Who the fans are, in the order of the sandbox's people.
async fn people(place: &Place, sandbox: &Sandbox, bound: &Bound) -> Result<Vec<Person>> {
    let store = place.database.open().await?;
    let fans: Vec<Fan> = store.read().await?.all(sql("select openid, customer_id from fans")).await?;
    store.close().await?;
    let customers: std::collections::HashMap<String, i64> =
        fans.into_iter().map(|fan| (fan.openid, fan.customer_id)).collect();
    let mut people = Vec::with_capacity(customers.len());
    for offset in (0..customers.len() as u64).step_by(500) {
        for one in sandbox.people(&bound.official.appid, offset).await? {
            let customer = *customers.get(&one.openid).ok_or("a fan was not imported")?;
            people.push((one.person, Person { openid: one.openid, customer }));
        }
    }
    people.sort_by_key(|(person, _)| *person);
    Ok(people.into_iter().map(|(_, person)| person).collect())
}

/// What goes on until it is told to end.
pub struct Load {
    over: Arc<AtomicBool>,
    heard: Arc<AtomicU64>,
    writing: JoinHandle<Vec<Wrote>>,
    asking: JoinHandle<Vec<Asked>>,
}

/// A fan who wrote once.
pub struct Wrote {
    pub person: u64,
    pub acknowledged: bool,
}

/// A template message that was asked for; the send that was said to be in line, if an answer was heard.
pub struct Asked {
    pub send: Option<i64>,
    pub fault: Option<String>,
}

/// All that was said and asked.
pub struct Told {
    pub wrote: Vec<Wrote>,
    pub asked: Vec<Asked>,
}

impl Load {
    /// So much was acknowledged up to now.
    pub fn heard(&self) -> u64 {
        self.heard.load(Ordering::Relaxed)
    }

    pub async fn end(self) -> Result<Told> {
        self.over.store(true, Ordering::Relaxed);
        Ok(Told { wrote: self.writing.await?, asked: self.asking.await? })
    }
}

fn ticks(every: Duration) -> Interval {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    ticks
}

/// One fan after the other writes, each once.
async fn write(
    sandbox: Arc<Sandbox>,
    bound: Arc<Bound>,
    fans: u64,
    over: Arc<AtomicBool>,
    heard: Arc<AtomicU64>,
) -> Vec<Wrote> {
    let (mut under_way, mut ticks) = (JoinSet::new(), ticks(FANS_WRITE_EVERY));
    for person in 0..fans {
        if over.load(Ordering::Relaxed) {
            break;
        }
        ticks.tick().await;
        let (sandbox, appid, heard) = (sandbox.clone(), bound.official.appid.clone(), heard.clone());
        under_way.spawn(async move {
            let path = format!("/accounts/{appid}/fans/{person}/say?wait=true");
            let outcome = sandbox.post(&path, json!({ "text": format!("怎么开{WORD}") })).await.unwrap_or(Json::Null);
            let acknowledged = matches!(outcome["outcome"].as_str(), Some("answered" | "silent"));
            heard.fetch_add(u64::from(acknowledged), Ordering::Relaxed);
            Wrote { person, acknowledged }
        });
    }
    under_way.join_all().await
}

struct Ask {
    apis: Vec<Api>,
    account: String,
    template: String,
    over: Arc<AtomicBool>,
    heard: Arc<AtomicU64>,
}

/// One fan after the other, from the end, is to get a template message.
async fn asks(ask: Arc<Ask>, people: Arc<Vec<Person>>) -> Vec<Asked> {
    let (mut under_way, mut ticks) = (JoinSet::new(), ticks(ASKED_EVERY));
    for number in 0..people.len() {
        if ask.over.load(Ordering::Relaxed) {
            break;
        }
        ticks.tick().await;
        let (ask, customer) = (ask.clone(), people[people.len() - 1 - number].customer);
        under_way.spawn(async move { one(&ask, number, customer).await });
    }
    under_way.join_all().await
}

/// Asks under one key until there is an answer. An answer to a later try is the answer to the first.
async fn one(ask: &Ask, number: usize, customer: i64) -> Asked {
    let data = json!({ "character_string1": number.to_string(), "thing2": "手工陶瓷杯" });
    let message = json!({ "type": "template", "template_id": ask.template, "data": data });
    let body = json!({ "account_id": ask.account, "customer_id": customer.to_string(), "message": message });
    let key = format!("torture-{number}");
    let mut asked = Asked { send: None, fault: None };
    for attempt in 0.. {
        let api = &ask.apis[(number + attempt) % ask.apis.len()];
        match api.post_once("/template-messages", &body, &key).await {
            Ok(answer) => {
                ask.heard.fetch_add(1, Ordering::Relaxed);
                match text(&answer, "id").map(str::parse) {
                    Ok(Ok(id)) => asked.send = Some(id),
                    _ => asked.fault = Some(format!("a template message was answered with {answer}")),
                }
                break;
            }
            Err(_) if ask.over.load(Ordering::Relaxed) => break,
            // The hub is away, or another is still at it.
            Err(_) => tokio::time::sleep(Duration::from_millis(150)).await,
        }
    }
    asked
}
