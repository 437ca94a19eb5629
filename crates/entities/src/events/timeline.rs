//! Reading the log by customer. The store of this entity's reads.

use std::collections::HashMap;

use kit::{AccountId, CustomerId, Error, EventId, Millis, Sql, Work, sql};
use store::FromRow;

use super::{Channel, Event, EventKind, Period};

/// Which events of a customer are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub channel: Option<Channel>,
    pub kinds: Vec<EventKind>,
    pub account: Option<AccountId>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    customer_id: i64,
    account_id: Option<i64>,
    at: i64,
    kind: String,
    channel: String,
    properties: String,
}

/// Events of one person before this place, newest first.
pub async fn before(
    work: &mut Work,
    customers: &[CustomerId],
    filter: &Filter,
    from: (Millis, i64),
    limit: u64,
) -> Result<Vec<Event>, Error> {
    // The place is read first: an event that moves from the tail to the index meanwhile is met twice, never missed.
    let followed = followed_until(work).await?;
    let mut events = tail(work, followed, customers, filter, from, limit).await?;
    events.extend(indexed(work, customers, filter, from, limit).await?);
    events.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    events.dedup_by_key(|event| event.id);
    events.truncate(limit as usize);
    Ok(events)
}

/// The newest events of one person, newest first.
pub async fn newest(
    work: &mut Work,
    customers: &[CustomerId],
    filter: &Filter,
    limit: u64,
) -> Result<Vec<Event>, Error> {
    before(work, customers, filter, (Millis::MAX, i64::MAX), limit).await
}

/// The tenant's newest events of these kinds, newest first.
pub async fn recent(work: &mut Work, kinds: &[EventKind], limit: u64) -> Result<Vec<Event>, Error> {
    let query = sql("select id, customer_id, account_id, at, kind, channel, properties from events where tenant_id = ? and kind in ")
        .bind(work.tenant())
        .list(kinds.iter().map(|kind| kind.as_str()))
        .push(" order by id desc limit ?")
        .bind(limit as i64);
    work.all::<Row>(query).await?.into_iter().map(Event::try_from).collect()
}

/// Every stretch of following of these customers, by account and openid, oldest first.
///
/// Derived from the events by the time WeChat gave them, so the order in which they arrived does not matter.
pub async fn periods(work: &mut Work, customers: &[CustomerId]) -> Result<HashMap<AccountId, Vec<Period>>, Error> {
    let filter = Filter { kinds: vec![EventKind::Follow, EventKind::Unfollow, EventKind::Import], ..Filter::default() };
    let followed = followed_until(work).await?;
    let last = (Millis::MAX, i64::MAX);
    let mut events = tail(work, followed, customers, &filter, last, 2000).await?;
    events.extend(indexed(work, customers, &filter, last, 2000).await?);
    events.sort_by_key(|event| (event.at, event.id));
    events.dedup_by_key(|event| event.id);
    let mut out: HashMap<AccountId, Vec<Period>> = HashMap::new();
    for event in events {
        let Some(account) = event.account_id else { continue };
        turn(out.entry(account).or_default(), &event);
    }
    Ok(out)
}

/// Adds one follow or unfollow to the stretches so far.
fn turn(periods: &mut Vec<Period>, event: &Event) {
    let text = |name: &str| event.properties.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let open = periods.last().is_some_and(|last| last.left_at.is_none());
    match event.kind {
        EventKind::Follow if !open => {
            periods.push(Period { followed_at: Some(event.at), left_at: None, scene: text("scene") })
        }
        EventKind::Unfollow if open => {
            if let Some(last) = periods.last_mut() {
                last.left_at = Some(event.at);
            }
        }
        EventKind::Unfollow => periods.push(Period { followed_at: None, left_at: Some(event.at), scene: None }),
        EventKind::Import => {
            let following = event.properties.get("following").and_then(serde_json::Value::as_bool).unwrap_or(false);
            let since = event.properties.get("subscribed_at").and_then(serde_json::Value::as_i64);
            match (following, open) {
                (true, false) => periods.push(Period { followed_at: since, left_at: None, scene: text("scene") }),
                // Found gone when the list was read: it ended at an unknown time, before this.
                (false, true) => {
                    if let Some(last) = periods.last_mut() {
                        last.left_at = Some(event.at);
                    }
                }
                _ => {}
            }
        }
        _ => {}
    }
}

