//! The openids of all fans, 10,000 a page.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_getfans.html>

use serde::{Deserialize, Serialize};

use super::OpenIds;

crate::api::call!(ListUsers, Get, "/cgi-bin/user/get", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// The last openid of the page before; empty for the first page.
    pub next_openid: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub total: i64,
    /// How many are on this page. 0 is the end; the other fields are no proof of it.
    pub count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<OpenIds>,
    pub next_openid: String,
}
