//! A new code.
//!
//! <https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode.html>

use serde::{Deserialize, Serialize};

use crate::Secret;

crate::api::call!(CreateQrcode, Post, "/cgi-bin/qrcode/create", Account);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Seconds, for temporary codes: at most [`MAX_EXPIRE_SECONDS`], and a mere 30 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_seconds: Option<i64>,
    /// One of the four constants here.
    pub action_name: String,
    pub action_info: ActionInfo,
}

/// Temporary, `scene_id` a 32-bit number that is not 0.
pub const QR_SCENE: &str = "QR_SCENE";
/// Temporary, `scene_str` of 1 to 64 characters.
pub const QR_STR_SCENE: &str = "QR_STR_SCENE";
/// For ever, `scene_id` 1 to 100,000; there are 100,000 permanent codes in all.
pub const QR_LIMIT_SCENE: &str = "QR_LIMIT_SCENE";
/// For ever, `scene_str` of 1 to 64 characters.
pub const QR_LIMIT_STR_SCENE: &str = "QR_LIMIT_STR_SCENE";

/// Thirty days.
pub const MAX_EXPIRE_SECONDS: i64 = 2_592_000;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActionInfo {
    pub scene: Scene,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Scene {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene_str: Option<String>,
}

impl Request {
    /// A temporary code with a text for a scene.
    pub fn temporary(scene_str: impl Into<String>, expire_seconds: i64) -> Self {
        Self {
            expire_seconds: Some(expire_seconds),
            action_name: QR_STR_SCENE.to_owned(),
            action_info: ActionInfo::of(scene_str.into()),
        }
    }

    /// A permanent code with a text for a scene.
    pub fn permanent(scene_str: impl Into<String>) -> Self {
        Self {
            expire_seconds: None,
            action_name: QR_LIMIT_STR_SCENE.to_owned(),
            action_info: ActionInfo::of(scene_str.into()),
        }
    }
}

impl ActionInfo {
    fn of(scene_str: String) -> Self {
        Self { scene: Scene { scene_id: None, scene_str: Some(scene_str) } }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Whoever has it can show the code.
    pub ticket: Secret,
    /// Seconds; absent for permanent codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire_seconds: Option<i64>,
    /// What the code says; may be drawn by oneself.
    pub url: String,
}
