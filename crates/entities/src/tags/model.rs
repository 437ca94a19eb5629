use kit::{AccountId, Millis, TagId};
use serde::Serialize;
use utoipa::ToSchema;

/// A tag of the tenant's.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    pub group: Option<String>,
    /// A word of the console's palette.
    pub colour: String,
    /// How many carry it.
    pub customers: i64,
    /// The accounts at which WeChat has it too.
    pub mirrored: Vec<Mirrored>,
    pub created_at: Millis,
}

/// A tag of WeChat's that stands for one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Mirrored {
    pub account_id: AccountId,
    /// WeChat's number; absent until WeChat has made it.
    pub wechat_id: Option<i64>,
}

/// Who put a tag on somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagSource {
    Person,
    Api,
    Wechat,
    /// They scanned a QR code.
    Qrcode,
}

impl TagSource {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Api => "api",
            Self::Wechat => "wechat",
            Self::Qrcode => "qrcode",
        }
    }
}
