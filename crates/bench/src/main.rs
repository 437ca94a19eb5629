//! Measures the product and tries to break it: `cargo xtask bench <name>` and `cargo xtask torture`.
//!
//! Every program starts the real hub as a process of its own, on a database of its own, against a sandbox in
//! a third process, and speaks to it as browsers, programs and WeChat do. Numbers are printed, never asserted;
//! that what was promised was kept is asserted, and a run that finds otherwise fails. See docs/performance.md.

mod lot;
mod machine;
mod table;

mod load;

mod hub;

mod bare;
mod broadcast;
mod callbacks;
mod console;
mod idle;
mod import;
mod inbox;
mod sandbox;
mod torture;

use clap::{Parser, Subcommand};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What goes wrong ends the run, in a sentence.
pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Parser)]
#[command(name = "hongyan-bench", about = "Measures the hub, and tries to break it.")]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Callbacks a second, durable and answered, against the same door with nothing behind it.
    Callbacks(callbacks::Arguments),
    /// Importing the followers of an account.
    Import(import::Arguments),
    /// What the console asks for, over many customers.
    Console(console::Arguments),
    /// The inbox over many conversations, and how soon a message is on the screen.
    Inbox(inbox::Arguments),
    /// The check before a broadcast, over many fans.
    BroadcastCheck(broadcast::Arguments),
    /// Starting on an empty database, and doing nothing.
    Idle(idle::Arguments),
    /// Kills the hub again and again, and looks for what is lost or doubled.
    Torture(torture::Arguments),
    /// The callback door with crypto and XML and nothing stored: what `callbacks` compares with.
    #[command(hide = true)]
    Bare(bare::Arguments),
    /// A sandbox in a process of its own.
    #[command(hide = true)]
    Sandbox(sandbox::Arguments),
}

#[tokio::main]
async fn main() -> Result {
    match Arguments::parse().what {
        What::Callbacks(arguments) => callbacks::run(arguments).await,
        What::Import(arguments) => import::run(arguments).await,
        What::Console(arguments) => console::run(arguments).await,
        What::Inbox(arguments) => inbox::run(arguments).await,
        What::BroadcastCheck(arguments) => broadcast::run(arguments).await,
        What::Idle(arguments) => idle::run(arguments).await,
        What::Torture(arguments) => torture::run(arguments).await,
        What::Bare(arguments) => bare::run(arguments).await,
        What::Sandbox(arguments) => sandbox::run(arguments).await,
    }
}
