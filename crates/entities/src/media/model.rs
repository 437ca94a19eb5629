use kit::{MediaId, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a file is to WeChat; each kind has its own limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// PNG, JPEG or GIF, at most 10 MB.
    Image,
    /// AMR or MP3, at most 2 MB and 60 s.
    Voice,
    /// MP4, at most 10 MB.
    Video,
    /// JPEG, at most 64 KB.
    Thumb,
}

impl MediaKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
            Self::Thumb => "thumb",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Image, Self::Voice, Self::Video, Self::Thumb].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A file of the tenant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Media {
    pub id: MediaId,
    pub kind: MediaKind,
    pub file_name: String,
    pub content_type: String,
    /// Where it lies in the library; empty for no folder.
    pub folder: String,
    /// Bytes.
    pub size: i64,
    /// How long a voice lasts, as far as its bytes tell.
    pub duration_ms: Option<i64>,
    /// Where the console gets it.
    pub url: String,
    pub created_at: Millis,
}

/// A file that is not kept yet.
#[derive(Debug, Clone)]
pub struct NewMedia {
    pub kind: MediaKind,
    pub file_name: String,
    pub content_type: String,
    pub folder: String,
    pub duration_ms: Option<i64>,
    pub bytes: Vec<u8>,
}

/// What WeChat calls a file of ours, for one account, until it forgets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WechatMedia {
    pub media: MediaId,
    pub wechat_media_id: String,
    pub expires_at: Millis,
}
