use entities::{
    customers::{CustomerRow, Match},
    events::Event,
};
use kit::{AccountId, CustomerId, RuleId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which account the home page is about; all of them when absent.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HomeQuery {
    #[param(value_type = Option<String>)]
    pub account: Option<AccountId>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// A name, an openid or its beginning, words that were said, an account's or a rule's name.
    pub query: String,
}

/// How it went, and what needs a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Home {
    pub counts: Counts,
    /// Thirty days of the tenant's time zone; the last one is today.
    pub trend: Vec<TrendDay>,
    pub needs: Vec<Need>,
    /// What is left of each account's broadcasts, the least first.
    pub allowances: Vec<HomeAllowance>,
    /// What fans did lately, newest first.
    pub recent: Vec<Recent>,
}

/// What an account may still broadcast (R1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HomeAllowance {
    pub account_id: AccountId,
    /// `day` for a subscription account, `month` for what a service account sends to all.
    pub per: &'static str,
    pub left: i64,
    pub limit: i64,
}

#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct Counts {
    pub customers: i64,
    pub following: i64,
    pub new_today: i64,
    pub lost_today: i64,
    pub new_yesterday: i64,
    pub lost_yesterday: i64,
    pub messages_today: i64,
    /// Texts that no rule answered and nobody has looked at.
    pub unmatched: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrendDay {
    /// `2026-11-20`
    pub day: String,
    /// Follows.
    pub new: i64,
    /// Unfollows.
    pub lost: i64,
    /// Messages from fans.
    pub messages: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Warning,
    Error,
}

/// A menu that was to be published by the clock, and was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuFault {
    pub account: AccountId,
    /// `missed`, or why it failed.
    pub problem: String,
}

impl MenuFault {
    /// Its time passed while nobody was there.
    pub fn is_missed(&self) -> bool {
        self.problem == "missed"
    }
}

/// A campaign or broadcast whose counts do not add up (P3), as the daily comparison found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountFault {
    pub account: AccountId,
    /// `campaign` or `broadcast`.
    pub kind: String,
    pub id: i64,
    pub name: String,
    /// `missing`, `too_many`, `still_open` or `reports`.
    pub problem: String,
    pub accepted: i64,
    pub found: i64,
}

/// Something that a person should see to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Need {
    /// Stable; the console translates by it. `account_unbound`, `token_failed`, `permissions_missing`, `callback_unverified`,
    /// `callback_silent`, `windows_closing`, `unanswered`, `sending_paused`, `counts_missing`, `counts_too_many`, `counts_still_open`, `counts_reports`, `clock_wrong`, `clock_off`, `gate_closed`, `sends_unknown`, `broadcasts_unknown`, `broadcasts_approval`, `broadcasts_confirming`, `broadcasts_missed`, `broadcasts_held`, `campaigns_missed`, `menu_missed`, `menu_failed`, `sends_held`, `import_failed`, `import_paused`, `no_welcome`, `unmatched`, `ticket_missing`, or the account's own problem.
    pub code: String,
    pub severity: Severity,
    pub account_id: Option<AccountId>,
    /// Facts for the sentence: `count`, `errcode`, `problem`, `service`, `opens_at`, `name`, `accepted`, `found`.
    #[schema(value_type = Object)]
    pub params: serde_json::Value,
    /// Where in the console it is seen to.
    pub link: Option<String>,
}

/// An event with the customer it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct Recent {
    #[serde(flatten)]
    pub event: Event,
    pub customer: Option<RecentCustomer>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RecentCustomer {
    pub id: CustomerId,
    pub display_name: String,
    pub avatar_url: Option<String>,
}

/// What was found, of each kind that the caller may see.
#[derive(Serialize, ToSchema)]
pub struct SearchResult {
    pub customers: Vec<FoundCustomer>,
    pub accounts: Vec<FoundAccount>,
    pub replies: Vec<FoundRule>,
}

/// A customer, and why they were found.
#[derive(Serialize, ToSchema)]
pub struct FoundCustomer {
    #[serde(flatten)]
    pub row: CustomerRow,
    pub r#match: Match,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FoundAccount {
    pub id: AccountId,
    pub nick_name: String,
    pub app_id: String,
    /// `subscription` or `service`.
    pub kind: &'static str,
    pub avatar_url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FoundRule {
    pub id: RuleId,
    pub account_id: AccountId,
    pub name: String,
    pub enabled: bool,
    pub trigger: FoundTrigger,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FoundTrigger {
    pub kind: String,
    pub words: Vec<String>,
}
