//! A page of what is published, newest first.
//!
//! <https://developers.weixin.qq.com/doc/service/api/public/api_freepublish_batchget.html>

use serde::{Deserialize, Serialize};

use crate::api::draft::{Content, Page};

crate::api::call!(BatchGetArticles, Post, "/cgi-bin/freepublish/batchget", Account);

pub type Request = Page;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub total_count: u64,
    pub item_count: u64,
    pub item: Vec<Item>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    pub article_id: String,
    pub content: Content,
    /// Seconds.
    pub update_time: i64,
}
