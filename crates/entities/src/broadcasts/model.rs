use std::ops::AddAssign;

use kit::{AccountId, ArticleId, BroadcastId, BroadcastPartId, MediaId, Millis, TagId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::campaigns::{Audience, OnQuota};

/// Declares a closed set of words, the same in the table, in JSON and in the code.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_doc])* $variant),*
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

words! {
    /// Where a broadcast stands.
    BroadcastState {
        /// Nobody has said yet that it is to begin.
        Draft = "draft",
        /// A second person is asked.
        AwaitingApproval = "awaiting_approval",
        /// It begins by itself at its time.
        Scheduled = "scheduled",
        /// Its time passed while it could not begin; a person is asked.
        Missed = "missed",
        Running = "running",
        /// The variants are out, and the winner is not known yet.
        Testing = "testing",
        /// The account was lost on the way; a person lets it go on.
        Held = "held",
        /// A person, a quota or WeChat's word ended it; the rest is not sent.
        Stopped = "stopped",
        Done = "done",
    }
}

words! {
    /// Where one call of a broadcast stands.
    PartState {
        Queued = "queued",
        Sending = "sending",
        /// An answer was lost; it is said again under the same id, by which WeChat knows it.
        Retrying = "retrying",
        /// WeChat took it. What became of it is reported later.
        Submitted = "submitted",
        /// It takes longer than sending does: an administrator has to confirm it on their phone.
        AwaitingConfirmation = "awaiting_confirmation",
        Sent = "sent",
        /// WeChat did not take it.
        Refused = "refused",
        /// WeChat took it and did not send it.
        Failed = "failed",
        /// WeChat's answer was lost, and it no longer knows the id.
        Unknown = "unknown",
        Cancelled = "cancelled",
        /// Sent, and taken offline again.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// By which of WeChat's calls.
    Way {
        /// To everybody who follows.
        All = "all",
        /// To those with one of WeChat's tags.
        Tag = "tag",
        /// To a list of openids.
        List = "list",
    }
}

words! {
    /// Who may comment on pictures.
    Comments {
        Off = "off",
        Everybody = "everybody",
        Fans = "fans",
    }
}

words! {
    /// By what the winner of a trial is chosen.
    Criterion {
        /// How many read it; WeChat tells the reads of a day on the next morning.
        Reads = "reads",
        /// How many wrote something after it.
        Replies = "replies",
    }
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = BroadcastContent)]
pub enum Content {
    Text {
        text: String,
    },
    /// Articles of ours, which WeChat keeps as a draft.
    Article {
        article_id: ArticleId,
    },
    /// 1 to 20 pictures, shown as one message.
    Images {
        media_ids: Vec<MediaId>,
        /// Why one should look.
        recommend: Option<String>,
        comments: Comments,
    },
    Voice {
        media_id: MediaId,
    },
    Video {
        media_id: MediaId,
        title: String,
        description: String,
    },
}

impl Content {
    /// The files it needs.
    pub fn media(&self) -> Vec<MediaId> {
        match self {
            Self::Images { media_ids, .. } => media_ids.clone(),
            Self::Voice { media_id } | Self::Video { media_id, .. } => vec![*media_id],
            Self::Text { .. } | Self::Article { .. } => Vec::new(),
        }
    }

    /// WeChat can take it offline again.
    pub fn can_be_withdrawn(&self) -> bool {
        matches!(self, Self::Article { .. } | Self::Video { .. })
    }
}

/// How variants are tried on a part of the audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// Percent of the audience for each variant.
    #[schema(minimum = 1, maximum = 50)]
    pub share: i64,
    /// Percent that get nothing, to compare with.
    #[schema(minimum = 0, maximum = 50)]
    pub hold_out: i64,
    /// How long the variants have.
    #[schema(minimum = 1, maximum = 168)]
    pub hours: i64,
    #[schema(inline)]
    pub by: Criterion,
}

impl Trial {
    /// Nobody is left for the winner: everybody had a variant, or nothing.
    pub fn takes_all(&self, variants: usize) -> bool {
        self.share * variants as i64 + self.hold_out >= 100
    }
}

/// A broadcast before it is one, or as it is written anew.
#[derive(Debug, Clone)]
pub struct NewBroadcast {
    pub account: AccountId,
    pub name: String,
    pub contents: Vec<Content>,
    pub trial: Option<Trial>,
    pub audience: Audience,
    pub ignore_reprint: bool,
    pub on_quota: OnQuota,
    pub by: String,
}

