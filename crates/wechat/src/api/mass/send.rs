//! Broadcasts to a list of openids, for service accounts.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_masssend.html>

use serde::{Deserialize, Serialize};

use super::Content;

crate::api::call!(Send, Post, "/cgi-bin/message/mass/send", Account);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// [`super::MIN_USERS`] to [`super::MAX_USERS`] openids.
    #[serde(default)]
    pub touser: Vec<String>,
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
    pub fn new(touser: Vec<String>, content: Content, clientmsgid: impl Into<String>) -> Self {
        Self { touser, content, send_ignore_reprint: 0, clientmsgid: Some(clientmsgid.into()) }
    }
}

pub type Response = super::Submitted;
