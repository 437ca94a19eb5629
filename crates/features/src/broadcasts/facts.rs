//! What is looked at before a broadcast goes out, and what is found.

use std::collections::HashMap;

use entities::{
    accounts::Denied,
    broadcasts::{Content, Trial, Way},
    campaigns::{Audience, OnQuota},
    media::MediaKind,
};
use kit::{ArticleId, MediaId, Millis};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingSeverity)]
pub enum Severity {
    /// It cannot begin so.
    Error,
    Warning,
    Info,
}

/// The same in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Words {
    #[serde(rename = "zh-CN")]
    pub chinese: String,
    #[serde(rename = "en-US")]
    pub english: String,
}

/// Something that is wrong, or worth a thought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BroadcastFinding)]
pub struct Finding {
    /// A stable word.
    pub code: &'static str,
    #[schema(inline)]
    pub severity: Severity,
    /// Where in the body: `contents[0].text`.
    pub field: Option<String>,
    pub words: Words,
    /// The rule of the product that says so.
    pub rule: Option<&'static str>,
    pub link: Option<&'static str>,
}

/// A file as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFacts {
    pub kind: MediaKind,
    pub bytes: i64,
}

/// An article as far as it matters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleFacts {
    /// Why it cannot be sent as it is.
    pub refused: Option<&'static str>,
    /// What one reads in each of its items.
    pub items: Vec<String>,
}

/// All that is looked at.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub contents: &'a [Content],
    pub trial: Option<Trial>,
    pub audience: &'a Audience,
    pub on_quota: OnQuota,
    pub denied: Option<Denied>,
    pub is_service: bool,
    pub files: HashMap<MediaId, FileFacts>,
    pub articles: HashMap<ArticleId, ArticleFacts>,
    /// A tag of the audience is no longer there.
    pub tag_missing: bool,
    pub way: Way,
    pub calls: i64,
    /// Calls already made on the day.
    pub calls_made: i64,
    pub fans: i64,
    pub filtered: i64,
    /// Who of the audience is on the account's blacklist, and has not had all of the month.
    pub blocked: i64,
    /// Who of the audience wants no broadcasts.
    pub opted_out: i64,
    pub now: Millis,
    pub at: Millis,
    /// What the account broadcast on the day, and to all in the month.
    pub today: i64,
    pub all: i64,
    /// The last broadcast before it.
    pub last_at: Option<Millis>,
    /// The same was said within a day before.
    pub same: bool,
    /// Others that are to go out on the day, and to all in the month.
    pub others_today: i64,
    pub others_to_all: i64,
    /// WeChat does not want broadcasts at the moment.
    pub gate: Option<String>,
    pub paused: bool,
}
