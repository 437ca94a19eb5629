//! This feature's turn with the messages of a batch: which button was tapped, and what it answers. It comes before the
//! reply rules, which know no taps.

use std::sync::Arc;

use entities::messages::{Content, passive};
use kit::{AccountId, Error, Work};
use serde_json::{Value, json};
use wechat::{
    message::{Event, Kind, Message},
    reply::Reply,
};

use super::book::{self, Book, Known};

/// All that deciding needs, loaded for one account's part of a batch.
pub struct Prepared(Option<Arc<Book>>);

/// Loads what the account's buttons mean, if anybody tapped one.
pub async fn prepare<'a>(
    work: &mut Work,
    account: AccountId,
    version: i64,
    messages: impl IntoIterator<Item = &'a Message>,
) -> Result<Prepared, Error> {
    let is_tapped = messages.into_iter().any(|message| tapped(&message.kind).is_some());
    Ok(Prepared(if is_tapped { Some(book::book(work, account, version).await?) } else { None }))
}

/// What a button says.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// In the answer to the tap itself.
    Now(Content, Reply),
    /// Afterwards, because WeChat does not have its file yet.
    Later(Content),
}

impl Prepared {
    fn known(&self, message: &Message) -> Option<&Known> {
        self.0.as_ref()?.find(tapped(&message.kind)?)
    }

    /// What the tapped button answers.
    pub fn decide(&self, message: &Message) -> Option<Said> {
        let content = self.known(message)?.answer.clone()?;
        let media = &self.0.as_ref()?.media;
        Some(match passive(&content, media) {
            Some(reply) => Said::Now(content, reply),
            None => Said::Later(content),
        })
    }

    /// Writes into what the timeline says of a tap which button it was.
    pub fn describe(&self, message: &Message, properties: &mut Value) {
        let Some(known) = self.known(message) else { return };
        properties["button"] = json!(known.id);
        properties["name"] = json!(known.name);
        if let Some(url) = &known.url {
            properties["url"] = json!(url);
        }
        if let Some(version) = known.version {
            properties["version_id"] = json!(version);
        }
    }
}

/// Whether a fan tapped a button.
pub fn is_tap(kind: &Kind) -> bool {
    tapped(kind).is_some()
}

/// The key of the event, if it is one of a menu.
fn tapped(kind: &Kind) -> Option<&str> {
    let Kind::Event(event) = kind else { return None };
    Some(match event {
        Event::Click { key }
        | Event::ScancodePush { key, .. }
        | Event::ScancodeWaitmsg { key, .. }
        | Event::PicSysphoto { key, .. }
        | Event::PicPhotoOrAlbum { key, .. }
        | Event::PicWeixin { key, .. }
        | Event::LocationSelect { key, .. } => key.as_str(),
        Event::View { url, .. } => url.as_str(),
        Event::ViewMiniprogram { path, .. } => path.as_str(),
        _ => return None,
    })
}
