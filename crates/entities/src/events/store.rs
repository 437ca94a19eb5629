use kit::{Bulk, CustomerId, Error, EventId, Topic, Work};
use serde::Serialize;

use super::{Event, NewEvent};

pub(super) const COLUMNS: &[&str] =
    &["tenant_id", "id", "customer_id", "account_id", "at", "kind", "channel", "properties"];

/// Appends events, in this order, and tells the consoles after the commit.
///
/// The ids are drawn here, after the transaction has begun: on SQLite they then ascend in commit order,
/// which is what lets the follower keep one number as its place.
pub async fn record(work: &mut Work, events: Vec<NewEvent>) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    work.tx().await?;
    let tenant = work.tenant();
    let heard = work.ctx().live().heard();
    let mut bulk = Bulk::into("events", COLUMNS);
    bulk.reserve(events.len());
    let mut told = Vec::new();
    for event in events {
        let id = work.ctx().new_event_id();
        bulk.row([
            tenant.into(),
            id.into(),
            event.customer.into(),
            event.account.map(|account| account.0).into(),
            event.at.into(),
            event.kind.as_str().into(),
            event.channel.as_str().into(),
            event.properties.to_string().into(),
        ]);
        if heard {
            told.push(Told {
                customer_id: event.customer,
                event: Event {
                    id: EventId(id),
                    at: event.at,
                    kind: event.kind,
                    channel: event.channel,
                    account_id: event.account,
                    customer: event.customer,
                    properties: event.properties,
                },
            });
        }
    }
    work.bulk(bulk).await?;
    for told in &told {
        work.tell(Topic::Event, told);
    }
    Ok(())
}

#[derive(Serialize)]
struct Told {
    customer_id: CustomerId,
    event: Event,
}
