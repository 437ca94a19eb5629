//! WeChat's own statistics: fans, articles, messages, and how we answer.
//!
//! A day can be asked for from 08:00 of the next (61503 before); nothing is older than December 2014.
//! Days and rows without anything are left out.

pub mod get_article_summary;
pub mod get_article_total;
pub mod get_interface_summary;
pub mod get_interface_summary_hour;
pub mod get_upstream_msg;
pub mod get_upstream_msg_dist;
pub mod get_upstream_msg_dist_month;
pub mod get_upstream_msg_dist_week;
pub mod get_upstream_msg_hour;
pub mod get_upstream_msg_month;
pub mod get_upstream_msg_week;
pub mod get_user_cumulate;
pub mod get_user_read;
pub mod get_user_read_hour;
pub mod get_user_share;
pub mod get_user_share_hour;
pub mod get_user_summary;

use serde::{Deserialize, Serialize};

/// From one day to another, both included: `YYYY-MM-DD`, in Shanghai.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Days {
    pub begin_date: String,
    pub end_date: String,
}

/// What all of them answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct List<T> {
    pub list: Vec<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { list: Vec::new() }
    }
}

/// How articles were read, passed on and kept. `int_page` is the article's page, `ori_page` the
/// original it links to; `user` counts people, `count` times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reads {
    pub int_page_read_user: i64,
    pub int_page_read_count: i64,
    pub ori_page_read_user: i64,
    pub ori_page_read_count: i64,
    pub share_user: i64,
    pub share_count: i64,
    pub add_to_fav_user: i64,
    pub add_to_fav_count: i64,
}
