//! What survives a restart: one SQLite file, written by one thread in batches.
//!
//! Everything is a small JSON document under a kind and a key, except lines of
//! chats, files and the journal, which have tables of their own. The sandbox
//! marks what changed and hands it over a few times a second; killing it loses
//! that much. The file is read once, at start.

use std::path::Path;
use std::sync::mpsc;
use std::thread;

use bytes::Bytes;
use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use crate::journal::{Call, Journal, ROWS, Total};
use crate::sandbox::Error;
use crate::world::things::{Media, Qr};
use crate::world::{Account, Component, Counters, World};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS doc (kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS chat (id INTEGER PRIMARY KEY, appid TEXT NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS media (id TEXT PRIMARY KEY, body TEXT NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS total (key TEXT PRIMARY KEY, calls INTEGER NOT NULL, executions INTEGER NOT NULL) WITHOUT ROWID;
";
/// Rows of the journal that are kept on disk.
const CALLS: i64 = 200_000;

/// What changed, in one piece.
#[derive(Default)]
pub(crate) struct Batch {
    docs: Vec<(&'static str, String, String)>,
    chat: Vec<(u64, String, u64, String)>,
    media: Vec<(String, String, Bytes)>,
    gone: Vec<(&'static str, String)>,
    gone_media: Vec<String>,
    calls: Vec<(u64, String)>,
    totals: Vec<(String, Total)>,
    wipe_journal: bool,
}

impl Batch {
    fn is_empty(&self) -> bool {
        let Batch { docs, chat, media, gone, gone_media, calls, totals, wipe_journal } = self;
        docs.is_empty()
            && chat.is_empty()
            && media.is_empty()
            && gone.is_empty()
            && gone_media.is_empty()
            && calls.is_empty()
            && totals.is_empty()
            && !wipe_journal
    }

    /// Takes what is marked in the world.
    pub fn gather(&mut self, world: &mut World) {
        let json = |value: serde_json::Result<String>| value.unwrap_or_default();
        let dirty = std::mem::take(&mut world.dirty);
        world.dirty.on = dirty.on;
        if dirty.whole {
            let counters = Counters { ahead_ms: world.clock.ahead_ms(), ..world.counters.clone() };
            self.docs.push(("world", "counters".to_owned(), json(serde_json::to_string(&counters))));
            self.docs.push(("world", "component".to_owned(), json(serde_json::to_string(&world.component))));
            self.docs.push(("world", "tokens".to_owned(), json(serde_json::to_string(&world.tokens))));
            self.docs.push(("world", "order".to_owned(), json(serde_json::to_string(&world.order))));
        }
        for appid in dirty.accounts {
            if let Some(account) = world.accounts.get_mut(&appid) {
                account.fan_count = account.fans.count();
                self.docs.push(("account", appid, json(serde_json::to_string(account))));
            }
        }
        for (appid, person) in dirty.fans {
            if let Some(fan) = world.accounts.get(&appid).and_then(|account| account.fans.get(person)) {
                self.docs.push(("fan", format!("{appid} {person}"), json(serde_json::to_string(fan))));
            }
        }
        for ticket in dirty.qrs {
            if let Some(qr) = world.qrs.get(&ticket) {
                self.docs.push(("qr", ticket, json(serde_json::to_string(qr))));
            }
        }
        for id in dirty.media {
            match world.media.get(&id) {
                Some(media) => self.media.push((id, json(serde_json::to_string(media)), media.bytes.clone())),
                None => self.gone_media.push(id),
            }
        }
        for media_id in dirty.drafts {
            match world.library.drafts.get(&media_id) {
                Some(draft) => self.docs.push(("draft", media_id, json(serde_json::to_string(draft)))),
                None => self.gone.push(("draft", media_id)),
            }
        }
        for id in dirty.issues {
            if let Some(issue) = world.library.issues.get(&id) {
                self.docs.push(("issue", id.to_string(), json(serde_json::to_string(issue))));
            }
        }
        for (appid, msg_id) in dirty.masses {
            if let Some(job) = world.accounts.get(&appid).and_then(|account| account.masses.jobs.get(&msg_id)) {
                self.docs.push(("mass", format!("{appid} {msg_id:020}"), json(serde_json::to_string(job))));
            }
        }
        for (appid, key) in dirty.recents {
            if let Some(recent) = world.accounts.get(&appid).and_then(|account| account.forms.recent.get(&key)) {
                self.docs.push(("recent", format!("{appid} {key}"), json(serde_json::to_string(recent))));
            }
        }
        for (appid, person, item) in dirty.chat {
            self.chat.push((item.id, appid, person, json(serde_json::to_string(&item))));
        }
    }

    /// Takes the days of the statistics that changed. A full day is long, so this is asked for less often.
    pub fn gather_days(&mut self, world: &mut World) {
        for (appid, day) in std::mem::take(&mut world.stats.dirty) {
            if let Some(of) = world.stats.day(&appid, day) {
                self.docs.push(("day", format!("{appid} {day}"), serde_json::to_string(of).unwrap_or_default()));
            }
        }
    }

    /// Takes the journal's new rows.
    pub fn gather_calls(&mut self, journal: &mut Journal) {
        let Some(unwritten) = journal.unwritten.as_mut() else { return };
        for call in unwritten.drain(..) {
            for key in [&call.key, &call.path] {
                if let Some(total) = journal.totals.get(key) {
                    self.totals.push((key.clone(), *total));
                }
            }
            self.calls.push((call.id, serde_json::to_string(&call).unwrap_or_default()));
        }
    }
}

enum Order {
    Write(Batch),
    Done(oneshot::Sender<()>),
}

/// The writer's front door.
pub(crate) struct Keep {
    orders: mpsc::Sender<Order>,
}

impl Keep {
    /// Opens the file in `dir`, reads what is in it into the world, and starts the writer.
    pub fn open(dir: &Path, load: impl FnOnce(&Connection) -> Result<(), Error>) -> Result<Self, Error> {
        std::fs::create_dir_all(dir)?;
        let connection = Connection::open(dir.join("sandbox.sqlite"))?;
        connection.execute_batch(SCHEMA)?;
        load(&connection)?;
        let (orders, inbox) = mpsc::channel();
        thread::Builder::new().name("sandbox-keep".to_owned()).spawn(move || write_all(connection, &inbox))?;
        Ok(Self { orders })
    }

    pub fn write(&self, batch: Batch) {
        if !batch.is_empty() {
            // The writer only ends with the sandbox.
            let _ = self.orders.send(Order::Write(batch));
        }
    }

    pub fn wipe_journal(&self) {
        self.write(Batch { wipe_journal: true, ..Batch::default() });
    }

    /// Comes back when all that was handed over is in the file.
    pub async fn done(&self) {
        let (sender, done) = oneshot::channel();
        if self.orders.send(Order::Done(sender)).is_ok() {
            let _ = done.await;
        }
    }
}

fn write_all(mut connection: Connection, inbox: &mpsc::Receiver<Order>) {
    while let Ok(order) = inbox.recv() {
        match order {
            Order::Write(batch) => {
                if let Err(error) = write(&mut connection, batch) {
                    tracing::error!(%error, "the sandbox could not write its file");
                }
            }
            Order::Done(done) => {
                let _ = done.send(());
            }
        }
    }
}

fn write(connection: &mut Connection, batch: Batch) -> rusqlite::Result<()> {
    let tx = connection.transaction()?;
    if batch.wipe_journal {
        tx.execute_batch("DELETE FROM call; DELETE FROM total;")?;
    }
    for (kind, key, body) in batch.docs {
        tx.prepare_cached("INSERT OR REPLACE INTO doc (kind, key, body) VALUES (?, ?, ?)")?
            .execute(params![kind, key, body])?;
    }
    for (id, appid, person, body) in batch.chat {
        tx.prepare_cached("INSERT OR REPLACE INTO chat (id, appid, person, body) VALUES (?, ?, ?, ?)")?
            .execute(params![id.cast_signed(), appid, person.cast_signed(), body])?;
    }
    for (id, body, bytes) in batch.media {
        tx.prepare_cached("INSERT OR REPLACE INTO media (id, body, bytes) VALUES (?, ?, ?)")?.execute(params![
            id,
            body,
            &bytes[..]
        ])?;
    }
    for (kind, key) in batch.gone {
        tx.prepare_cached("DELETE FROM doc WHERE kind = ? AND key = ?")?.execute(params![kind, key])?;
    }
    for id in batch.gone_media {
        tx.prepare_cached("DELETE FROM media WHERE id = ?")?.execute(params![id])?;
    }
    let last_call = batch.calls.last().map(|(id, _)| *id);
    for (id, body) in batch.calls {
        tx.prepare_cached("INSERT OR REPLACE INTO call (id, body) VALUES (?, ?)")?
            .execute(params![id.cast_signed(), body])?;
    }
    if let Some(last) = last_call {
        tx.prepare_cached("DELETE FROM call WHERE id <= ?")?.execute(params![last.cast_signed() - CALLS])?;
    }
    for (key, total) in batch.totals {
        tx.prepare_cached("INSERT OR REPLACE INTO total (key, calls, executions) VALUES (?, ?, ?)")?
            .execute(params![key, total.calls.cast_signed(), total.executions.cast_signed()])?;
    }
    tx.commit()
}

/// One document, or `None` when it was never written.
pub(crate) fn read_doc<T: serde::de::DeserializeOwned>(connection: &Connection, key: &str) -> Result<Option<T>, Error> {
    let mut statement = connection.prepare("SELECT body FROM doc WHERE kind = 'world' AND key = ?")?;
    let mut rows = statement.query(params![key])?;
    match rows.next()? {
        None => Ok(None),
        Some(row) => Ok(Some(serde_json::from_str(&row.get::<_, String>(0)?)?)),
    }
}

/// Fills a world with what was kept.
pub(crate) fn load(connection: &Connection, world: &mut World, journal: &mut Journal) -> Result<(), Error> {
    if let Some(component) = read_doc::<Component>(connection, "component")? {
        world.component = component;
    }
    if let Some(tokens) = read_doc(connection, "tokens")? {
        world.tokens = tokens;
    }
    let mut docs = connection.prepare("SELECT key, body FROM doc WHERE kind = ?")?;
    let mut accounts = std::collections::HashMap::new();
    for row in docs.query_map(params!["account"], pair)? {
        let (appid, body) = row?;
        accounts.insert(appid, serde_json::from_str::<Account>(&body)?);
    }
    for appid in read_doc::<Vec<String>>(connection, "order")?.unwrap_or_default() {
        if let Some(account) = accounts.remove(&appid) {
            world.admit(account);
        }
    }
    for row in docs.query_map(params!["fan"], pair)? {
        let (key, body) = row?;
        let Some((appid, person)) = key.split_once(' ') else { continue };
        if let (Some(account), Ok(person)) = (world.accounts.get_mut(appid), person.parse()) {
            account.fans.restore(person, serde_json::from_str(&body)?);
        }
    }
    for row in docs.query_map(params!["qr"], pair)? {
        let (ticket, body) = row?;
        world.qrs.insert(ticket, serde_json::from_str::<Qr>(&body)?);
    }
    for row in docs.query_map(params!["draft"], pair)? {
        let (media_id, body) = row?;
        world.library.drafts.insert(media_id, serde_json::from_str(&body)?);
    }
    for row in docs.query_map(params!["issue"], pair)? {
        world.library.file(serde_json::from_str(&row?.1)?);
    }
    for row in docs.query_map(params!["day"], pair)? {
        let (key, body) = row?;
        let Some((appid, day)) = key.split_once(' ') else { continue };
        if let Ok(day) = day.parse() {
            world.stats.days.insert((appid.to_owned(), day), serde_json::from_str(&body)?);
        }
    }
    for row in docs.query_map(params!["mass"], pair)? {
        let (key, body) = row?;
        if let Some(account) = key.split_once(' ').and_then(|(appid, _)| world.accounts.get_mut(appid)) {
            account.masses.file(serde_json::from_str(&body)?);
        }
    }
    for row in docs.query_map(params!["recent"], pair)? {
        let (key, body) = row?;
        let Some((appid, key)) = key.split_once(' ') else { continue };
        if let Some(account) = world.accounts.get_mut(appid) {
            account.forms.remember(key.to_owned(), serde_json::from_str(&body)?);
        }
    }
    let mut chat = connection.prepare("SELECT appid, person, body FROM chat ORDER BY id")?;
    for row in chat.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.cast_unsigned(), row.get::<_, String>(2)?))
    })? {
        let (appid, person, body) = row?;
        if let Some(account) = world.accounts.get_mut(&appid) {
            let item = serde_json::from_str(&body)?;
            account.fans.change(person, |fan| fan.hear(item));
        }
    }
    let mut media = connection.prepare("SELECT body, bytes FROM media")?;
    for row in media.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))? {
        let (body, bytes) = row?;
        let media = Media { bytes: bytes.into(), ..serde_json::from_str(&body)? };
        world.media.insert(media.id.clone(), media);
    }
    let mut kept: Vec<&Media> = world.media.values().filter(|media| media.permanent).collect();
    kept.sort_by(|a, b| (a.created_ms, &a.id).cmp(&(b.created_ms, &b.id)));
    for media in kept {
        world.library.shelve(media);
    }
    let mut calls = connection.prepare("SELECT body FROM call ORDER BY id")?;
    for row in calls.query_map([], |row| row.get::<_, String>(0))? {
        let call: Call = serde_json::from_str(&row?)?;
        journal.last_id = call.id;
        journal.rows.push_back(call);
        if journal.rows.len() > ROWS {
            journal.rows.pop_front();
        }
    }
    let mut totals = connection.prepare("SELECT key, calls, executions FROM total")?;
    let total = |row: &rusqlite::Row<'_>| {
        let count = |at| row.get::<_, i64>(at).map(i64::cast_unsigned);
        Ok((row.get(0)?, Total { calls: count(1)?, executions: count(2)?, ..Total::default() }))
    };
    for row in totals.query_map([], total)? {
        let (key, total) = row?;
        journal.totals.insert(key, total);
    }
    world.dirty = Default::default();
    world.dirty.on = true;
    journal.unwritten = Some(Vec::new());
    Ok(())
}

fn pair(row: &rusqlite::Row<'_>) -> rusqlite::Result<(String, String)> {
    Ok((row.get(0)?, row.get(1)?))
}
