//! Broadcasts to all fans, or to those with a tag.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_sendall.html>

use serde::{Deserialize, Serialize};

use super::Content;

crate::api::call!(SendAll, Post, "/cgi-bin/message/mass/sendall", Account);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    #[serde(default)]
    pub filter: Filter,
    #[serde(flatten)]
    pub content: Content,
    /// 1: go on when an article is found to be a reprint of one that may be reprinted; 0: stop.
    #[serde(default)]
    pub send_ignore_reprint: i64,
    /// Repeating is safe under the same id for 24 hours. Without one, WeChat makes one of audience and content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clientmsgid: Option<String>,
}

impl Request {
    pub fn new(filter: Filter, content: Content, clientmsgid: impl Into<String>) -> Self {
        Self { filter, content, send_ignore_reprint: 0, clientmsgid: Some(clientmsgid.into()) }
    }
}

/// Who gets it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// All fans; the broadcast then stands in the account's profile too.
    pub is_to_all: bool,
    /// The fans with this tag. `group_id` is its old name.
    #[serde(alias = "group_id", deserialize_with = "crate::api::lenient::id", skip_serializing_if = "Option::is_none")]
    pub tag_id: Option<i64>,
}

impl Filter {
    pub fn all() -> Self {
        Self { is_to_all: true, tag_id: None }
    }

    pub fn tag(id: i64) -> Self {
        Self { is_to_all: false, tag_id: Some(id) }
    }
}

pub type Response = super::Submitted;
