//! Starting on an empty database, starting again, and doing nothing.

use std::time::Duration;

use crate::{
    Result,
    hub::{Choice, Kind, Place},
    table::{Table, megabytes},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// How long to watch it do nothing.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

pub async fn run(arguments: Arguments) -> Result {
    // Nobody answers there: an idle hub asks WeChat for nothing.
    let place = Place::new(&arguments.choice, "http://127.0.0.1:9").await?;
    let first = place.serve().await?;
    let first_ready = first.ready_after;
    first.stop().await?;

    let hub = place.serve().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = (hub.cost(), place.database.cpu_us());
    tokio::time::sleep(Duration::from_secs(arguments.seconds)).await;
    let after = (hub.cost(), place.database.cpu_us());

    let seconds = arguments.seconds as f64;
    let mut table = Table::new(["idle", "value"]);
    table.row(["ready, empty database (ms)".into(), format!("{:.0}", first_ready.as_secs_f64() * 1000.0)]);
    table.row(["ready, second start (ms)".into(), format!("{:.0}", hub.ready_after.as_secs_f64() * 1000.0)]);
    table.row(["memory in use (MiB)".into(), megabytes(after.0.rss)]);
    table.row(["memory at most (MiB)".into(), megabytes(after.0.rss_peak)]);
    table.row([
        "CPU of the hub (µs a second)".into(),
        format!("{:.0}", (after.0.cpu_us - before.0.cpu_us) as f64 / seconds),
    ]);
    if arguments.choice.database == Kind::Postgres {
        table.row([
            "CPU of PostgreSQL (µs a second)".into(),
            format!("{:.0}", after.1.saturating_sub(before.1) as f64 / seconds),
        ]);
    }
    table.print();
    hub.stop().await?;
    place.database.drop_it().await
}
