//! Every account that authorized the component: the way back after lost events.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_getauthorizerlist.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(GetAuthorizerList, Post, "/cgi-bin/component/api_get_authorizer_list", Component);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub offset: i64,
    /// At most 500.
    pub count: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Response {
    pub total_count: i64,
    #[serde(default)]
    pub list: Vec<Authorizer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorizer {
    pub authorizer_appid: String,
    /// Absent until this component has once called `query_auth` for the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// Seconds.
    #[serde(default)]
    pub auth_time: i64,
}
