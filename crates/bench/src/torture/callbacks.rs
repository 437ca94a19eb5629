//! A hundred pushes a second, each tried three times as WeChat does, while the hub is killed under them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use store::sql;
use tokio::task::JoinSet;

use super::{
    Verdict,
    books::{Books, tally},
    killer,
};
use crate::{
    Result,
    hub::{Api, Choice, Place, prepare},
    load::{Line, Push, Receiver, Said},
    lot::{Lot, mix},
    machine::now_ms,
    sandbox::Sandbox,
};

const EVERY: Duration = Duration::from_millis(10);
/// WeChat hangs up after five seconds and tries three times; a shorter life needs shorter times.
const PATIENCE: Duration = Duration::from_secs(4);
const TRIES: u64 = 3;
const PAUSE_MS: u64 = 120;
/// One acknowledged push in so many comes again, as it does when WeChat did not hear the answer.
const COMES_AGAIN: u64 = 10;
/// Pushes that have to be acknowledged for every kill, or the load says little.
const ENOUGH: u64 = 10;
const WORD: &str = "价格";
const ANSWER: &str = "拿铁 28 元，美式 22 元。";
const FIRST_MSG_ID: u64 = 24_000_000_000_000_000;
/// People who write, most of them unknown to the hub at first.
const WRITERS: u64 = 400;

/// A push and what became of it.
struct Told {
    number: u64,
    push: Push,
    acknowledged: bool,
    fault: Option<String>,
}

pub async fn run(choice: &Choice, kills: u64, seed: u64) -> Result<Verdict> {
    let folder = tempfile::tempdir()?;
    let sandbox = Sandbox::start(folder.path()).await?;
    let place = Place::new(choice, &sandbox.url).await?;
    let hub = place.serve().await?;
    let api = Api::set_up(&place.url()).await?;
    let bound = prepare(&api, &sandbox, 0).await?;
    bound.add_rule(&api, WORD, &[ANSWER]).await?;
    hub.stop().await?;

    let over = Arc::new(AtomicBool::new(false));
    let heard = Arc::new(AtomicU64::new(0));
    let pushing = tokio::spawn(push(place.address, bound.receiver.clone(), over.clone(), heard.clone(), seed));
    let enough = || {
        let heard = heard.load(Ordering::Relaxed);
        (heard < kills * ENOUGH).then(|| format!("only {heard} pushes were acknowledged between the kills"))
    };
    let killed = killer::kill(&place, kills, &mut Lot::new(seed), enough).await?;
    let hub = place.serve().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    over.store(true, Ordering::Relaxed);
    let told = pushing.await?;

    let books = Books::close(&place, hub).await?;
    let mut verdict = Verdict {
        what: "callbacks",
        kills: killed.kills,
        ready: killed.ready,
        attempted: told.len() as u64,
        acknowledged: told.iter().filter(|one| one.acknowledged).count() as u64,
        ..Verdict::default()
    };
    check(&books, &told, &mut verdict).await?;
    verdict.faults.extend(books.faults);
    verdict.faults.extend(killed.too_little.map(|why| format!("the load was too small: {why}")));
    Ok(verdict)
}

/// Pushes until told to stop, and waits for those under way.
async fn push(
    address: std::net::SocketAddr,
    receiver: Receiver,
    over: Arc<AtomicBool>,
    heard: Arc<AtomicU64>,
    seed: u64,
) -> Vec<Told> {
    let receiver = Arc::new(receiver);
    let mut under_way = JoinSet::new();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    for number in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        ticks.tick().await;
        let (receiver, heard) = (receiver.clone(), heard.clone());
        under_way.spawn(async move {
            let (push, lot) = (pushed(number), Lot::new(mix(seed ^ number)));
            let (acknowledged, mut fault) = deliver(address, &receiver, &push, lot.clone()).await;
            heard.fetch_add(u64::from(acknowledged), Ordering::Relaxed);
            if acknowledged && fault.is_none() && mix(number).is_multiple_of(COMES_AGAIN) {
                fault = deliver(address, &receiver, &push, lot).await.1;
            }
            Told { number, push, acknowledged, fault }
        });
    }
    let mut told = under_way.join_all().await;
    told.sort_by_key(|one| one.number);
    told
}

