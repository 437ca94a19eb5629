//! What fans send and what WeChat reports: pushes to the message URL.
//!
//! Get in with [`decode`]; the sandbox gets out with [`encode_xml`] and
//! [`encode_json`]. A push of an unknown kind, or a known kind in an unknown
//! shape, is kept whole as [`Kind::Unknown`]: only an envelope that names nobody
//! is an error. Pushes about authorizations are in [`component`].
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html>

mod dedupe;
mod events;
mod interaction;

pub mod standard;

pub mod event;

pub mod card;
pub mod job;
pub mod menu;
pub mod notice;
pub mod subscription;

pub mod component;
pub mod release_test;

pub use card::CardEvent;
pub use component::{ComponentPush, ComponentPushKind};
pub use dedupe::Dedupe;
pub use event::Event;
pub use interaction::Interaction;
pub use notice::Notice;
pub use standard::{Image, Link, Location, Text, Video, Voice};

use crate::ids::{OpenId, OriginalId};
use crate::wire::{self, DecodeError, Fields, Take};

/// A push to the message URL.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The account.
    pub to: OriginalId,
    /// The fan; for events about the account itself, some openid or service that is not a fan.
    pub from: OpenId,
    /// Seconds.
    pub create_time: i64,
    /// Messages have one, events do not. Exceeds 2^53.
    pub msg_id: Option<u64>,
    /// The article from inside which the fan wrote.
    pub article: Option<Article>,
    pub kind: Kind,
}

/// A published article, and which of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Article {
    pub msg_data_id: u64,
    /// From 1.
    pub idx: u64,
}

/// What was pushed.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text(Text),
    Image(Image),
    Voice(Voice),
    Video(Video),
    ShortVideo(Video),
    Location(Location),
    Link(Link),
    /// Follows, scans, menu taps, job results, grants, agent sessions.
    Event(Event),
    /// Events of the card and gift-card product.
    Card(Box<CardEvent>),
    /// Events about verification, revoked consents, invoices, stores and the like.
    Notice(Box<Notice>),
    /// Not known here, with everything that came.
    Unknown(Unknown),
}

/// A push that is kept as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    pub msg_type: String,
    /// For `msg_type` `event`, which.
    pub event: Option<String>,
    /// All fields but those in [`Message`] and the two above.
    pub fields: Fields<'static>,
}

/// Reads a push, XML or JSON, already decrypted.
pub fn decode(body: &[u8]) -> Result<Message, DecodeError> {
    let fields = wire::parse(body)?;
    let need = |name| fields.filled(name).ok_or(DecodeError::Missing(name));
    let to = need("ToUserName")?.try_into().map_err(|_| DecodeError::Invalid("ToUserName"))?;
    let from = need("FromUserName")?.try_into().map_err(|_| DecodeError::Invalid("FromUserName"))?;
    let create_time = need("CreateTime")?.trim_ascii().parse().map_err(|_| DecodeError::Invalid("CreateTime"))?;
    let msg_type = need("MsgType")?;
    let is_event = msg_type.eq_ignore_ascii_case("event");

    // Some events have a MsgID too, but it is that of the job they report.
    let msg_id = if is_event { None } else { Take::take(&fields, "MsgId").ok_or(DecodeError::Invalid("MsgId"))? };
    let article = match (u64::take(&fields, "MsgDataId"), u64::take(&fields, "Idx")) {
        (Some(msg_data_id), Some(idx)) if !is_event => Some(Article { msg_data_id, idx }),
        _ => None,
    };
    let known = match fields.text("Event").filter(|_| is_event) {
        Some(event) => Kind::of_event(event, &fields),
        None => Kind::of_message(msg_type, &fields),
    };
    let kind = match known {
        Some(kind) => kind,
        None => Kind::Unknown(Unknown::keep(msg_type.to_owned(), is_event, fields)),
    };
    Ok(Message { to, from, create_time, msg_id, article, kind })
}

/// Writes a push as WeChat does in XML.
pub fn encode_xml(message: &Message) -> String {
    wire::to_xml(&message.to_fields())
}

/// Writes a push as WeChat does in JSON.
pub fn encode_json(message: &Message) -> String {
    wire::to_json(&message.to_fields())
}

