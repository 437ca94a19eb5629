use entities::messages::{
    Content,
    ledger::Send,
    sends::{Held, SendState},
};
use kit::{AccountId, CustomerId, Millis, RuleId, SendId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
}

/// A line of the ledger: something that is to be said to one fan, once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Send)]
pub struct SendView {
    pub id: SendId,
    pub account_id: AccountId,
    pub customer_id: CustomerId,
    pub openid: String,
    pub content: Content,
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
    /// When the call began, from which on it is never repeated.
    pub sending_at: Option<Millis>,
    pub settled_at: Option<Millis>,
}

impl From<Send> for SendView {
    fn from(send: Send) -> Self {
        Self {
            id: send.id,
            account_id: send.account,
            customer_id: send.customer,
            openid: send.openid,
            content: send.content,
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
        }
    }
}
