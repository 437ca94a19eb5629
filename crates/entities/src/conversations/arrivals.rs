//! What callbacks tell the inbox, left in one row a batch and folded into the conversations a moment later.
//!
//! An arrival is written with its callback and taken away with what it changes, so a crash tells nothing twice and
//! loses nothing. Under load many batches are folded at once.

use std::{collections::BTreeMap, time::Duration};

use kit::{AccountId, Ctx, Error, Millis, TenantId, Work};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::{decide, store};
use crate::{
    accounts,
    reach::Opening,
    received::{self, FileKind},
};

/// What one push tells the inbox. The names in JSON are short: there is one for every message ever sent to us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    #[serde(rename = "o")]
    pub openid: String,
    #[serde(rename = "a")]
    pub at: Millis,
    /// What the fan did, if it opens the window.
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub did: Option<Opening>,
    /// What they said, if they said something.
    #[serde(rename = "h", default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    #[serde(rename = "k")]
    pub kind: String,
    #[serde(rename = "t")]
    pub text: String,
    /// No keyword answered it.
    #[serde(rename = "q")]
    pub asks: bool,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub file: Option<HeardFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardFile {
    #[serde(rename = "m")]
    pub media: String,
    #[serde(rename = "k")]
    pub kind: FileKind,
}

impl Arrival {
    /// Of a push that happened at `at`; `caught` when a keyword answered it.
    pub fn of(message: &wechat::message::Message, at: Millis, caught: bool) -> Option<Self> {
        decide::arrival(message, at, caught)
    }
}

/// Batches folded at once, at most.
const MOST: u64 = 200;
/// Left alone, it still looks so often: another process may have left something, and something may wake up.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// Between two folds when there is much to fold, so that many share a transaction.
const REST: Duration = Duration::from_millis(150);
const MUCH: usize = 64;

/// Says that something has been left.
#[derive(Default)]
struct Bell(Notify);

/// Leaves what a batch of one account heard. Ring [`nudge`] once it is committed.
pub async fn leave(work: &mut Work, account: AccountId, arrivals: &[Arrival]) -> Result<(), Error> {
    if arrivals.is_empty() {
        return Ok(());
    }
    store::leave(work, account, &serde_json::to_string(arrivals).map_err(Error::internal)?).await
}

/// Something was left, and may be folded.
pub fn nudge(ctx: &Ctx) {
    ctx.slot::<Bell>().0.notify_one();
}

/// Waits until something is left, and folds all there is; wakes what was put off until now. To be called for ever.
pub async fn follow(ctx: &Ctx) -> Result<(), Error> {
    let bell = ctx.slot::<Bell>();
    // A look in vain is cheap; that nothing rang says nothing of other processes.
    let _ = tokio::time::timeout(LOOK_AGAIN, bell.0.notified()).await;
    let folded = fold_all(ctx).await?;
    wake(ctx).await?;
    if folded >= MUCH {
        tokio::time::sleep(REST).await;
    }
    Ok(())
}

async fn fold_all(ctx: &Ctx) -> Result<usize, Error> {
    let mut folded = 0;
    for tenant in store::tenants_with_arrivals(ctx).await? {
        loop {
            let (rows, arrivals) = fold_some(ctx, tenant).await?;
            folded += arrivals;
            if rows < MOST {
                break;
            }
        }
    }
    Ok(folded)
}

async fn fold_some(ctx: &Ctx, tenant: TenantId) -> Result<(u64, usize), Error> {
    let mut work = Work::begin(ctx, tenant);
    let rows = store::take(&mut work, MOST).await?;
    let mut by_account: BTreeMap<AccountId, Vec<Arrival>> = BTreeMap::new();
    for row in &rows {
        let arrivals: Vec<Arrival> =
            serde_json::from_str(&row.body).map_err(|error| Error::broken("arrivals", row.id, error))?;
        by_account.entry(AccountId(row.account_id)).or_default().extend(arrivals);
    }
    let (mut told, mut count) = (Vec::new(), 0);
    for (account, arrivals) in by_account {
        count += arrivals.len();
        let table = match accounts::find(&mut work, account).await {
            Ok(account) => account.allowance,
            // Deleted meanwhile.
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        let files = decide::files(&arrivals);
        let news = decide::fold(table, arrivals);
        store::hear(&mut work, account, &news).await?;
        received::expect(&mut work, account, &files).await?;
        told.extend(news.into_iter().filter(|(_, news)| news.last.is_some()).map(|(openid, _)| (account, openid)));
    }
    store::tell(&mut work, &told);
    work.commit().await?;
    Ok((rows.len() as u64, count))
}

/// What was put off until now is open again, and somebody has to look.
async fn wake(ctx: &Ctx) -> Result<(), Error> {
    for tenant in store::tenants_with_sleepers(ctx).await? {
        let mut work = Work::begin(ctx, tenant);
        let woken = store::wake(&mut work).await?;
        store::tell(&mut work, &woken);
        work.commit().await?;
    }
    Ok(())
}
