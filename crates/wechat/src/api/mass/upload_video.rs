//! Makes of an uploaded film one that can be broadcast.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_uploadvideo.html>

use serde::{Deserialize, Serialize};

crate::api::call!(UploadVideo, Post, "/cgi-bin/media/uploadvideo", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Of an uploaded film.
    pub media_id: String,
    pub title: String,
    pub description: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// `video`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For [`super::Content::MpVideo`] and nothing else.
    pub media_id: String,
    /// Seconds.
    pub created_at: i64,
}
