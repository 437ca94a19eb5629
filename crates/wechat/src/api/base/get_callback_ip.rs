//! The addresses that pushes come from. They change: ask daily.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_getcallbackip.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetCallbackIp, Get, "/cgi-bin/getcallbackip", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// Single addresses, and networks such as `198.51.100.0/25`.
    pub ip_list: Vec<String>,
}
