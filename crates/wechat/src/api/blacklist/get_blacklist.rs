//! The blocked fans, page by page. How long a page is varies: go on until the count is 0.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/blacklist/api_getblacklist.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetBlacklist, Post, "/cgi-bin/tags/members/getblacklist", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// The last openid of the page before; empty for the first page.
    pub begin_openid: String,
}

pub type Response = crate::api::user::list_users::Response;
