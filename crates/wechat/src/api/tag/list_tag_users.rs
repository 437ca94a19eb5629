//! The fans with a tag, page by page. The page says GET, with a body; POST is what works.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_gettagusers.html>

use serde::{Deserialize, Serialize};

use crate::api::user::OpenIds;

crate::api::call!(ListTagUsers, Post, "/cgi-bin/user/tag/get", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub tagid: i64,
    /// The last openid of the page before; empty for the first page.
    pub next_openid: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// How many are on this page. 0 is the end.
    pub count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<OpenIds>,
    pub next_openid: String,
}
