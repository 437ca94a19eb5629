//! Reads an option of an account.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_getauthorizeroptioninfo.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetAuthorizerOption, Post, "/cgi-bin/component/api_get_authorizer_option", Component);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub authorizer_appid: String,
    /// `location_report` 0 off, 1 on entering, 2 every 5 s; `voice_recognize` and `customer_service` 0 or 1.
    pub option_name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    #[serde(default)]
    pub authorizer_appid: String,
    #[serde(default)]
    pub option_name: String,
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub option_value: String,
}
