//! What fans sent each week, which the Monday names, by kind. At most thirty days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/message/api_getupstreammsgweek.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUpstreamMsgWeek, Post, "/datacube/getupstreammsgweek", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// 1 text, 2 picture, 3 voice, 4 video, 6 link.
    pub msg_type: i64,
    pub msg_user: i64,
    pub msg_count: i64,
}
