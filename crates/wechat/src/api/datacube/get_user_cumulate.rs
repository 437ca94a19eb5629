//! How many follow at the end of each day. At most seven days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/user/api_getusercumulate.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUserCumulate, Post, "/datacube/getusercumulate", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    pub cumulate_user: i64,
}
