use kit::{AccountId, Millis};
use serde::Serialize;
use utoipa::ToSchema;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// There was never one.
    None,
    /// The follower list is being read.
    Listing,
    /// Fans are being fetched and written.
    Running,
    /// A person has stopped it.
    Paused,
    Done,
    /// A person has to put something right and begin again.
    Failed,
}

impl ImportState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Listing => "listing",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Listing, Self::Running, Self::Paused, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }

    /// Whether there is work to do now.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Listing | Self::Running)
    }
}

/// An import as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Import {
    pub state: ImportState,
    /// Fans that WeChat has listed.
    pub total: i64,
    /// Fans that are written.
    pub done: i64,
    /// Fans a second, lately; 0 while it waits.
    pub rate: i64,
    /// Absent when nobody can say.
    pub remaining_seconds: Option<i64>,
    pub started_at: Option<Millis>,
    pub finished_at: Option<Millis>,
    /// `wechat_minute` and `wechat_day` wait for WeChat's limits and go on by themselves, as does `wechat_away`;
    /// `wechat_refused`, `not_allowed`, `unauthorized` and `unreadable` have ended the import.
    pub problem: Option<String>,
    pub errcode: Option<i64>,
}

impl Import {
    /// For an account that was never imported.
    pub fn none() -> Self {
        Self {
            state: ImportState::None,
            total: 0,
            done: 0,
            rate: 0,
            remaining_seconds: None,
            started_at: None,
            finished_at: None,
            problem: None,
            errcode: None,
        }
    }
}

/// An import with the place it has reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub account: AccountId,
    pub state: ImportState,
    pub total: i64,
    pub listed: i64,
    pub done: i64,
    /// Everything up to this openid, in byte order, is written.
    pub after_openid: String,
    /// The follower list goes on after this openid.
    pub next_openid: String,
    pub pages: i64,
    pub rate: i64,
    pub problem: Option<String>,
    pub errcode: Option<i64>,
    pub started_at: Millis,
    pub running_ms: i64,
    pub finished_at: Option<Millis>,
    pub updated_at: Millis,
}

impl Run {
    /// As people see it.
    pub fn seen(&self) -> Import {
        let goes = self.state == ImportState::Running && self.problem.is_none() && self.rate > 0;
        Import {
            state: self.state,
            total: self.total,
            done: self.done,
            rate: if goes { self.rate } else { 0 },
            remaining_seconds: goes.then(|| (self.total - self.done).max(0) / self.rate),
            started_at: Some(self.started_at),
            finished_at: self.finished_at,
            problem: self.problem.clone(),
            errcode: self.errcode,
        }
    }
}
