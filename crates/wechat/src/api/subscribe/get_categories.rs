//! The categories of the account, whose templates it may take.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_getcategory.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetCategories, Get, "/wxaapi/newtmpl/getcategory", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub data: Vec<Category>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Category {
    pub id: i64,
    pub name: String,
}
