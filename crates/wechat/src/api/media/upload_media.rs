//! Uploads temporary media.
//!
//! Images to 10 MB (PNG, JPEG, GIF), voice to 2 MB and 60 s (AMR, MP3), video to 10 MB (MP4), thumbs to 64 KB (JPEG).
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html>

use serde::{Deserialize, Serialize};

crate::api::call!(UploadMedia, Post, "/cgi-bin/media/upload", Account, Multipart);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `image`, `voice`, `video` or `thumb`.
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
    /// In place of `media_id` for thumbs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb_media_id: Option<String>,
    /// Seconds.
    pub created_at: i64,
}

impl Response {
    /// The id, by whichever of its names.
    pub fn id(&self) -> Option<&str> {
        self.media_id.as_deref().or(self.thumb_media_id.as_deref())
    }
}
