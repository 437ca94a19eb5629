use kit::{AccountId, Millis, ReceivedFileId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a fan sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Image,
    Voice,
    Video,
}

impl FileKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Voice => "voice",
            Self::Video => "video",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Image, Self::Voice, Self::Video].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Whether we have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It is being fetched.
    Waiting,
    Kept,
    /// It was not fetched in time, or cannot be; `problem` says why.
    Gone,
}

impl FileState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Kept => "kept",
            Self::Gone => "gone",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Waiting, Self::Kept, Self::Gone].into_iter().find(|state| state.as_str() == text)
    }
}

/// A file that a fan sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ReceivedFile)]
pub struct ReceivedFile {
    pub id: ReceivedFileId,
    #[serde(skip)]
    pub account: AccountId,
    #[serde(skip)]
    pub openid: String,
    #[serde(skip)]
    pub wechat_media_id: String,
    pub kind: FileKind,
    #[schema(inline)]
    pub state: FileState,
    /// A stable word for why it is gone: `expired`, `unbound`, `too_large`, `not_allowed`, `refused`.
    pub problem: Option<String>,
    /// By its bytes; absent until it is kept.
    pub content_type: Option<String>,
    /// Bytes.
    pub size: Option<i64>,
    /// Where the console gets it, once it is kept.
    pub url: Option<String>,
    #[serde(skip)]
    pub sent_at: Millis,
}

/// A file that is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub openid: String,
    pub wechat_media_id: String,
    pub kind: FileKind,
    pub sent_at: Millis,
}

/// What a file is by its first bytes; what WeChat's server says is not believed.
pub fn content_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'#', b'!', b'A', b'M', b'R', ..] => "audio/amr",
        [b'I', b'D', b'3', ..] | [0xFF, 0xFB | 0xF3 | 0xF2, ..] => "audio/mpeg",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        _ => "application/octet-stream",
    }
}

/// Whether browsers may show or play it as it is; all else is only handed out to be saved.
pub fn is_shown(content_type: &str) -> bool {
    content_type != "application/octet-stream"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say_and_a_program_is_never_shown() {
        for (bytes, is) in [
            (b"\x89PNG\r\n\x1a\n..".as_slice(), "image/png"),
            (b"\xFF\xD8\xFF\xE0", "image/jpeg"),
            (b"#!AMR\n\x7c", "audio/amr"),
            (b"\0\0\0\x18ftypisom", "video/mp4"),
        ] {
            assert_eq!(content_type(bytes), is);
            assert!(is_shown(is));
        }
        for bytes in [b"<svg onload=alert(1)>".as_slice(), b"<html>", b"", b"%PDF-1.7"] {
            assert!(!is_shown(content_type(bytes)));
        }
    }
}
