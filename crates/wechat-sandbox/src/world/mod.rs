//! Everything the sandbox remembers, in memory, behind one lock.
//!
//! The lock is held for microseconds and never across anything that waits.
//! What has to survive a restart is marked in [`Dirty`] as it changes and is
//! written out in batches by `keep`; fans nothing has happened to are not
//! stored at all.

pub(crate) mod account;
pub(crate) mod articles;
pub(crate) mod chat;
pub(crate) mod component;
pub(crate) mod crowd;
pub(crate) mod fans;
pub(crate) mod forms;
pub(crate) mod library;
pub(crate) mod mass;
pub(crate) mod quota;
pub(crate) mod stats;
pub(crate) mod things;
pub(crate) mod tokens;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub(crate) use account::Account;
pub(crate) use chat::ChatItem;
pub(crate) use component::Component;
use fans::Fans;
use library::Library;
use stats::Stats;
pub(crate) use things::Media;
use things::{MEDIA_MS, Qr};
use tokens::Tokens;

use crate::chance;
use crate::clock::Clock;
use crate::live::Live;
use crate::permute::{Ids, derive, url_letters};

/// Refused calls that `rid/get` can still tell about.
const RIDS: usize = 2000;
/// People there are besides those who follow somebody.
const STRANGERS: u64 = 100;

/// What a refused call looked like, for `rid/get`.
#[derive(Clone, Debug)]
pub(crate) struct Rid {
    pub rid: String,
    pub appid: String,
    pub invoke_s: i64,
    pub cost_ms: i64,
    pub url: String,
    pub request: String,
    pub response: String,
    pub ip: String,
}

/// How pushes are tried.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PushSettings {
    /// How long the other side has to answer.
    pub timeout_ms: u64,
    /// Deliveries in all.
    pub attempts: u32,
    /// Between a failed attempt and the next.
    pub pause_ms: u64,
}

impl Default for PushSettings {
    fn default() -> Self {
        Self { timeout_ms: 5000, attempts: 3, pause_ms: 0 }
    }
}

/// The counters that ids come from, and the clock.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Counters {
    pub seed: u64,
    pub ahead_ms: i64,
    pub chat: u64,
    pub message: u64,
    pub menu: u64,
    pub made_accounts: u64,
    /// msg_data_id of publications and broadcasts.
    pub issue: u64,
    pub comment: u64,
    pub mass: u64,
    pub template: u64,
    pub push: PushSettings,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            seed: 0,
            ahead_ms: 0,
            chat: 0,
            message: 24_350_012_345_678_900,
            menu: 401_654_600,
            made_accounts: 0,
            issue: 2_247_483_900,
            comment: 0,
            mass: 3_147_483_649,
            template: 2_918_131_553_548_107_776,
            push: PushSettings::default(),
        }
    }
}

/// What has changed since it was last written out.
#[derive(Default)]
pub(crate) struct Dirty {
    /// False: nothing is kept, so nothing is marked.
    pub on: bool,
    pub whole: bool,
    pub accounts: BTreeSet<String>,
    pub fans: BTreeSet<(String, u64)>,
    pub chat: Vec<(String, u64, ChatItem)>,
    pub media: Vec<String>,
    pub qrs: Vec<String>,
    pub drafts: BTreeSet<String>,
    pub issues: BTreeSet<u64>,
    pub masses: BTreeSet<(String, u64)>,
    /// Template messages that are recognised again for a while, by account and recognised key.
    pub recents: Vec<(String, String)>,
}

impl Dirty {
    /// Component, tokens and counters.
    pub fn whole(&mut self) {
        self.whole = true;
    }

    pub fn account(&mut self, appid: &str) {
        if self.on && !self.accounts.contains(appid) {
            self.accounts.insert(appid.to_owned());
        }
    }

    pub fn draft(&mut self, media_id: &str) {
        if self.on {
            self.drafts.insert(media_id.to_owned());
        }
    }

    pub fn issue(&mut self, msg_data_id: u64) {
        if self.on {
            self.issues.insert(msg_data_id);
        }
    }

    pub fn fan(&mut self, appid: &str, person: u64) {
        if self.on {
            self.fans.insert((appid.to_owned(), person));
        }
    }
}

/// What a call has set off, done once the lock is let go.
pub(crate) enum Effect {
    PushTicket,
    /// Tell the phones that an account changed.
    Account(String),
    Typing {
        appid: String,
        person: u64,
    },
    /// A publication has been handed in, and ends in time.
    Publish(u64),
    /// A broadcast has been taken, and ends in time.
    Mass {
        appid: String,
        msg_id: u64,
    },
    /// A template message or a notice has been taken, and what became of it is told in time.
    Form(String),
}

