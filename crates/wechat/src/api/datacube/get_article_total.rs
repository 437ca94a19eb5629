//! The articles that came out on a day, and how they were read on each of the seven days from then on. At most one day.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticletotal.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetArticleTotal, Post, "/datacube/getarticletotal", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// When it came out, `YYYY-MM-DD`.
    pub ref_date: String,
    /// `<msg_data_id>_<place from 1>`.
    pub msgid: String,
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    pub details: Vec<Detail>,
}

/// All that happened until the end of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// `YYYY-MM-DD`.
    pub stat_date: String,
    /// How many it was sent to.
    pub target_user: i64,
    #[serde(flatten)]
    pub reads: super::Reads,
    pub int_page_from_session_read_user: i64,
    pub int_page_from_session_read_count: i64,
    pub int_page_from_hist_msg_read_user: i64,
    pub int_page_from_hist_msg_read_count: i64,
    pub int_page_from_feed_read_user: i64,
    pub int_page_from_feed_read_count: i64,
    pub int_page_from_friends_read_user: i64,
    pub int_page_from_friends_read_count: i64,
    pub int_page_from_other_read_user: i64,
    pub int_page_from_other_read_count: i64,
    pub feed_share_from_session_user: i64,
    pub feed_share_from_session_cnt: i64,
    pub feed_share_from_feed_user: i64,
    pub feed_share_from_feed_cnt: i64,
    pub feed_share_from_other_user: i64,
    pub feed_share_from_other_cnt: i64,
}
