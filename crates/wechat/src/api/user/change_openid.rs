//! After an account was migrated: the new openids of fans known by old ones.
//! Called with the token of the new account.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_changeopenid.html>

use serde::{Deserialize, Serialize};

crate::api::call!(ChangeOpenid, Post, "/cgi-bin/changeopenid", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// The old account's appid.
    pub from_appid: String,
    /// At most 100, each still following the old account.
    pub openid_list: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub result_list: Vec<Changed>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changed {
    pub ori_openid: String,
    /// Absent when `err_msg` is not `ok`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_openid: Option<String>,
    pub err_msg: String,
}
