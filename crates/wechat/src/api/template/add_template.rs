//! Takes a template of the library into the account.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_addtemplate.html>

use serde::{Deserialize, Serialize};

crate::api::call!(AddTemplate, Post, "/cgi-bin/template/api_add_template", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `TM…` and `OPENTM…` of industries; digits of categories.
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub template_id_short: String,
    /// Which keywords, in which order; for templates of categories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keyword_name_list: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// 43 characters.
    pub template_id: String,
}
