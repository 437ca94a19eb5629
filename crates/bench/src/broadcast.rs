//! The check before a broadcast over many fans: who has had how many of the month's four.
//!
//! The fans are written straight into the database, with a month in which three broadcasts went to all and lists to a fifth
//! of them, some four times. Then the hub is asked as the console's check page asks it.

use std::time::Instant;

use serde_json::json;
use store::{Bulk, sql};

use crate::{
    Result,
    console::seed as people,
    hub::{Api, Choice, Place, prepare, text},
    machine::{Database, now_ms},
    sandbox::Sandbox,
    table::{Table, Times, megabytes, thousands},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    #[arg(long, default_value_t = 1_000_000)]
    fans: u64,
    /// Checks of each audience.
    #[arg(long, default_value_t = 40)]
    requests: u64,
}

/// What is aimed at, in milliseconds.
const CHECK_MS: f64 = 1_000.0;
/// The parts of broadcasts that stand for the month.
const PARTS: i64 = 1 << 43;
const CHUNK: usize = 20_480;

pub async fn run(arguments: Arguments) -> Result {
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path()).await?;
    let place = Place::new(&arguments.choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = prepare(&api, &sandbox, 0).await?;
    hub.stop().await?;

    let begun = Instant::now();
    let loaded = people::customers(&place.database, bound.number()?, arguments.fans).await?;
    let rows = month(&place.database, &loaded).await?;
    println!(
        "{} fans, and {} rows of who had what this month, written in {:.0} s, {:?}\n",
        thousands(arguments.fans),
        thousands(rows),
        begun.elapsed().as_secs_f64(),
        arguments.choice.database
    );

    let hub = place.serve().await?;
    let few: Vec<&String> = loaded.openids.iter().step_by(97).take(10_000).collect();
    let mut table = Table::new(["audience", "p50 ms", "p99 ms", "max ms", "fans", "left out"]);
    for (name, audience) in
        [("all", json!({ "type": "all" })), ("10,000 openids", json!({ "type": "openids", "openids": few }))]
    {
        let body = json!({ "account_id": bound.id, "name": "bench", "contents": [{ "type": "text", "text": "你好" }], "audience": audience });
        let made = api.post("/broadcasts", body).await?;
        let path = format!("/broadcasts/{}/check", text(&made, "id")?);
        let (mut times, mut last) = (Vec::new(), json!(null));
        for _ in 0..arguments.requests {
            let begun = Instant::now();
            last = api.post(&path, json!({})).await?;
            times.push(u32::try_from(begun.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        let times = Times::of(times);
        table.row([
            name.to_owned(),
            format!("{:.1}", times.percentile(0.5)),
            format!("{:.1}", times.percentile(0.99)),
            format!("{:.1}", times.max()),
            last["fans"].to_string(),
            last["filtered"].to_string(),
        ]);
        let p99 = times.percentile(0.99);
        println!("the check of {name}: p99 {p99:.1} ms of {CHECK_MS:.0} ms, {:.0} %", p99 / CHECK_MS * 100.0);
    }
    println!();
    table.print();
    println!("memory of the hub at most: {} MiB", megabytes(hub.cost().rss_peak));
    hub.stop().await?;
    place.database.drop_it().await
}

/// A month behind it: three to all; to every fifth fan two by lists, and to every twentieth four. How many rows.
async fn month(database: &Database, loaded: &people::Loaded) -> Result<u64> {
    let store = database.open().await?;
    let tenant: i64 = store
        .read()
        .await?
        .scalar(sql("select tenant_id from accounts where id = ?").bind(loaded.account))
        .await?
        .ok_or("there is no such account")?;
    let now = now_ms();
    let month = entities::calendar::month(now);
    let tx = store.write().await?;
    let query = sql("insert into broadcasts (tenant_id, id, account_id, name, contents, audience, ignore_reprint, on_quota, state, fans, held_out, grace_ms, phase, created_by, created_at, started_at, version)
         values (?, ?, ?, 'month', '[{\"type\":\"text\",\"text\":\"a\"}]', '{\"type\":\"all\"}', false, 'wait', 'done', 0, 0, 0, 1, 'bench', ?, ?, 1)")
        .bind(tenant)
        .bind(PARTS)
        .bind(loaded.account)
        .bind(now)
        .bind(now);
    tx.execute(query).await?;
    for n in 0..7 {
        let query = sql("insert into broadcast_parts (tenant_id, id, broadcast_id, account_id, position, phase, way, fans, clientmsgid, state, attempts, due_at, submitted_at, counted_at)
             values (?, ?, ?, ?, ?, 1, ?, 0, 'bench', 'sent', 1, ?, ?, ?)")
            .bind(tenant)
            .bind(PARTS + n)
            .bind(PARTS)
            .bind(loaded.account)
            .bind(n)
            .bind(if n < 3 { "all" } else { "list" })
            .bind(now)
            .bind(now)
            .bind(now);
        tx.execute(query).await?;
    }
    tx.commit().await?;
    let mut rows = 0;
    let had = |at: usize| match at {
        at if at.is_multiple_of(20) => 4,
        at if at.is_multiple_of(5) => 2,
        _ => 0,
    };
    for begin in (0..loaded.openids.len()).step_by(CHUNK) {
        let mut bulk = Bulk::into("broadcast_fans", &["tenant_id", "account_id", "month", "openid", "part_id"]);
        for at in begin..(begin + CHUNK).min(loaded.openids.len()) {
            for n in 0..had(at) {
                let openid = loaded.openids[at].as_str();
                bulk.row([tenant.into(), loaded.account.into(), month.into(), openid.into(), (PARTS + 3 + n).into()]);
                rows += 1;
            }
        }
        let tx = store.write().await?;
        tx.bulk(bulk).await?;
        tx.commit().await?;
    }
    store.learn_sizes().await?;
    store.close().await?;
    Ok(rows)
}
