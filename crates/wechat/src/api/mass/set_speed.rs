//! Sets how fast broadcasts go out.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_setspeed.html>

use serde::{Deserialize, Serialize};

crate::api::call!(SetSpeed, Post, "/cgi-bin/message/mass/speed/set", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// 0, fastest, to 4.
    #[serde(deserialize_with = "crate::api::lenient::id", skip_serializing_if = "Option::is_none")]
    pub speed: Option<i64>,
}

pub type Response = crate::api::Done;
