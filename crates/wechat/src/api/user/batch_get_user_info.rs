//! Up to 100 fans at once, in the order asked.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchuserinfo.html>

use serde::{Deserialize, Serialize};

crate::api::call!(BatchGetUserInfo, Post, "/cgi-bin/user/info/batchget", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// At most [`MAX`].
    pub user_list: Vec<super::get_user_info::Request>,
}

/// The most fans in one call; more is 40032.
pub const MAX: usize = 100;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub user_info_list: Vec<super::get_user_info::Response>,
}
