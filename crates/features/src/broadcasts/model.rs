use entities::{
    broadcasts::{BroadcastState, Content, Counts, PartState, Trial, Way},
    campaigns::{Audience, OnQuota},
};
use kit::{AccountId, BroadcastId, BroadcastPartId, CustomerId, Millis, text_type};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{facts::Finding, shares::Estimate};

text_type!(/** What a broadcast is called. */ BroadcastName, "the name", 1..=60, str::trim);

/// A broadcast as it is written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BroadcastBody {
    pub account_id: AccountId,
    pub name: String,
    /// One; with `test`, 2 to 4 variants. They may be incomplete: the check says what is missing.
    pub contents: Vec<Content>,
    #[serde(default)]
    pub test: Option<Trial>,
    pub audience: Audience,
    /// Go on when WeChat finds that an article is a reprint of one that may be reprinted.
    #[serde(default)]
    pub ignore_reprint: bool,
    /// What happens to the rest when the account's quota is used up.
    #[serde(default)]
    pub on_quota: OnQuota,
}

/// A draft written anew.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BroadcastChange {
    pub account_id: AccountId,
    pub name: String,
    pub contents: Vec<Content>,
    #[serde(default)]
    pub test: Option<Trial>,
    pub audience: Audience,
    #[serde(default)]
    pub ignore_reprint: bool,
    #[serde(default)]
    pub on_quota: OnQuota,
    /// The version that this was made from.
    pub version: i64,
}

impl From<BroadcastChange> for BroadcastBody {
    fn from(change: BroadcastChange) -> Self {
        let BroadcastChange { account_id, name, contents, test, audience, ignore_reprint, on_quota, .. } = change;
        Self { account_id, name, contents, test, audience, ignore_reprint, on_quota }
    }
}

/// Which broadcasts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BroadcastQuery {
    /// Only of this account.
    pub account: Option<AccountId>,
    /// Only in this state.
    #[param(inline)]
    pub state: Option<BroadcastState>,
    /// Part of the name.
    pub query: Option<String>,
    /// Only those with a part of which nobody knows whether it went out, and nobody has decided.
    pub in_doubt: Option<bool>,
}

/// A broadcast.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BroadcastView {
    pub id: BroadcastId,
    pub account_id: AccountId,
    pub name: String,
    pub contents: Vec<Content>,
    pub test: Option<Trial>,
    pub audience: Audience,
    pub ignore_reprint: bool,
    #[schema(inline)]
    pub on_quota: OnQuota,
    #[schema(inline)]
    pub state: BroadcastState,
    pub starts_at: Option<Millis>,
    /// A stable word for why it did not begin, waits or ended early.
    pub reason: Option<String>,
    pub counts: Counts,
    /// Only when one is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<Vec<PartView>>,
    pub winner: Option<i64>,
    /// When the winner of a trial is chosen.
    pub decide_at: Option<Millis>,
    /// Only when one with a trial is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variants: Option<Vec<VariantView>>,
    /// Beside `variants`: those who got nothing, when there are some and what they did is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_out: Option<HeldOutView>,
    pub created_by: String,
    pub decided_by: Option<String>,
    pub approved_by: Option<String>,
    /// It waits for a second person, and the caller is one.
    pub may_approve: bool,
    pub created_at: Millis,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub version: i64,
}

/// What is known of a variant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VariantView {
    pub fans: i64,
    pub replies: Option<i64>,
    pub reads: Option<i64>,
    /// Of `fans`, the share that did what the trial goes by; Wilson's interval.
    pub share: Option<EstimateView>,
    /// By how much the share is larger than that of those held out; where there are none, than the first variant's.
    /// Newcombe's interval. Each variant for itself.
    pub difference: Option<EstimateView>,
}

/// Those who got nothing, over the same hours.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeldOutView {
    pub fans: i64,
    pub replies: i64,
    /// Wilson's interval.
    pub share: Option<EstimateView>,
}

/// A share, or a difference of two, and between which bounds the true one is with a confidence of 95 %.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = Estimate)]
pub struct EstimateView {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// Of a difference: the interval is on one side of none.
    pub clear: bool,
}

impl From<Estimate> for EstimateView {
    fn from(of: Estimate) -> Self {
        Self { value: of.value, low: of.low, high: of.high, clear: of.is_clear() }
    }
}

