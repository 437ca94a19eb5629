//! Shows a broadcast to one person, who follows the account: by openid, or by WeChat id (100 a day).
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_preview.html>

use serde::{Deserialize, Serialize};

use super::Content;

crate::api::call!(Preview, Post, "/cgi-bin/message/mass/preview", Account);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touser: Option<String>,
    /// The WeChat id; wins when both are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub towxname: Option<String>,
    #[serde(flatten)]
    pub content: Content,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    #[serde(deserialize_with = "crate::api::lenient::big")]
    pub msg_id: u64,
}
