//! The account's templates of subscription notices.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_gettemplate.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetNoticeTemplates, Get, "/wxaapi/newtmpl/gettemplate", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub data: Vec<Template>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Template {
    pub pri_tmpl_id: String,
    pub title: String,
    /// Lines such as `会议时间:{{time2.DATA}}`; see [`crate::api::template::keys`].
    pub content: String,
    pub example: String,
    /// [`super::ONCE`] or [`super::LONG_TERM`].
    #[serde(rename = "type")]
    pub kind: i64,
}
