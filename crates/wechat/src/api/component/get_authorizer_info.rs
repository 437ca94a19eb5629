//! Who an account is, and what it let the component do.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_getauthorizerinfo.html>

use serde::{Deserialize, Serialize};

use super::AuthorizationInfo;

crate::api::call!(GetAuthorizerInfo, Post, "/cgi-bin/component/api_get_authorizer_info", Component);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub authorizer_appid: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    pub authorizer_info: AuthorizerInfo,
    pub authorization_info: AuthorizationInfo,
}

/// An account as its owner set it up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthorizerInfo {
    pub nick_name: String,
    /// Hot-linking is blocked: copy it.
    pub head_img: String,
    /// 0 and 1 subscription, 2 service; other meanings for mini programs.
    pub service_type_info: TypeInfo,
    /// See [`crate::rights::VerifyType`].
    pub verify_type_info: TypeInfo,
    /// The original id, `gh_…`.
    pub user_name: String,
    /// The name people can search for; may be empty.
    pub alias: String,
    /// Hot-linking is blocked: copy it.
    pub qrcode_url: String,
    pub business_info: BusinessInfo,
    pub idc: i64,
    /// The company or person behind the account.
    pub principal_name: String,
    pub signature: String,
    /// 1 normal, 14 cancelled, 16 banned, 18 warned, 19 frozen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_status: Option<i64>,
    /// Present only for mini programs, and so the way to tell them.
    #[serde(rename = "MiniProgramInfo", skip_serializing_if = "Option::is_none")]
    pub mini_program_info: Option<serde_json::Value>,
}

impl AuthorizerInfo {
    pub fn is_mini_program(&self) -> bool {
        self.mini_program_info.is_some()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeInfo {
    pub id: i64,
}

/// Each 0 or 1: whether the function is switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BusinessInfo {
    pub open_pay: i64,
    pub open_shake: i64,
    pub open_scan: i64,
    pub open_card: i64,
    pub open_store: i64,
}
