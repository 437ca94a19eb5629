//! Messages a second: each claimed in a commit of its own before it is said, and its outcome written after, to a WeChat
//! that answers at once. Beside it the same HTTP client with nothing written down.

pub mod responder;
mod seed;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::JoinSet;
use wechat::{
    Secret,
    api::{
        custom::send_message::{self, Content, SendMessage, Text},
        template::{
            Datum,
            send_template::{self, SendTemplate},
        },
    },
};
use wechat_client::{Client, Options};

use crate::{
    Result,
    callbacks::wait_for_follower,
    console::seed::fans,
    hub::{Api, Choice, Hub, Place, prepare},
    machine::{cost, machine_us},
    sandbox::Sandbox,
    table::{Table, megabytes, per, thousands},
};
use responder::Responder;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// Messages of each kind.
    #[arg(long, default_value_t = 100_000)]
    sends: u64,
    /// One kind only.
    #[arg(long, value_enum)]
    kind: Option<Kind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Customer-service messages, each by itself.
    Custom,
    /// Template messages of one campaign.
    Template,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::Template => "template",
        }
    }
}

/// As many as the hub has under way at once.
const AT_ONCE: usize = 256;
/// The client with nothing behind it makes as many calls as the hub, and no more than it takes to know its speed.
const MOST_STATELESS: u64 = 200_000;

struct Measured {
    sends: u64,
    took: Duration,
    cpu_us: u64,
    database_us: u64,
    others_us: u64,
    /// Memory when a tenth was done, in the end, and at most.
    rss: (u64, u64, u64),
}

impl Measured {
    fn rate(&self) -> f64 {
        self.sends as f64 / self.took.as_secs_f64()
    }
}

pub async fn run(arguments: Arguments) -> Result {
    println!("{} messages of each kind, {:?}\n", thousands(arguments.sends), arguments.choice.database);
    let mut table = Table::new([
        "messages",
        "sent",
        "a second",
        "CPU µs",
        "database µs",
        "MiB at a tenth",
        "MiB in the end",
        "peak MiB",
        "others, cores",
        "ratio",
    ]);
    for kind in [Kind::Custom, Kind::Template] {
        if arguments.kind.is_some_and(|wanted| wanted != kind) {
            continue;
        }
        let folder = tempfile::tempdir()?;
        let responder = Responder::start(folder.path()).await?;
        let hub = measure(&arguments, kind, &responder, folder.path()).await?;
        let bare = stateless(kind, arguments.sends.min(MOST_STATELESS), &responder).await?;
        for (who, one) in [("hub", &hub), ("no state", &bare)] {
            table.row([
                format!("{}, {who}", kind.as_str()),
                thousands(one.sends),
                thousands(one.rate() as u64),
                format!("{:.1}", per(one.cpu_us, one.sends)),
                format!("{:.1}", per(one.database_us, one.sends)),
                megabytes(one.rss.0),
                megabytes(one.rss.1),
                megabytes(one.rss.2),
                format!("{:.2}", one.others_us as f64 / one.took.as_micros() as f64),
                if who == "hub" { format!("{:.2}", hub.rate() / bare.rate()) } else { String::new() },
            ]);
        }
    }
    table.print();
    println!("Every message is sent once in the ledger, and WeChat was asked exactly so often.");
    Ok(())
}

