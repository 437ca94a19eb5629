use std::collections::BTreeMap;

use entities::{
    customers::{CustomerRow, Field, Found, Match, Sort, Source, StatusFilter},
    events::{Channel, EventKind, Period},
    fans::FanStatus,
    qrcodes::FanSource,
    reach::AccountReach,
};
use kit::{AccountId, Error, Millis, TagId};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which customers are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// An identity or its beginning, a name, or words they said. Gives the best matches, on one page.
    pub query: Option<String>,
    /// Fans of this account.
    #[param(value_type = Option<String>)]
    pub account: Option<AccountId>,
    #[param(inline)]
    pub status: Option<StatusFilter>,
    #[param(value_type = Option<String>)]
    pub tag: Option<TagId>,
    /// Last seen at this instant or later, in milliseconds.
    pub seen_after: Option<Millis>,
    /// Last seen before this instant.
    pub seen_before: Option<Millis>,
    #[param(inline)]
    pub sort: Option<Sort>,
}

/// A line of the list, and why it was found when there was a query.
#[derive(Serialize, ToSchema)]
pub struct Listed {
    #[serde(flatten)]
    pub row: CustomerRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#match: Option<Match>,
}

impl From<CustomerRow> for Listed {
    fn from(row: CustomerRow) -> Self {
        Self { row, r#match: None }
    }
}

impl From<Found> for Listed {
    fn from(found: Found) -> Self {
        Self { row: found.row, r#match: Some(found.r#match) }
    }
}

/// A customer with everything known.
#[derive(Serialize, ToSchema)]
pub struct CustomerPage {
    #[serde(flatten)]
    pub row: PageRow,
    /// What is known, by field, and from whom.
    pub fields: BTreeMap<Field, FieldView>,
    pub identities: Vec<IdentityView>,
    /// The openids, with every stretch of following.
    pub fans: Vec<FanView>,
    pub note: Option<String>,
    /// Who else they turned out to be, may be or are not, newest first.
    pub merges: Vec<super::merges::MergeView>,
}

/// The row without its short fans.
#[derive(Serialize, ToSchema)]
pub struct PageRow {
    pub id: kit::CustomerId,
    pub name: Option<String>,
    pub display_name: String,
    pub avatar_url: Option<String>,
    pub gender: entities::customers::Gender,
    pub city: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub tags: Vec<entities::customers::TagBrief>,
    pub last_seen_at: Option<Millis>,
    pub created_at: Millis,
}

#[derive(Serialize, ToSchema)]
pub struct FieldView {
    /// Absent when somebody cleared it.
    pub value: Option<String>,
    pub source: Source,
    /// The name of the person or key.
    pub by: Option<String>,
    pub at: Millis,
}

#[derive(Serialize, ToSchema)]
pub struct IdentityView {
    /// `openid`, `unionid`, `phone`, `email` or `external_id`.
    pub kind: &'static str,
    pub value: String,
    /// Of an openid.
    pub account_id: Option<AccountId>,
    pub source: Source,
    pub at: Millis,
}

#[derive(Serialize, ToSchema)]
pub struct FanView {
    pub account_id: AccountId,
    pub openid: String,
    pub status: FanStatus,
    /// Of a frozen status: the day the account was deleted here.
    pub status_until: Option<Millis>,
    pub subscribed_at: Option<Millis>,
    /// `ADD_SCENE_…` as WeChat names it.
    pub scene: Option<String>,
    /// The QR code of ours by which they came.
    pub source: Option<FanSource>,
    pub remark: Option<String>,
    /// WeChat's tags, by name.
    pub wechat_tags: Vec<String>,
    pub periods: Vec<Period>,
    pub unionid: Option<String>,
}

/// What a person changes. A field set to `null` is cleared; one left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerPatch {
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    /// `male`, `female` or `unknown`.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub gender: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub city: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub province: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub country: Option<Option<String>>,
    /// `YYYY-MM-DD`.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub birthday: Option<Option<String>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub note: Option<Option<String>>,
}

/// Tells `null` from absent.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Which events of a customer are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    #[param(inline)]
    pub channel: Option<Channel>,
    #[param(inline)]
    pub kind: Option<EventKind>,
}

/// Whether a customer can be spoken to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reach {
    /// The instant this is true of; windows end by themselves.
    pub at: Millis,
    pub accounts: Vec<AccountReach>,
}

/// Of which instant it is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReachQuery {
    /// As RFC 3339 writes it, with its offset: `2026-11-30T23:00:00+08:00`. Now, when absent; not in the past, for what
    /// held then is not known any more.
    #[param(value_type = Option<String>, format = DateTime)]
    pub at: Option<Instant>,
}

impl ReachQuery {
    /// The instant, which has not passed. A caller's clock may be a little behind.
    pub fn instant(&self, now: Millis) -> Result<Millis, Error> {
        const BEHIND_MS: Millis = 60_000;
        match self.at {
            None => Ok(now),
            Some(Instant(at)) if at < now - BEHIND_MS => {
                Err(Error::field("at", "range", "this instant has passed; what held then is not known any more"))
            }
            Some(Instant(at)) => Ok(at.max(now)),
        }
    }
}

/// An instant that a program wrote down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Instant(Millis);

impl TryFrom<String> for Instant {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // In an address a plus sign that nobody escaped is a space.
        let text = if text.contains('T') { text.replace(' ', "+") } else { text };
        chrono::DateTime::parse_from_rfc3339(&text)
            .map(|at| Self(at.timestamp_millis()))
            .map_err(|_| "at is an instant as RFC 3339 writes it: 2026-11-30T23:00:00+08:00".to_owned())
    }
}
