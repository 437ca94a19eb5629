//! Clears all counters without a token, for when token calls are used up too.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_clearquotabyappsecret.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(ClearQuotaBySecret, Post, "/cgi-bin/clear_quota/v2", None);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub appid: String,
    pub appsecret: Secret,
}

pub type Response = crate::api::Done;
