//! Deletes a material for good. 48005 while a menu or an auto-reply shows it.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_delmaterial.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteMaterial, Post, "/cgi-bin/material/del_material", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub media_id: String,
}

pub type Response = crate::api::Done;
