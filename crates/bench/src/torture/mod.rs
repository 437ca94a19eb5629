//! kill -9 at any instant, again and again, and then the books are checked: nothing acknowledged is lost, nothing
//! is done twice, and what nobody can know is called unknown.
//!
//! Three loads, each with a hub, a database and a sandbox of its own, side by side: an import, callbacks
//! that are retried as WeChat does, and messages of every kind. The hub is killed at uniformly random
//! instants, during its start as well, and started again at once. Then senders on PostgreSQL: killed in the same way, and two
//! beside each other of which one stands still. Then one that dies at named places of its code.

mod books;
mod callbacks;
mod checker;
mod import;
mod killer;
mod load;
mod pauses;
mod points;
mod sends;

use crate::{
    Result,
    hub::{Choice, Kind},
    machine::{Database, now_ms},
    table::{Table, Times, thousands},
};

#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// One load only; the database is then the one that is asked for.
    #[arg(value_enum)]
    what: Option<What>,
    /// How often each hub is killed. On PostgreSQL a third of it, unless it is asked for by name.
    #[arg(long, default_value_t = 60)]
    kills: u64,
    /// How often one of two nodes stands still.
    #[arg(long, default_value_t = 2)]
    pauses: u64,
    /// How often a sender dies at each named place.
    #[arg(long, default_value_t = 2)]
    times: u64,
    /// 1,000 kills of each on both databases, 100 pauses, 25 deaths at each place: some hours.
    #[arg(long)]
    nightly: bool,
    /// The lots of an earlier run.
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Import,
    Callbacks,
    Sends,
    /// Two nodes on PostgreSQL, one of which stands still.
    Pauses,
    /// A sender that dies at named places; needs a program of the dev profile. Only by name: at some places it takes long
    /// until somebody comes by.
    Points,
}

/// What the books say.
#[derive(Default)]
struct Verdict {
    what: &'static str,
    kills: u64,
    /// From the start of a process until it was ready, of those that lived so long.
    ready: Times,
    /// Things that were to happen: pushes, fans, sends.
    attempted: u64,
    /// Those the hub answered for.
    acknowledged: u64,
    lost: u64,
    duplicated: u64,
    /// Interrupted, and come to a good end without anybody's help.
    recovered: u64,
    unknown: u64,
    /// Everything that ought not to be, in sentences.
    faults: Vec<String>,
}

pub async fn run(arguments: Arguments) -> Result {
    let seed = arguments.seed.unwrap_or_else(|| now_ms().cast_unsigned());
    let Arguments { kills, pauses, times, .. } = arguments;
    let (kills, pauses, times) = if arguments.nightly { (1000, 100, 25) } else { (kills, pauses, times) };
    println!("seed {seed}, {kills} kills each\n");
    let choice = &arguments.choice;
    let postgres = Choice { database: Kind::Postgres, ..choice.clone() };
    let verdicts = match arguments.what {
        Some(What::Import) => vec![import::run(choice, kills, seed).await?],
        Some(What::Callbacks) => vec![callbacks::run(choice, kills, seed ^ 1).await?],
        Some(What::Sends) => vec![sends::run(choice, kills, seed ^ 2).await?],
        Some(What::Pauses) => vec![pauses::run(&postgres, pauses, seed ^ 3).await?],
        Some(What::Points) => vec![points::run(choice, times, seed ^ 4).await?],
        None => {
            let (import, callbacks, sends) = tokio::join!(
                import::run(choice, kills, seed),
                callbacks::run(choice, kills, seed ^ 1),
                sends::run(choice, kills, seed ^ 2),
            );
            let mut verdicts = vec![import?, callbacks?, sends?];
            let there = Database::is_there(&choice.postgres).await;
            let fewer = if arguments.nightly { kills } else { kills / 3 };
            let (on_postgres, paused) = tokio::join!(
                async { if there { Some(sends::run(&postgres, fewer, seed ^ 5).await) } else { None } },
                async { if there { Some(pauses::run(&postgres, pauses, seed ^ 3).await) } else { None } },
            );
            for one in [on_postgres, paused].into_iter().flatten() {
                verdicts.push(one?);
            }
            if !there {
                println!("there is no PostgreSQL at {}: nothing was killed on one", choice.postgres);
            }
            verdicts
        }
    };
    print(&verdicts);
    let faults: Vec<String> = verdicts
        .iter()
        .flat_map(|verdict| verdict.faults.iter().map(|fault| format!("{}: {fault}", verdict.what)))
        .collect();
    if faults.is_empty() {
        println!("the books are right");
        return Ok(());
    }
    let (some, more) = faults.split_at(faults.len().min(20));
    let more = if more.is_empty() { String::new() } else { format!("\nand {} more", more.len()) };
    Err(format!("the books are wrong (seed {seed}):\n{}{more}", some.join("\n")).into())
}

fn print(verdicts: &[Verdict]) {
    let mut table = Table::new([
        "under",
        "blows",
        "ready p50 ms",
        "ready p99 ms",
        "attempted",
        "acknowledged",
        "lost",
        "duplicated",
        "recovered",
        "unknown",
        "unexpected",
    ]);
    for verdict in verdicts {
        table.row([
            verdict.what.to_owned(),
            thousands(verdict.kills),
            format!("{:.0}", verdict.ready.percentile(0.5)),
            format!("{:.0}", verdict.ready.percentile(0.99)),
            thousands(verdict.attempted),
            thousands(verdict.acknowledged),
            verdict.lost.to_string(),
            verdict.duplicated.to_string(),
            thousands(verdict.recovered),
            thousands(verdict.unknown),
            verdict.faults.len().to_string(),
        ]);
    }
    table.print();
}
