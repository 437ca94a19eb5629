//! How our answers to pushes were, by hour. At most one day.
//!
//! <https://developers.weixin.qq.com/doc/service/api/wedata/interface/api_getinterfacesummaryhour.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetInterfaceSummaryHour, Post, "/datacube/getinterfacesummaryhour", Account);

pub type Request = super::Days;

pub type Response = super::List<Item>;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// `YYYY-MM-DD`.
    pub ref_date: String,
    /// 0, 100, … 2300.
    pub ref_hour: i64,
    /// Pushes that were to be answered.
    pub callback_count: i64,
    pub fail_count: i64,
    /// Milliseconds.
    pub total_time_cost: i64,
    /// Milliseconds.
    pub max_time_cost: i64,
}
