//! Blocks up to 20 fans.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/blacklist/api_batchblacklist.html>

use serde::{Deserialize, Serialize};

crate::api::call!(BlockUsers, Post, "/cgi-bin/tags/members/batchblacklist", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// At most [`super::MAX_USERS`].
    pub openid_list: Vec<String>,
}

pub type Response = crate::api::Done;