pub(crate) struct World {
    pub clock: Arc<Clock>,
    pub live: Arc<Live>,
    /// `http://host:port`, for the addresses of files.
    pub base_url: String,
    pub counters: Counters,
    pub component: Component,
    pub accounts: BTreeMap<String, Account>,
    /// Accounts in the order they were made.
    pub order: Vec<String>,
    pub tokens: Tokens,
    pub qrs: HashMap<String, Qr>,
    pub media: HashMap<String, Media>,
    pub library: Library,
    pub stats: Stats,
    pub rids: VecDeque<Rid>,
    pub unionids: Ids,
    pub dirty: Dirty,
    pub effects: Vec<Effect>,
}

impl World {
    pub fn new(clock: Arc<Clock>, live: Arc<Live>, counters: Counters) -> Self {
        let seed = counters.seed;
        Self {
            clock,
            live,
            base_url: "http://127.0.0.1:8090".to_owned(),
            component: Component::new(seed),
            counters,
            accounts: BTreeMap::new(),
            order: Vec::new(),
            tokens: Tokens::default(),
            qrs: HashMap::new(),
            media: HashMap::new(),
            library: Library::default(),
            stats: Stats::default(),
            rids: VecDeque::new(),
            unionids: Ids::new(seed, "unionid"),
            dirty: Dirty::default(),
            effects: Vec::new(),
        }
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    pub fn ids_of(&self, appid: &str) -> Ids {
        Ids::new(self.counters.seed, appid)
    }

    pub fn account(&self, appid: &str) -> Option<&Account> {
        self.accounts.get(appid)
    }

    pub fn account_mut(&mut self, appid: &str) -> Option<&mut Account> {
        self.accounts.get_mut(appid)
    }

    /// Puts a new account in its place.
    pub fn admit(&mut self, mut account: Account) {
        let appid = account.appid.clone();
        account.fans = Fans::new(self.ids_of(&appid), account.fan_count, account.created_ms);
        self.order.push(appid.clone());
        self.dirty.account(&appid);
        self.dirty.whole();
        self.accounts.insert(appid, account);
    }

    /// How many people there are: all who follow somebody, and some who do not yet.
    pub fn people(&self) -> u64 {
        self.accounts.values().map(|account| account.fans.end()).max().unwrap_or(0) + STRANGERS
    }

    pub fn next_chat_id(&mut self) -> u64 {
        self.counters.chat += 1;
        self.dirty.whole();
        self.counters.chat
    }

    pub fn next_message_id(&mut self) -> u64 {
        self.counters.message += 1;
        self.counters.message
    }

    /// Adds a line to a chat and tells the phones. Lines that are not the fan's own count as unread.
    pub fn hear(&mut self, appid: &str, person: u64, mut item: ChatItem) -> u64 {
        item.id = self.next_chat_id();
        item.at_ms = self.now_ms();
        let id = item.id;
        let Some(account) = self.accounts.get_mut(appid) else { return id };
        let openid = account.fans.ids.id(person);
        self.live.chat(appid, &openid, person, &item);
        if self.dirty.on {
            self.dirty.chat.push((appid.to_owned(), person, item.clone()));
            self.dirty.fan(appid, person);
        }
        account.fans.change(person, |fan| {
            if item.from == chat::From::Account {
                fan.unread += 1;
                fan.typing_until_ms = 0;
            }
            fan.hear(item);
        });
        id
    }

    /// A file under a new name, not stored yet.
    pub fn new_media(&self, appid: &str, kind: &str, content_type: &str, extension: &str, bytes: Bytes) -> Media {
        let now_ms = self.now_ms();
        let id = url_letters(derive(chance::any(), kind, 0), 64);
        Media {
            file_name: format!("{}.{extension}", &id[..12]),
            id,
            appid: appid.to_owned(),
            kind: kind.to_owned(),
            content_type: content_type.to_owned(),
            created_ms: now_ms,
            expires_ms: (kind != "url").then_some(now_ms + MEDIA_MS),
            bytes,
            ..Media::default()
        }
    }

    /// Stores a file and says what to call it.
    pub fn store(&mut self, appid: &str, kind: &str, content_type: &str, extension: &str, bytes: Bytes) -> Media {
        let now_ms = self.now_ms();
        let media = self.new_media(appid, kind, content_type, extension, bytes);
        let id = media.id.clone();
        if self.media.len() > 2000 {
            self.media.retain(|_, media| media.expires_ms.is_none_or(|expires_ms| expires_ms > now_ms));
        }
        if self.dirty.on {
            self.dirty.media.push(id.clone());
        }
        self.media.insert(id, media.clone());
        media
    }

    /// A medium the account may name now.
    pub fn usable_media(&self, appid: &str, id: &str) -> Option<&Media> {
        let now_ms = self.now_ms();
        let usable = |media: &&Media| {
            media.appid == appid && media.kind != "url" && media.expires_ms.is_none_or(|at| now_ms < at)
        };
        self.media.get(id).filter(usable)
    }

    /// Where the phone and the hub can read a file.
    pub fn file_url(&self, id: &str) -> String {
        format!("{}/sandbox/files/{id}", self.base_url)
    }

    pub fn remember_rid(&mut self, rid: Rid) {
        if self.rids.len() == RIDS {
            self.rids.pop_front();
        }
        self.rids.push_back(rid);
    }
}
