//! Has WeChat resolve and ping the message URL.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_callbackcheck.html>

use serde::{Deserialize, Serialize};

crate::api::call!(CheckCallback, Post, "/cgi-bin/callback/check", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `dns`, `ping` or `all`.
    pub action: String,
    /// `CHINANET`, `UNICOM`, `CAP` or `DEFAULT`.
    pub check_operator: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub dns: Vec<Resolved>,
    pub ping: Vec<Pinged>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Resolved {
    pub ip: String,
    pub real_operator: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pinged {
    pub ip: String,
    pub from_operator: String,
    /// Such as `0%`.
    pub package_loss: String,
    /// Such as `18.2ms`.
    pub time: String,
}
