use kit::event_id_floor;
use store::{Bulk, Store, Value, search, sql};

use super::words;
use crate::{
    Result,
    lot::{Lot, mix},
    machine::{Database, now_ms},
};

/// What was written, to be asked for.
pub struct Loaded {
    tenant: i64,
    pub account: i64,
    /// In the order of the customers' ids, which is that of the openids.
    pub openids: Vec<String>,
    pub tags: Vec<i64>,
    first_customer: i64,
    /// Customers who did half of everything.
    busy: u64,
    pub since: i64,
}

const DAY_MS: i64 = 86_400_000;
const DAYS: i64 = 90;
/// Rows a transaction.
const CHUNK: usize = 20_480;
/// A tag each for so many in a thousand of the customers.
const TAGS: [(&str, u64); 5] = [("老客", 200), ("会员", 100), ("华东", 50), ("投诉", 10), ("媒体", 1)];

const CUSTOMERS: &[&str] = &[
    "tenant_id",
    "id",
    "name",
    "gender",
    "city",
    "province",
    "provenance",
    "last_seen_at",
    "created_at",
    "updated_at",
];
const FANS: &[&str] = &[
    "tenant_id",
    "account_id",
    "openid",
    "customer_id",
    "status",
    "status_at",
    "subscribed_at",
    "wechat_tags",
    // WeChat has been asked about them: else the hub would do so now, and it is not that which is measured.
    "info_at",
    "created_at",
];
const EVENTS: &[&str] = &["tenant_id", "id", "customer_id", "account_id", "at", "kind", "channel", "properties"];
const TAGGED: &[&str] = &["tenant_id", "tag_id", "customer_id", "source", "created_at"];

impl Loaded {
    pub fn customer(&self, number: u64) -> i64 {
        self.first_customer + number.cast_signed()
    }

    /// A customer by lot: as often one of the busy as one of all.
    pub fn anybody(&self, lot: u64) -> u64 {
        let lot = mix(lot);
        let among = if lot >> 63 == 0 { self.busy } else { self.openids.len() as u64 };
        (lot % among.max(1)) * if lot >> 63 == 0 { 10 } else { 1 } % self.openids.len() as u64
    }
}

/// So many fans of the account, each with a customer of whom nothing is known. Their openids.
pub async fn fans(database: &Database, account: i64, count: u64) -> Result<Vec<String>> {
    Ok(people(database, account, count, false).await?.openids)
}

/// So many customers with names, places, tags, one fan each.
pub async fn customers(database: &Database, account: i64, count: u64) -> Result<Loaded> {
    people(database, account, count, true).await
}

async fn people(database: &Database, account: i64, count: u64, known: bool) -> Result<Loaded> {
    let store = database.open().await?;
    let tenant: i64 = store
        .read()
        .await?
        .scalar(sql("select tenant_id from accounts where id = ?").bind(account))
        .await?
        .ok_or("there is no such account")?;
    let now = now_ms();
    let mut openids: Vec<String> = (0..count).map(openid).collect();
    openids.sort_unstable();
    openids.dedup();
    let since = now - DAYS * DAY_MS;
    let tags: Vec<i64> = (1..=TAGS.len() as i64).map(|n| (1 << 40) + n).collect();
    let loaded = Loaded { tenant, account, busy: (count / 10).max(1), openids, tags, first_customer: 1 << 41, since };
    if known {
        write_tags(&store, &loaded, now).await?;
    }
    for begin in (0..loaded.openids.len()).step_by(CHUNK) {
        let chunk = begin..(begin + CHUNK).min(loaded.openids.len());
        write_people(&store, &loaded, chunk, now, known).await?;
    }
    store.learn_sizes().await?;
    store.close().await?;
    Ok(loaded)
}

/// Twenty-eight characters beginning with `o`.
fn openid(number: u64) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut lot = Lot::new(mix(number ^ 0x0be4));
    let mut out = String::from("oBench");
    for _ in 0..22 {
        out.push(char::from(LETTERS[(lot.next() & 63) as usize]));
    }
    out
}

async fn write_tags(store: &Store, loaded: &Loaded, now: i64) -> Result {
    let mut bulk = Bulk::into("tags", &["tenant_id", "id", "name", "colour", "created_at"]);
    for ((name, _), id) in TAGS.iter().zip(&loaded.tags) {
        bulk.row([loaded.tenant.into(), (*id).into(), (*name).into(), "blue".into(), now.into()]);
    }
    let tx = store.write().await?;
    tx.bulk(bulk).await?;
    Ok(tx.commit().await?)
}

