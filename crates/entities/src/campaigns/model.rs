use kit::{AccountId, CampaignId, CustomerId, Millis, TagId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::messages::{Message, Service};

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignState {
    /// Nobody has said yet that it is to begin.
    Draft,
    /// It begins by itself at its time.
    Scheduled,
    /// Its time passed while it could not begin; a person is asked.
    Missed,
    Running,
    /// A person, or what the campaign itself says of quotas, ended it; the rest is not sent.
    Stopped,
    Done,
}

impl CampaignState {
    pub const ALL: [Self; 6] = [Self::Draft, Self::Scheduled, Self::Missed, Self::Running, Self::Stopped, Self::Done];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Missed => "missed",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Done => "done",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What happens to the rest when the account's quota is used up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnQuota {
    /// It waits until the quota is back.
    #[default]
    Wait,
    /// It is not sent.
    Stop,
}

impl OnQuota {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Stop => "stop",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Wait, Self::Stop].into_iter().find(|word| word.as_str() == text)
    }
}

/// To whom. Only fans of the account who follow it are ever meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Audience {
    /// Everybody who follows.
    All,
    /// Customers who have one of these tags.
    Tags { tag_ids: Vec<TagId> },
    /// These customers.
    Customers { customer_ids: Vec<CustomerId> },
    /// These fans.
    Openids { openids: Vec<String> },
}

/// A campaign before it is one.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    pub account: AccountId,
    pub name: String,
    pub message: Message,
    /// The text of its template now; none when it is not known.
    pub template_text: Option<String>,
    pub audience: Audience,
    pub on_quota: OnQuota,
    /// How late it may begin by itself, in milliseconds.
    pub grace_ms: Millis,
    pub by: String,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    pub id: CampaignId,
    pub account: AccountId,
    pub name: String,
    pub service: Service,
    pub message: Message,
    /// WeChat's name of its template.
    pub template_id: Option<String>,
    /// The text of its template when it was written.
    pub template_text: Option<String>,
    pub audience: Audience,
    pub state: CampaignState,
    pub on_quota: OnQuota,
    pub starts_at: Option<Millis>,
    pub grace_ms: Millis,
    /// When the last of its audience was in the ledger.
    pub filled_at: Option<Millis>,
    /// A stable word for why it ended early or did not begin.
    pub reason: Option<String>,
    pub created_by: String,
    /// Who let it begin, or stopped it.
    pub decided_by: Option<String>,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub version: i64,
}
