use kit::{AccountId, CustomerId, EventId, Millis};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// What happened. The word is stored, sent and translated as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The fan said something: `{type, text?, msg_id?, …}`.
    MessageIn,
    /// We said something: `{type, text?, via, rule_id?, state, reason?}`.
    MessageOut,
    /// `{first, scene?, qr_scene?}`
    Follow,
    Unfollow,
    /// `{scene, ticket?}`
    Scan,
    /// `{event, key, …}`
    MenuTap,
    /// The fan was there when the follower list was read: `{following, subscribed_at?}`.
    Import,
    /// `{field, from, to, by?}`
    ProfileChange,
    /// `{tag, source}`
    TagAdd,
    TagRemove,
    /// Two customers turned out to be one: `{merge_id, other, cause, by?}`.
    Merge,
    /// Somebody said that they are not: `{merge_id, other, cause, by}`, on both.
    Split,
    /// A push of a kind that has no word of its own yet: `{event, …}`.
    Other,
}

impl EventKind {
    const ALL: [Self; 13] = [
        Self::MessageIn,
        Self::MessageOut,
        Self::Follow,
        Self::Unfollow,
        Self::Scan,
        Self::MenuTap,
        Self::Import,
        Self::ProfileChange,
        Self::TagAdd,
        Self::TagRemove,
        Self::Merge,
        Self::Split,
        Self::Other,
    ];

    /// The customer did something, as opposed to what was done to them.
    pub fn is_theirs(self) -> bool {
        matches!(self, Self::MessageIn | Self::Follow | Self::Scan | Self::MenuTap)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::MessageIn => "message_in",
            Self::MessageOut => "message_out",
            Self::Follow => "follow",
            Self::Unfollow => "unfollow",
            Self::Scan => "scan",
            Self::MenuTap => "menu_tap",
            Self::Import => "import",
            Self::ProfileChange => "profile_change",
            Self::TagAdd => "tag_add",
            Self::TagRemove => "tag_remove",
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Other => "other",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// By which way it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Wechat,
    Console,
    Api,
    System,
}

impl Channel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wechat => "wechat",
            Self::Console => "console",
            Self::Api => "api",
            Self::System => "system",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Wechat, Self::Console, Self::Api, Self::System].into_iter().find(|channel| channel.as_str() == text)
    }
}

/// An event before it has an id.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub customer: CustomerId,
    pub account: Option<AccountId>,
    /// When it happened, which may be before it was recorded.
    pub at: Millis,
    pub kind: EventKind,
    pub channel: Channel,
    pub properties: Json,
}

/// One line of a customer's story.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Event {
    pub id: EventId,
    pub at: Millis,
    pub kind: EventKind,
    pub channel: Channel,
    pub account_id: Option<AccountId>,
    #[serde(skip)]
    pub customer: CustomerId,
    /// What the kind calls for.
    #[schema(value_type = Object)]
    pub properties: Json,
}

/// One stretch of following. Either end may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Period {
    pub followed_at: Option<Millis>,
    pub left_at: Option<Millis>,
    pub scene: Option<String>,
}
