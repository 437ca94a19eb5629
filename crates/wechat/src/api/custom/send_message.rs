//! Says something to a fan. The answer has no id: what was sent cannot be asked after.
//!
//! <https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html>

use serde::{Deserialize, Serialize};

crate::api::call!(SendMessage, Post, "/cgi-bin/message/custom/send", Account);

/// What is said, and to whom. The receiving side reads an unknown `msgtype` as a parse error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    #[serde(default)]
    pub touser: String,
    #[serde(flatten)]
    pub content: Content,
    /// In whose name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customservice: Option<CustomService>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aimsgcontext: Option<AiMsgContext>,
}

impl Request {
    pub fn new(touser: impl Into<String>, content: Content) -> Self {
        Self { touser: touser.into(), content, customservice: None, aimsgcontext: None }
    }
}

pub type Response = crate::api::Done;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomService {
    pub kf_account: String,
}

/// With 1, a grey line under the message says that a machine wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AiMsgContext {
    pub is_ai_msg: i64,
}

/// What is said: `{"msgtype":"text","text":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "msgtype", rename_all = "lowercase")]
pub enum Content {
    Text {
        text: Text,
    },
    Image {
        image: Media,
    },
    Voice {
        voice: Media,
    },
    Video {
        video: Video,
    },
    Music {
        music: Music,
    },
    /// One article only; more is 45008.
    News {
        news: News,
    },
    MpNews {
        mpnews: Media,
    },
    MpNewsArticle {
        mpnewsarticle: MpNewsArticle,
    },
    MsgMenu {
        msgmenu: MsgMenu,
    },
    WxCard {
        wxcard: WxCard,
    },
    MiniProgramPage {
        miniprogrampage: MiniProgramPage,
    },
}

impl Content {
    pub fn text(content: impl Into<String>) -> Self {
        Content::Text { text: Text { content: content.into() } }
    }

    /// The `msgtype` values there are.
    pub const MSGTYPES: [&'static str; 11] = [
        "text",
        "image",
        "voice",
        "video",
        "music",
        "news",
        "mpnews",
        "mpnewsarticle",
        "msgmenu",
        "wxcard",
        "miniprogrampage",
    ];
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

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Video {
    pub media_id: String,
    pub thumb_media_id: String,
    pub title: String,
    pub description: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Music {
    pub title: String,
    pub description: String,
    pub musicurl: String,
    pub hqmusicurl: String,
    pub thumb_media_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct News {
    pub articles: Vec<Article>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Article {
    pub title: String,
    pub description: String,
    pub url: String,
    pub picurl: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MpNewsArticle {
    pub article_id: String,
}

/// A question with answers to tap; a tap comes back as a text with the item's id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MsgMenu {
    pub head_content: String,
    pub list: Vec<MsgMenuItem>,
    pub tail_content: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MsgMenuItem {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub id: String,
    pub content: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WxCard {
    pub card_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MiniProgramPage {
    pub title: String,
    pub appid: String,
    pub pagepath: String,
    pub thumb_media_id: String,
}
