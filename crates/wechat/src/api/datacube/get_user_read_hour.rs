//! How much was read an hour, by where readers came from. At most one day.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/news/api_getuserreadhour.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUserReadHour, Post, "/datacube/getuserreadhour", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// 0, 100, … 2300.
    pub ref_hour: i64,
    /// 0 chat, 1 friend, 2 moments, 4 history, 5 other, 6 top stories, 7 search; 99999999 all of them.
    pub user_source: i64,
    #[serde(flatten)]
    pub reads: super::Reads,
}
