//! What the buttons of an account's menus mean, made ready for the callback. Kept in memory by the account's version,
//! which every publication raises; memory is a cache and nothing else.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

use entities::{media, messages::Content};
use kit::{AccountId, Error, MediaId, MenuVersionId, Millis, Work};
use wechat::api::menu as theirs;

use super::{
    conditionals,
    model::{Button, each},
    store,
};

/// A button as a tap finds it.
#[derive(Debug, Clone)]
pub struct Known {
    pub id: String,
    pub name: String,
    /// Where a counted link leads.
    pub url: Option<String>,
    pub version: Option<MenuVersionId>,
    pub answer: Option<Content>,
}

/// The buttons of one account by what WeChat says of a tap: the key, the address, or the page of a mini program.
#[derive(Debug)]
pub struct Book {
    version: i64,
    buttons: HashMap<String, Known>,
    pub media: HashMap<MediaId, String>,
    media_until: Millis,
}

#[derive(Default)]
struct Books(RwLock<HashMap<AccountId, Arc<Book>>>);

/// Phones keep a menu for five minutes and longer; and what was published by the clock comes back.
const VERSIONS: u64 = 20;
/// A file's id must still be good when WeChat reads the answer.
const MEDIA_MARGIN_MS: Millis = 10 * 60_000;

/// The account's book as of `version`.
pub async fn book(work: &mut Work, account: AccountId, version: i64) -> Result<Arc<Book>, Error> {
    let books = work.ctx().slot::<Books>();
    let known = books.0.read().ok().and_then(|books| books.get(&account).cloned());
    if let Some(book) = known.filter(|book| book.version == version && book.media_until > work.now()) {
        return Ok(book);
    }
    let now = work.now();
    let files = media::wechat_ids(work, account, now + MEDIA_MARGIN_MS).await?;
    let media_until = files.iter().map(|file| file.expires_at - MEDIA_MARGIN_MS).min().unwrap_or(Millis::MAX);
    let media = files.into_iter().map(|file| (file.media, file.wechat_media_id)).collect();
    let mut buttons = HashMap::new();
    // What is live first: should two menus have one key, the newest says what it means.
    let mut versions = store::shown(work, account, VERSIONS).await?;
    versions.sort_by_key(|version| version.ended_at.is_some());
    let (live, replaced): (Vec<_>, Vec<_>) = versions.into_iter().partition(|version| version.ended_at.is_none());
    let some = conditionals::list(work, account).await?;
    for version in &live {
        enter(&mut buttons, &version.buttons, &version.sent, Some(version.id));
    }
    for menu in &some {
        enter(&mut buttons, &menu.buttons, &menu.sent, None);
    }
    for version in &replaced {
        enter(&mut buttons, &version.buttons, &version.sent, Some(version.id));
    }
    let book = Arc::new(Book { version, buttons, media, media_until });
    if let Ok(mut books) = books.0.write() {
        books.insert(account, book.clone());
    }
    Ok(book)
}

fn enter(
    into: &mut HashMap<String, Known>,
    buttons: &[Button],
    sent: &[theirs::Button],
    version: Option<MenuVersionId>,
) {
    let sent = sent.iter().flat_map(|button| std::iter::once(button).chain(button.items()));
    for (button, sent) in each(buttons).zip(sent) {
        let Some(heard) = heard(sent) else { continue };
        into.entry(heard.to_owned()).or_insert_with(|| Known {
            id: button.id.clone(),
            name: button.name.clone(),
            url: if button.count_visits { button.url.clone() } else { None },
            version,
            answer: button.answer.clone(),
        });
    }
}

/// What an event about this button carries as its key.
fn heard(sent: &theirs::Button) -> Option<&str> {
    let key = match sent.kind.as_deref()? {
        theirs::types::VIEW => &sent.url,
        theirs::types::MINIPROGRAM => &sent.pagepath,
        _ => &sent.key,
    };
    key.as_deref().filter(|key| !key.is_empty())
}

impl Book {
    pub fn find(&self, key: &str) -> Option<&Known> {
        self.buttons.get(key)
    }
}
