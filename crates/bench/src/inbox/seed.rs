use store::{Bulk, sql};

use crate::{
    Result,
    console::seed::Loaded,
    lot::mix,
    machine::{Database, now_ms},
};

const COLUMNS: &[&str] = &[
    "tenant_id",
    "id",
    "account_id",
    "openid",
    "state",
    "attention",
    "unread",
    "last_from",
    "last_kind",
    "last_text",
    "last_at",
    "last_in_at",
    "message_at",
    "act_at",
    "waiting_since_at",
    "window_until",
    "created_at",
];
const CHUNK: usize = 20_480;
const HOUR_MS: i64 = 3_600_000;

/// The conversation with this customer.
pub fn id(number: u64) -> i64 {
    (1 << 42) + number.cast_signed()
}

/// One with each customer, nine in ten of them open. A third has to be looked at, a fifth waits for an answer; half of
/// the windows are open.
pub async fn conversations(database: &Database, loaded: &Loaded) -> Result {
    let store = database.open().await?;
    let tenant: i64 = store
        .read()
        .await?
        .scalar(sql("select tenant_id from accounts where id = ?").bind(loaded.account))
        .await?
        .ok_or("there is no such account")?;
    let now = now_ms();
    for begin in (0..loaded.openids.len()).step_by(CHUNK) {
        let mut bulk = Bulk::into("conversations", COLUMNS);
        for at in begin..(begin + CHUNK).min(loaded.openids.len()) {
            let lot = mix(at as u64 ^ 0x1b0c);
            let wrote = now - (lot % 96) as i64 * HOUR_MS - ((lot >> 8) % 3_600_000) as i64;
            let done = lot >> 32 & 15 == 0;
            let attention: i64 = match (done, lot >> 40 & 15) {
                (false, 0..5) => 2,
                (false, 5..8) => 1,
                _ => 0,
            };
            bulk.row([
                tenant.into(),
                id(at as u64).into(),
                loaded.account.into(),
                loaded.openids[at].as_str().into(),
                if done { "done" } else { "open" }.into(),
                attention.into(),
                i64::from(attention == 2).into(),
                "fan".into(),
                "text".into(),
                "请问周末营业吗".into(),
                wrote.into(),
                Some(wrote).into(),
                Some(wrote).into(),
                0i64.into(),
                (attention > 0).then_some(wrote).into(),
                (wrote + 48 * HOUR_MS).into(),
                wrote.into(),
            ]);
        }
        let tx = store.write().await?;
        tx.bulk(bulk).await?;
        tx.commit().await?;
    }
    store.learn_sizes().await?;
    Ok(store.close().await?)
}
