//! Puts a tag on up to 50 fans.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_batchtagging.html>

use serde::{Deserialize, Serialize};

crate::api::call!(TagUsers, Post, "/cgi-bin/tags/members/batchtagging", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// At most [`super::MAX_USERS`].
    pub openid_list: Vec<String>,
    pub tagid: i64,
}

pub type Response = crate::api::Done;
