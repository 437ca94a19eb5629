use entities::{
    campaigns::{Audience, CampaignState, OnQuota},
    messages::{Message, NoticeMessage, Service, TemplateMessage, sends::SendState},
};
use kit::{AccountId, CampaignId, CustomerId, Millis, SendId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

kit::text_type!(
    /// What a campaign is called among ourselves.
    CampaignName, "the name", 1..=60, str::trim
);

/// What is said to everybody: texts may hold places such as `{{customer.name|朋友}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum CampaignMessage {
    Template(TemplateMessage),
    Notice(NoticeMessage),
}

impl From<CampaignMessage> for Message {
    fn from(message: CampaignMessage) -> Self {
        match message {
            CampaignMessage::Template(message) => Self::Template(message),
            CampaignMessage::Notice(message) => Self::Notice(message),
        }
    }
}

/// A campaign as it is written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignBody {
    pub account_id: AccountId,
    pub name: String,
    pub message: CampaignMessage,
    pub audience: Audience,
    #[serde(default)]
    #[schema(inline)]
    pub on_quota: OnQuota,
    /// How late it may begin by itself, in minutes: 5 to 1440; half an hour when absent.
    #[serde(default)]
    pub grace_minutes: Option<i64>,
    /// Of the draft that is replaced: the one that was read.
    #[serde(default)]
    pub version: Option<i64>,
}

/// Whether the template is still what it was when the campaign was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// WeChat's text is another.
    Changed,
    /// WeChat has it no more.
    Gone,
}

/// How the lines of a campaign stand. They add up: `total` is the sum of all others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignCounts {
    pub total: i64,
    pub waiting: i64,
    pub held: i64,
    /// Under way, or to be said once more under the same id.
    pub sending: i64,
    /// WeChat took it.
    pub sent: i64,
    pub refused: i64,
    pub unknown: i64,
    pub cancelled: i64,
}

impl CampaignCounts {
    pub fn of(states: &[(SendState, i64)]) -> Self {
        let mut counts = Self::default();
        for (state, n) in states {
            counts.total += n;
            *match state {
                SendState::Queued => &mut counts.waiting,
                SendState::Held => &mut counts.held,
                SendState::Sending | SendState::Retrying => &mut counts.sending,
                SendState::Sent => &mut counts.sent,
                SendState::Refused => &mut counts.refused,
                SendState::Unknown => &mut counts.unknown,
                SendState::Cancelled => &mut counts.cancelled,
            } += n;
        }
        counts
    }
}

/// What WeChat reported of those sent. They add up to `sent`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignReports {
    pub delivered: i64,
    /// The fan has muted the account.
    pub blocked: i64,
    pub failed: i64,
    /// WeChat has not said yet.
    pub open: i64,
}

/// Why some were refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignRefusal {
    /// A stable word.
    pub reason: Option<String>,
    /// WeChat's code.
    pub errcode: Option<i64>,
    pub count: i64,
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Campaign)]
pub struct CampaignView {
    pub id: CampaignId,
    pub account_id: AccountId,
    pub name: String,
    #[schema(inline)]
    pub service: Service,
    pub message: Message,
    pub audience: Audience,
    #[schema(inline)]
    pub on_quota: OnQuota,
    pub grace_minutes: i64,
    #[schema(inline)]
    pub state: CampaignState,
    /// A stable word for why it ended early or did not begin.
    pub reason: Option<String>,
    #[schema(inline)]
    pub drift: Option<Drift>,
    pub starts_at: Option<Millis>,
    /// Everybody of the audience has a line in the ledger.
    pub filled: bool,
    #[schema(inline)]
    pub counts: CampaignCounts,
    pub created_by: String,
    pub created_at: Millis,
    /// Who let it begin, or stopped it.
    pub decided_by: Option<String>,
    pub started_at: Option<Millis>,
    pub ended_at: Option<Millis>,
    pub version: i64,
}

/// A campaign, and all that is known of what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignDetail {
    pub campaign: CampaignView,
    #[schema(inline)]
    pub reports: CampaignReports,
    /// The most frequent first.
    pub refusals: Vec<CampaignRefusal>,
    /// Trials on one fan, newest first. They are none of its lines.
    pub tests: Vec<CampaignTest>,
}

/// A trial on one fan.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignTest {
    pub send_id: SendId,
    pub customer_id: CustomerId,
    pub openid: String,
    #[schema(inline)]
    pub state: SendState,
    pub reason: Option<String>,
    pub errcode: Option<i64>,
    pub delivery: Option<String>,
    pub by: Option<String>,
    pub at: Millis,
}

/// Which campaigns are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CampaignsQuery {
    #[param(value_type = Option<String>)]
    pub account: Option<AccountId>,
    #[param(inline)]
    pub state: Option<CampaignState>,
}

/// When it is to begin.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StartCampaign {
    /// Within ninety days; now when absent.
    pub at: Option<Millis>,
}

/// On whom it is tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCampaign {
    /// A fan of the account.
    pub customer_id: CustomerId,
}

/// Whether something stands in the way, or should be thought of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// It cannot be started so.
    Error,
    Warning,
}

/// Something that the check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignFinding)]
pub struct Finding {
    /// Stable; the console translates by it.
    pub code: &'static str,
    #[schema(inline)]
    pub level: FindingLevel,
    /// The rule that says so, where there is one.
    pub rule: Option<&'static str>,
    /// English, for logs and programs.
    pub detail: String,
    /// What fills the console's sentence.
    #[schema(value_type = Object)]
    pub params: serde_json::Value,
}

/// Who is meant and cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unreachable {
    /// `not_following`, `no_consent`, `blocked` (on the account's blacklist at WeChat), `opted_out` or `capped` (told as
    /// much lately as the frequency cap allows).
    pub reason: &'static str,
    /// Null when it is somebody's will and no rule of WeChat's.
    pub rule: Option<&'static str>,
    pub count: i64,
}

/// A name that stands in the texts, and how often nothing is known under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissingValue {
    /// `customer.name`.
    pub name: String,
    pub keys: Vec<String>,
    /// Of so many nothing is known.
    pub missing: i64,
    /// What is said then; null when nothing is.
    pub fallback: Option<String>,
}

/// Values that do not fit their field once they are filled in, and would be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnfitValue {
    pub key: String,
    #[schema(inline)]
    pub why: entities::templates::Unfit,
    pub count: i64,
    /// The first of them.
    pub example: String,
}

/// WeChat's daily quota of this kind of message, as WeChat itself says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayQuota {
    pub limit: i64,
    pub used: i64,
    pub left: i64,
}

/// What is known of a campaign before it begins.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignCheck {
    /// Fans of the account who are meant.
    pub meant: i64,
    /// Who will be sent it.
    pub reachable: i64,
    pub unreachable: Vec<Unreachable>,
    pub missing: Vec<MissingValue>,
    pub unfit: Vec<UnfitValue>,
    /// So many recipients were looked at for values that do not fit.
    pub examined: i64,
    /// Null when WeChat would not say.
    #[schema(inline)]
    pub quota: Option<DayQuota>,
    /// Errors first.
    pub findings: Vec<Finding>,
    pub may_start: bool,
}
