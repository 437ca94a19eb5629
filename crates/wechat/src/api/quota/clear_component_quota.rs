//! Clears a component's counters without a token.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/openApi/management/api_clearcomponentquotabyappsecret.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(ClearComponentQuota, Post, "/cgi-bin/component/clear_quota/v2", None);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub component_appid: String,
    pub appsecret: Secret,
    /// An account whose counters are meant, instead of the component's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appid: Option<String>,
}

pub type Response = crate::api::Done;
