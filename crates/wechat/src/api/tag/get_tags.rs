//! All tags, with how many fans have each. WeChat's own starred group is among them.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_gettags.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetTags, Get, "/cgi-bin/tags/get", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub tags: Vec<Tag>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tag {
    pub id: i64,
    pub name: String,
    pub count: i64,
}
