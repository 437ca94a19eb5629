//! Sends a template message to a fan.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Datum, MiniProgram};

crate::api::call!(SendTemplate, Post, "/cgi-bin/message/template/send", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub touser: String,
    pub template_id: String,
    /// Where a tap leads; with a mini program, only on phones too old for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miniprogram: Option<MiniProgram>,
    /// Repeating is safe under the same id for ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_msg_id: Option<String>,
    /// By the keys of the template.
    pub data: BTreeMap<String, Datum>,
}

/// JSON without the id does not say that anything was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// What TEMPLATESENDJOBFINISH calls it.
    #[serde(deserialize_with = "crate::api::lenient::big")]
    pub msgid: u64,
}
