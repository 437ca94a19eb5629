//! Sets the account's own name for a fan, under 30 characters.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_updateremark.html>

use serde::{Deserialize, Serialize};

crate::api::call!(UpdateRemark, Post, "/cgi-bin/user/info/updateremark", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub openid: String,
    pub remark: String,
}

pub type Response = crate::api::Done;
