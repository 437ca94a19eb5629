//! Senders are killed again and again under a load of every kind of message. The sandbox's journal says what was
//! executed, the ledger what the hub believes.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use kit::{AccountId, SendId};
use store::sql;

use super::{
    Verdict,
    books::Books,
    checker::{self, Blows, Line},
    killer,
    load::{Stage, Told},
};
use crate::{
    Result,
    hub::{Choice, Hub, Kind, Place},
    lot::Lot,
};

/// So many fans for every kill: half of them write, each once.
pub const FANS: u64 = 200;
/// Messages that have to be acknowledged for every kill, or the load says little.
const ENOUGH: u64 = 5;
/// On PostgreSQL nobody takes over from a dead process for 45 seconds; what is to be said again waits up to a minute.
const PATIENCE: Duration = Duration::from_secs(180);

pub async fn run(choice: &Choice, kills: u64, seed: u64) -> Result<Verdict> {
    let stage = Stage::set_up(choice, kills * FANS, kills / 5 + 2).await?;
    let load = stage.load(&[stage.place.url()]);
    let enough = || {
        let heard = load.heard();
        (heard < kills * ENOUGH).then(|| format!("only {heard} messages were acknowledged between the kills"))
    };
    let killed = killer::kill(&stage.place, kills, &mut Lot::new(seed), enough).await?;
    let hub = stage.place.serve().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let told = load.end().await?;
    let what = if choice.database == Kind::Sqlite { "sends" } else { "sends, PostgreSQL" };
    let verdict = Verdict { what, kills: killed.kills, ready: killed.ready, ..Verdict::default() };
    let mut verdict = close(&stage, hub, &told, &killed.at, verdict).await?;
    verdict.faults.extend(killed.too_little.map(|why| format!("the load was too small: {why}")));
    Ok(verdict)
}

/// Lets everything come to its end, ends the hub and checks the books.
pub async fn close(stage: &Stage, hub: Hub, told: &Told, blows: &Blows, mut verdict: Verdict) -> Result<Verdict> {
    let late = settle(&stage.place, PATIENCE).await?;
    let books = Books::close(&stage.place, hub).await?;
    check(&books, stage, told, blows, &mut verdict).await?;
    verdict.faults.extend(books.faults);
    verdict.faults.extend(late);
    stage.place.database.drop_it().await?;
    Ok(verdict)
}

/// Waits until nothing is queued or under way any more. What is after so long.
async fn settle(place: &Place, patience: Duration) -> Result<Option<String>> {
    let store = place.database.open().await?;
    let begun = Instant::now();
    loop {
        // Campaigns that were to begin later do not any more.
        let open = sql("select (select count(*) from sends where state in ('queued', 'sending', 'retrying'))
             + (select count(*) from campaigns where state = 'running' and filled_at is null)");
        let open: i64 = store.read().await?.scalar(open).await?.unwrap_or(0);
        let late = begun.elapsed() > patience;
        if open == 0 || late {
            store.close().await?;
            return Ok(late.then(|| format!("{open} sends or campaigns are still open after {patience:?}")));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn check(books: &Books, stage: &Stage, told: &Told, blows: &Blows, verdict: &mut Verdict) -> Result {
    let lines: Vec<Line> = books
        .all(sql("select tenant_id, id, account_id, openid, service, state, reason, evidence, first_sending_at, settled_at, attempts, campaign_id from sends"))
        .await?;
    let totals = stage.sandbox.totals().await?;
    let (mut custom, mut ids, mut executed) = (HashMap::<&str, u64>::new(), HashSet::new(), 0);
    for line in &lines {
        let key = match line.service.as_str() {
            "custom" => {
                *custom.entry(&line.openid).or_default() += 1;
                stage.custom_key(&line.openid)
            }
            _ => {
                let id =
                    entities::messages::sends::dedupe_id(line.tenant_id, AccountId(line.account_id), SendId(line.id));
                format!("{}:{}:{id}", stage.bound.official.appid, line.openid)
            }
        };
        ids.insert(line.id);
        let total = totals.get(&key).copied().unwrap_or_default();
        let (doubled, fault) = checker::judge(line, total, blows);
        executed += total.executions;
        verdict.duplicated += doubled;
        verdict.unknown += u64::from(line.state == "unknown");
        verdict.recovered += u64::from(checker::is_recovered(line));
        verdict.faults.extend(fault);
    }
    for one in &told.wrote {
        let openid = stage.openid(one.person).ok_or("the sandbox does not know who wrote")?;
        let count = custom.get(openid).copied().unwrap_or(0);
        verdict.lost += u64::from(one.acknowledged && count == 0);
        verdict.duplicated += count.saturating_sub(1);
    }
    for one in &told.asked {
        verdict.lost += u64::from(one.send.is_some_and(|id| !ids.contains(&id)));
        verdict.faults.extend(one.fault.clone());
    }
    let single = lines.iter().filter(|line| line.service != "custom" && line.campaign_id.is_none()).count();
    if single > told.asked.len() {
        verdict.faults.push(format!("{} template messages were asked for, and there are {single}", told.asked.len()));
    }
    campaigns(books, &lines, verdict).await?;
    verdict.attempted += (told.wrote.len() + told.asked.len()) as u64;
    verdict.acknowledged += told.wrote.iter().filter(|one| one.acknowledged).count() as u64;
    verdict.acknowledged += told.asked.iter().filter(|one| one.send.is_some()).count() as u64;
    // What WeChat was told that no line of the ledger speaks of.
    let all: u64 = totals.iter().filter(|(key, _)| is_message(key, stage)).map(|(_, total)| total.executions).sum();
    if all != executed {
        verdict.faults.push(format!("{all} messages were executed, and the ledger knows of {executed}"));
    }
    println!(
        "{}: {} lines in the ledger, {executed} executed, {} unknown, {} recovered",
        verdict.what,
        lines.len(),
        verdict.unknown,
        verdict.recovered
    );
    if verdict.lost > 0 {
        verdict.faults.push(format!("{} acknowledged messages led to no send", verdict.lost));
    }
    if verdict.duplicated > 0 {
        verdict.faults.push(format!("{} sends too many", verdict.duplicated));
    }
    Ok(())
}

/// `<appid>:<openid>:<what>`.
fn is_message(key: &str, stage: &Stage) -> bool {
    key.strip_prefix(stage.bound.official.appid.as_str()).is_some_and(|rest| rest.matches(':').count() == 2)
}

/// Of each campaign that began, everybody of its audience has one line.
async fn campaigns(books: &Books, lines: &[Line], verdict: &mut Verdict) -> Result {
    #[derive(store::FromRow)]
    struct Row {
        id: i64,
        audience: String,
    }
    let rows: Vec<Row> = books.all(sql("select id, audience from campaigns where state <> 'scheduled'")).await?;
    for row in rows {
        let audience: serde_json::Value = serde_json::from_str(&row.audience)?;
        let wanted = audience["openids"].as_array().map_or(0, Vec::len);
        let own: Vec<&str> =
            lines.iter().filter(|line| line.campaign_id == Some(row.id)).map(|line| line.openid.as_str()).collect();
        let people = own.iter().collect::<HashSet<_>>().len();
        verdict.attempted += wanted as u64;
        verdict.acknowledged += wanted as u64;
        verdict.lost += wanted.saturating_sub(people) as u64;
        verdict.duplicated += (own.len() - people) as u64;
    }
    Ok(())
}
