//! A fan's messages: text, picture, voice, film, place, link.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use utoipa::ToSchema;
use wechat::wire::{Fields, Value};

use super::{ActError, At, Going, Heard, following, is_blacklisted, samples};
use crate::push::document;
use crate::sandbox::Sandbox;
use crate::world::chat::From;
use crate::world::fans::Interaction;
use crate::world::{ChatItem, World};

/// What is sent. Files left out are made up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Sent {
    Text {
        text: String,
        /// The line of a msgmenu that was tapped.
        #[serde(default)]
        menu_id: Option<String>,
    },
    Image {
        /// `data:image/…;base64,…`.
        #[serde(default)]
        data: Option<String>,
    },
    Voice {
        /// What speech recognition makes of it, where the account has that on.
        #[serde(default)]
        text: Option<String>,
        #[serde(default)]
        duration_ms: Option<u32>,
        #[serde(default)]
        data: Option<String>,
    },
    Video {
        #[serde(default)]
        data: Option<String>,
    },
    ShortVideo {
        #[serde(default)]
        data: Option<String>,
    },
    Location {
        latitude: f64,
        longitude: f64,
        #[serde(default)]
        scale: Option<f64>,
        #[serde(default)]
        label: String,
    },
    Link {
        title: String,
        #[serde(default)]
        description: String,
        url: String,
    },
}

impl Sandbox {
    /// A fan sends something.
    pub fn send(&self, appid: &str, openid: &str, sent: Sent) -> Result<Heard, ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        let interaction = match &sent {
            // A line of a msgmenu counts as a tap, although it arrives as a message.
            Sent::Text { menu_id: Some(_), .. } => Interaction::Tap,
            _ => Interaction::Message,
        };
        following(&mut world, &at)?.touch(at.person, interaction, at.now_ms);
        let (id, going) = speak(&mut world, &at, sent)?;
        let unheard = is_blacklisted(&world, &at);
        drop(world);
        Ok(self.set_off(&at, id, going, unheard))
    }
}

/// Puts the message in the chat and writes the document for it.
pub(super) fn speak(world: &mut World, at: &At, sent: Sent) -> Result<(u64, Going), ActError> {
    let kind = match &sent {
        Sent::Text { .. } => "text",
        Sent::Image { .. } => "image",
        Sent::Voice { .. } => "voice",
        Sent::Video { .. } => "video",
        Sent::ShortVideo { .. } => "shortvideo",
        Sent::Location { .. } => "location",
        Sent::Link { .. } => "link",
    };
    let mut item = ChatItem::new(From::Fan, kind);
    let mut fields = document::head(&at.original_id, &at.openid, at.created_s(), kind);
    // What stands behind the MsgId.
    let mut behind = Fields::default();
    match sent {
        Sent::Text { text, menu_id } => {
            if text.is_empty() {
                return Err(ActError::Invalid("a text is not empty".to_owned()));
            }
            fields.push_text("Content", text.clone());
            item.text = Some(text);
            if let Some(menu_id) = menu_id {
                behind.push_text("bizmsgmenuid", menu_id);
            }
        }
        Sent::Image { data } => {
            let (content_type, ending, bytes) = file(data, || ("image/jpeg", "jpg", samples::picture(at.person)))?;
            let media = world.store(&at.appid, "image", &content_type, ending, bytes);
            fields.push_text("PicUrl", world.file_url(&media.id));
            item.media_url = Some(world.file_url(&media.id));
            fields.push_text("MediaId", media.id);
        }
        Sent::Voice { text, duration_ms, data } => {
            let (content_type, ending, bytes) =
                file(data, || ("audio/amr", "amr", samples::silence(duration_ms.unwrap_or(2000))))?;
            let media = world.store(&at.appid, "voice", &content_type, ending, bytes);
            item.media_url = Some(world.file_url(&media.id));
            (item.duration_ms, item.text) = (Some(duration_ms.unwrap_or(2000)), text.clone());
            fields.push_text("MediaId", media.id);
            fields.push_text("Format", "amr");
            if world.account(&at.appid).is_some_and(|account| account.voice_recognition) {
                fields.push_text("Recognition", text.unwrap_or_default());
            }
        }
        Sent::Video { data } | Sent::ShortVideo { data } => {
            let (content_type, ending, bytes) = file(data, || ("video/mp4", "mp4", samples::film()))?;
            let film = world.store(&at.appid, "video", &content_type, ending, bytes);
            let thumb = world.store(&at.appid, "thumb", "image/jpeg", "jpg", samples::picture(at.person ^ 1));
            item.media_url = Some(world.file_url(&film.id));
            item.thumb_url = Some(world.file_url(&thumb.id));
            fields.push_text("MediaId", film.id);
            fields.push_text("ThumbMediaId", thumb.id);
        }
        Sent::Location { latitude, longitude, scale, label } => {
            fields.push("Location_X", Value::Number(latitude.to_string().into()));
            fields.push("Location_Y", Value::Number(longitude.to_string().into()));
            fields.push("Scale", Value::Number(scale.unwrap_or(15.0).to_string().into()));
            fields.push_text("Label", label.clone());
            (item.latitude, item.longitude, item.label) = (Some(latitude), Some(longitude), Some(label));
        }
        Sent::Link { title, description, url } => {
            fields.push_text("Title", title.clone());
            fields.push_text("Description", description.clone());
            fields.push_text("Url", url.clone());
            (item.title, item.description, item.url) = (Some(title), Some(description), Some(url));
        }
    }
    fields.push_number("MsgId", world.next_message_id());
    fields.0.append(&mut behind.0);
    let id = world.hear(&at.appid, at.person, item);
    world.count_said(&at.appid, at.person, kind);
    Ok((
        id,
        Going { what: kind.to_owned(), document: fields, speaks: true, articles: if kind == "voice" { 8 } else { 1 } },
    ))
}

type File = (String, &'static str, Bytes);

fn file(data: Option<String>, sample: impl FnOnce() -> (&'static str, &'static str, Bytes)) -> Result<File, ActError> {
    match data {
        Some(data) => data_url(&data).ok_or_else(|| ActError::Invalid("data is not a base64 data URL".to_owned())),
        None => {
            let (content_type, ending, bytes) = sample();
            Ok((content_type.to_owned(), ending, bytes))
        }
    }
}

/// The file in a `data:` URL.
fn data_url(text: &str) -> Option<File> {
    let (head, data) = text.strip_prefix("data:")?.split_once(',')?;
    let content_type = head.strip_suffix(";base64")?;
    let ending = match content_type {
        "image/png" => "png",
        "image/gif" => "gif",
        kind if kind.starts_with("image/") => "jpg",
        "audio/mpeg" => "mp3",
        kind if kind.starts_with("audio/") => "amr",
        _ => "mp4",
    };
    Some((content_type.to_owned(), ending, STANDARD.decode(data).ok()?.into()))
}
