//! Fans write, and are answered at once and once more afterwards; the hub is killed in between, and answers of
//! WeChat get lost on the way. The sandbox's journal says what was executed, the ledger what the hub believes.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};
use sha1::{Digest, Sha1};
use store::{FromRow, sql};
use tokio::task::JoinSet;

use super::{Verdict, books::Books, killer};
use crate::{
    Result,
    hub::{Api, Bound, Choice, Place, prepare},
    lot::Lot,
    sandbox::{Sandbox, Total},
};

const EVERY: Duration = Duration::from_millis(25);
const WORD: &str = "发票";
const AT_ONCE: &str = "请把抬头发给我们。";
const LATER: &str = "电子发票当天开出，请留意邮箱。";
const CALL: &str = "/cgi-bin/message/custom/send";
/// Each fan writes once. So many for every kill are more than can write meanwhile.
const FANS: u64 = 200;
/// Messages that have to be acknowledged for every kill, or the load says little.
const ENOUGH: u64 = 5;
/// One answer of WeChat in so many is lost.
const LOST: f64 = 0.03;
/// How long a call takes, so that kills find some under way.
const LATENCY_MS: u64 = 25;

/// A fan who wrote once, and what the sandbox saw of it.
struct Wrote {
    person: u64,
    acknowledged: bool,
}

pub async fn run(choice: &Choice, kills: u64, seed: u64) -> Result<Verdict> {
    let folder = tempfile::tempdir()?;
    let sandbox = Arc::new(Sandbox::start(folder.path()).await?);
    let place = Place::new(choice, &sandbox.url).await?;
    let fans = kills * FANS;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = Arc::new(prepare(&api, &sandbox, fans).await?);
    bound.add_rule(&api, WORD, &[AT_ONCE, LATER]).await?;
    sandbox.patch("/push", json!({ "timeout_ms": 4000, "attempts": 3, "pause_ms": 150 })).await?;
    let at = json!({ "path": CALL });
    sandbox.post("/faults", json!({ "where": at, "what": { "kind": "latency", "ms": LATENCY_MS } })).await?;
    sandbox.post("/faults", json!({ "where": at, "what": { "kind": "drop_after" }, "probability": LOST })).await?;
    hub.stop().await?;

    let over = Arc::new(AtomicBool::new(false));
    let heard = Arc::new(AtomicU64::new(0));
    let writing = tokio::spawn(write(sandbox.clone(), bound.clone(), fans, over.clone(), heard.clone()));
    let enough = || {
        let heard = heard.load(Ordering::Relaxed);
        (heard < kills * ENOUGH).then(|| format!("only {heard} messages were acknowledged between the kills"))
    };
    let killed = killer::kill(&place, kills, &mut Lot::new(seed), enough).await?;
    let hub = place.serve().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    over.store(true, Ordering::Relaxed);
    let wrote = writing.await?;

    settle(&place, Duration::from_secs(60)).await?;
    let books = Books::close(&place, hub).await?;
    let mut verdict = Verdict {
        what: "sends",
        kills: killed.kills,
        ready: killed.ready,
        attempted: wrote.len() as u64,
        acknowledged: wrote.iter().filter(|one| one.acknowledged).count() as u64,
        lost: 0,
        duplicated: 0,
        unknown: 0,
        faults: Vec::new(),
    };
    check(&books, &sandbox, &bound, &wrote, &mut verdict).await?;
    verdict.faults.extend(books.faults);
    verdict.faults.extend(killed.too_little.map(|why| format!("the load was too small: {why}")));
    Ok(verdict)
}

