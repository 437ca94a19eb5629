//! How many fans sent how much each month, which its first day names. At most thirty days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/message/api_getupstreammsgdistmonth.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUpstreamMsgDistMonth, Post, "/datacube/getupstreammsgdistmonth", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// 0 none, 1 one to five, 2 six to ten, 3 more.
    pub count_interval: i64,
    pub msg_user: i64,
}
