//! A menu for some fans. There must be one for all first.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu.html>

use serde::{Deserialize, Serialize};

use super::Button;

crate::api::call!(AddConditionalMenu, Post, "/cgi-bin/menu/addconditional", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub button: Vec<Button>,
    pub matchrule: MatchRule,
}

/// Who sees the menu; at least one must be set. Sex, place and language are still
/// read by WeChat, but match nobody since 2021.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MatchRule {
    /// `group_id` in former times.
    #[serde(
        alias = "group_id",
        deserialize_with = "crate::api::lenient::text",
        skip_serializing_if = "String::is_empty"
    )]
    pub tag_id: String,
    /// 1 iOS, 2 Android, 3 other.
    #[serde(deserialize_with = "crate::api::lenient::text", skip_serializing_if = "String::is_empty")]
    pub client_platform_type: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// WeChat answers a number or a string, by sources; written as a string.
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub menuid: String,
}
