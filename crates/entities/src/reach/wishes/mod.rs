//! What customers do not want to be told: opt-outs, by way, with who said so and when, and what became of them.
//!
//! An opt-out is about what is said unasked; an answer to what a fan wrote is still given. It holds for whoever the
//! customer turns out to be: with a merge it is everybody's, and after the merge is taken back again the one's who said it.

mod store;

use kit::{CustomerId, Error, Millis, Work};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub(super) use store::among;
pub use store::{holding, list};

use crate::{
    customers,
    events::{self, Channel, EventKind, NewEvent},
    messages::Service,
};

/// In which way somebody does not want to be spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OptOutWay {
    /// Customer-service messages.
    CustomMessage,
    /// Template messages.
    Template,
    /// Subscription notices.
    Notice,
    /// Broadcasts, as far as they go to lists: WeChat leaves nobody out of what goes to all or to a tag.
    Broadcast,
}

impl OptOutWay {
    pub const ALL: [Self; 4] = [Self::CustomMessage, Self::Template, Self::Notice, Self::Broadcast];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::CustomMessage => "custom_message",
            Self::Template => "template",
            Self::Notice => "notice",
            Self::Broadcast => "broadcast",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == text)
    }

    /// The way by which this service speaks.
    pub fn of(service: Service) -> Self {
        match service {
            Service::Custom => Self::CustomMessage,
            Service::Template => Self::Template,
            Service::Notice => Self::Notice,
            Service::Broadcast => Self::Broadcast,
        }
    }
}

/// Who entered it.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// `person` or `api`.
    pub source: &'static str,
    pub by: &'a str,
}

/// One opt-out, and its withdrawal if there was one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OptOut {
    #[schema(inline)]
    pub way: OptOutWay,
    /// How it was entered: `person` or `api`.
    pub source: String,
    /// The person or key that entered it.
    pub by: String,
    /// How they said it, for people.
    pub note: Option<String>,
    pub created_at: Millis,
    /// Absent while it holds.
    pub withdrawn_at: Option<Millis>,
    pub withdrawn_source: Option<String>,
    pub withdrawn_by: Option<String>,
}

/// The customer does not want it. False when that was known.
pub async fn opt_out(
    work: &mut Work,
    customer: CustomerId,
    way: OptOutWay,
    word: Word<'_>,
    note: Option<&str>,
) -> Result<bool, Error> {
    let group = customers::group(work, customer).await?;
    let customer = *group.first().ok_or(Error::NotFound)?;
    if !store::holding(work, &group).await?.contains(&way) {
        store::add(work, customer, way, word, note).await?;
        store::wait_for_claims(work, &group).await?;
        tell(work, customer, way, word, true).await?;
        return Ok(true);
    }
    Ok(false)
}

/// They do want it again. False when nothing was known against it.
pub async fn withdraw(work: &mut Work, customer: CustomerId, way: OptOutWay, word: Word<'_>) -> Result<bool, Error> {
    let group = customers::group(work, customer).await?;
    let withdrawn = store::withdraw(work, &group, way, word).await? > 0;
    if withdrawn {
        let customer = *group.first().ok_or(Error::NotFound)?;
        tell(work, customer, way, word, false).await?;
    }
    Ok(withdrawn)
}

async fn tell(work: &mut Work, customer: CustomerId, way: OptOutWay, word: Word<'_>, out: bool) -> Result<(), Error> {
    let channel = if word.source == "person" { Channel::Console } else { Channel::Api };
    let properties =
        json!({ "type": if out { "opt_out" } else { "opt_out_withdrawn" }, "way": way.as_str(), "by": word.by });
    let at = work.now();
    let event = NewEvent { customer, account: None, at, kind: EventKind::Other, channel, properties };
    events::record(work, vec![event]).await
}
