//! Deletes one conditional menu.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_deleteconditionalmenu.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteConditionalMenu, Post, "/cgi-bin/menu/delconditional", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub menuid: String,
}

pub type Response = crate::api::Done;
