//! Downloads temporary media: the bytes themselves with a file name in
//! `Content-Disposition`, JSON with an address for videos, JSON for errors.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetMedia, Get, "/cgi-bin/media/get", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub media_id: String,
}

/// What is answered for videos; for all else the answer is not JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub video_url: String,
}
