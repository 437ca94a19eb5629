//! What of the broadcasts one person has had, as lines of their story. Nothing is written for it: what went to all stands only
//! with its part, and a million lines for one call would say no more. The store of it.
//!
//! That WeChat left somebody out is not known of anybody in particular, so a line says that it was sent.

use std::collections::HashSet;

use kit::{AccountId, CustomerId, Error, EventId, Millis, Work, sql};
use serde_json::json;
use store::FromRow;

use super::Content;
use crate::{
    calendar,
    events::{Channel, Event, EventKind, Filter},
    fans::{Fan, FanStatus},
};

/// A month before this one is not looked at.
const MONTHS: i64 = 60;

#[derive(FromRow)]
struct Row {
    id: i64,
    broadcast_id: i64,
    account_id: i64,
    at: i64,
    state: String,
    variant: Option<i64>,
    name: String,
    contents: String,
}

/// Before this place, newest first, as far as the filter wants messages to somebody over WeChat.
pub async fn before(
    work: &mut Work,
    fans: &[Fan],
    filter: &Filter,
    from: (Millis, i64),
    limit: u64,
) -> Result<Vec<Event>, Error> {
    let is_wanted = filter.channel.is_none_or(|channel| channel == Channel::Wechat)
        && (filter.kinds.is_empty() || filter.kinds.contains(&EventKind::MessageOut));
    let mut events = Vec::new();
    for fan in fans.iter().filter(|fan| is_wanted && filter.account.is_none_or(|account| account == fan.account)) {
        for row in of_fan(work, fan, from, limit).await? {
            events.push(event(row, fan.customer)?);
        }
    }
    // Two fans of one account may be one person.
    let mut met = HashSet::with_capacity(events.len());
    events.retain(|event| met.insert(event.id));
    events.sort_by_key(|event| std::cmp::Reverse((event.at, event.id)));
    events.truncate(limit as usize);
    Ok(events)
}

async fn of_fan(work: &mut Work, fan: &Fan, from: (Millis, i64), limit: u64) -> Result<Vec<Row>, Error> {
    let tenant = work.tenant();
    let query = sql("select p.id, p.broadcast_id, p.account_id, coalesce(p.submitted_at, p.first_sending_at) as at, p.state, p.variant, b.name, b.contents
         from broadcast_parts p join broadcasts b on b.tenant_id = p.tenant_id and b.id = p.broadcast_id
         where p.tenant_id = ? and p.account_id = ? and p.way = 'all'
           and p.state in ('submitted', 'awaiting_confirmation', 'sent', 'withdrawn', 'unknown')
           and coalesce(p.submitted_at, p.first_sending_at) >= ? and coalesce(p.submitted_at, p.first_sending_at) < ? and (coalesce(p.submitted_at, p.first_sending_at), p.id) < (?, ?)
         order by coalesce(p.submitted_at, p.first_sending_at) desc, p.id desc limit ?")
    .bind(tenant)
    .bind(fan.account)
    .bind(fan.subscribed_at.unwrap_or(0))
    .bind(if fan.status == FanStatus::Following { Millis::MAX } else { fan.status_at })
    .bind(from.0)
    .bind(from.1)
    .bind(limit as i64);
    let mut rows: Vec<Row> = work.all(query).await?;
    let query = sql("select p.id, p.broadcast_id, p.account_id, coalesce(p.submitted_at, p.first_sending_at) as at, p.state, p.variant, b.name, b.contents
         from broadcast_fans f join broadcast_parts p on p.tenant_id = f.tenant_id and p.id = f.part_id
         join broadcasts b on b.tenant_id = p.tenant_id and b.id = p.broadcast_id
         where f.tenant_id = ? and f.account_id = ? and f.openid = ? and f.month in ")
        .bind(tenant)
        .bind(fan.account)
        .bind(fan.openid.as_str())
        .list(months(from.0.min(work.now())))
        .push(" and (coalesce(p.submitted_at, p.first_sending_at), p.id) < (?, ?)
         order by coalesce(p.submitted_at, p.first_sending_at) desc, p.id desc limit ?")
        .bind(from.0)
        .bind(from.1)
        .bind(limit as i64);
    rows.extend(work.all::<Row>(query).await?);
    Ok(rows)
}

/// The months up to the one of this instant.
fn months(until: Millis) -> Vec<i64> {
    let last = calendar::month(until);
    let count = last / 100 * 12 + last % 100 - 1;
    (0..MONTHS).map(|back| count - back).map(|month| month / 12 * 100 + month % 12 + 1).collect()
}

fn event(row: Row, customer: CustomerId) -> Result<Event, Error> {
    let contents: Vec<Content> = serde_json::from_str(&row.contents)
        .map_err(|_| Error::broken("broadcasts", row.broadcast_id, "contents that are none"))?;
    let variant = usize::try_from(row.variant.unwrap_or(0)).unwrap_or(0);
    let (kind, text) = match contents.get(variant) {
        Some(Content::Text { text }) => ("text", Some(text.as_str())),
        Some(Content::Article { .. }) => ("article", None),
        Some(Content::Images { .. }) => ("image", None),
        Some(Content::Voice { .. }) => ("voice", None),
        Some(Content::Video { .. }) => ("video", None),
        None => ("other", None),
    };
    let properties = json!({
        "type": kind,
        "text": text,
        "via": "broadcast",
        "broadcast_id": row.broadcast_id.to_string(),
        "name": row.name,
        "state": row.state,
    });
    Ok(Event {
        id: EventId(row.id),
        at: row.at,
        kind: EventKind::MessageOut,
        channel: Channel::Wechat,
        account_id: Some(AccountId(row.account_id)),
        customer,
        properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_counted_back_over_new_year() {
        let months = months(1_769_000_000_000); // January 2026
        assert_eq!(months[..3], [202_601, 202_512, 202_511]);
        assert_eq!(months.len() as i64, MONTHS);
    }
}
