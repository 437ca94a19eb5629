//! Shows the fan that somebody is typing, for 15 seconds or until something is said.
//!
//! <https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing.html>

use serde::{Deserialize, Serialize};

crate::api::call!(SetTyping, Post, "/cgi-bin/message/custom/typing", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub touser: String,
    /// [`TYPING`] or [`CANCEL_TYPING`].
    pub command: String,
}

pub const TYPING: &str = "Typing";
pub const CANCEL_TYPING: &str = "CancelTyping";

pub type Response = crate::api::Done;
