//! A page of the draft box, newest first.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_batchget.html>

use serde::{Deserialize, Serialize};

use super::{Content, Page};

crate::api::call!(BatchGetDrafts, Post, "/cgi-bin/draft/batchget", Account);

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
    pub media_id: String,
    pub content: Content,
    /// Seconds.
    pub update_time: i64,
}
