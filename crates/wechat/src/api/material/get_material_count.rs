//! How much material there is of each kind, what was added in the console included.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_getmaterialcount.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetMaterialCount, Get, "/cgi-bin/material/get_materialcount", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub voice_count: u64,
    pub video_count: u64,
    pub image_count: u64,
    pub news_count: u64,
}
