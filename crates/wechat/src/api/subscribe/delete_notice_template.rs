//! Deletes a template of the account.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_deletetemplate.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteNoticeTemplate, Post, "/wxaapi/newtmpl/deltemplate", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Request {
    pub pri_tmpl_id: String,
}

pub type Response = crate::api::Done;
