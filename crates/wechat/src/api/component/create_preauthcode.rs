//! A code for one visit to the authorization page. Make it when the link is clicked.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/ticket-token/api_getpreauthcode.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(CreatePreauthcode, Post, "/cgi-bin/component/api_create_preauthcode", Component);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    pub pre_auth_code: Secret,
    /// Seconds from now. The page's prose and its sample disagree: obey this.
    pub expires_in: i64,
}
