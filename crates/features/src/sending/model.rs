use entities::messages::sends::Held;
use kit::Millis;
use serde::Serialize;
use utoipa::ToSchema;

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
