//! Turns an authorization code into the account's tokens. Once per code.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_getauthorizerrefreshtoken.html>

use serde::{Deserialize, Serialize};

use super::AuthorizationInfo;
use crate::Secret;

crate::api::call!(QueryAuth, Post, "/cgi-bin/component/api_query_auth", Component);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub authorization_code: Secret,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    pub authorization_info: AuthorizationInfo,
}
