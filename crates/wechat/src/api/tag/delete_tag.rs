//! Deletes a tag. One with more than 100,000 fans must be emptied first.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_deletetag.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteTag, Post, "/cgi-bin/tags/delete", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub tag: TagId,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TagId {
    pub id: i64,
}

pub type Response = crate::api::Done;
