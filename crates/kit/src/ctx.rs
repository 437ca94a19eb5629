use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use store::Store;
use tokio::sync::Notify;
use wechat_client::{Client, Pictures};

use crate::{Authenticate, Keyring, LiveBus};

/// Milliseconds since 1970, UTC.
pub type Millis = i64;

/// What the program knows of its own place in the world. Nothing secret.
#[derive(Debug, Clone)]
pub struct Public {
    /// Where browsers and WeChat reach the hub, without a trailing slash.
    pub url: String,
    /// Where WeChat's authorisation page lives (`https://mp.weixin.qq.com`).
    pub mp_base: String,
    /// Where the sandbox's phone is, when this hub talks to one.
    pub sandbox_url: Option<String>,
    /// Cookies are marked `Secure`.
    pub secure_cookies: bool,
    pub demo: bool,
}

/// What a [`Ctx`] is made of.
pub struct CtxParts {
    pub store: Store,
    /// Milliseconds UTC.
    pub clock: Arc<dyn Fn() -> Millis + Send + Sync>,
    /// Ids of rows. Tests give ids that do not ascend.
    pub new_id: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Ids of events. These always ascend: the follower of the event log leans on it.
    pub new_event_id: Arc<dyn Fn() -> i64 + Send + Sync>,
    pub keyring: Keyring,
    pub wechat: Client,
    pub pictures: Pictures,
    pub public: Public,
}

/// Everything a door hands in: the database, the clock, ids, keys, the way to WeChat. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    inner: Arc<Inner>,
}

struct Inner {
    parts: CtxParts,
    live: LiveBus,
    jobs: Arc<Notify>,
    sends: Arc<Notify>,
    authenticate: OnceLock<Arc<dyn Authenticate>>,
    slots: RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Ctx {
    pub fn new(parts: CtxParts) -> Self {
        Self {
            inner: Arc::new(Inner {
                parts,
                live: LiveBus::default(),
                jobs: Arc::new(Notify::new()),
                sends: Arc::new(Notify::new()),
                authenticate: OnceLock::new(),
                slots: RwLock::default(),
            }),
        }
    }

    pub fn store(&self) -> &Store {
        &self.inner.parts.store
    }

    pub fn now(&self) -> Millis {
        (self.inner.parts.clock)()
    }

    pub fn clock(&self) -> Arc<dyn Fn() -> Millis + Send + Sync> {
        self.inner.parts.clock.clone()
    }

    pub fn new_id(&self) -> i64 {
        (self.inner.parts.new_id)()
    }

    pub fn new_event_id(&self) -> i64 {
        (self.inner.parts.new_event_id)()
    }

    /// The random part and the nonce of an encrypted reply.
    #[expect(clippy::disallowed_methods, reason = "what encrypts a reply must be unguessable, also in tests")]
    pub fn random_reply(&self) -> ([u8; 16], String) {
        let random: [u8; 16] = rand::random();
        (random, format!("{:016x}", rand::random::<u64>()))
    }

    pub fn keyring(&self) -> &Keyring {
        &self.inner.parts.keyring
    }

    /// Sixteen bytes nobody can guess: names that strangers will see, and must not learn anything from.
    #[expect(clippy::disallowed_methods, reason = "what strangers see must be unguessable, also in tests")]
    pub fn random(&self) -> [u8; 16] {
        rand::random()
    }

    pub fn wechat(&self) -> &Client {
        &self.inner.parts.wechat
    }

    /// The way to pictures of people and accounts.
    pub fn pictures(&self) -> &Pictures {
        &self.inner.parts.pictures
    }

    pub fn public(&self) -> &Public {
        &self.inner.parts.public
    }

    pub fn live(&self) -> &LiveBus {
        &self.inner.live
    }

    /// Wakes the job runner.
    pub fn job_nudge(&self) -> Arc<Notify> {
        self.inner.jobs.clone()
    }

    /// Wakes the sender.
    pub fn send_nudge(&self) -> Arc<Notify> {
        self.inner.sends.clone()
    }

    /// A place for what an entity or slice keeps in memory in this process: caches, locks. One value a type,
    /// made on first use. Nothing that must survive belongs here.
    pub fn slot<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let key = TypeId::of::<T>();
        let known = self.inner.slots.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let any = known.unwrap_or_else(|| {
            let mut slots = self.inner.slots.write().unwrap_or_else(PoisonError::into_inner);
            slots.entry(key).or_insert_with(|| Arc::new(T::default())).clone()
        });
        any.downcast().expect("a slot holds the type it is named by")
    }

    /// Says who checks sessions and keys. Once, at start.
    pub fn set_authenticate(&self, authenticate: Arc<dyn Authenticate>) {
        let _ = self.inner.authenticate.set(authenticate);
    }

    pub(crate) fn authenticate(&self) -> Option<&Arc<dyn Authenticate>> {
        self.inner.authenticate.get()
    }
}
