//! The pictures this process has at hand. A cache: bounded, and gone with the process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use kit::{Ctx, Millis, TenantId};
use moka::{Expiry, future::Cache};
use sha2::{Digest, Sha256};
use tokio::{sync::Semaphore, time::Instant};
use wechat_client::{NoPicture, Picture};

/// All pictures together.
const ROOM: u64 = 32 << 20;
const KEPT: Duration = Duration::from_secs(12 * 3600);
/// There was none; asked again after this.
const NONE_KEPT: Duration = Duration::from_secs(600);
/// The host was away; asked again after this.
const AWAY_KEPT: Duration = Duration::from_secs(60);
/// Fetched at the same time.
const AT_ONCE: usize = 8;
/// Somebody who looks at a page waits no longer for one of its pictures.
const PATIENCE: Duration = Duration::from_millis(1500);
/// After so many in a row who could not be reached, nobody is called for a while.
const FAILURES: u32 = 6;
const REST_MS: Millis = 30_000;

/// A picture and the sign by which a browser knows that it has it.
#[derive(Debug, Clone)]
pub struct Kept {
    pub picture: Picture,
    pub tag: String,
}

/// Nothing is known of why it went wrong but whether it may soon be different.
#[derive(Debug, Clone)]
enum Slot {
    Kept(Arc<Kept>),
    None,
    Away,
}

type Key = (TenantId, Arc<str>);

struct Lives;

impl Expiry<Key, Slot> for Lives {
    fn expire_after_create(&self, _: &Key, slot: &Slot, _: std::time::Instant) -> Option<Duration> {
        Some(match slot {
            Slot::Kept(_) => KEPT,
            Slot::None => NONE_KEPT,
            Slot::Away => AWAY_KEPT,
        })
    }
}

/// What a look at the shelf gives.
#[derive(Debug, Clone)]
pub enum Look {
    Here(Arc<Kept>),
    /// There is none to be had.
    Nothing,
    /// Perhaps in a moment.
    NotYet,
}

pub struct Shelf {
    slots: Cache<Key, Slot>,
    fetching: Arc<Semaphore>,
    failures: AtomicU32,
    rest_until: AtomicI64,
}

impl Default for Shelf {
    fn default() -> Self {
        let weigh = |key: &Key, slot: &Slot| {
            let bytes = match slot {
                Slot::Kept(kept) => kept.picture.bytes.len(),
                Slot::None | Slot::Away => 0,
            };
            u32::try_from(bytes + key.1.len() + 200).unwrap_or(u32::MAX)
        };
        Self {
            slots: Cache::builder().max_capacity(ROOM).weigher(weigh).expire_after(Lives).build(),
            fetching: Arc::new(Semaphore::new(AT_ONCE)),
            failures: AtomicU32::new(0),
            rest_until: AtomicI64::new(0),
        }
    }
}

/// What a picture is of: those in articles are larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Avatar,
    Article,
}

/// The picture at WeChat's address. Fetching goes on when nobody waits any more.
pub async fn look(ctx: &Ctx, tenant: TenantId, address: &str, what: What) -> Look {
    let shelf = ctx.slot::<Shelf>();
    let key: Key = (tenant, Arc::from(address));
    if let Some(slot) = shelf.slots.get(&key).await {
        return slot.into();
    }
    if ctx.now() < shelf.rest_until.load(Ordering::Relaxed) {
        return Look::NotYet;
    }
    let ctx = ctx.clone();
    let until = Instant::now() + PATIENCE;
    let fetching = tokio::spawn(async move {
        let slots = shelf.slots.clone();
        slots.get_with(key.clone(), async { shelf.fetch(&ctx, &key.1, what).await }).await
    });
    match tokio::time::timeout_at(until, fetching).await {
        Ok(Ok(slot)) => slot.into(),
        Ok(Err(_)) | Err(_) => Look::NotYet,
    }
}

impl Shelf {
    async fn fetch(&self, ctx: &Ctx, address: &str, what: What) -> Slot {
        let Ok(_turn) = self.fetching.acquire().await else { return Slot::Away };
        let fetched = match what {
            What::Avatar => ctx.pictures().fetch(address).await,
            What::Article => ctx.pictures().of_article(address).await,
        };
        match fetched {
            Ok(picture) => {
                self.failures.store(0, Ordering::Relaxed);
                let digest = Sha256::digest(&picture.bytes);
                let tag = digest.iter().take(12).fold(String::new(), |tag, byte| tag + &format!("{byte:02x}"));
                Slot::Kept(Arc::new(Kept { picture, tag: format!("\"{tag}\"") }))
            }
            Err(why @ NoPicture::Away(_)) => {
                tracing::info!(%why, "a picture was not fetched");
                if self.failures.fetch_add(1, Ordering::Relaxed) + 1 >= FAILURES {
                    self.failures.store(0, Ordering::Relaxed);
                    self.rest_until.store(ctx.now() + REST_MS, Ordering::Relaxed);
                }
                Slot::Away
            }
            Err(why) => {
                tracing::info!(%why, "a picture was not fetched");
                Slot::None
            }
        }
    }
}

impl From<Slot> for Look {
    fn from(slot: Slot) -> Self {
        match slot {
            Slot::Kept(kept) => Self::Here(kept),
            Slot::None => Self::Nothing,
            Slot::Away => Self::NotYet,
        }
    }
}
