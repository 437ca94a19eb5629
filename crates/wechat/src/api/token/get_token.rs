//! A new access token; the one before it lives on for about five minutes.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(GetToken, Get, "/cgi-bin/token", None);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Always [`GRANT_TYPE`].
    pub grant_type: String,
    pub appid: String,
    pub secret: Secret,
}

/// The only grant type there is.
pub const GRANT_TYPE: &str = "client_credential";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    /// Up to 512 characters.
    pub access_token: Secret,
    /// Seconds from now, 7200 at most.
    pub expires_in: i64,
}