/// Of ten pushes one is a follow, one the end of that follow, eight are texts that a rule answers.
fn pushed(number: u64) -> Push {
    let now = now_ms() / 1000;
    let person = |kind: &str, number: u64| format!("oT{kind}{number:0>25}");
    match number % 10 {
        0 => Push { openid: person("f", number), create_time: now, said: Said::Follow },
        1 => Push { openid: person("f", number - 1), create_time: now + 2, said: Said::Unfollow },
        _ => {
            let said = Said::Text { msg_id: FIRST_MSG_ID + number, text: format!("请问{WORD} {number}") };
            Push { openid: person("w", mix(number) % WRITERS), create_time: now, said }
        }
    }
}

/// Whether one of the tries was acknowledged, and what was wrong with the answer.
async fn deliver(
    address: std::net::SocketAddr,
    receiver: &Receiver,
    push: &Push,
    mut lot: Lot,
) -> (bool, Option<String>) {
    let document = match receiver.document(push) {
        Ok(document) => document,
        Err(error) => return (false, Some(error.to_string())),
    };
    for _ in 0..TRIES {
        let mut request = Vec::new();
        receiver.write_request(&document, &push.openid, now_ms() / 1000, lot.bytes(), &mut request);
        let tried = async {
            let mut line = Line::open(address).await?;
            let answer = line.exchange(&request).await?;
            Ok::<_, std::io::Error>((answer.status, answer.body.to_vec()))
        };
        match tokio::time::timeout(PATIENCE, tried).await {
            Ok(Ok((200, body))) => return (true, wrong(receiver, push, &body)),
            Ok(Ok((503, _))) | Ok(Err(_)) | Err(_) => {}
            Ok(Ok((status, _))) => return (false, Some(format!("a push of ours was answered with {status}"))),
        }
        tokio::time::sleep(Duration::from_millis(PAUSE_MS + lot.below(PAUSE_MS))).await;
    }
    (false, None)
}

/// The first answer and every later one to the same push are the rule's.
fn wrong(receiver: &Receiver, push: &Push, body: &[u8]) -> Option<String> {
    let right = matches!(push.said, Said::Text { .. }).then(|| wechat::Reply::text(ANSWER));
    match receiver.read_answer(body, &push.openid) {
        Ok(answer) if answer == right => None,
        Ok(answer) => Some(format!("answered {answer:?} where {right:?} is right")),
        Err(error) => Some(error.to_string()),
    }
}

/// The id of a message, as an event keeps it.
fn msg_id(properties: &str) -> String {
    let properties: serde_json::Value = serde_json::from_str(properties).unwrap_or_default();
    properties["msg_id"].as_str().unwrap_or_default().to_owned()
}

