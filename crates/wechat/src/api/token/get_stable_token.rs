//! The stable access token: asking again gives the same one until it runs out.
//!
//! It does not disturb tokens from [`super::get_token`], nor they it.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(GetStableToken, Post, "/cgi-bin/stable_token", None);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Always [`super::get_token::GRANT_TYPE`].
    pub grant_type: String,
    pub appid: String,
    pub secret: Secret,
    /// Kills the current token at once. Twenty times a day, for when it has leaked.
    pub force_refresh: bool,
}

/// As for the plain token.
pub type Response = super::get_token::Response;
