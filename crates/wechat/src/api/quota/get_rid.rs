//! What WeChat noted of a call that failed, by the request id in its error, for
//! seven days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_getridinfo.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(GetRid, Post, "/cgi-bin/openapi/rid/get", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub rid: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub request: Noted,
}

/// The query holds a token and the bodies hold what fans wrote, so they do not print.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Noted {
    /// Seconds.
    pub invoke_time: i64,
    pub cost_in_ms: i64,
    pub request_url: Secret,
    pub request_body: Secret,
    pub response_body: Secret,
    pub client_ip: String,
}