/// How far the index has followed this tenant's log.
pub(super) async fn followed_until(work: &mut Work) -> Result<i64, Error> {
    let query = sql("select event_id from event_watermarks where tenant_id = ?").bind(work.tenant());
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0))
}

/// Events newer than the index, straight from the end of the log.
async fn tail(
    work: &mut Work,
    followed: i64,
    customers: &[CustomerId],
    filter: &Filter,
    before: (Millis, i64),
    limit: u64,
) -> Result<Vec<Event>, Error> {
    let query = sql("select id, customer_id, account_id, at, kind, channel, properties from events where tenant_id = ? and id > ? and customer_id in ")
        .bind(work.tenant())
        .bind(followed)
        .list(customers.iter().copied());
    let query = narrowed(query, filter)
        .push(" and (at, id) < (?, ?) order by at desc, id desc limit ?")
        .bind(before.0)
        .bind(before.1)
        .bind(limit as i64);
    work.all::<Row>(query).await?.into_iter().map(Event::try_from).collect()
}

/// Events by the index.
async fn indexed(
    work: &mut Work,
    customers: &[CustomerId],
    filter: &Filter,
    before: (Millis, i64),
    limit: u64,
) -> Result<Vec<Event>, Error> {
    let mut query = sql("select e.id, e.customer_id, e.account_id, e.at, e.kind, e.channel, e.properties
         from timeline t join events e on e.tenant_id = t.tenant_id and e.id = t.event_id
         where t.tenant_id = ? and t.customer_id in ")
    .bind(work.tenant())
    .list(customers.iter().copied());
    if let Some(channel) = filter.channel {
        query = query.push(" and t.channel = ?").bind(channel.as_str());
    }
    if !filter.kinds.is_empty() {
        query = query.push(" and t.kind in ").list(filter.kinds.iter().map(|kind| kind.as_str()));
    }
    if let Some(account) = filter.account {
        query = query.push(" and e.account_id = ?").bind(account);
    }
    query = query
        .push(" and (t.at, t.event_id) < (?, ?) order by t.at desc, t.event_id desc limit ?")
        .bind(before.0)
        .bind(before.1)
        .bind(limit as i64);
    work.all::<Row>(query).await?.into_iter().map(Event::try_from).collect()
}

fn narrowed(mut query: Sql, filter: &Filter) -> Sql {
    if let Some(channel) = filter.channel {
        query = query.push(" and channel = ?").bind(channel.as_str());
    }
    if !filter.kinds.is_empty() {
        query = query.push(" and kind in ").list(filter.kinds.iter().map(|kind| kind.as_str()));
    }
    if let Some(account) = filter.account {
        query = query.push(" and account_id = ?").bind(account);
    }
    query
}

impl TryFrom<Row> for Event {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("events", row.id, why);
        Ok(Self {
            id: EventId(row.id),
            at: row.at,
            kind: EventKind::parse(&row.kind).ok_or_else(|| broken("unknown kind"))?,
            channel: Channel::parse(&row.channel).ok_or_else(|| broken("unknown channel"))?,
            account_id: row.account_id.map(AccountId),
            customer: CustomerId(row.customer_id),
            properties: serde_json::from_str(&row.properties).map_err(|_| broken("properties are no JSON"))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: EventKind, at: Millis, properties: serde_json::Value) -> Event {
        Event {
            id: EventId(at),
            at,
            kind,
            channel: Channel::Wechat,
            account_id: Some(AccountId(1)),
            customer: CustomerId(1),
            properties,
        }
    }

    #[test]
    fn r16_every_follow_and_unfollow_is_kept_as_a_period() {
        let mut periods = Vec::new();
        for event in [
            event(EventKind::Import, 10, json!({ "following": true, "subscribed_at": 5 })),
            event(EventKind::Follow, 12, json!({})),
            event(EventKind::Unfollow, 20, json!({})),
            event(EventKind::Follow, 30, json!({ "scene": "ADD_SCENE_SEARCH" })),
            event(EventKind::Unfollow, 40, json!({})),
            event(EventKind::Unfollow, 50, json!({})),
        ] {
            turn(&mut periods, &event);
        }
        let period = |followed_at, left_at, scene: Option<&str>| Period {
            followed_at,
            left_at,
            scene: scene.map(str::to_owned),
        };
        assert_eq!(
            periods,
            [
                period(Some(5), Some(20), None),
                period(Some(30), Some(40), Some("ADD_SCENE_SEARCH")),
                period(None, Some(50), None)
            ]
        );
    }
}
