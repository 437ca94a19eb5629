//! Callbacks on disk while the database is away: one line each, flushed before WeChat is answered.
//!
//! Replaying moves the file aside, takes its lines in through the ordinary batch, and deletes it. A crash
//! in between replays it again, which the keys of the callbacks make harmless.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use entities::accounts;
use kit::{AccountId, Ctx, Error, Millis, TenantId};
use serde::{Deserialize, Serialize};
use wechat::message;

use super::{Item, batch};

#[derive(Serialize, Deserialize)]
struct Line {
    tenant: i64,
    account: i64,
    app_id: String,
    received_at: Millis,
    /// The document, base64.
    raw: String,
}

pub struct Spool {
    file: PathBuf,
    aside: PathBuf,
    lock: Mutex<()>,
}

const MOST_IN_BATCH: usize = 200;

impl Spool {
    pub fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            file: folder.join("callbacks.spool"),
            aside: folder.join("callbacks.replaying"),
            lock: Mutex::new(()),
        })
    }

    /// Returns once the lines are on disk.
    pub fn append(&self, items: &[Item]) -> io::Result<()> {
        let mut text = String::new();
        for item in items {
            let line = Line {
                tenant: item.door.tenant.0,
                account: item.door.account.0,
                app_id: item.door.authorizer.clone(),
                received_at: item.received_at,
                raw: STANDARD.encode(&item.raw),
            };
            text.push_str(&serde_json::to_string(&line).map_err(io::Error::other)?);
            text.push('\n');
        }
        let _turn = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let new = !self.file.exists();
        let mut file = OpenOptions::new().create(true).append(true).open(&self.file)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        if new && let Some(folder) = self.file.parent() {
            // The name must survive a power cut as well as the content.
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    /// Takes in everything that is kept. How many callbacks; an error leaves them where they are.
    pub async fn replay(&self, ctx: &Ctx) -> Result<usize, Error> {
        if !self.aside.exists() {
            if !self.file.exists() {
                return Ok(0);
            }
            let _turn = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
            std::fs::rename(&self.file, &self.aside).map_err(Error::internal)?;
        }
        let lines: Vec<String> = BufReader::new(File::open(&self.aside).map_err(Error::internal)?)
            .lines()
            .collect::<io::Result<_>>()
            .map_err(Error::internal)?;
        let mut items = Vec::with_capacity(lines.len());
        for line in &lines {
            if let Some(item) = item(ctx, line).await? {
                items.push(item);
            }
        }
        for chunk in items.chunks(MOST_IN_BATCH) {
            batch::process(ctx, chunk).await?.1.lasting().await?;
        }
        std::fs::remove_file(&self.aside).map_err(Error::internal)?;
        Ok(items.len())
    }
}

/// A line as a callback again. A last line that a crash cut short was never acknowledged, and an account that is gone needs none.
async fn item(ctx: &Ctx, line: &str) -> Result<Option<Item>, Error> {
    let Ok(line) = serde_json::from_str::<Line>(line) else { return Ok(None) };
    let Ok(raw) = STANDARD.decode(&line.raw) else { return Ok(None) };
    let Ok(message) = message::decode(&raw) else { return Ok(None) };
    let door = accounts::door_by_app(ctx, &line.app_id).await?;
    Ok(door
        .filter(|door| door.tenant == TenantId(line.tenant) && door.account == AccountId(line.account))
        .map(|door| Item { door, message, raw, received_at: line.received_at }))
}
