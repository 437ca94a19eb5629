//! How our answers to pushes were, by day. At most thirty days.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/interface/api_getinterfacesummary.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetInterfaceSummary, Post, "/datacube/getinterfacesummary", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// Pushes that were to be answered.
    pub callback_count: i64,
    pub fail_count: i64,
    /// Milliseconds.
    pub total_time_cost: i64,
    /// Milliseconds.
    pub max_time_cost: i64,
}
