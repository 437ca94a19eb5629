//! Files that were sent or uploaded, and QR codes with parameters.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::clock::{HOUR, SECOND};

/// Temporary media live for three days.
pub(crate) const MEDIA_MS: i64 = 72 * HOUR;
/// A permanent code may be made so often per account.
pub(crate) const PERMANENT_CODES: usize = 100_000;
pub(crate) const CODE_MAX_S: i64 = 2_592_000;
pub(crate) const CODE_DEFAULT_S: i64 = 30;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Media {
    pub id: String,
    /// The account that may use the id.
    pub appid: String,
    /// `image`, `voice`, `video`, `thumb`, or `url` for a picture of articles, which has no media_id.
    pub kind: String,
    pub content_type: String,
    pub file_name: String,
    pub created_ms: i64,
    pub expires_ms: Option<i64>,
    /// Material: kept until it is deleted.
    pub permanent: bool,
    /// Of material: the name it was uploaded by.
    pub name: String,
    /// Of a film that is material, like what follows.
    pub title: String,
    pub introduction: String,
    #[serde(skip)]
    pub bytes: Bytes,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Qr {
    pub ticket: String,
    pub appid: String,
    pub action_name: String,
    pub scene_id: u32,
    pub scene_str: String,
    pub url: String,
    pub created_ms: i64,
    pub expires_ms: Option<i64>,
}

impl Qr {
    /// The scene as events name it, without `qrscene_`.
    pub fn scene(&self) -> String {
        if self.scene_str.is_empty() { self.scene_id.to_string() } else { self.scene_str.clone() }
    }

    pub fn is_live(&self, now_ms: i64) -> bool {
        self.expires_ms.is_none_or(|expires_ms| now_ms < expires_ms)
    }

    pub fn expire_seconds(&self) -> Option<i64> {
        self.expires_ms.map(|expires_ms| (expires_ms - self.created_ms) / SECOND)
    }
}
