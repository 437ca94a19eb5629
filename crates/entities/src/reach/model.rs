use kit::{AccountId, Millis};
use serde::Serialize;
use utoipa::ToSchema;

use super::Window;
use crate::accounts::{Denied, DeniedCode, Function};

/// Why something cannot be said to a fan now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReachCode {
    /// The account's kind or verification does not allow it.
    Type,
    /// The permission set was not granted.
    Set,
    /// The account is not bound.
    Unbound,
    /// The account is set to listen only.
    ListenOnly,
    /// The fan does not follow.
    NotFollowing,
    /// The fan has done nothing lately that would let us speak first.
    WindowClosed,
    /// All that WeChat allows has been said.
    AllowanceUsed,
}

impl ReachCode {
    /// For people, in each language.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Type => ("这类公众号没有此功能", "accounts of this kind do not have this"),
            Self::Set => ("公众号没有授予所需的权限集", "the account has not granted the permission set for this"),
            Self::Unbound => ("公众号未绑定", "the account is not bound"),
            Self::ListenOnly => ("公众号设置为只听不答", "the account is set to listen only"),
            Self::NotFollowing => ("对方没有关注公众号", "they do not follow the account"),
            Self::WindowClosed => (
                "对方近 48 小时没有发来消息，等对方先开口",
                "they have not written within 48 hours; it is for them to speak first",
            ),
            Self::AllowanceUsed => (
                "微信允许的条数已用完，等对方再次互动",
                "what WeChat allows has been said; it goes on when they do something again",
            ),
        };
        Words { zh, en }
    }
}

/// One sentence in each language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Words {
    #[serde(rename = "zh-CN")]
    pub zh: &'static str,
    #[serde(rename = "en-US")]
    pub en: &'static str,
}

/// Why not, by which rule, and what a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Why {
    #[schema(inline)]
    pub code: ReachCode,
    pub rule: Option<&'static str>,
    pub words: Words,
}

impl Why {
    pub(super) fn new(code: ReachCode, rule: &'static str) -> Self {
        Self { code, rule: Some(rule), words: code.words() }
    }
}

impl From<Denied> for Why {
    fn from(denied: Denied) -> Self {
        let code = match denied.code {
            DeniedCode::Type => ReachCode::Type,
            DeniedCode::Set => ReachCode::Set,
            DeniedCode::Unbound => ReachCode::Unbound,
            DeniedCode::ListenOnly => ReachCode::ListenOnly,
        };
        Self { code, rule: denied.rule, words: code.words() }
    }
}

/// Whether a fan can be spoken to in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Way {
    #[schema(inline)]
    pub function: Function,
    pub may: bool,
    /// Absent when it may.
    pub why: Option<Why>,
    /// Of customer-service messages, while a window is open. What waits to be sent is taken off already.
    pub window: Option<Window>,
}

/// Whether a customer can be spoken to as the fan of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountReach {
    pub account_id: AccountId,
    pub openid: String,
    pub ways: Vec<Way>,
}

impl AccountReach {
    /// The way by customer-service message.
    pub fn custom(&self) -> Option<&Way> {
        self.way(Function::CustomMessage)
    }

    pub fn way(&self, function: Function) -> Option<&Way> {
        self.ways.iter().find(|way| way.function == function)
    }
}

/// What is known of a fan's interactions and of what was said to them, at an instant.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub acts: &'a [(Millis, super::Act)],
    /// Messages that are in line.
    pub waiting: u32,
    pub now: Millis,
}
