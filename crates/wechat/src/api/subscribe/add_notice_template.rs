//! Takes a template of the library into the account, with some of its keywords.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_addtemplate.html>

use serde::{Deserialize, Serialize};

crate::api::call!(AddNoticeTemplate, Post, "/wxaapi/newtmpl/addtemplate", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub tid: String,
    /// [`super::MIN_KEYWORDS`] to [`super::MAX_KEYWORDS`], in the order they are shown.
    pub kid_list: Vec<i64>,
    /// What it is used for, at most [`super::MAX_SCENE_CHARS`].
    pub scene_desc: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Response {
    pub pri_tmpl_id: String,
}
