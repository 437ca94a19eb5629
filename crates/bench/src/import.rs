//! Importing the followers of an account: from the first page of the list to the last row.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use store::sql;

use crate::{
    Result,
    callbacks::wait_for_follower,
    hub::{Api, Choice, Kind, Place, prepare},
    machine::{Cost, machine_us},
    sandbox::Sandbox,
    table::{Table, megabytes, per, thousands},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    #[arg(long, default_value_t = 1_000_000)]
    fans: u64,
    /// 100,000, 1,000,000 and 5,000,000 fans, one after the other, to see whether a fan costs more among many.
    #[arg(long)]
    scaling: bool,
}

struct Measured {
    fans: u64,
    took: Duration,
    hub_us: u64,
    database_us: u64,
    sandbox_us: u64,
    /// What everything else on the machine used meanwhile.
    others_us: u64,
    peak: u64,
    bytes: u64,
    follower: Duration,
}

pub async fn run(arguments: Arguments) -> Result {
    let sizes = if arguments.scaling { vec![100_000, 1_000_000, 5_000_000] } else { vec![100_000, arguments.fans] };
    let mut all = Vec::new();
    for fans in sizes {
        all.push(one(&arguments.choice, fans).await?);
    }
    let mut table = Table::new([
        "fans",
        "seconds",
        "fans/s",
        "hub µs a fan",
        "database µs a fan",
        "sandbox µs a fan",
        "others, cores",
        "hub peak MiB",
        "bytes a fan",
        "follower level after s",
    ]);
    for one in &all {
        table.row([
            thousands(one.fans),
            format!("{:.1}", one.took.as_secs_f64()),
            thousands((one.fans as f64 / one.took.as_secs_f64()) as u64),
            format!("{:.1}", per(one.hub_us, one.fans)),
            format!("{:.1}", per(one.database_us, one.fans)),
            format!("{:.1}", per(one.sandbox_us, one.fans)),
            format!("{:.2}", one.others_us as f64 / one.took.as_micros() as f64),
            megabytes(one.peak),
            format!("{:.0}", per(one.bytes, one.fans)),
            format!("{:.1}", one.follower.as_secs_f64()),
        ]);
    }
    println!("{:?}", arguments.choice.database);
    table.print();
    if let (Some(first), Some(last)) = (all.first(), all.last()) {
        let ratio = per(last.hub_us + last.database_us, last.fans) / per(first.hub_us + first.database_us, first.fans);
        println!(
            "a fan among {} costs {ratio:.2} times as much CPU as one among {}",
            thousands(last.fans),
            thousands(first.fans)
        );
    }
    Ok(())
}

async fn one(choice: &Choice, fans: u64) -> Result<Measured> {
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path()).await?;
    let place = Place::new(choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    // Nobody follows yet: the import that a binding begins by itself is over when the clock starts.
    let bound = prepare(&api, &sandbox, 0).await?;
    sandbox.post(&format!("/accounts/{}/fans", bound.official.appid), json!({ "count": fans })).await?;

    let before: (Cost, Cost, u64, u64) = (hub.cost(), sandbox.cost(), place.database.cpu_us(), machine_us());
    let begun = Instant::now();
    begin(&api, &bound.id).await?;
    finish(&api, &bound.id).await?;
    let took = begun.elapsed();
    let after = (hub.cost(), sandbox.cost(), place.database.cpu_us(), machine_us());
    let follower = wait_for_follower(&place.database, Duration::from_secs(1200)).await?;
    check(&place, bound.number()?, fans).await?;
    hub.stop().await?;
    let bytes = if choice.database == Kind::Sqlite {
        std::fs::metadata(place.folder.path().join("hongyan.db"))?.len()
    } else {
        0
    };
    place.database.drop_it().await?;
    let (hub_us, sandbox_us) = (after.0.cpu_us - before.0.cpu_us, after.1.cpu_us - before.1.cpu_us);
    let database_us = after.2.saturating_sub(before.2);
    let others_us = (after.3 - before.3).saturating_sub(hub_us + sandbox_us + database_us);
    Ok(Measured { fans, took, hub_us, database_us, sandbox_us, others_us, peak: after.0.rss_peak, bytes, follower })
}

/// Asks for an import.
pub async fn begin(api: &Api, account: &str) -> Result<Json> {
    api.post(&format!("/accounts/{account}/import"), json!({})).await
}

/// Lets the import that a binding begins by itself come and go.
pub async fn settle(api: &Api, account: &str) -> Result {
    for _ in 0..50 {
        let import = api.get(&format!("/accounts/{account}/import")).await?;
        if import["state"] == "done" {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Waits for the import that is under way, if there is one, and fails when it does.
pub async fn finish(api: &Api, account: &str) -> Result {
    loop {
        let import = api.get(&format!("/accounts/{account}/import")).await?;
        match import["state"].as_str() {
            Some("none" | "done") => return Ok(()),
            Some("listing" | "running") => tokio::time::sleep(Duration::from_millis(100)).await,
            _ => return Err(format!("the import stands still: {import}").into()),
        }
    }
}

/// One fan row, one customer and one event for every follower, and no more.
async fn check(place: &Place, account: i64, fans: u64) -> Result {
    let store = place.database.open().await?;
    let counts = [
        ("fans", sql("select count(*) from fans where account_id = ? and status = 'following'").bind(account)),
        ("customers", sql("select count(*) from customers")),
        (
            "customers with a fan",
            sql("select count(distinct customer_id) from fans where account_id = ?").bind(account),
        ),
        ("import events", sql("select count(*) from events where kind = 'import' and account_id = ?").bind(account)),
        ("timeline rows", sql("select count(*) from timeline where kind = 'import'")),
    ];
    for (what, query) in counts {
        let count = store.read().await?.scalar::<i64>(query).await?.unwrap_or(0);
        if count.cast_unsigned() != fans {
            return Err(format!("{fans} follow, and there are {count} {what}").into());
        }
    }
    Ok(store.close().await?)
}
