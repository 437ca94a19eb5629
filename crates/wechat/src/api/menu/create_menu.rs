//! Sets the menu for all, in place of the one before.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html>

use serde::{Deserialize, Serialize};

use super::Button;

crate::api::call!(CreateMenu, Post, "/cgi-bin/menu/create", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub button: Vec<Button>,
}

pub type Response = crate::api::Done;
