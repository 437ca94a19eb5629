//! kill -9 at any instant, again and again, and then the books are checked: nothing acknowledged is lost, nothing
//! is done twice, and what nobody can know is called unknown.
//!
//! Three loads, each with a hub, a database file and a sandbox of its own, side by side: an import, callbacks
//! that are retried as WeChat does, and customer-service messages. The hub is killed at uniformly random
//! instants, during its start as well, and started again at once.

mod books;
mod callbacks;
mod import;
mod killer;
mod sends;

use crate::{
    Result,
    hub::Choice,
    machine::now_ms,
    table::{Table, Times},
};

#[derive(Debug, Clone, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// How often each hub is killed.
    #[arg(long, default_value_t = 60)]
    kills: u64,
    /// One load only.
    #[arg(long, value_enum)]
    what: Option<What>,
    /// The lots of an earlier run.
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Import,
    Callbacks,
    Sends,
}

/// What the books say.
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
    unknown: u64,
    /// Everything that ought not to be, in sentences.
    faults: Vec<String>,
}

pub async fn run(arguments: Arguments) -> Result {
    let seed = arguments.seed.unwrap_or_else(|| now_ms().cast_unsigned());
    println!("seed {seed}, {} kills each\n", arguments.kills);
    let wanted = |what| arguments.what.is_none_or(|one| one == what);
    let (kills, choice) = (arguments.kills, &arguments.choice);
    let (import, callbacks, sends) = tokio::join!(
        async { if wanted(What::Import) { Some(import::run(choice, kills, seed).await) } else { None } },
        async { if wanted(What::Callbacks) { Some(callbacks::run(choice, kills, seed ^ 1).await) } else { None } },
        async { if wanted(What::Sends) { Some(sends::run(choice, kills, seed ^ 2).await) } else { None } },
    );
    let mut verdicts = Vec::new();
    for verdict in [import, callbacks, sends].into_iter().flatten() {
        verdicts.push(verdict?);
    }
    print(&verdicts);
    let faults: Vec<String> = verdicts
        .iter()
        .flat_map(|verdict| verdict.faults.iter().map(|fault| format!("{}: {fault}", verdict.what)))
        .collect();
    if faults.is_empty() {
        println!("the books are right");
        return Ok(());
    }
    Err(format!("the books are wrong (seed {seed}):\n{}", faults.join("\n")).into())
}

fn print(verdicts: &[Verdict]) {
    let mut table = Table::new([
        "kills under",
        "kills",
        "ready p50 ms",
        "ready p99 ms",
        "attempted",
        "acknowledged",
        "lost",
        "duplicated",
        "unknown",
        "faults",
    ]);
    for verdict in verdicts {
        table.row([
            verdict.what.to_owned(),
            verdict.kills.to_string(),
            format!("{:.0}", verdict.ready.percentile(0.5)),
            format!("{:.0}", verdict.ready.percentile(0.99)),
            verdict.attempted.to_string(),
            verdict.acknowledged.to_string(),
            verdict.lost.to_string(),
            verdict.duplicated.to_string(),
            verdict.unknown.to_string(),
            verdict.faults.len().to_string(),
        ]);
    }
    table.print();
}
