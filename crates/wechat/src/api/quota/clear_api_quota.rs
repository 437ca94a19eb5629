//! Clears the counter of one API.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_clearapiquota.html>

use serde::{Deserialize, Serialize};

crate::api::call!(ClearApiQuota, Post, "/cgi-bin/openapi/quota/clear", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub cgi_path: String,
}

pub type Response = crate::api::Done;
