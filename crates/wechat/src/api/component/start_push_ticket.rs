//! Asks WeChat to push tickets again after a long silence.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_startpushticket.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(StartPushTicket, Post, "/cgi-bin/component/api_start_push_ticket", None);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    /// Called `component_appsecret` everywhere else.
    pub component_secret: Secret,
}

pub type Response = crate::api::Done;
