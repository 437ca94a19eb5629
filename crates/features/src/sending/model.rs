use std::collections::BTreeMap;

use entities::messages::{
    Content, Message, NoticeMessage, Service, TemplateMessage,
    gates::Gate,
    ledger::Send,
    restore::Pause,
    sends::{Held, Purpose, SendState},
};
use kit::{AccountId, CampaignId, CustomerId, Millis, RuleId, SendId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{conservation::Checked, form::Form};

/// What waits for a person since the account's authorisation ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeldSends {
    pub messages: i64,
    /// To so many customers.
    pub people: i64,
    /// When the oldest was due.
    pub oldest_at: Option<Millis>,
    /// So many of them WeChat no longer takes: the fan has written nothing for 48 hours. Sent, they end as refused.
    pub too_late: i64,
}

impl From<Held> for HeldSends {
    fn from(held: Held) -> Self {
        let Held { messages, people, oldest_at, too_late } = held;
        Self { messages, people, oldest_at, too_late }
    }
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decided {
    pub messages: u64,
}

/// Something to say to a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// By which account; when absent, by the first that may.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    pub content: Content,
}

/// A template message to one customer. Only verified service accounts send them (R4).
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTemplateMessage {
    pub account_id: AccountId,
    /// A fan of that account who follows.
    pub customer_id: CustomerId,
    /// The values of `data` may hold variables: `{{customer.name|朋友}}`, `{{event.order}}`.
    pub message: TemplateMessage,
    /// The event that caused the message, flat: at most 50 values, by names of 1 to 40 letters, digits and underscores.
    /// Each is said where `{{event.<name>}}` stands; nothing else is made of it. A text has at most 500 characters.
    /// Numbers are said as plainly as they can be: one whose zeros behind the point count, and one with more than
    /// fifteen digits, is sent as a text.
    #[serde(default)]
    pub event: BTreeMap<String, EventValue>,
    /// After this instant it is not sent any more; when absent it waits as long as it has to.
    #[serde(default)]
    pub deadline_at: Option<Millis>,
    /// Marketing keeps to the frequency cap; both keep to opt-outs, and to quiet hours as the settings say.
    #[serde(default)]
    #[schema(inline)]
    pub purpose: UnaskedPurpose,
}

/// A subscription notice to one customer, who has agreed to it. Only verified service accounts send them (R8).
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSubscriptionNotice {
    pub account_id: AccountId,
    /// A fan of that account who has agreed to a notice of this template.
    pub customer_id: CustomerId,
    /// The values of `data` may hold variables: `{{customer.name|朋友}}`, `{{event.order}}`.
    pub message: NoticeMessage,
    /// The event that caused the notice, as in template messages.
    #[serde(default)]
    pub event: BTreeMap<String, EventValue>,
    /// After this instant it is not sent any more; when absent it waits as long as it has to.
    #[serde(default)]
    pub deadline_at: Option<Millis>,
    /// Marketing keeps to the frequency cap; both keep to opt-outs, and to quiet hours as the settings say.
    #[serde(default)]
    #[schema(inline)]
    pub purpose: UnaskedPurpose,
}

/// Either of them.
#[derive(Debug)]
pub struct NewForm {
    pub account_id: AccountId,
    pub customer_id: CustomerId,
    pub form: Form,
    pub event: BTreeMap<String, EventValue>,
    pub deadline_at: Option<Millis>,
    pub purpose: Purpose,
}

impl From<NewTemplateMessage> for NewForm {
    fn from(new: NewTemplateMessage) -> Self {
        let NewTemplateMessage { account_id, customer_id, message, event, deadline_at, purpose } = new;
        Self { account_id, customer_id, form: message.into(), event, deadline_at, purpose: purpose.into() }
    }
}

impl From<NewSubscriptionNotice> for NewForm {
    fn from(new: NewSubscriptionNotice) -> Self {
        let NewSubscriptionNotice { account_id, customer_id, message, event, deadline_at, purpose } = new;
        Self { account_id, customer_id, form: message.into(), event, deadline_at, purpose: purpose.into() }
    }
}

/// One thing that is known of an event.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(untagged, expecting = "a value of event is a text, a number, true or false")]
pub enum EventValue {
    Truth(bool),
    Number(f64),
    Text(String),
}

/// Why a template message is sent.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnaskedPurpose {
    #[default]
    Marketing,
    /// It tells of something that the customer did: ordered, booked, paid.
    Service,
}

impl From<UnaskedPurpose> for Purpose {
    fn from(purpose: UnaskedPurpose) -> Self {
        match purpose {
            UnaskedPurpose::Marketing => Self::Marketing,
            UnaskedPurpose::Service => Self::Service,
        }
    }
}