/// A broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    pub id: BroadcastId,
    pub account: AccountId,
    pub name: String,
    pub contents: Vec<Content>,
    pub trial: Option<Trial>,
    pub audience: Audience,
    pub ignore_reprint: bool,
    pub on_quota: OnQuota,
    pub state: BroadcastState,
    pub reason: Option<String>,
    pub fans: i64,
    pub held_out: i64,
    pub starts_at: Option<Millis>,
    pub grace_ms: Millis,
    pub phase: i64,
    pub filled_at: Option<Millis>,
    pub winner: Option<i64>,
    pub decide_at: Option<Millis>,
    pub created_by: String,
    pub decided_by: Option<String>,
    /// `person:1` or `key:2`.
    pub decided_actor: Option<String>,
    pub approved_by: Option<String>,
    pub stats_at: Option<Millis>,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub version: i64,
}

impl Broadcast {
    /// What this variant says; without variants, what it says to everybody.
    pub fn content(&self, variant: Option<i64>) -> Option<&Content> {
        self.contents.get(usize::try_from(variant.unwrap_or(0)).ok()?)
    }

    /// Somebody is left over for the winner.
    pub fn has_rest(&self) -> bool {
        self.trial.is_some_and(|trial| !trial.takes_all(self.contents.len()))
    }
}

/// One call of a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub id: BroadcastPartId,
    pub broadcast: BroadcastId,
    pub account: AccountId,
    pub position: i64,
    pub phase: i64,
    pub variant: Option<i64>,
    pub way: Way,
    pub wechat_tag: Option<i64>,
    pub tag: Option<TagId>,
    pub fans: i64,
    pub clientmsgid: String,
    /// The content as WeChat hears it.
    pub said: Option<String>,
    pub state: PartState,
    pub reason: Option<String>,
    pub errcode: Option<i64>,
    pub status: Option<String>,
    pub evidence: Option<String>,
    pub msg_id: Option<i64>,
    pub msg_data_id: Option<i64>,
    pub attempts: i64,
    pub due_at: Millis,
    pub first_sending_at: Option<Millis>,
    pub sending_at: Option<Millis>,
    pub submitted_at: Option<Millis>,
    pub finished_at: Option<Millis>,
    pub total: Option<i64>,
    pub filtered: Option<i64>,
    pub sent: Option<i64>,
    pub failed: Option<i64>,
    pub urls: Vec<String>,
    pub decision: Option<String>,
    pub decided_by: Option<String>,
    pub decided_at: Option<Millis>,
    pub resent_as: Option<BroadcastPartId>,
}

/// How a broadcast stands, in fans. All but `fans` add up to `fans`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BroadcastCounts)]
pub struct Counts {
    pub fans: i64,
    pub waiting: i64,
    pub submitted: i64,
    pub confirming: i64,
    pub sent: i64,
    /// WeChat left them out: their four of the month were used, or they want none.
    pub filtered: i64,
    pub failed: i64,
    pub refused: i64,
    pub unknown: i64,
    pub cancelled: i64,
    /// They get nothing, to compare with.
    pub held_out: i64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.fans += other.fans;
        self.waiting += other.waiting;
        self.submitted += other.submitted;
        self.confirming += other.confirming;
        self.sent += other.sent;
        self.filtered += other.filtered;
        self.failed += other.failed;
        self.refused += other.refused;
        self.unknown += other.unknown;
        self.cancelled += other.cancelled;
        self.held_out += other.held_out;
    }
}

/// What is summed up over parts that stand in one state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub state: PartState,
    pub resent: bool,
    /// By us, of those of which WeChat gave no numbers.
    pub fans: i64,
    /// By WeChat, of the others.
    pub total: i64,
    pub filtered: i64,
    pub sent: i64,
}

impl Sums {
    pub(super) fn counts(self) -> Counts {
        let all = self.fans + self.total;
        let mut counts = Counts { fans: all, ..Counts::default() };
        match self.state {
            // Its fans are those of the part that says it again.
            _ if self.resent => return Counts::default(),
            PartState::Queued | PartState::Sending | PartState::Retrying => counts.waiting = all,
            PartState::Submitted => counts.submitted = all,
            PartState::AwaitingConfirmation => counts.confirming = all,
            PartState::Sent | PartState::Withdrawn => {
                counts.sent = self.fans + self.sent;
                counts.filtered = self.filtered;
                counts.failed = self.total - self.filtered - self.sent;
            }
            PartState::Refused => counts.refused = all,
            PartState::Failed => counts.failed = all,
            PartState::Unknown => counts.unknown = all,
            PartState::Cancelled => counts.cancelled = all,
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p3_whatever_state_parts_are_in_the_counts_add_up() {
        for &state in PartState::ALL {
            for resent in [false, true] {
                let sums = Sums { state, resent, fans: 7, total: 20, filtered: 4, sent: 13 };
                let c = sums.counts();
                let sum = c.waiting
                    + c.submitted
                    + c.confirming
                    + c.sent
                    + c.filtered
                    + c.failed
                    + c.refused
                    + c.unknown
                    + c.cancelled
                    + c.held_out;
                assert_eq!(sum, c.fans, "{state:?}");
            }
        }
    }
}
