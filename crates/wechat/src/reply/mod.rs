//! Passive replies: what is answered to a push in the same HTTP exchange.
//!
//! [`Reply::check`] says what WeChat would not deliver; [`Reply::encode_xml`]
//! and [`Reply::encode_json`] write, and [`decode`] is what the other side
//! does. Encryption is `crypto`'s; saying nothing is the text [`SILENCE`].
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html>

mod check;

pub use check::ReplyFault;

use serde::{Deserialize, Serialize};

use crate::wire::{self, DecodeError, Fields, Take, Value, nested};

/// The answer that means "taken, nothing to say". Never encrypted.
pub const SILENCE: &str = "success";

/// What is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    Text {
        /// At most [`Reply::MAX_CONTENT`] bytes; newlines and `<a href>` are shown.
        content: String,
    },
    Image {
        media_id: String,
    },
    Voice {
        media_id: String,
    },
    Video {
        media_id: String,
        title: Option<String>,
        description: Option<String>,
    },
    Music {
        title: Option<String>,
        description: Option<String>,
        music_url: Option<String>,
        /// Preferred on Wi-Fi.
        hq_music_url: Option<String>,
        thumb_media_id: String,
    },
    News {
        /// One, or up to eight, by what is answered: [`crate::message::Kind::max_articles`].
        articles: Vec<Article>,
    },
    /// Hands the fan to WeChat's own web agents.
    TransferCustomerService {
        /// A certain agent; otherwise whoever is free.
        kf_account: Option<String>,
    },
}

nested! {
    #[derive(Eq, Serialize, Deserialize)]
    pub struct Article {
        pub title: String = "Title",
        pub description: String = "Description",
        /// 360×200 for the first, 200×200 for the others.
        pub pic_url: String = "PicUrl",
        pub url: String = "Url",
    }
}

/// A reply and its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressed {
    /// The fan.
    pub to: String,
    /// The account's original id.
    pub from: String,
    /// Seconds by rule; WeChat does not look.
    pub create_time: i64,
    pub reply: Reply,
}

impl Reply {
    /// The longest text, in bytes of UTF-8.
    pub const MAX_CONTENT: usize = 2048;

    pub fn text(content: impl Into<String>) -> Self {
        Reply::Text { content: content.into() }
    }

    /// `MsgType` as WeChat reads it.
    pub fn msg_type(&self) -> &'static str {
        match self {
            Reply::Text { .. } => "text",
            Reply::Image { .. } => "image",
            Reply::Voice { .. } => "voice",
            Reply::Video { .. } => "video",
            Reply::Music { .. } => "music",
            Reply::News { .. } => "news",
            Reply::TransferCustomerService { .. } => "transfer_customer_service",
        }
    }

    /// The answer to a push: `to` is its `from`, `from` its `to`. Seconds.
    pub fn encode_xml(&self, to: &str, from: &str, create_time: i64) -> String {
        wire::to_xml(&self.to_fields(to, from, create_time))
    }

    /// As [`Reply::encode_xml`], for accounts set to JSON.
    pub fn encode_json(&self, to: &str, from: &str, create_time: i64) -> String {
        wire::to_json(&self.to_fields(to, from, create_time))
    }

    fn to_fields<'a>(&'a self, to: &'a str, from: &'a str, create_time: i64) -> Fields<'a> {
        let mut out = Fields(Vec::with_capacity(6));
        out.push_text("ToUserName", to);
        out.push_text("FromUserName", from);
        out.push_number("CreateTime", create_time);
        out.push_text("MsgType", self.msg_type());
        match self {
            Reply::Text { content } => out.push_text("Content", content.as_str()),
            Reply::Image { media_id } => media_id.put_in("Image", &mut out),
            Reply::Voice { media_id } => media_id.put_in("Voice", &mut out),
            Reply::Video { media_id, title, description } => {
                let mut video = Fields::default();
                media_id.put("MediaId", &mut video);
                title.put("Title", &mut video);
                description.put("Description", &mut video);
                out.push("Video", Value::Tree(video));
            }
            Reply::Music { title, description, music_url, hq_music_url, thumb_media_id } => {
                let mut music = Fields::default();
                title.put("Title", &mut music);
                description.put("Description", &mut music);
                music_url.put("MusicUrl", &mut music);
                hq_music_url.put("HQMusicUrl", &mut music);
                thumb_media_id.put("ThumbMediaId", &mut music);
                out.push("Music", Value::Tree(music));
            }
            Reply::News { articles } => {
                out.push_number("ArticleCount", articles.len());
                articles.put("Articles", &mut out);
            }
            Reply::TransferCustomerService { kf_account } => {
                if let Some(kf_account) = kf_account {
                    let mut info = Fields::default();
                    info.push_text("KfAccount", kf_account.as_str());
                    out.push("TransInfo", Value::Tree(info));
                }
            }
        }
        out
    }
}

/// A media id has an element of its kind around it.
trait PutIn {
    fn put_in<'a>(&'a self, outer: &'static str, out: &mut Fields<'a>);
}

impl PutIn for String {
    fn put_in<'a>(&'a self, outer: &'static str, out: &mut Fields<'a>) {
        let mut inside = Fields::default();
        inside.push_text("MediaId", self.as_str());
        out.push(outer, Value::Tree(inside));
    }
}

/// Reads an answer as WeChat does, already decrypted. `None` is silence: nothing, or [`SILENCE`].
pub fn decode(body: &[u8]) -> Result<Option<Addressed>, DecodeError> {
    if matches!(body.trim_ascii(), b"" | b"success") {
        return Ok(None);
    }
    let fields = wire::parse(body)?;
    let need = |name| fields.filled(name).map(str::to_owned).ok_or(DecodeError::Missing(name));
    Ok(Some(Addressed {
        to: need("ToUserName")?,
        from: need("FromUserName")?,
        create_time: Take::take(&fields, "CreateTime").ok_or(DecodeError::Invalid("CreateTime"))?,
        reply: of_fields(&need("MsgType")?, &fields)?,
    }))
}

fn of_fields(msg_type: &str, fields: &Fields<'_>) -> Result<Reply, DecodeError> {
    let inside = |name| fields.tree(name).ok_or(DecodeError::Missing(name));
    let text = |fields: &Fields<'_>, name| fields.filled(name).map(str::to_owned);
    let need = |fields: &Fields<'_>, name| text(fields, name).ok_or(DecodeError::Missing(name));
    Ok(match msg_type {
        "text" => Reply::Text { content: need(fields, "Content")? },
        "image" => Reply::Image { media_id: need(inside("Image")?, "MediaId")? },
        "voice" => Reply::Voice { media_id: need(inside("Voice")?, "MediaId")? },
        "video" => {
            let video = inside("Video")?;
            Reply::Video {
                media_id: need(video, "MediaId")?,
                title: text(video, "Title"),
                description: text(video, "Description"),
            }
        }
        "music" => {
            let music = inside("Music")?;
            Reply::Music {
                title: text(music, "Title"),
                description: text(music, "Description"),
                music_url: text(music, "MusicUrl"),
                hq_music_url: text(music, "HQMusicUrl"),
                thumb_media_id: need(music, "ThumbMediaId")?,
            }
        }
        "news" => Reply::News { articles: Take::take(fields, "Articles").ok_or(DecodeError::Invalid("Articles"))? },
        "transfer_customer_service" => Reply::TransferCustomerService {
            kf_account: fields.tree("TransInfo").and_then(|info| text(info, "KfAccount")),
        },
        _ => return Err(DecodeError::Invalid("MsgType")),
    })
}

#[cfg(test)]
mod tests;