async fn check(books: &Books, told: &[Told], verdict: &mut Verdict) -> Result {
    let texts = tally(
        books
            .scalars(sql("select properties from events where kind = 'message_in'"))
            .await?
            .iter()
            .map(|properties| msg_id(properties)),
    );
    let follows = books
        .counts(sql(
            "select f.openid from events e join fans f on f.customer_id = e.customer_id where e.kind = 'follow'",
        ))
        .await?;
    let leaves = books
        .counts(sql(
            "select f.openid from events e join fans f on f.customer_id = e.customer_id where e.kind = 'unfollow'",
        ))
        .await?;
    let mut taken = 0;
    for one in told {
        verdict.faults.extend(one.fault.clone());
        let found = match &one.push.said {
            Said::Text { msg_id, .. } => texts.get(&msg_id.to_string()),
            Said::Follow => follows.get(&one.push.openid),
            Said::Unfollow => leaves.get(&one.push.openid),
        };
        let found = found.copied().unwrap_or(0);
        taken += found.min(1);
        verdict.lost += u64::from(one.acknowledged && found == 0);
        verdict.duplicated += found.saturating_sub(1);
    }
    if verdict.lost > 0 {
        verdict.faults.push(format!("{} acknowledged pushes have no event", verdict.lost));
    }
    if verdict.duplicated > 0 {
        verdict.faults.push(format!("{} events came twice", verdict.duplicated));
    }
    let inbox = books.count(sql("select count(*) from inbound")).await?;
    if inbox.cast_unsigned() != taken {
        verdict.faults.push(format!("{taken} pushes had an effect, and there are {inbox} inbox rows"));
    }
    let uneven = books
        .count(sql("select count(*) from (select customer_id from events where kind in ('message_in', 'message_out') group by customer_id
             having sum(case when kind = 'message_in' then 1 else -1 end) <> 0) as odd"))
        .await?;
    if uneven != 0 {
        verdict.faults.push(format!("{uneven} customers wrote so often, and were answered another number of times"));
    }
    left(books, told, verdict).await
}

/// Whoever left last has left.
async fn left(books: &Books, told: &[Told], verdict: &mut Verdict) -> Result {
    let gone = books.counts(sql("select openid from fans where status = 'left'")).await?;
    let stays = told
        .iter()
        .filter(|one| {
            one.acknowledged && matches!(one.push.said, Said::Unfollow) && !gone.contains_key(&one.push.openid)
        })
        .count();
    if stays > 0 {
        verdict.faults.push(format!("{stays} fans who left are not shown as gone"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the check says of these pushes, all acknowledged, and these statements of what the hub wrote.
    async fn verdict(numbers: &[u64], written: &[&'static str]) -> Verdict {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("books.db").display());
        store::migrate(&url, 0).await.unwrap();
        let store = store::Store::open(&url, &store::Options::default()).await.unwrap();
        let tx = store.write().await.unwrap();
        let tenant = "insert into tenants (id, name, time_zone, created_at) values (1, 't', 'UTC', 0)";
        let account = "insert into accounts (tenant_id, id, mode, app_id, callback_key, nick_name, alias, principal_name, service_type, verify_type, verification_source, status, \
             encryption, permission_sets, listen_only, version, bound_at, created_at) values (1, 2, 'direct', 'wx', 'k', 'n', '', '', 2, 0, 'given', 'bound', 'safe', '[]', false, 1, 0, 0)";
        let customer = "insert into customers (tenant_id, id, gender, provenance, last_seen_at, created_at, updated_at) values (1, 3, 'unknown', '{}', 0, 0, 0)";
        let fan = "insert into fans (tenant_id, account_id, openid, customer_id, status, status_at, wechat_tags, created_at) values (1, 2, 'o3', 3, 'following', 0, '[]', 0)";
        let followed = "insert into event_watermarks (tenant_id, event_id) values (1, 100)";
        for text in [tenant, account, customer, fan, followed].iter().chain(written) {
            tx.execute(sql(text)).await.unwrap();
        }
        tx.commit().await.unwrap();
        store.close().await.unwrap();
        let told: Vec<Told> = numbers
            .iter()
            .map(|number| Told { number: *number, push: pushed(*number), acknowledged: true, fault: None })
            .collect();
        let mut verdict = Verdict { what: "test", ..Verdict::default() };
        let books = Books::open(&url).await.unwrap();
        check(&books, &told, &mut verdict).await.unwrap();
        verdict.faults.extend(books.faults);
        verdict
    }

    const INBOX: &str = "insert into inbound (tenant_id, account_id, sent_at, digest, answer, received_at) values (1, 2, 0, x'00', '', 0)";
    const HEARD: &str = r#"insert into events (tenant_id, id, customer_id, at, kind, channel, properties) values (1, 10, 3, 0, 'message_in', 'wechat', '{"msg_id":"24000000000000005"}')"#;
    const AGAIN: &str = r#"insert into events (tenant_id, id, customer_id, at, kind, channel, properties) values (1, 11, 3, 0, 'message_in', 'wechat', '{"msg_id":"24000000000000005"}')"#;
    const ANSWERED: &str = "insert into events (tenant_id, id, customer_id, at, kind, channel, properties) values (1, 12, 3, 0, 'message_out', 'wechat', '{}')";
    const INDEXED: &str = "insert into timeline (tenant_id, customer_id, at, event_id, kind, channel) select tenant_id, customer_id, at, id, kind, channel from events";

    #[tokio::test]
    async fn what_happened_once_is_right() {
        let verdict = verdict(&[5], &[INBOX, HEARD, ANSWERED, INDEXED]).await;
        assert_eq!((verdict.lost, verdict.duplicated, verdict.faults), (0, 0, vec![]));
    }

    #[tokio::test]
    async fn what_is_missing_twice_there_or_unanswered_is_found() {
        assert_eq!(verdict(&[5, 6], &[INBOX, HEARD, ANSWERED, INDEXED]).await.lost, 1);
        assert_eq!(verdict(&[5], &[INBOX, HEARD, AGAIN, ANSWERED, INDEXED]).await.duplicated, 1);
        for written in [
            &[HEARD, ANSWERED, INDEXED][..],
            &[INBOX, HEARD, INDEXED],
            &[INBOX, HEARD, ANSWERED],
            &[INBOX, HEARD, ANSWERED, INDEXED, "delete from fans"],
        ] {
            assert_eq!(verdict(&[5], written).await.faults.len(), 1, "{written:?}");
        }
        assert_eq!(verdict(&[1], &[]).await.lost, 1);
    }
}
