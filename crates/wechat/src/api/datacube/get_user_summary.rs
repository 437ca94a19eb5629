//! Who came and who went, by day and by the way they came. At most seven days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/user/api_getusersummary.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUserSummary, Post, "/datacube/getusersummary", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// How they came: 0 other, 1 search, 17 card, 30 QR code, 57 name in an article….
    pub user_source: i64,
    pub new_user: i64,
    pub cancel_user: i64,
}
