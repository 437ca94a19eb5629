//! The inbox over many conversations: how long a page of it takes, and how soon what a fan writes is on the screen.
//!
//! The customers and the conversations are written straight into the database. Then the hub is asked as the console asks
//! it, and fans write through the callback door while somebody listens to the live stream.

mod live;
mod seed;

use std::time::Instant;

use crate::{
    Result,
    console::{
        measure::{self, Page},
        seed as people,
    },
    hub::{Api, Choice, Place, prepare, text},
    sandbox::Sandbox,
    table::{Table, Times, megabytes, per, thousands},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    #[arg(long, default_value_t = 100_000)]
    conversations: u64,
    /// Requests of each kind.
    #[arg(long, default_value_t = 300)]
    requests: u64,
    /// Messages that fans write, one after the other.
    #[arg(long, default_value_t = 200)]
    messages: u64,
}

/// What is aimed at, in milliseconds at the 99th percentile.
const LIST_MS: f64 = 100.0;
const SCREEN_MS: f64 = 300.0;

pub async fn run(arguments: Arguments) -> Result {
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path()).await?;
    let place = Place::new(&arguments.choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = prepare(&api, &sandbox, 0).await?;
    hub.stop().await?;

    let begun = Instant::now();
    let loaded = people::customers(&place.database, bound.number()?, arguments.conversations).await?;
    seed::conversations(&place.database, &loaded).await?;
    println!(
        "{} customers with a conversation each written in {:.0} s, {:?}\n",
        thousands(arguments.conversations),
        begun.elapsed().as_secs_f64(),
        arguments.choice.database
    );

    let hub = place.serve().await?;
    let mut table = Table::new(["page", "p50 ms", "p99 ms", "max ms", "rows", "CPU µs"]);
    let second = api.get("/conversations?limit=50").await?;
    let cursor = text(&second, "next_cursor")?.to_owned();
    for page in pages(&bound.id, &cursor, &loaded) {
        let took = measure::time(&api, &hub, &page, arguments.requests).await?;
        table.row([
            page.name.to_owned(),
            format!("{:.1}", took.times.percentile(0.5)),
            format!("{:.1}", took.times.percentile(0.99)),
            format!("{:.1}", took.times.max()),
            format!("{:.1}", per(took.rows, arguments.requests)),
            format!("{:.0}", per(took.cpu_us, arguments.requests)),
        ]);
        if page.name == FIRST {
            verdict("the list", &took.times, LIST_MS);
        }
    }
    println!();
    table.print();

    let came = live::watch(&api, &place, &bound, &loaded, arguments.messages).await?;
    let mut table = Table::new(["after its callback was sent", "p50 ms", "p99 ms", "max ms"]);
    for (name, times) in
        [("WeChat is answered", &came.answered), ("told", &came.told), ("told, and the list read", &came.shown)]
    {
        let at = |share| format!("{:.1}", times.percentile(share));
        table.row([name.to_owned(), at(0.5), at(0.99), format!("{:.1}", times.max())]);
    }
    table.print();
    verdict("a message on the screen", &came.shown, SCREEN_MS);
    println!("memory of the hub at most: {} MiB", megabytes(hub.cost().rss_peak));
    hub.stop().await?;
    place.database.drop_it().await
}

fn verdict(what: &str, times: &Times, most: f64) {
    let p99 = times.percentile(0.99);
    println!("{what}: p99 {p99:.1} ms of {most:.0} ms, {:.0} %", p99 / most * 100.0);
}

const FIRST: &str = "first page";

fn pages<'a>(account: &'a str, cursor: &'a str, loaded: &'a people::Loaded) -> Vec<Page<'a>> {
    let plain = |name, path: String| Page::new(name, Box::new(move |_| path.clone()));
    vec![
        plain(FIRST, "/conversations?limit=50".into()),
        plain("second page", format!("/conversations?limit=50&cursor={cursor}")),
        plain("of one account", format!("/conversations?limit=50&account={account}")),
        plain("not looked at", "/conversations?limit=50&only=unread".into()),
        plain("closing within two hours", "/conversations?limit=50&only=closing".into()),
        plain("nobody's", "/conversations?limit=50&assigned=nobody".into()),
        plain("done", "/conversations?limit=50&state=done".into()),
        plain("how much waits", "/inbox".into()),
        Page::new(
            "search, openid",
            Box::new(move |lot| {
                let one = usize::try_from(loaded.anybody(lot)).unwrap_or(0);
                format!("/conversations?query={}", loaded.openids[one])
            }),
        ),
        Page::new(
            "chat",
            Box::new(move |lot| format!("/conversations/{}/messages?limit=50", seed::id(loaded.anybody(lot)))),
        ),
    ]
}
