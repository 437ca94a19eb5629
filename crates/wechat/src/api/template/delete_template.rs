//! Deletes a template of the account.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_deltemplate.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteTemplate, Post, "/cgi-bin/template/del_private_template", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub template_id: String,
}

pub type Response = crate::api::Done;
