//! Sends the one message a person agreed to on WeChat's page for that. They need not follow.
//!
//! <https://developers.weixin.qq.com/doc/subscription/api/notify/notify/api_templatesubscribe.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::api::template::{Datum, MiniProgram};

crate::api::call!(SendOnce, Post, "/cgi-bin/message/template/subscribe", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub touser: String,
    pub template_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miniprogram: Option<MiniProgram>,
    /// 0 to 10,000: that of the page where they agreed.
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub scene: String,
    /// At most 15 characters.
    pub title: String,
    /// `content`, at most 200 characters.
    pub data: BTreeMap<String, Datum>,
}

pub type Response = crate::api::Done;
