//! The menu a certain fan sees.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_trymatchmenu.html>

use serde::{Deserialize, Serialize};

use super::Button;

crate::api::call!(TryMatchMenu, Post, "/cgi-bin/menu/trymatch", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// An openid, or a WeChat name.
    pub user_id: String,
}

/// The buttons at the top, or inside `menu`, by sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub button: Vec<Button>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menu: Option<super::create_menu::Request>,
}

impl Response {
    pub fn buttons(&self) -> &[Button] {
        self.menu.as_ref().map_or(&self.button, |menu| &menu.button)
    }
}
