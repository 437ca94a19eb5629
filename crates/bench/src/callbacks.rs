//! Callbacks a second: each durable before it is answered, and answered by a keyword rule.
//!
//! Three loads in one run: the hub as fast as it goes, the same door with nothing behind it, and the hub at a
//! steady rate. The first two take turns, since a machine that others use as well is now faster and now slower: while
//! one is asked, the other stands still. The answers are read as WeChat reads them, and the rows are counted afterwards.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use crate::{
    Result, bare,
    console::seed,
    hub::{Api, Bound, Choice, Place, prepare},
    load::{Load, Mix, Pace, Ring, run as send},
    machine::{Child, cost, machine_us, now_ms},
    sandbox::Sandbox,
    table::{Table, megabytes, per, thousands},
};

mod count;

pub use count::wait_for_follower;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// How long each load lasts.
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    /// How many turns the hub and the bare door take.
    #[arg(long, default_value_t = 5)]
    turns: u32,
    #[arg(long, default_value_t = 256)]
    connections: usize,
    /// Fans of the account, any of whom may write.
    #[arg(long, default_value_t = 100_000)]
    fans: u64,
    /// Callbacks a second of the steady load.
    #[arg(long, default_value_t = 1000)]
    rate: u64,
    /// Of a hundred texts, how many meet no rule.
    #[arg(long, default_value_t = 10)]
    unmatched: u64,
    /// Of a hundred requests, how many deliver an earlier document again.
    #[arg(long, default_value_t = 1)]
    repeats: u64,
}

/// A load and what it cost.
struct Measured {
    load: Load,
    server_us: u64,
    database_us: u64,
    generator_us: u64,
    /// What everything else on the machine used meanwhile.
    others_us: u64,
    peak: u64,
}

impl Measured {
    fn add(&mut self, other: Self) {
        self.load.add(other.load);
        self.server_us += other.server_us;
        self.database_us += other.database_us;
        self.generator_us += other.generator_us;
        self.others_us += other.others_us;
        self.peak = self.peak.max(other.peak);
    }

    fn rate(&self) -> f64 {
        self.load.acknowledged as f64 / self.load.elapsed.as_secs_f64()
    }
}

pub async fn run(arguments: Arguments) -> Result {
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path()).await?;
    let place = Place::new(&arguments.choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = prepare(&api, &sandbox, 0).await?;
    bound.add_rules(&api).await?;
    let openids = Arc::new(seed::fans(&place.database, bound.number()?, arguments.fans).await?);
    println!(
        "{} fans, {} rules, {} connections, {:?}\n",
        thousands(arguments.fans),
        16,
        arguments.connections,
        arguments.choice.database
    );

    let mut run = Run { arguments, place, bound, openids, next_document: 0, distinct: 0 };
    let warm = run.warm_up().await?;
    println!("warming up: {} callbacks a second\n", thousands(warm));
    count::wait_for_follower(&run.place.database, Duration::from_secs(300)).await?;
    let (bare, address) = bare::start(&run.bound.official, folder.path()).await?;
    let turns = run.turns(hub.child(), &bare, address, warm).await?;
    let inside = inside(&api.metrics().await?);
    let behind = count::wait_for_follower(&run.place.database, Duration::from_secs(300)).await?;
    let rate = run.arguments.rate;
    let steady = run.steady(hub.pid(), rate).await?;
    count::wait_for_follower(&run.place.database, Duration::from_secs(300)).await?;
    count::check(&run.place.database, run.bound.number()?, run.distinct).await?;
    hub.stop().await?;
    print(&run, turns, &steady);
    println!("{inside}");
    println!("follower: level with the log {:.1} s after the first load ended", behind.as_secs_f64());
    println!(
        "rows: {} documents acknowledged, and exactly as many inbox rows, message events and timeline rows",
        thousands(run.distinct)
    );
    run.place.database.drop_it().await
}

/// A turn of the bare door is this part of one of the hub's.
const BARE_SHARE: u64 = 3;

struct Run {
    arguments: Arguments,
    place: Place,
    bound: Bound,
    openids: Arc<Vec<String>>,
    next_document: u64,
    distinct: u64,
}

impl Run {
    fn ring(&mut self, requests: u64, a_second: u64) -> Result<Arc<Ring>> {
        let mix = Mix {
            requests: usize::try_from(requests)?,
            unmatched_percent: self.arguments.unmatched,
            repeat_percent: self.arguments.repeats,
            begin_s: now_ms() / 1000,
            a_second,
            first_document: self.next_document,
        };
        self.next_document += requests;
        Ok(Arc::new(Ring::make(&self.bound.receiver, &self.openids, mix)?))
    }

    /// A short load, to learn how many requests the long one needs and to have files and caches in use.
    async fn warm_up(&mut self) -> Result<u64> {
        let ring = self.ring(150_000, 20_000)?;
        let load =
            send(ring, self.place.address, self.arguments.connections, Pace::Closed, Duration::from_secs(4)).await?;
        sound(&load)?;
        self.distinct += load.documents;
        Ok((load.acknowledged as f64 / load.elapsed.as_secs_f64()) as u64)
    }

