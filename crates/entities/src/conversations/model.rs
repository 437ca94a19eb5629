use kit::{AccountId, ConversationId, CustomerId, Millis, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::arrivals::Heard;
use crate::{messages::Content, reach::Window};

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    /// Out of sight until an instant, or until the fan writes.
    Snoozed,
    /// Nothing is left to do, until the fan writes.
    Done,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Open, Self::Snoozed, Self::Done];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Snoozed => "snoozed",
            Self::Done => "done",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// How much it needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attention {
    Nothing,
    /// Somebody has looked, and the fan still waits for an answer.
    Unanswered,
    /// Somebody has to look: there are new messages, it was handed over, it came back, or an answer did not arrive.
    Unread,
}

impl Attention {
    /// Most pressing first.
    pub const ALL: [Self; 3] = [Self::Unread, Self::Unanswered, Self::Nothing];

    pub fn number(self) -> i64 {
        match self {
            Self::Nothing => 0,
            Self::Unanswered => 1,
            Self::Unread => 2,
        }
    }

    pub fn of(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.number() == number)
    }
}

/// Whose it is to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Assignee {
    pub id: PersonId,
    /// Absent when the person is gone.
    pub name: Option<String>,
}

/// What was said last by the fan or by a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LastSaid)]
pub struct Last {
    /// `fan` or `person`.
    pub from: String,
    /// The kind of message: `text`, `image`, …
    pub kind: String,
    /// Its beginning; empty for what has no words.
    pub text: String,
    /// The person or key, of what we said.
    pub by: Option<String>,
    pub at: Millis,
}

/// A conversation with one fan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub id: ConversationId,
    pub account: AccountId,
    pub openid: String,
    /// Who the fan is today.
    pub customer: CustomerId,
    pub state: State,
    pub attention: Attention,
    pub unread: i64,
    pub assignee: Option<Assignee>,
    pub snoozed_until: Option<Millis>,
    pub last: Last,
    pub message_at: Option<Millis>,
    /// When they last followed, scanned or tapped in a way that opens the window; 0 when not seen.
    pub act_at: Millis,
    pub waiting_since_at: Option<Millis>,
    pub window_until: Millis,
    pub created_at: Millis,
}

/// Something that was said by hand.
#[derive(Debug, Clone)]
pub struct Said<'a> {
    pub account: AccountId,
    pub openid: &'a str,
    pub content: &'a Content,
    /// The person or key.
    pub by: &'a str,
    /// The window in which it was said.
    pub window: Option<Window>,
}

/// What one conversation hears at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// The newest message.
    pub last: Option<(Millis, Heard)>,
    /// Messages that no keyword answered, and the first of them.
    pub asks: i64,
    pub asked_at: Option<Millis>,
    pub message_at: Option<Millis>,
    pub act_at: Millis,
    pub window_until: Millis,
}

/// Characters of a message that a list shows.
pub const SHOWN: usize = 120;

/// What a list shows of a text.
pub fn beginning(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect()
}

/// How much waits. No number is counted further than [`Summary::MOST`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = InboxSummary)]
pub struct Summary {
    /// Open conversations that somebody has to look at.
    pub unread: i64,
    /// Open conversations in which the fan waits for an answer, looked at or not.
    pub waiting: i64,
    /// Of those, the ones WeChat takes no more messages in within two hours.
    pub closing: i64,
    /// Of those that wait, the ones assigned to who asks.
    pub mine: i64,
}

impl Summary {
    pub const MOST: u64 = 1000;
    /// The end of a window is near when less than this is left of it.
    pub const SOON_MS: Millis = 2 * 3_600_000;
}
