//! How often articles were passed on a day, by where to. At most seven days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getusershare.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUserShare, Post, "/datacube/getusershare", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// 1 to a friend, 2 moments, 3 Tencent Weibo, 255 other.
    pub share_scene: i64,
    pub share_count: i64,
    pub share_user: i64,
}
