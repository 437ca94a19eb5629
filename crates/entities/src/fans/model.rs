use kit::{AccountId, CustomerId, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether a fan follows, as far as we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FanStatus {
    Following,
    Left,
    /// The account was deleted here: what stood at that day, for ever.
    Frozen,
    /// Met without knowing: a page visitor, or a message we cannot place.
    Unknown,
}

impl FanStatus {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Following => "following",
            Self::Left => "left",
            Self::Frozen => "frozen",
            Self::Unknown => "unknown",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Following, Self::Left, Self::Frozen, Self::Unknown].into_iter().find(|status| status.as_str() == text)
    }
}

/// One openid of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fan {
    pub account: AccountId,
    pub openid: String,
    pub customer: CustomerId,
    pub status: FanStatus,
    /// The instant the status is from.
    pub status_at: Millis,
    pub subscribed_at: Option<Millis>,
    /// `ADD_SCENE_…` as WeChat names it.
    pub scene: Option<String>,
    pub qr_scene: Option<String>,
    pub remark: Option<String>,
    pub unionid: Option<String>,
    /// WeChat's tag ids.
    pub wechat_tags: Vec<i64>,
    /// When WeChat last told us about this fan.
    pub info_at: Option<Millis>,
}

impl Fan {
    /// Whether a follow of this fan is known, so that the next one is a return.
    pub fn has_followed(&self) -> bool {
        self.subscribed_at.is_some() || self.status == FanStatus::Left
    }
}

/// A fan before it has a row.
#[derive(Debug, Clone)]
pub struct NewFan {
    pub openid: String,
    pub customer: CustomerId,
    pub status: FanStatus,
    pub status_at: Millis,
    pub subscribed_at: Option<Millis>,
    pub scene: Option<String>,
    pub qr_scene: Option<String>,
    pub remark: Option<String>,
    pub unionid: Option<String>,
    pub wechat_tags: Vec<i64>,
    pub info_at: Option<Millis>,
}

impl NewFan {
    /// A fan of whom we know nothing but the status.
    pub fn bare(openid: impl Into<String>, customer: CustomerId, status: FanStatus, status_at: Millis) -> Self {
        Self {
            openid: openid.into(),
            customer,
            status,
            status_at,
            subscribed_at: None,
            scene: None,
            qr_scene: None,
            remark: None,
            unionid: None,
            wechat_tags: Vec::new(),
            info_at: None,
        }
    }
}
