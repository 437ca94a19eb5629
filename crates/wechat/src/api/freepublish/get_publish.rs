//! How a publication stands.
//!
//! <https://developers.weixin.qq.com/doc/service/api/public/api_freepublish_get.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetPublish, Post, "/cgi-bin/freepublish/get", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub publish_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub publish_id: String,
    /// See [`super::status`].
    pub publish_status: i64,
    /// Once it is out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_detail: Option<Detail>,
    /// The articles at fault, from 1.
    pub fail_idx: Vec<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    pub count: u64,
    pub item: Vec<Item>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// From 1.
    pub idx: u64,
    pub article_url: String,
}
