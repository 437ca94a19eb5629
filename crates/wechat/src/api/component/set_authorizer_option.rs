//! Sets an option of an account.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_setauthorizeroptioninfo.html>

use serde::{Deserialize, Serialize};

crate::api::call!(SetAuthorizerOption, Post, "/cgi-bin/component/api_set_authorizer_option", Component);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub authorizer_appid: String,
    /// As in [`super::get_authorizer_option::Request::option_name`].
    pub option_name: String,
    /// A number, as a string.
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub option_value: String,
}

pub type Response = crate::api::Done;
