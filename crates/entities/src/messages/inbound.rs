//! One row a callback: proof that it was taken, and what it was answered. The store of both.

use std::collections::{HashMap, HashSet};

use kit::{
    AccountId, Bulk, Error, Millis, OnConflict, Work,
    drill::{self, Mistake},
    sql,
};
use store::FromRow;
use wechat::message::Dedupe;

/// A callback that has been decided upon.
#[derive(Debug, Clone)]
pub struct Inbound {
    pub key: Dedupe,
    /// The answer as JSON; empty for "success". A repeated callback gets the same.
    pub answer: String,
}

const COLUMNS: &[&str] = &["tenant_id", "account_id", "sent_at", "digest", "answer", "received_at"];

#[derive(FromRow)]
struct Key {
    sent_at: i64,
    digest: Vec<u8>,
}

#[derive(FromRow)]
struct Answered {
    sent_at: i64,
    digest: Vec<u8>,
    answer: Option<String>,
}

/// Takes the callbacks that are new; their keys. The others had been taken before.
pub async fn take(work: &mut Work, account: AccountId, callbacks: &[Inbound]) -> Result<HashSet<Dedupe>, Error> {
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("inbound", COLUMNS).on_conflict(OnConflict::Nothing);
    bulk.reserve(callbacks.len());
    for callback in callbacks {
        bulk.row([
            tenant.into(),
            account.into(),
            callback.key.sent_at.into(),
            callback.key.digest.to_vec().into(),
            callback.answer.as_str().into(),
            now.into(),
        ]);
    }
    if drill::is_made(Mistake::TakeRepeats) {
        work.bulk(bulk).await?;
        return Ok(callbacks.iter().map(|callback| callback.key).collect());
    }
    let keys: Vec<Key> = work.tx().await?.bulk_returning(bulk, &["sent_at", "digest"]).await?;
    keys.into_iter().map(|key| dedupe(key.sent_at, &key.digest)).collect()
}

/// What these callbacks were answered when they first came.
pub async fn answers(work: &mut Work, account: AccountId, keys: &[Dedupe]) -> Result<HashMap<Dedupe, String>, Error> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    // One lookup for each key, and not whatever a database that has counted no rows yet thinks better.
    let query = sql("select k.column1 as sent_at, k.column2 as digest,
         (select answer from inbound i where i.tenant_id = ? and i.account_id = ? and i.sent_at = k.column1 and i.digest = k.column2) as answer
         from ")
        .bind(work.tenant())
        .bind(account)
        .rows(keys.iter().map(|key| [key.sent_at.into(), key.digest.to_vec().into()]))
        .push(" as k");
    let rows: Vec<Answered> = work.all(query).await?;
    rows.into_iter()
        .filter_map(|row| Some((row.sent_at, row.digest, row.answer?)))
        .map(|(sent_at, digest, answer)| Ok((dedupe(sent_at, &digest)?, answer)))
        .collect()
}

/// Forgets callbacks taken before `before` (milliseconds), of every account of the tenant. WeChat repeats
/// one within seconds; they are kept for days so that a late copy still finds its answer.
pub async fn forget(work: &mut Work, before: Millis) -> Result<u64, Error> {
    let query = sql("delete from inbound where tenant_id = ? and sent_at < ?").bind(work.tenant()).bind(before / 1000);
    work.execute(query).await
}

fn dedupe(sent_at: i64, digest: &[u8]) -> Result<Dedupe, Error> {
    let digest = digest.try_into().map_err(|_| Error::broken("inbound", sent_at, "digest is not 16 bytes"))?;
    Ok(Dedupe { sent_at, digest })
}
