//! How fast broadcasts go out.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_getspeed.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetSpeed, Post, "/cgi-bin/message/mass/speed/get", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// 0, fastest, to 4.
    pub speed: i64,
    /// Ten thousand fans a minute: 80, 60, 45, 30, 10.
    pub realspeed: i64,
}
