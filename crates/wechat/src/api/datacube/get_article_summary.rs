//! The day of every article that was read on it. At most one day.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getarticlesummary.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetArticleSummary, Post, "/datacube/getarticlesummary", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// `<msg_data_id>_<place from 1>`.
    pub msgid: String,
    pub title: String,
    #[serde(flatten)]
    pub reads: super::Reads,
}
