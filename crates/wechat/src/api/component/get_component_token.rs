//! The component's own token, bought with the newest ticket WeChat has pushed.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_getcomponentaccesstoken.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(GetComponentToken, Post, "/cgi-bin/component/api_component_token", None);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub component_appsecret: Secret,
    pub component_verify_ticket: Secret,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    pub component_access_token: Secret,
    /// Seconds from now.
    pub expires_in: i64,
}
