//! How much was read a day, by where readers came from. At most three days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getuserread.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUserRead, Post, "/datacube/getuserread", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// 0 chat, 1 friend, 2 moments, 4 history, 5 other, 6 top stories, 7 search; 99999999 all of them.
    pub user_source: i64,
    #[serde(flatten)]
    pub reads: super::Reads,
}
