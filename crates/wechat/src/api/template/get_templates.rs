//! The templates of the account.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_getalltemplates.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetTemplates, Get, "/cgi-bin/template/get_all_private_template", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub template_list: Vec<Template>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    pub template_id: String,
    pub title: String,
    /// Empty for templates of categories.
    pub primary_industry: String,
    pub deputy_industry: String,
    /// Lines such as `订单号：{{character_string1.DATA}}`; see [`super::keys`].
    pub content: String,
    /// The same, filled in.
    pub example: String,
}
