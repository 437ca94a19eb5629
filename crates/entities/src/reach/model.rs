use std::collections::HashSet;

use kit::{AccountId, Millis};
use serde::Serialize;
use utoipa::ToSchema;

use super::{OptOutWay, ReachSettings, Window};
use crate::{
    accounts::{Denied, DeniedCode, Function},
    messages::gates::Gate,
};

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
    /// A subscription account has broadcast today.
    DayUsed,
    /// The fan has had four broadcasts of the account's this month.
    MonthUsed,
    /// The fan has agreed to no notice, or all of them went out.
    NotAgreed,
    /// The fan is on the account's blacklist at WeChat.
    Blacklisted,
    /// The customer does not want to be told anything in this way.
    OptedOut,
    /// They have been told as much lately as the tenant allows.
    TooOften,
    /// WeChat takes nothing of this kind from the account at the moment.
    GateClosed,
    /// The tenant says nothing unasked at this hour.
    QuietHours,
    /// Nothing of the tenant goes out until a person says so.
    Paused,
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
            Self::DayUsed => ("公众号今天已经群发过", "the account has broadcast today"),
            Self::MonthUsed => ("对方本月已收到 4 次群发", "they have had the four broadcasts of this month"),
            Self::NotAgreed => {
                ("对方没有订阅通知，或订阅的次数已用完", "they have agreed to no notice, or all of them went out")
            }
            Self::Blacklisted => ("对方在公众号的微信黑名单里", "they are on the account's blacklist at WeChat"),
            Self::OptedOut => ("对方不希望收到这类消息", "they do not want messages of this kind"),
            Self::TooOften => (
                "近期发给对方的营销消息已达到上限",
                "they have been sent as many marketing messages lately as you allow",
            ),
            Self::GateClosed => (
                "微信暂时不接受公众号的这类消息",
                "WeChat takes no messages of this kind from the account at the moment",
            ),
            Self::QuietHours => ("现在是免打扰时段", "it is within the quiet hours"),
            Self::Paused => ("发送已暂停，等待成员确认", "sending is paused until a person lets it go on"),
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

    /// They have not agreed to this notice, or all that they agreed to went out or will.
    pub fn not_agreed() -> Self {
        Self::new(ReachCode::NotAgreed, "R8")
    }

    /// By no rule of WeChat's.
    pub(super) fn ours(code: ReachCode) -> Self {
        Self { code, rule: None, words: code.words() }
    }
}

/// Why what is said now goes out later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Wait {
    #[schema(inline)]
    pub code: ReachCode,
    pub words: Words,
    /// Absent when a person has to see to it first.
    pub until: Option<Millis>,
}

impl Wait {
    pub(super) fn new(code: ReachCode, until: Option<Millis>) -> Self {
        Self { code, words: code.words(), until }
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
    /// When it may again, if that is known.
    pub again_at: Option<Millis>,
    /// It may, and goes out later.
    pub waits: Option<Wait>,
    /// They wait for an answer, or did something within the hour: what is said now answers it, and neither an opt-out nor
    /// quiet hours nor the frequency cap keep it back.
    pub answers: bool,
    /// They do not want to be told anything unasked in this way.
    pub opted_out: bool,
    /// Broadcasts of this month, or notices that they agreed to, that may still reach them. Absent where nothing is counted: a
    /// subscription account's broadcasts, and notices when they agreed to one for good.
    pub left: Option<i64>,
    /// Of customer-service messages, while a window is open. What waits to be sent is taken off already.
    pub window: Option<Window>,
}

/// Whether a customer can be spoken to as the fan of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountReach {
    pub account_id: AccountId,
    pub openid: String,
    /// On the account's blacklist at WeChat, as far as we know.
    pub blocked: bool,
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
    pub around: &'a Around,
    pub unwanted: &'a HashSet<OptOutWay>,
    pub blocked: bool,
    /// Until when the customer has heard enough.
    pub enough_until: Option<Millis>,
    /// Absent where it was not asked for.
    pub more: Option<More>,
}

/// What is known of the ways by which nobody speaks to one fan by themselves: broadcasts and notices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct More {
    /// A service account's broadcasts that the fan has had this month.
    pub had: i64,
    /// The account's broadcasts of the day.
    pub today: i64,
    /// Notices that the fan agreed to and that were not sent yet.
    pub notices: i64,
    /// They agreed to one for good.
    pub lasting: bool,
}

/// What holds for everybody whom the tenant speaks to, at an instant.
#[derive(Debug, Clone, Default)]
pub struct Around {
    pub paused: bool,
    pub gates: Vec<Gate>,
    pub quiet_until: Option<Millis>,
    pub settings: ReachSettings,
}
