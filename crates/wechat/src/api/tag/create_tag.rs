//! A new tag.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_createtag.html>

use serde::{Deserialize, Serialize};

crate::api::call!(CreateTag, Post, "/cgi-bin/tags/create", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub tag: Named,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    pub tag: Tag,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tag {
    pub id: i64,
    pub name: String,
}
