//! A new access token for an account that authorized the component.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_getauthorizeraccesstoken.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(GetAuthorizerToken, Post, "/cgi-bin/component/api_authorizer_token", Component);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub authorizer_appid: String,
    pub authorizer_refresh_token: Secret,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    pub authorizer_access_token: Secret,
    /// Seconds from now.
    pub expires_in: i64,
    /// Usually the one that was sent; keep whatever comes.
    #[serde(default)]
    pub authorizer_refresh_token: Secret,
}