    /// The hub and the bare door in turns, each as fast as it goes.
    async fn turns(
        &mut self,
        hub: &Child,
        bare: &Child,
        bare_address: SocketAddr,
        warm: u64,
    ) -> Result<Vec<(Measured, Measured)>> {
        let each = Duration::from_secs(self.arguments.seconds) / self.arguments.turns;
        let requests = |a_second: u64| (a_second as f64 * each.as_secs_f64()) as u64;
        let rings: Vec<_> =
            (0..self.arguments.turns).map(|_| self.ring(requests(warm * 2), warm)).collect::<Result<_>>()?;
        // The bare door knows no repeats, so that one ring is enough. Its turns are short: to the hub, the time that it
        // stood still is time that its follower lags behind.
        let bare_ring = self.ring(requests(110_000) / BARE_SHARE, warm)?;
        let mut turns = Vec::with_capacity(rings.len());
        for ring in rings {
            hub.resume()?;
            let full = self.measure(ring, self.place.address, hub.pid(), Pace::Closed, each).await?;
            hub.pause()?;
            self.distinct += full.load.documents;
            let (ring, time) = (bare_ring.clone(), each / BARE_SHARE as u32);
            turns.push((full, self.measure(ring, bare_address, bare.pid(), Pace::Closed, time).await?));
        }
        hub.resume()?;
        Ok(turns)
    }

    async fn steady(&mut self, pid: u32, rate: u64) -> Result<Measured> {
        let time = Duration::from_secs(self.arguments.seconds);
        let ring = self.ring(rate * (self.arguments.seconds + 1), rate)?;
        let measured = self.measure(ring, self.place.address, pid, Pace::Open(rate), time).await?;
        self.distinct += measured.load.documents;
        Ok(measured)
    }

    async fn measure(
        &self,
        ring: Arc<Ring>,
        address: SocketAddr,
        pid: u32,
        pace: Pace,
        time: Duration,
    ) -> Result<Measured> {
        let own = std::process::id();
        let before = (cost(pid).cpu_us, cost(own).cpu_us, self.place.database.cpu_us(), machine_us());
        let load = send(ring, address, self.arguments.connections, pace, time).await?;
        let after = (cost(pid), cost(own).cpu_us, self.place.database.cpu_us(), machine_us());
        sound(&load)?;
        let database_us = after.2.saturating_sub(before.2);
        let (server_us, generator_us) = (after.0.cpu_us - before.0, after.1 - before.1);
        let others_us = (after.3 - before.3).saturating_sub(server_us + generator_us + database_us);
        Ok(Measured { load, server_us, generator_us, database_us, others_us, peak: after.0.rss_peak })
    }
}

/// A load in which anything was refused, broken or answered wrongly says nothing about speed.
fn sound(load: &Load) -> Result {
    if load.failed > 0 || !load.wrong.is_empty() {
        return Err(format!("{} requests failed: {}", load.failed, load.wrong.join("; ")).into());
    }
    if load.checked == 0 {
        return Err("no answer was checked".into());
    }
    Ok(())
}

/// What the hub says of its own batches so far.
fn inside(text: &str) -> String {
    let value = |name: &str| -> f64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok()).unwrap_or_default()
    };
    let mean = |name: &str| {
        let count = value(&format!("{name}_count"));
        format!("{count} of {:.1} ms", 1000.0 * value(&format!("{name}_sum")) / count.max(1.0))
    };
    format!(
        "inside: {:.0} callbacks a batch; batches {}; follower's {}; commits {}, flushes {}; checkpoints {}",
        value("hongyan_callbacks_written_total") / value("hongyan_callback_batch_seconds_count").max(1.0),
        mean("hongyan_callback_batch_seconds"),
        mean("hongyan_follower_batch_seconds"),
        mean("hongyan_sqlite_commit_seconds"),
        mean("hongyan_sqlite_flush_seconds"),
        mean("hongyan_checkpoint_seconds"),
    )
}

fn print(run: &Run, turns: Vec<(Measured, Measured)>, steady: &Measured) {
    let mut ratios: Vec<f64> = turns.iter().map(|(full, bare)| full.rate() / bare.rate()).collect();
    ratios.sort_by(f64::total_cmp);
    let Some((full, bare)) = turns.into_iter().reduce(|mut sum, turn| {
        sum.0.add(turn.0);
        sum.1.add(turn.1);
        sum
    }) else {
        return;
    };
    let mut table = Table::new([
        "load",
        "requests",
        "req/s",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "max ms",
        "server µs",
        "database µs",
        "generator µs",
        "others, cores",
        "peak MiB",
        "answers opened",
    ]);
    let steady_name = format!("hub, {} a second", thousands(run.arguments.rate));
    for (name, one) in [("hub, full", &full), ("bare, full", &bare), (steady_name.as_str(), steady)] {
        let count = one.load.acknowledged;
        table.row([
            name.to_owned(),
            thousands(count),
            thousands(one.rate() as u64),
            format!("{:.2}", one.load.times.percentile(0.5)),
            format!("{:.2}", one.load.times.percentile(0.99)),
            format!("{:.2}", one.load.times.percentile(0.999)),
            format!("{:.1}", one.load.times.max()),
            format!("{:.1}", per(one.server_us, count)),
            format!("{:.1}", per(one.database_us, count)),
            format!("{:.1}", per(one.generator_us, count)),
            format!("{:.2}", one.others_us as f64 / one.load.elapsed.as_micros() as f64),
            megabytes(one.peak),
            thousands(one.load.checked),
        ]);
    }
    table.print();
    let hub_us = per(full.server_us + full.database_us, full.load.acknowledged);
    let bare_us = per(bare.server_us, bare.load.acknowledged);
    println!(
        "ratio to bare: {:.0} % of its requests a second (by turns: {}), {:.1} times its CPU a request",
        100.0 * full.rate() / bare.rate(),
        ratios.iter().map(|ratio| format!("{:.0}", 100.0 * ratio)).collect::<Vec<_>>().join(", "),
        hub_us / bare_us
    );
}