impl Message {
    /// All fields, in WeChat's order.
    pub fn to_fields(&self) -> Fields<'_> {
        let mut out = Fields(Vec::with_capacity(12));
        out.push_text("ToUserName", self.to.as_str());
        out.push_text("FromUserName", self.from.as_str());
        out.push_number("CreateTime", self.create_time);
        out.push_text("MsgType", self.kind.msg_type());
        if let Some(event) = self.kind.event() {
            out.push_text("Event", event);
        }
        self.kind.put(&mut out);
        self.msg_id.put("MsgId", &mut out);
        if let Some(article) = &self.article {
            article.msg_data_id.put("MsgDataId", &mut out);
            article.idx.put("Idx", &mut out);
        }
        self.kind.put_last(&mut out);
        out
    }
}

impl Kind {
    /// `MsgType` as WeChat writes it.
    pub fn msg_type(&self) -> &str {
        match self {
            Kind::Text(_) => "text",
            Kind::Image(_) => "image",
            Kind::Voice(_) => "voice",
            Kind::Video(_) => "video",
            Kind::ShortVideo(_) => "shortvideo",
            Kind::Location(_) => "location",
            Kind::Link(_) => "link",
            Kind::Event(_) | Kind::Card(_) | Kind::Notice(_) => "event",
            Kind::Unknown(unknown) => &unknown.msg_type,
        }
    }

    /// `Event` as WeChat writes it, in its wild mixture of cases.
    pub fn event(&self) -> Option<&str> {
        match self {
            Kind::Event(event) => Some(event.name()),
            Kind::Card(event) => Some(event.name()),
            Kind::Notice(event) => Some(event.name()),
            Kind::Unknown(unknown) => unknown.event.as_deref(),
            _ => None,
        }
    }

    fn of_message(msg_type: &str, fields: &Fields<'_>) -> Option<Kind> {
        use wire::Nested;
        let is = |name: &str| msg_type.eq_ignore_ascii_case(name);
        if is("text") {
            Text::from_fields(fields).map(Kind::Text)
        } else if is("image") {
            Image::from_fields(fields).map(Kind::Image)
        } else if is("voice") {
            Voice::from_fields(fields).map(Kind::Voice)
        } else if is("video") {
            Video::from_fields(fields).map(Kind::Video)
        } else if is("shortvideo") {
            Video::from_fields(fields).map(Kind::ShortVideo)
        } else if is("location") {
            Location::from_fields(fields).map(Kind::Location)
        } else if is("link") {
            Link::from_fields(fields).map(Kind::Link)
        } else {
            None
        }
    }

    fn of_event(event: &str, fields: &Fields<'_>) -> Option<Kind> {
        Event::take(event, fields)
            .map(Kind::Event)
            .or_else(|| CardEvent::take(event, fields).map(|event| Kind::Card(Box::new(event))))
            .or_else(|| Notice::take(event, fields).map(|event| Kind::Notice(Box::new(event))))
    }

    fn put<'a>(&'a self, out: &mut Fields<'a>) {
        match self {
            Kind::Text(text) => text.content.put("Content", out),
            Kind::Voice(voice) => voice.put_first(out),
            Kind::Image(image) => wire::put_all(image, out),
            Kind::Video(video) | Kind::ShortVideo(video) => wire::put_all(video, out),
            Kind::Location(location) => wire::put_all(location, out),
            Kind::Link(link) => wire::put_all(link, out),
            Kind::Event(event) => event.put(out),
            Kind::Card(event) => event.put(out),
            Kind::Notice(event) => event.put(out),
            Kind::Unknown(unknown) => out.0.extend(unknown.fields.0.iter().cloned()),
        }
    }

    /// Two fields come after the message id; both were added years later.
    fn put_last<'a>(&'a self, out: &mut Fields<'a>) {
        match self {
            Kind::Text(text) => text.menu_id.put("bizmsgmenuid", out),
            Kind::Voice(voice) => voice.media_id_16k.put("MediaId16K", out),
            _ => {}
        }
    }
}

impl Unknown {
    fn keep(msg_type: String, is_event: bool, fields: Fields<'_>) -> Self {
        let event = fields.text("Event").filter(|_| is_event).map(str::to_owned);
        let has_event = event.is_some();
        let mut fields = fields;
        fields.0.retain(|field| {
            let is = |names: &[&str]| names.iter().any(|name| field.name.eq_ignore_ascii_case(name));
            // Encrypt is the envelope's, in compatible mode, and differs from try to try.
            let envelope = is(&["ToUserName", "FromUserName", "CreateTime", "MsgType", "Encrypt"]);
            let of_messages = !is_event && is(&["MsgId", "MsgDataId", "Idx"]);
            !(envelope || of_messages || has_event && is(&["Event"]))
        });
        Self { msg_type, event, fields: fields.into_owned() }
    }
}

#[cfg(test)]
mod tests;
