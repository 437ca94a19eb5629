//! The library's templates of some categories, page by page.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_getpubtemplatetitles.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetTitles, Get, "/wxaapi/newtmpl/getpubtemplatetitles", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Category ids, with commas between them.
    pub ids: String,
    /// From 0.
    #[serde(deserialize_with = "number")]
    pub start: i64,
    /// At most [`super::MAX_PAGE`].
    #[serde(deserialize_with = "number")]
    pub limit: i64,
}

/// In a query everything is text.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    crate::api::lenient::id(deserializer).map(Option::unwrap_or_default)
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// Of all pages.
    pub count: i64,
    pub data: Vec<Title>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Title {
    pub tid: i64,
    pub title: String,
    /// [`super::ONCE`] or [`super::LONG_TERM`].
    #[serde(rename = "type")]
    pub kind: i64,
    #[serde(rename = "categoryId", deserialize_with = "crate::api::lenient::text")]
    pub category_id: String,
}
