//! From ours to WeChat's. Pure.

use std::collections::HashMap;

use entities::broadcasts::{Comments, Content, Part, Way};
use kit::MediaId;
use wechat::api::mass::{self, send, send_all};

/// What WeChat calls what a content needs: files, the film made for broadcasts, the draft.
#[derive(Debug, Default)]
pub struct Known {
    pub files: HashMap<MediaId, String>,
    pub film: Option<String>,
    pub draft: Option<String>,
}

/// The content as WeChat hears it; none when something it needs is not known. Lists name a film's title once more.
pub fn said(content: &Content, known: &Known, way: Way) -> Option<mass::Content> {
    Some(match content {
        Content::Text { text } => mass::Content::text(text.as_str()),
        Content::Article { .. } => mass::Content::mpnews(known.draft.clone()?),
        Content::Images { media_ids, recommend, comments } => {
            let ids: Option<Vec<String>> = media_ids.iter().map(|id| known.files.get(id).cloned()).collect();
            let images = mass::Images {
                media_ids: ids?,
                recommend: recommend.clone().unwrap_or_default(),
                need_open_comment: i64::from(*comments != Comments::Off),
                only_fans_can_comment: i64::from(*comments == Comments::Fans),
            };
            mass::Content::Image { images }
        }
        Content::Voice { media_id } => {
            mass::Content::Voice { voice: mass::Media { media_id: known.files.get(media_id)?.clone() } }
        }
        Content::Video { title, description, .. } => {
            let words = |text: &String| if way == Way::List { text.clone() } else { String::new() };
            let mpvideo =
                mass::MpVideo { media_id: known.film.clone()?, title: words(title), description: words(description) };
            mass::Content::MpVideo { mpvideo }
        }
    })
}

/// One call. The same part is the same bytes, however often it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    All(send_all::Request),
    List(send::Request),
}

pub fn request(part: &Part, said: mass::Content, openids: Vec<String>, ignore_reprint: bool) -> Request {
    let send_ignore_reprint = i64::from(ignore_reprint);
    let clientmsgid = part.clientmsgid.as_str();
    match (part.way, part.wechat_tag) {
        (Way::List, _) => {
            Request::List(send::Request { send_ignore_reprint, ..send::Request::new(openids, said, clientmsgid) })
        }
        (Way::Tag, Some(tag)) => {
            let filter = send_all::Filter::tag(tag);
            Request::All(send_all::Request { send_ignore_reprint, ..send_all::Request::new(filter, said, clientmsgid) })
        }
        (Way::All | Way::Tag, _) => {
            let filter = send_all::Filter::all();
            Request::All(send_all::Request { send_ignore_reprint, ..send_all::Request::new(filter, said, clientmsgid) })
        }
    }
}

/// Who does something, as broadcasts remember it: a key stands for the person who made it.
pub fn actor(caller: Option<&kit::Caller>, maker_of_key: Option<kit::PersonId>) -> (String, String) {
    let Some(caller) = caller else { return ("the hub".into(), "hub".into()) };
    let actor = match (&caller.actor, maker_of_key) {
        (kit::Actor::Person { id, .. }, _) => format!("person:{id}"),
        (kit::Actor::Key { .. }, Some(maker)) => format!("person:{maker}"),
        (kit::Actor::Key { id, .. }, None) => format!("key:{id}"),
    };
    (caller.name().to_owned(), actor)
}
