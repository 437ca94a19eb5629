//! The menus made through the API. 46003 when there is none.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_getmenu.html>

use serde::{Deserialize, Serialize};

use super::Button;
use super::add_conditional_menu::MatchRule;

crate::api::call!(GetMenu, Get, "/cgi-bin/menu/get", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub menu: Menu,
    /// Newest first; the newest that matches a fan is shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditionalmenu: Vec<Menu>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Menu {
    pub button: Vec<Button>,
    /// Only when there are conditional menus.
    #[serde(deserialize_with = "crate::api::lenient::id", skip_serializing_if = "Option::is_none")]
    pub menuid: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matchrule: Option<MatchRule>,
}