/// One call to WeChat.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartView {
    pub id: BroadcastPartId,
    pub position: i64,
    pub variant: Option<i64>,
    #[schema(inline)]
    pub way: Way,
    #[schema(inline)]
    pub state: PartState,
    pub fans: i64,
    pub msg_id: Option<String>,
    pub reason: Option<String>,
    pub errcode: Option<i64>,
    /// WeChat's word at the end.
    pub status: Option<String>,
    pub evidence: Option<String>,
    /// WeChat's numbers.
    pub total: Option<i64>,
    /// Whom WeChat left out.
    pub filtered: Option<i64>,
    pub sent: Option<i64>,
    pub failed: Option<i64>,
    pub attempts: i64,
    pub due_at: Millis,
    pub sending_at: Option<Millis>,
    pub submitted_at: Option<Millis>,
    pub finished_at: Option<Millis>,
    /// While an administrator has to confirm it: until when they can.
    pub confirm_by: Option<Millis>,
    pub urls: Vec<String>,
    /// What a person made of one in doubt: `left` or `resent`.
    pub decision: Option<String>,
    pub decided_by: Option<String>,
    pub decided_at: Option<Millis>,
    pub resent_as: Option<BroadcastPartId>,
}

/// When it is to go out.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckBody {
    /// Now, when absent.
    pub at: Option<Millis>,
}

/// What is known before it goes out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BroadcastCheck {
    pub at: Millis,
    #[schema(inline)]
    pub way: Way,
    pub calls: i64,
    pub fans: i64,
    /// Their four of the month are used: WeChat leaves them out.
    pub filtered: i64,
    /// They are on the account's blacklist at WeChat, which leaves them out too. None of `filtered`.
    pub blocked: i64,
    /// They want no broadcasts. A list leaves them out, and they are none of `fans`; WeChat does not when it sends to all or to a tag.
    pub opted_out: i64,
    /// Of `fans`, those whom WeChat does not leave out.
    pub reached: i64,
    pub used: Vec<Used>,
    pub allowance: BroadcastAllowance,
    pub needs_approval: bool,
    pub approval_above: Option<i64>,
    pub findings: Vec<Finding>,
    pub can_start: bool,
}

/// So many fans have had so many this month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Used {
    pub used: i64,
    pub fans: i64,
}

/// So many of so many.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Spent {
    pub used: i64,
    pub limit: i64,
}

/// What an account may still broadcast in a month.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BroadcastAllowance {
    /// `service` or `subscription`.
    pub kind: &'static str,
    pub month: String,
    /// Of a subscription account, broadcasts; of a service account, calls.
    pub today: Spent,
    /// Of a service account: broadcasts to all, here and in WeChat's console as far as known.
    pub all: Option<Spent>,
    /// Of a service account: all fans who follow. Absent where it was not asked for.
    pub fans: Option<Vec<Used>>,
    pub days: Vec<AllowanceDay>,
}

/// What goes out on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AllowanceDay {
    pub day: String,
    pub broadcasts: Vec<AllowanceEntry>,
}

/// One broadcast of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AllowanceEntry {
    /// Absent for what WeChat's own console sent.
    pub id: Option<BroadcastId>,
    pub name: String,
    #[schema(inline)]
    pub state: BroadcastState,
    pub at: Millis,
    pub fans: i64,
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MonthQuery {
    /// `2026-11`; this month when absent.
    pub month: Option<String>,
}

/// Let it begin.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// Now, when absent.
    #[serde(default)]
    pub at: Option<Millis>,
    /// How many fans the person saw: when it is for others by now, they are asked again.
    pub fans: i64,
}

/// To whom it is shown.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = BroadcastPreviewBody)]
pub struct PreviewBody {
    /// From 0.
    pub variant: Option<i64>,
    /// One of these.
    pub customer_id: Option<CustomerId>,
    pub openid: Option<String>,
    pub wechat_id: Option<String>,
}

/// It was shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Previewed {
    pub msg_id: String,
}

#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WithdrawBody {
    /// Only this part.
    pub part_id: Option<BroadcastPartId>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WinnerBody {
    /// From 0.
    pub variant: i64,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResendPart {
    /// Say that you know: most of what is in doubt did arrive.
    pub may_arrive_twice: bool,
}

/// WeChat's figures of the articles.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BroadcastStats {
    pub fetched_at: Option<Millis>,
    pub articles: Vec<ArticleStats>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleStats {
    pub part_id: BroadcastPartId,
    pub variant: Option<i64>,
    /// From 1.
    pub index: i64,
    pub title: String,
    pub url: Option<String>,
    /// Each: all until its end.
    pub days: Vec<ArticleDay>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleDay {
    pub day: String,
    pub target: i64,
    pub reads: i64,
    pub read_count: i64,
    pub shares: i64,
    pub share_count: i64,
    pub favourites: i64,
}