async fn write_people(store: &Store, loaded: &Loaded, chunk: std::ops::Range<usize>, now: i64, known: bool) -> Result {
    let (tenant, account) = (loaded.tenant, loaded.account);
    let (mut customers, mut fans, mut tagged) =
        (Bulk::into("customers", CUSTOMERS), Bulk::into("fans", FANS), Bulk::into("customer_tags", TAGGED));
    let mut documents = Vec::new();
    for at in chunk {
        let (number, openid) = (at as u64, &loaded.openids[at]);
        let id = loaded.customer(number);
        let lot = mix(number ^ 0xfa11);
        let created = loaded.since + (lot % (DAYS * DAY_MS).cast_unsigned()).cast_signed();
        let name = known.then(|| words::name(number));
        let (province, city) = words::place(number);
        let place = |text: &'static str| -> Value { known.then_some(text).into() };
        let gender = if !known {
            "unknown"
        } else if lot & 1 == 0 {
            "female"
        } else {
            "male"
        };
        customers.row([
            tenant.into(),
            id.into(),
            name.clone().into(),
            gender.into(),
            place(city),
            place(province),
            provenance(known, created).into(),
            created.into(),
            created.into(),
            created.into(),
        ]);
        let status = if known && lot >> 8 & 15 == 0 { "left" } else { "following" };
        fans.row([
            tenant.into(),
            account.into(),
            openid.as_str().into(),
            id.into(),
            status.into(),
            created.into(),
            created.into(),
            "[]".into(),
            now.into(),
            now.into(),
        ]);
        if let Some(name) = name {
            documents.push(search::Document::new(tenant, id, &entities::terms::of(&name)));
            for ((_, share), tag) in TAGS.iter().zip(&loaded.tags) {
                if mix(number ^ tag.cast_unsigned()) % 1000 < *share {
                    tagged.row([tenant.into(), (*tag).into(), id.into(), "person".into(), now.into()]);
                }
            }
        }
    }
    let tx = store.write().await?;
    tx.bulk(customers).await?;
    tx.bulk(fans).await?;
    tx.bulk(tagged).await?;
    search::put(&tx, search::Index::Profiles, documents).await?;
    Ok(tx.commit().await?)
}

/// Where each field that is known came from.
fn provenance(known: bool, at: i64) -> String {
    let origin = format!(r#"{{"source":"wechat","at":{at}}}"#);
    if known {
        format!(r#"{{"name":{origin},"gender":{origin},"city":{origin},"province":{origin}}}"#)
    } else {
        "{}".to_owned()
    }
}

/// So many events, in the order they happened, half of them by a tenth of the customers.
pub async fn events(database: &Database, loaded: &Loaded, count: u64) -> Result {
    let store = database.open().await?;
    let mut last_id = 0;
    for begin in (0..count).step_by(CHUNK) {
        let end = (begin + CHUNK as u64).min(count);
        let mut bulk = Bulk::into("events", EVENTS);
        bulk.reserve(CHUNK);
        for number in begin..end {
            let at = loaded.since + (number * (DAYS * DAY_MS).cast_unsigned() / count).cast_signed();
            let id = event_id_floor(at).max(last_id + 1);
            last_id = id;
            let customer = loaded.customer(loaded.anybody(number));
            let (kind, properties) = happened(number);
            bulk.row([
                loaded.tenant.into(),
                id.into(),
                customer.into(),
                loaded.account.into(),
                at.into(),
                kind.into(),
                "wechat".into(),
                properties.into(),
            ]);
        }
        let tx = store.write().await?;
        tx.bulk(bulk).await?;
        tx.commit().await?;
    }
    Ok(store.close().await?)
}

fn happened(number: u64) -> (&'static str, String) {
    match mix(number ^ 0xe4e7) % 100 {
        0..55 => ("message_in", format!(r#"{{"menu_id":null,"msg_id":"{}","text":"{}","type":"text"}}"#, 23_000_000_000_000_000 + number, words::said(number))),
        55..85 => ("message_out", r#"{"rule_id":"731250000000001","state":"sent","text":"您好，已经收到，马上为您查看。","type":"text","via":"passive"}"#.to_owned()),
        85..93 => ("menu_tap", r#"{"event":"CLICK","key":"menu_today"}"#.to_owned()),
        93..98 => ("follow", r#"{"first":false,"qr_scene":null}"#.to_owned()),
        _ => ("unfollow", "{}".to_owned()),
    }
}
