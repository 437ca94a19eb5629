//! The account's two industries, by name: other words than the ids that were set.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_getindustry.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetIndustry, Get, "/cgi-bin/template/get_industry", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_industry: Option<Industry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secondary_industry: Option<Industry>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Industry {
    pub first_class: String,
    pub second_class: String,
}
