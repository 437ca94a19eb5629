//! Renames a tag.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_updatetag.html>

use serde::{Deserialize, Serialize};

use super::create_tag::Tag;

crate::api::call!(UpdateTag, Post, "/cgi-bin/tags/update", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub tag: Tag,
}

pub type Response = crate::api::Done;
