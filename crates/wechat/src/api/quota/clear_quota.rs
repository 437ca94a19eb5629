//! Clears all counters of an appid. Through a component it spends one of the
//! account's ten.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_clearquota.html>

use serde::{Deserialize, Serialize};

crate::api::call!(ClearQuota, Post, "/cgi-bin/clear_quota", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// The token's own appid; another is 40013.
    pub appid: String,
}

pub type Response = crate::api::Done;
