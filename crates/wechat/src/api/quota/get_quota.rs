//! What is left of one API's quota today.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_getapiquota.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetQuota, Post, "/cgi-bin/openapi/quota/get", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Such as `/cgi-bin/message/custom/send`. Not for `/sns/`.
    pub cgi_path: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub quota: Quota,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_rate_limit: Option<RateLimit>,
}

/// Calls in a day of Beijing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Quota {
    pub daily_limit: i64,
    pub used: i64,
    pub remain: i64,
}

/// So many calls in so many seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RateLimit {
    pub call_count: i64,
    pub refresh_second: i64,
}
