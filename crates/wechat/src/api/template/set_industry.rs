//! Sets the account's two industries, once a month. Categories have replaced them for new templates.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_setindustry.html>

use serde::{Deserialize, Serialize};

crate::api::call!(SetIndustry, Post, "/cgi-bin/template/api_set_industry", Account);

/// Both of 1 to 41, written as strings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub industry_id1: String,
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub industry_id2: String,
}

pub type Response = crate::api::Done;
