//! A page of the material of one kind, newest first.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_batchgetmaterial.html>

use serde::{Deserialize, Serialize};

use crate::api::draft::Content;

crate::api::call!(BatchGetMaterials, Post, "/cgi-bin/material/batchget_material", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `image`, `voice`, `video` or `news`.
    #[serde(rename = "type")]
    pub kind: String,
    pub offset: u64,
    /// 1 to [`super::MAX_PAGE`].
    pub count: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// Of the kind, in all.
    pub total_count: u64,
    pub item_count: u64,
    pub item: Vec<Item>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    pub media_id: String,
    /// The file's name; absent for news.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Seconds.
    pub update_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of news.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}
