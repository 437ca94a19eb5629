//! Broadcasts: to all fans, to those with a tag, or to a list of openids.
//!
//! An answer of 0 means that WeChat took the job, not that anybody received it: what became of it comes as
//! MASSSENDJOBFINISH ([`crate::message::Event::MassSendJobFinish`]), minutes or, while an administrator is asked,
//! half an hour later. `clientmsgid` makes repeating safe for 24 hours: a repetition is 45065 with the `msg_id` of
//! the first (see [`crate::errcode::ErrorBody::msg_id`]), and 45066 within the same minute.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends.html>

pub mod delete_mass;
pub mod get_mass_status;
pub mod get_speed;
pub mod preview;
pub mod send;
pub mod send_all;
pub mod set_speed;
pub mod upload_video;

use serde::{Deserialize, Serialize};

/// The fewest and most openids of [`send`].
pub const MIN_USERS: usize = 2;
pub const MAX_USERS: usize = 10_000;
/// Of `clientmsgid`. Documented are 64 bytes; longer than 32 have been refused.
pub const MAX_CLIENT_MSG_ID_BYTES: usize = 64;
pub const SAFE_CLIENT_MSG_ID_BYTES: usize = 32;
/// Calls of all of these together in a minute.
pub const MAX_CALLS_A_MINUTE: u32 = 60;
/// Of `images`.
pub const MAX_IMAGES: usize = 20;

/// What is broadcast: `{"msgtype":"text","text":{…}}`. An unknown `msgtype` is a parse error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "msgtype", rename_all = "lowercase")]
pub enum Content {
    /// Articles, by the media_id of a draft.
    MpNews {
        mpnews: Media,
    },
    Text {
        text: Text,
    },
    Voice {
        voice: Media,
    },
    /// The content is called `images`, though the type is `image`.
    Image {
        #[serde(default)]
        images: Images,
    },
    /// A film, by the media_id that [`upload_video`] gave.
    MpVideo {
        mpvideo: MpVideo,
    },
    WxCard {
        wxcard: WxCard,
    },
}

impl Content {
    pub fn text(content: impl Into<String>) -> Self {
        Content::Text { text: Text { content: content.into() } }
    }

    pub fn mpnews(media_id: impl Into<String>) -> Self {
        Content::MpNews { mpnews: Media { media_id: media_id.into() } }
    }

    /// The `msgtype` values there are.
    pub const MSGTYPES: [&'static str; 6] = ["mpnews", "text", "voice", "image", "mpvideo", "wxcard"];

    pub fn msgtype(&self) -> &'static str {
        match self {
            Content::MpNews { .. } => "mpnews",
            Content::Text { .. } => "text",
            Content::Voice { .. } => "voice",
            Content::Image { .. } => "image",
            Content::MpVideo { .. } => "mpvideo",
            Content::WxCard { .. } => "wxcard",
        }
    }
}

/// At most 2048 bytes of UTF-8.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Text {
    pub content: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Media {
    pub media_id: String,
}

/// Pictures, shown as one message of its own kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Images {
    pub media_ids: Vec<String>,
    /// Why one should look; empty for none.
    pub recommend: String,
    /// 1: comments are open.
    pub need_open_comment: i64,
    /// 1: only fans may comment.
    pub only_fans_can_comment: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MpVideo {
    pub media_id: String,
    /// In [`send`] only, where older pages have them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WxCard {
    pub card_id: String,
    /// For [`preview`]: JSON, as a string.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub card_ext: String,
}

/// The job was taken. JSON without its id does not say so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Of the job: what MASSSENDJOBFINISH and [`get_mass_status`] call it.
    #[serde(deserialize_with = "crate::api::lenient::big")]
    pub msg_id: u64,
    /// Of the articles: statistics and comments are kept under it. Only for articles.
    #[serde(default, deserialize_with = "crate::api::lenient::big_or_none", skip_serializing_if = "Option::is_none")]
    pub msg_data_id: Option<u64>,
}
