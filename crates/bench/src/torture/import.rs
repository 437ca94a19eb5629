//! The followers of an account are read while the hub is killed; more come in between, and it is read again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use store::sql;

use super::{Verdict, books::Books, killer};
use crate::{
    Result,
    hub::{Api, Bound, Choice, Place, prepare},
    import::begin,
    lot::Lot,
    sandbox::Sandbox,
};

/// Fans at first, and fans more whenever an import is over before the kills are.
const FANS: u64 = 10_000;
const MORE: u64 = 2_000;
/// Makes each call so slow that an import lasts for several lives.
const LATENCY_MS: u64 = 10;
const PATIENCE: Duration = Duration::from_secs(180);

pub async fn run(choice: &Choice, kills: u64, seed: u64) -> Result<Verdict> {
    let folder = tempfile::tempdir()?;
    let sandbox = Arc::new(Sandbox::start(folder.path()).await?);
    let place = Place::new(choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = Arc::new(prepare(&api, &sandbox, FANS).await?);
    for path in ["/cgi-bin/user/get", "/cgi-bin/user/info/batchget"] {
        sandbox
            .post("/faults", json!({ "where": { "path": path }, "what": { "kind": "latency", "ms": LATENCY_MS } }))
            .await?;
    }
    hub.stop().await?;

    let over = Arc::new(AtomicBool::new(false));
    let fans = Arc::new(AtomicU64::new(FANS));
    let imports = Arc::new(AtomicU64::new(0));
    let asking =
        tokio::spawn(ask(api.clone(), sandbox.clone(), bound.clone(), fans.clone(), imports.clone(), over.clone()));
    // An import that comes to its end between the kills has gone on after some of them.
    let enough =
        || (imports.load(Ordering::Relaxed) == 0).then(|| "no import was over before the last kill".to_owned());
    let killed = killer::kill(&place, kills, &mut Lot::new(seed), enough).await?;
    over.store(true, Ordering::Relaxed);
    asking.await?;
    let hub = place.serve().await?;
    let total = fans.load(Ordering::Relaxed);
    let took = last(&api, &bound).await?;
    println!(
        "import: {} were over before the last kill; the last one was over {:.1} s after it",
        imports.load(Ordering::Relaxed),
        took.as_secs_f64()
    );

    let mut books = Books::close(&place, hub).await?;
    let mut verdict = Verdict {
        what: "import",
        kills: killed.kills,
        ready: killed.ready,
        attempted: total,
        acknowledged: total,
        ..Verdict::default()
    };
    check(&mut books, total, &mut verdict).await?;
    verdict.faults.extend(books.faults);
    verdict.faults.extend(killed.too_little.map(|why| format!("the load was too small: {why}")));
    Ok(verdict)
}

/// Asks for the import whenever none is under way, with new fans each time, and counts those that were over.
async fn ask(
    api: Api,
    sandbox: Arc<Sandbox>,
    bound: Arc<Bound>,
    fans: Arc<AtomicU64>,
    imports: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
) {
    let path = format!("/accounts/{}/import", bound.id);
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        // The hub is away for much of the time.
        let Ok(import) = api.get(&path).await else { continue };
        match import["state"].as_str() {
            Some("none") => drop(begin(&api, &bound.id).await),
            Some("done") => {
                imports.fetch_add(1, Ordering::Relaxed);
                if sandbox
                    .post(&format!("/accounts/{}/fans", bound.official.appid), json!({ "count": MORE }))
                    .await
                    .is_ok()
                {
                    fans.fetch_add(MORE, Ordering::Relaxed);
                }
                drop(begin(&api, &bound.id).await);
            }
            _ => {}
        }
    }
}

/// Lets the import that is under way finish, and reads the list once more from the start. How long until the first was over.
async fn last(api: &Api, bound: &Bound) -> Result<Duration> {
    let begun = Instant::now();
    finish(api, bound).await?;
    let took = begun.elapsed();
    begin(api, &bound.id).await?;
    finish(api, bound).await?;
    Ok(took)
}

async fn finish(api: &Api, bound: &Bound) -> Result {
    match tokio::time::timeout(PATIENCE, crate::import::finish(api, &bound.id)).await {
        Ok(finished) => finished,
        Err(_) => {
            let import = api.get(&format!("/accounts/{}/import", bound.id)).await?;
            Err(format!("an import that was interrupted does not go on: {import}").into())
        }
    }
}

/// Every follower has one row, one customer and one import event.
async fn check(books: &mut Books, total: u64, verdict: &mut Verdict) -> Result {
    let fans = books.count(sql("select count(*) from fans where status = 'following'")).await?.cast_unsigned();
    let customers = books.count(sql("select count(*) from customers")).await?.cast_unsigned();
    let events = books.count(sql("select count(*) from events where kind = 'import'")).await?.cast_unsigned();
    let told =
        books.count(sql("select count(distinct customer_id) from events where kind = 'import'")).await?.cast_unsigned();
    verdict.lost = total.saturating_sub(fans) + total.saturating_sub(told);
    verdict.duplicated = fans.saturating_sub(total) + customers.saturating_sub(fans) + (events - told);
    if (fans, customers, events, told) != (total, total, total, total) {
        verdict.faults.push(format!(
            "{total} follow; there are {fans} fans, {customers} customers, {events} import events of {told} customers"
        ));
    }
    Ok(())
}