/// One fan after the other writes, each once.
async fn write(
    sandbox: Arc<Sandbox>,
    bound: Arc<Bound>,
    fans: u64,
    over: Arc<AtomicBool>,
    heard: Arc<AtomicU64>,
) -> Vec<Wrote> {
    let mut under_way = JoinSet::new();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
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

/// Waits until nothing is queued or under way any more.
async fn settle(place: &Place, patience: Duration) -> Result {
    let store = place.database.open().await?;
    let begun = Instant::now();
    loop {
        let open: i64 = store
            .read()
            .await?
            .scalar(sql("select count(*) from sends where state in ('queued', 'sending')"))
            .await?
            .unwrap_or(0);
        if open == 0 {
            return Ok(store.close().await?);
        }
        if begun.elapsed() > patience {
            return Err(format!("{open} sends are still open a minute after the last kill").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[derive(FromRow)]
struct Line {
    openid: String,
    state: String,
    reason: Option<String>,
    evidence: Option<String>,
}

async fn check(books: &Books, sandbox: &Sandbox, bound: &Bound, wrote: &[Wrote], verdict: &mut Verdict) -> Result {
    let openids =
        openids(sandbox, &bound.official.appid, wrote.iter().map(|one| one.person).max().unwrap_or(0)).await?;
    let lines: Vec<Line> = books.all(sql("select openid, state, reason, evidence from sends")).await?;
    let mut ledger: HashMap<&str, Vec<&Line>> = HashMap::new();
    for line in &lines {
        ledger.entry(&line.openid).or_default().push(line);
    }
    let digest = Sha1::digest(LATER.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    let totals = sandbox.totals().await?;
    for one in wrote {
        let Some(openid) = openids.get(&one.person) else { return Err("the sandbox does not know who wrote".into()) };
        let executed = totals.get(&format!("{}:{openid}:{digest}", bound.official.appid)).copied().unwrap_or_default();
        let lines = ledger.get(openid.as_str()).map(Vec::as_slice).unwrap_or_default();
        verdict.lost += u64::from(one.acknowledged && lines.is_empty());
        verdict.duplicated += (lines.len() as u64).saturating_sub(1) + executed.executions.saturating_sub(1);
        verdict.faults.extend(lines.first().and_then(|line| fault(line, executed)));
        verdict.unknown += lines.iter().filter(|line| line.state == "unknown").count() as u64;
    }
    let executed: u64 =
        totals.iter().filter(|(key, _)| key.ends_with(&digest)).map(|(_, total)| total.executions).sum();
    println!("sends: {} in the ledger, {executed} executed, {} unknown", lines.len(), verdict.unknown);
    if verdict.lost > 0 {
        verdict.faults.push(format!("{} acknowledged messages led to no send", verdict.lost));
    }
    if verdict.duplicated > 0 {
        verdict.faults.push(format!("{} sends too many", verdict.duplicated));
    }
    Ok(())
}

/// What the ledger says against what was executed.
fn fault(line: &Line, executed: Total) -> Option<String> {
    let count = executed.executions;
    let fine = match line.state.as_str() {
        "sent" => count == 1,
        "refused" => count == 0,
        "unknown" => {
            count <= 1
                && matches!(line.reason.as_deref(), Some("process_died" | "answer_lost"))
                && line.evidence.is_some()
        }
        _ => false,
    };
    (!fine).then(|| {
        format!(
            "a send is {} ({}) and was executed {count} times",
            line.state,
            line.reason.as_deref().unwrap_or("no reason")
        )
    })
}

/// What the account calls each person.
async fn openids(sandbox: &Sandbox, appid: &str, last: u64) -> Result<HashMap<u64, String>> {
    let mut known = HashMap::new();
    for offset in (0..=last).step_by(500) {
        known.extend(sandbox.people(appid, offset).await?.into_iter().map(|one| (one.person, one.openid)));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_must_agree_with_what_was_executed() {
        let found = |state: &str, reason: Option<&str>, evidence: Option<&str>, executions: u64| {
            let line = Line {
                openid: "o".into(),
                state: state.into(),
                reason: reason.map(Into::into),
                evidence: evidence.map(Into::into),
            };
            fault(&line, Total { executions }).is_some()
        };
        for (state, reason, executions, wrong) in [
            ("sent", None, 1, false),
            ("sent", None, 0, true),
            ("sent", None, 2, true),
            ("refused", Some("window_closed"), 0, false),
            ("refused", Some("window_closed"), 1, true),
            ("unknown", Some("process_died"), 0, false),
            ("unknown", Some("answer_lost"), 1, false),
            ("unknown", Some("answer_lost"), 2, true),
            ("unknown", None, 1, true),
            ("sending", None, 0, true),
            ("queued", None, 0, true),
        ] {
            assert_eq!(
                found(state, reason, Some("what is known"), executions),
                wrong,
                "{state} {reason:?} {executions}"
            );
        }
        assert!(found("unknown", Some("process_died"), None, 0));
    }
}
