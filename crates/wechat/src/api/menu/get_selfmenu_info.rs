//! The menu that is in force, also if it was made in the console.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_getcurrentselfmenuinfo.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetSelfmenuInfo, Get, "/cgi-bin/get_current_selfmenu_info", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// 0 or 1.
    pub is_menu_open: i64,
    pub selfmenu_info: SelfmenuInfo,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SelfmenuInfo {
    pub button: Vec<Button>,
}

/// Unlike elsewhere the items are in an object, and the console's media types have a `value`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Button {
    /// Besides [`super::types`] also `text`, `img`, `photo`, `video`, `voice` and `news`.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pagepath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub news_info: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_button: Option<List>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct List {
    pub list: Vec<Button>,
}
