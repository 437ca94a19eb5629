//! One fan.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetUserInfo, Get, "/cgi-bin/user/info", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub openid: String,
    /// `zh_CN`, `zh_TW` or `en`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lang: String,
}

/// A fan as WeChat tells of them. When `subscribe` is 0, little more than the openid is present.
///
/// Since the end of 2021 name, avatar, sex, language and places come empty: an empty value means
/// "not told", and must not replace one that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// 1 follows, 0 does not.
    pub subscribe: i64,
    pub openid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// 0 not told, 1 male, 2 female.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headimgurl: Option<String>,
    /// Seconds; of the last follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe_time: Option<i64>,
    /// Only for accounts bound to an Open Platform account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unionid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groupid: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tagid_list: Option<Vec<i64>>,
    /// `ADD_SCENE_QR_CODE` and the like: how they came to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe_scene: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_scene: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_scene_str: Option<String>,
}

impl Response {
    pub fn follows(&self) -> bool {
        self.subscribe == 1
    }
}
