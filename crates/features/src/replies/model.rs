use entities::messages::Content;
use kit::{AccountId, Millis, RuleId};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// What makes a rule answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerKind {
    Follow,
    Keyword,
    Default,
}

impl TriggerKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::Keyword => "keyword",
            Self::Default => "default",
        }
    }
}

/// How words are compared. Width and case never matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// The text is one of the words.
    Exact,
    /// The text holds one of the words.
    Contains,
    /// The text holds all of the words.
    All,
    /// One of the words, read as a regular expression, matches. Matching takes linear time.
    Regex,
}

/// Which followers a follow rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FollowWhen {
    Any,
    First,
    Returning,
}

/// Kinds of message that a default rule may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    Text,
    Image,
    Voice,
    Video,
    Location,
    Link,
}

/// When a rule answers. Fields that the kind does not know must be absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    pub kind: TriggerKind,
    /// Keyword rules only; `exact` when absent.
    #[serde(default, rename = "match")]
    pub matching: Option<Matching>,
    /// Keyword rules: 1 to 50 words of at most 60 characters (200 for a regular expression).
    #[serde(default)]
    pub words: Vec<String>,
    /// Follow rules only; `any` when absent.
    #[serde(default)]
    pub follow: Option<FollowWhen>,
    /// Default rules: the kinds it answers; empty for all.
    #[serde(default)]
    pub message_kinds: Vec<MessageKind>,
}

/// One thing a rule says, or that it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Answer {
    None(NoReply),
    Content(Content),
}

/// An explicit "no reply": WeChat is told "success".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoReply {
    pub r#type: NoReplyType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoReplyType {
    None,
}

impl<'de> Deserialize<'de> for Answer {
    // By the type first, so that a mistake in a text is told as that and not as "no variant matches".
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let value = serde_json::Value::deserialize(deserializer)?;
        if value.get("type").and_then(|kind| kind.as_str()) == Some("none") {
            return serde_json::from_value(value).map(Self::None).map_err(D::Error::custom);
        }
        serde_json::from_value(value).map(Self::Content).map_err(D::Error::custom)
    }
}

/// Whether all the answers are sent, or one of them by lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendMode {
    #[default]
    All,
    Random,
}

/// When a rule is awake, in the tenant's time zone. A span over midnight belongs to the day it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// 1 is Monday, 7 is Sunday.
    pub days: Vec<u8>,
    /// `HH:MM`
    pub from: String,
    /// `HH:MM`, not included; `24:00` for the end of the day.
    pub to: String,
}

impl Hours {
    /// Minutes since midnight of both ends, if they are times.
    pub fn minutes(&self) -> Option<(u32, u32)> {
        Some((minutes(&self.from)?, minutes(&self.to)?))
    }
}

fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

/// A rule as the console writes it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleBody {
    /// Made from the words when absent.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub enabled: Option<bool>,
    pub trigger: Trigger,
    /// 1 to 6; the first goes out in the answer itself, the others as customer-service messages.
    pub answers: Vec<Answer>,
    #[serde(default)]
    pub send: Option<SendMode>,
    #[serde(default)]
    pub hours: Option<Hours>,
    /// Default rules: at most one answer a fan in this many seconds.
    #[serde(default)]
    pub once_per_seconds: Option<i64>,
}

/// A rule that has been checked, before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub enabled: bool,
    pub what: What,
}

/// What a rule does; kept as one JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct What {
    pub trigger: Trigger,
    pub answers: Vec<Answer>,
    pub send: SendMode,
    pub hours: Option<Hours>,
    pub once_per_seconds: Option<i64>,
}

/// A rule of an account. Lower positions are tried first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Rule {
    pub id: RuleId,
    pub account_id: AccountId,
    pub name: String,
    pub enabled: bool,
    pub position: i64,
    pub trigger: Trigger,
    pub answers: Vec<Answer>,
    pub send: SendMode,
    pub hours: Option<Hours>,
    pub once_per_seconds: Option<i64>,
    /// How often it has answered.
    pub hits: i64,
    pub last_hit_at: Option<Millis>,
    pub created_at: Millis,
    pub updated_at: Millis,
}
