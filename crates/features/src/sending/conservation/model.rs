use ::store::FromRow;
use kit::{AccountId, Millis};
use serde::Serialize;
use utoipa::ToSchema;

/// What was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Campaign,
    Broadcast,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Broadcast => "broadcast",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Campaign, Self::Broadcast].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// More was accepted than stands anywhere.
    Missing,
    /// More stands there than was accepted.
    TooMany,
    /// It is over, and something of it is in line.
    StillOpen,
    /// What WeChat reported is more than there were.
    Reports,
}

impl Problem {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooMany => "too_many",
            Self::StillOpen => "still_open",
            Self::Reports => "reports",
        }
    }
}

/// One whose counts do not add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub thing: (Kind, i64),
    pub account: AccountId,
    pub problem: Problem,
    pub accepted: i64,
    pub found: i64,
}

/// A campaign that has begun: how many lines were put in line for it, and where they stand.
#[derive(Debug, Clone, Default, FromRow)]
pub struct Campaign {
    pub id: i64,
    pub account_id: i64,
    pub accepted: Option<i64>,
    /// Nothing was put in line for it.
    pub is_untouched: bool,
    pub ended_at: Option<i64>,
    /// Over, one way or the other.
    pub settled: i64,
    /// Waiting, held, or to be said again.
    pub open: i64,
    pub under_way: i64,
}

/// What the parts of a broadcast hold, in fans.
#[derive(Debug, Clone, Default, FromRow)]
pub struct Parts {
    pub broadcast_id: i64,
    /// Of the first phase. One that is said again stands for the one before it.
    pub first: i64,
    /// So many parts are in line or under way.
    pub open: i64,
    /// By WeChat, of those it gave numbers of: all, and those it filtered or sent to.
    pub reached: i64,
    pub reported: i64,
}

/// The last comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow, ToSchema)]
#[schema(as = CountsChecked)]
pub struct Checked {
    pub checked_at: Millis,
    /// So many were compared.
    pub campaigns: i64,
    pub broadcasts: i64,
    /// So many of them do not add up.
    pub faults: i64,
}
