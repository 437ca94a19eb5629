//! The tags of a fan.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_getuseridlist.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUserTags, Post, "/cgi-bin/tags/getidlist", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub openid: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub tagid_list: Vec<i64>,
}
