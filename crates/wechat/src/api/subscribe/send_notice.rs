//! Sends a notice to a fan who agreed to it, and uses the consent up.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::template::{Datum, MiniProgram};

crate::api::call!(SendNotice, Post, "/cgi-bin/message/subscribe/bizsend", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub touser: String,
    pub template_id: String,
    /// Where a tap leads: an address, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Wins over `page`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miniprogram: Option<MiniProgram>,
    /// By the keys of the template.
    pub data: BTreeMap<String, Datum>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// 0. JSON without it does not say that anything was sent.
    pub errcode: i64,
    /// The MsgID of the event that says what became of it. Not on the page of the documentation.
    #[serde(default, deserialize_with = "crate::api::lenient::big_or_none", skip_serializing_if = "Option::is_none")]
    pub msgid: Option<u64>,
}