/// Which sends are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SendsQuery {
    #[param(inline)]
    pub state: Option<SendState>,
    #[param(value_type = Option<String>)]
    pub account: Option<AccountId>,
    #[param(value_type = Option<String>)]
    pub customer: Option<CustomerId>,
    #[param(inline)]
    pub service: Option<Service>,
    /// Due at this instant or later, in milliseconds.
    pub due_after: Option<Millis>,
    /// Due before this instant.
    pub due_before: Option<Millis>,
    #[param(value_type = Option<String>)]
    pub campaign: Option<CampaignId>,
    /// `true`: only those in doubt of which nobody has made anything yet.
    #[serde(default)]
    pub undecided: bool,
}

/// What keeps messages from going out, and what waits for a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sending {
    /// Nothing goes out until a person says so: the database was put back from a backup.
    pub pause: Option<Pause>,
    /// Ways that are closed, by account and service.
    pub gates: Vec<Gate>,
    /// So many sends are in doubt, and nobody has decided about them.
    pub unknown: i64,
    /// When the counts of campaigns and broadcasts were last compared with what was accepted, once a day, and what came
    /// of it; none before the first time.
    pub counts_checked: Option<Checked>,
}

/// How many sends stand in each state, of those that are wanted.
#[derive(Debug, Serialize, ToSchema)]
pub struct SendCounts {
    /// By state; a state of which there are none is absent.
    #[schema(value_type = std::collections::BTreeMap<String, i64>)]
    pub states: BTreeMap<&'static str, i64>,
    /// Only the newest 50,000 were counted.
    pub more: bool,
}

/// Which way is to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenGate {
    #[schema(inline)]
    pub service: Service,
}

/// A word on one send that is in doubt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Must be true: the customer may well have the message already, and will then have it twice.
    pub may_arrive_twice: bool,
}

/// A line of the ledger: something that is to be said to one fan, once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Send)]
pub struct SendView {
    pub id: SendId,
    pub account_id: AccountId,
    pub customer_id: CustomerId,
    pub openid: String,
    #[schema(inline)]
    pub service: Service,
    pub content: Message,
    /// The campaign it is one of.
    pub campaign_id: Option<CampaignId>,
    #[schema(inline)]
    pub purpose: Purpose,
    #[schema(inline)]
    pub state: SendState,
    /// A stable word for why it ended so, or why it is in doubt.
    pub reason: Option<String>,
    /// WeChat's, when it gave one.
    pub errcode: Option<i64>,
    /// What WeChat or the network said.
    pub evidence: Option<String>,
    /// The rule that said it.
    pub rule_id: Option<RuleId>,
    /// The person or key that said it.
    pub by: Option<String>,
    pub due_at: Millis,
    /// After this instant it is not begun.
    pub deadline_at: Option<Millis>,
    /// When the last call began.
    pub sending_at: Option<Millis>,
    pub settled_at: Option<Millis>,
    /// So many calls were begun; more than one only where WeChat itself removes the second.
    pub attempts: i64,
    /// WeChat's id of the message, once it gave one.
    pub wechat_id: Option<String>,
    /// What WeChat reported afterwards of a template message or notice: `delivered`, `blocked` or `failed`.
    pub delivery: Option<String>,
    pub delivered_at: Option<Millis>,
    /// What a person made of one in doubt: `left` or `resent`.
    pub decision: Option<String>,
    pub decided_by: Option<String>,
    pub decided_at: Option<Millis>,
    /// The send that says it again.
    pub resent_as: Option<SendId>,
}

/// Whom a send is to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SendTo {
    /// Who they turned out to be, if they were merged since.
    pub id: CustomerId,
    pub display_name: String,
    pub avatar_url: Option<String>,
}

/// A line of the ledger in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedSend {
    #[serde(flatten)]
    pub send: SendView,
    pub customer: Option<SendTo>,
}

impl From<Send> for SendView {
    fn from(send: Send) -> Self {
        Self {
            id: send.id,
            account_id: send.account,
            customer_id: send.customer,
            openid: send.openid,
            service: send.service,
            content: send.message,
            campaign_id: send.campaign,
            purpose: send.purpose,
            state: send.state,
            reason: send.reason,
            errcode: send.errcode,
            evidence: send.evidence,
            rule_id: send.rule,
            by: send.by,
            due_at: send.due_at,
            deadline_at: send.deadline_at,
            sending_at: send.sending_at,
            settled_at: send.settled_at,
            attempts: send.attempts,
            wechat_id: send.wechat_id,
            delivery: send.delivery,
            delivered_at: send.delivered_at,
            decision: send.decision,
            decided_by: send.decided_by,
            decided_at: send.decided_at,
            resent_as: send.resent_as,
        }
    }
}
