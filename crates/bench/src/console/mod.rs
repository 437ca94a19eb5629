//! What the console asks for, over many customers with a long history: how long a page takes.
//!
//! The customers and the event log are written straight into the database; the index by customer, last-seen
//! and the search over what was said are built by the hub itself, which is timed too.

mod first_load;
pub mod measure;
pub mod seed;
mod words;

use std::time::{Duration, Instant};

use crate::{
    Result,
    callbacks::wait_for_follower,
    hub::{Api, Bound, Choice, Kind, Place, prepare},
    sandbox::Sandbox,
    table::{Table, megabytes, per, thousands},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    #[arg(long, default_value_t = 1_000_000)]
    customers: u64,
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Requests of each kind.
    #[arg(long, default_value_t = 200)]
    requests: u64,
}

pub async fn run(arguments: Arguments) -> Result {
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path()).await?;
    let place = Place::new(&arguments.choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = prepare(&api, &sandbox, 0).await?;
    hub.stop().await?;

    let loaded = load(&arguments, &place, &bound).await?;

    let hub = place.serve().await?;
    let before = hub.cost();
    let followed = wait_for_follower(&place.database, Duration::from_secs(3600)).await?;
    let follower_us = hub.cost().cpu_us - before.cpu_us;
    println!(
        "follower: {} events indexed in {:.0} s, {} a second, {:.1} µs CPU an event\n",
        thousands(arguments.events),
        followed.as_secs_f64(),
        thousands((arguments.events as f64 / followed.as_secs_f64()) as u64),
        per(follower_us, arguments.events)
    );

    let mut table = Table::new(["page", "p50 ms", "p99 ms", "max ms", "rows", "CPU µs"]);
    let mut refused = Vec::new();
    for page in measure::pages(&bound, &loaded) {
        let took = match measure::time(&api, &hub, &page, arguments.requests).await {
            Ok(took) => took,
            Err(error) => {
                refused.push(format!("{}: {error}", page.name));
                continue;
            }
        };
        table.row([
            page.name.to_owned(),
            format!("{:.1}", took.times.percentile(0.5)),
            format!("{:.1}", took.times.percentile(0.99)),
            format!("{:.1}", took.times.max()),
            format!("{:.1}", per(took.rows, arguments.requests)),
            format!("{:.0}", per(took.cpu_us, arguments.requests)),
        ]);
    }
    table.print();
    first_load::print(&place.url()).await?;
    println!("memory of the hub at most: {} MiB", megabytes(hub.cost().rss_peak));
    hub.stop().await?;
    place.database.drop_it().await?;
    if refused.is_empty() { Ok(()) } else { Err(refused.join("; ").into()) }
}

async fn load(arguments: &Arguments, place: &Place, bound: &Bound) -> Result<seed::Loaded> {
    let begun = Instant::now();
    let loaded = seed::customers(&place.database, bound.number()?, arguments.customers).await?;
    let customers = begun.elapsed();
    seed::events(&place.database, &loaded, arguments.events).await?;
    println!(
        "{} customers written in {:.0} s, {} events in {:.0} s, {:?}",
        thousands(arguments.customers),
        customers.as_secs_f64(),
        thousands(arguments.events),
        (begun.elapsed() - customers).as_secs_f64(),
        arguments.choice.database
    );
    if arguments.choice.database == Kind::Sqlite {
        let size = std::fs::metadata(place.folder.path().join("hongyan.db"))?.len();
        println!("database file before indexing: {} MiB", megabytes(size));
    }
    Ok(loaded)
}