/// Sends that are in line when the hub starts, until the last is settled.
async fn measure(arguments: &Arguments, kind: Kind, responder: &Responder, folder: &Path) -> Result<Measured> {
    let sandbox = Sandbox::start(folder).await?;
    let mut place = Place::new(&arguments.choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = prepare(&api, &sandbox, 0).await?;
    hub.stop().await?;
    let account = bound.number()?;
    fans(&place.database, account, arguments.sends).await?;
    seed::sends(&place.database, account, kind, arguments.sends).await?;
    // The fans are none of the sandbox's: from here on nobody but the responder is asked.
    drop(sandbox);
    place.set_wechat(&responder.url)?;

    let asked = responder.sends().await?;
    let hub = place.serve().await?;
    let begun = Instant::now();
    let (own, before) = (std::process::id(), (hub.cost().cpu_us, place.database.cpu_us(), machine_us()));
    let (already, own_before, responder_before) = (sent(&api, kind).await?, cost(own).cpu_us, responder.cost().cpu_us);
    let tenth = until(&api, &hub, kind, arguments.sends / 10).await?;
    let end = until(&api, &hub, kind, arguments.sends).await?;
    let took = begun.elapsed();
    let (after, machine) = (hub.cost(), machine_us());
    let (cpu_us, database_us) = (after.cpu_us - before.0, place.database.cpu_us().saturating_sub(before.1));
    let ours = cost(own).cpu_us - own_before + responder.cost().cpu_us - responder_before;
    let others_us = (machine - before.2).saturating_sub(cpu_us + database_us + ours);
    let measured = Measured {
        sends: arguments.sends - already,
        took,
        cpu_us,
        database_us,
        others_us,
        rss: (tenth, end, after.rss_peak),
    };
    let behind = wait_for_follower(&place.database, Duration::from_secs(600)).await?;
    println!("{}: the follower was level with the log {:.1} s after the last", kind.as_str(), behind.as_secs_f64());
    hub.stop().await?;
    let calls = responder.sends().await? - asked;
    let (settled, others) = seed::counted(&place.database, kind).await?;
    place.database.drop_it().await?;
    if (settled, others, calls) != (arguments.sends, 0, arguments.sends) {
        return Err(format!("{settled} were sent, {others} were not, {calls} calls were made").into());
    }
    Ok(measured)
}

/// Waits until so many are sent; the memory in use then.
async fn until(api: &Api, hub: &Hub, kind: Kind, count: u64) -> Result<u64> {
    let mut last = (sent(api, kind).await?, Instant::now());
    loop {
        let now = sent(api, kind).await?;
        if now >= count {
            return Ok(hub.cost().rss);
        }
        if now > last.0 {
            last = (now, Instant::now());
        }
        if last.1.elapsed() > Duration::from_secs(30) {
            return Err(format!("{now} are sent, and no more come:\n{}", hub.child().last_words()).into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Messages that the hub says it has sent.
async fn sent(api: &Api, kind: Kind) -> Result<u64> {
    let text = api.metrics().await?;
    let is_it = |line: &&str| {
        line.starts_with("hongyan_sends_total{")
            && line.contains(&format!("service=\"{}\"", kind.as_str()))
            && line.contains("state=\"sent\"")
    };
    let value = text.lines().find(is_it).and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
    Ok(value.unwrap_or(0.0) as u64)
}

/// The same calls by the same client, and nothing else.
async fn stateless(kind: Kind, calls: u64, responder: &Responder) -> Result<Measured> {
    let client = Client::new(&Options::new(&responder.url))?;
    let own = std::process::id();
    let before = (cost(own), responder.cost().cpu_us, machine_us());
    let begun = Instant::now();
    let (next, mut under_way) = (Arc::new(AtomicU64::new(0)), JoinSet::new());
    for _ in 0..AT_ONCE {
        let (client, next) = (client.clone(), next.clone());
        under_way.spawn(async move {
            let token = Secret::from("84_bare_responder");
            while next.fetch_add(1, Ordering::Relaxed) < calls {
                let openid = "oBenchBenchBenchBenchBench00";
                match kind {
                    Kind::Custom => {
                        let text = Text {
                            content: "您的订单已经发出，预计三天内送达，请留意快递的电话。".into()
                        };
                        let request = send_message::Request::new(openid, Content::Text { text });
                        client.call::<SendMessage>(Some(&token), &request).await?;
                    }
                    Kind::Template => {
                        let data = [("character_string1", "20261128001"), ("thing2", "手工陶瓷杯")];
                        let request = send_template::Request {
                            touser: openid.into(),
                            template_id: "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY".into(),
                            client_msg_id: Some("abcdefghijklmnopqrstuvwxyz".into()),
                            data: data.into_iter().map(|(key, value)| (key.to_owned(), Datum::new(value))).collect(),
                            ..send_template::Request::default()
                        };
                        client.call::<SendTemplate>(Some(&token), &request).await?;
                    }
                }
            }
            Ok::<_, wechat_client::Failure>(())
        });
    }
    while let Some(done) = under_way.join_next().await {
        done??;
    }
    let took = begun.elapsed();
    let after = cost(own);
    let cpu_us = after.cpu_us - before.0.cpu_us;
    let others_us = (machine_us() - before.2).saturating_sub(cpu_us + responder.cost().cpu_us - before.1);
    let rss = (before.0.rss, after.rss, after.rss_peak);
    Ok(Measured { sends: calls, took, cpu_us, database_us: 0, others_us, rss })
}
