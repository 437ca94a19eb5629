use entities::{
    conversations::{Assignee, Attention, Entry, Last, State},
    customers::{Match, TagBrief},
    events::Event,
    messages::{Message, ledger::Send, sends::SendState},
    reach::{Why, Window},
    received::ReceivedFile,
};
use kit::{AccountId, CannedAnswerId, ConversationId, CustomerId, Millis, PersonId, RuleId, SendId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which conversations are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    #[param(value_type = Option<String>)]
    pub account: Option<AccountId>,
    /// Whose they are; everybody's and nobody's when absent.
    #[param(inline)]
    pub assigned: Option<AssignedTo>,
    /// `open` when absent, and all of them when something is looked for.
    #[param(inline)]
    pub state: Option<StateQuery>,
    /// Only some of the open ones.
    #[param(inline)]
    pub only: Option<OnlyQuery>,
    /// A name, an openid or its beginning, words that were said. What fits best is given, in one page.
    pub query: Option<String>,
    /// Those of one customer.
    #[param(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignedTo {
    Me,
    Nobody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateQuery {
    Open,
    Snoozed,
    Done,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnlyQuery {
    /// Somebody has to look.
    Unread,
    /// The fan waits for an answer.
    Waiting,
    /// And WeChat takes no more messages in less than two hours.
    Closing,
}

/// Which account the numbers are of; all of them when absent.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    #[param(value_type = Option<String>)]
    pub account: Option<AccountId>,
}

/// A conversation with one fan of one account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationView {
    pub id: ConversationId,
    pub account_id: AccountId,
    pub openid: String,
    pub customer: Fan,
    #[schema(inline)]
    pub state: State,
    pub snoozed_until: Option<Millis>,
    #[schema(inline)]
    pub attention: Attention,
    /// Messages that nobody has looked at and no keyword answered.
    pub unread: i64,
    pub assignee: Option<Assignee>,
    pub last: Last,
    /// Since when the fan waits for an answer.
    pub waiting_since_at: Option<Millis>,
    /// While WeChat takes messages: until when, and so many more.
    pub window: Option<Window>,
    /// Why nothing can be said now.
    pub why: Option<Why>,
    /// Why it was found, when something was looked for.
    pub r#match: Option<Match>,
    pub created_at: Millis,
}

/// Who the fan is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConversationFan)]
pub struct Fan {
    pub id: CustomerId,
    pub name: Option<String>,
    pub display_name: String,
    pub avatar_url: Option<String>,
    pub tags: Vec<TagBrief>,
}

/// A line of a conversation: something that happened, something on its way out, or something left beside it. One of
/// `event`, `send` and `entry` is there.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChatLine {
    /// Stands for the line in this conversation, and nowhere else.
    pub id: String,
    pub at: Millis,
    pub event: Option<Event>,
    /// The file of a fan's message.
    pub file: Option<ReceivedFile>,
    /// The rule that said it.
    pub rule: Option<RuleName>,
    /// What is known of why it did not arrive, or may not have.
    pub evidence: Option<String>,
    /// What WeChat reported afterwards of a template message or notice: `delivered`, `blocked` or `failed`.
    pub delivery: Option<String>,
    pub send: Option<PendingSend>,
    pub entry: Option<Entry>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RuleName {
    pub id: RuleId,
    /// May be empty; absent when the rule was deleted.
    pub name: Option<String>,
}

/// Something that has not ended yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct PendingSend {
    pub id: SendId,
    pub content: Message,
    #[schema(inline)]
    pub state: SendState,
    /// The person or key that said it; absent for what a rule says.
    pub by: Option<String>,
}

impl From<Send> for PendingSend {
    fn from(send: Send) -> Self {
        Self { id: send.id, content: send.message, state: send.state, by: send.by }
    }
}

kit::text_type!(
    /// What a person writes beside a conversation.
    NoteText, "the note", 1..=2000, str::trim
);

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    pub text: NoteText,
}

/// Whose it is from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Nobody's when `null`.
    pub person_id: Option<PersonId>,
    /// A word on the way; it stays beside the conversation.
    #[serde(default)]
    pub note: Option<NoteText>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewState {
    pub state: State,
    /// Of what is put off, until when; at most a year ahead.
    #[serde(default)]
    pub until: Option<Millis>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypingState {
    pub typing: bool,
}

kit::text_type!(
    /// What one types after `/`.
    Shortcut, "the shortcut", 1..=30, str::trim
);

/// An answer that is kept for use again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCannedAnswer {
    /// Without spaces; no two are the same.
    pub shortcut: Shortcut,
    /// At most 2048 bytes. `{{customer.name|friend}}` stands for the customer's name, or else for `friend`; so do
    /// `account.name` and `person.name`.
    pub text: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CannedAnswer {
    pub id: CannedAnswerId,
    pub shortcut: String,
    pub text: String,
    pub updated_at: Millis,
}
