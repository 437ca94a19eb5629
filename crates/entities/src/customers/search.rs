//! Finding customers by what somebody types: an identity or the beginning of one, a name, words they said.

use std::collections::{HashMap, HashSet};

use kit::{AccountId, CustomerId, Error, Work, sql};
use serde::Serialize;
use store::{
    FromRow,
    search::{self as index, Index},
};
use utoipa::ToSchema;

use super::{CustomerRow, IdentityKind, ListFilter, list, rows};
use crate::terms;

/// Why a customer was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Match {
    /// `openid`, `unionid`, `phone`, `email`, `external_id`, `name` or `message`.
    pub field: &'static str,
    pub text: String,
}

/// A customer and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Found {
    #[serde(flatten)]
    pub row: CustomerRow,
    pub r#match: Match,
}

/// Shorter beginnings of an identity fit too many to be meant.
const SHORTEST_PREFIX: usize = 3;
/// Characters of a message that are shown.
const SHOWN: usize = 120;

/// The customers that fit best: identities first, then names, then words said, newest first.
pub async fn search(work: &mut Work, query: &str, filter: &ListFilter, limit: u64) -> Result<Vec<Found>, Error> {
    let query = query.trim();
    let mut hits: Vec<(CustomerId, Match)> = Vec::new();
    if query.chars().count() >= SHORTEST_PREFIX {
        hits.extend(by_identity(work, query, limit).await?);
        hits.extend(by_openid(work, query, limit).await?);
    }
    hits.extend(by_name(work, query, limit).await?);
    hits.extend(by_message(work, query, limit).await?);

    let mut met = HashSet::new();
    hits.retain(|(customer, _)| met.insert(*customer));
    let ids: Vec<CustomerId> = hits.iter().map(|(customer, _)| *customer).collect();
    let passed: HashSet<CustomerId> = list::narrow(work, filter, &ids).await?.into_iter().collect();
    hits.retain(|(customer, _)| passed.contains(customer));
    hits.truncate(limit as usize);
    let ids: Vec<CustomerId> = hits.iter().map(|(customer, _)| *customer).collect();
    let mut why: HashMap<CustomerId, Match> = hits.into_iter().collect();
    let rows = rows::rows(work, &ids).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| why.remove(&row.id).map(|why| Found { r#match: shown(why, &row), row }))
        .collect())
}

/// A hit in the profile index may be in the name or in a contact.
fn shown(mut why: Match, row: &CustomerRow) -> Match {
    if why.field == "name" && why.text.is_empty() {
        let (field, text) = match (&row.name, &row.phone, &row.email) {
            (Some(name), ..) => ("name", name.clone()),
            (None, Some(phone), _) => ("phone", phone.clone()),
            (None, None, Some(email)) => ("email", email.clone()),
            (None, None, None) => ("name", row.display_name.clone()),
        };
        why = Match { field, text };
    }
    why
}

async fn by_identity(work: &mut Work, query: &str, limit: u64) -> Result<Vec<(CustomerId, Match)>, Error> {
    let mut hits = Vec::new();
    for kind in IdentityKind::ALL {
        for row in identities_from(work, kind, query, limit).await? {
            if row.value.starts_with(query) {
                hits.push((CustomerId(row.customer_id), Match { field: kind.as_str(), text: row.value }));
            }
        }
    }
    Ok(hits)
}

async fn by_openid(work: &mut Work, query: &str, limit: u64) -> Result<Vec<(CustomerId, Match)>, Error> {
    let mut hits = Vec::new();
    if !query.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
        return Ok(hits);
    }
    for account in accounts(work).await? {
        for row in openids_from(work, account, query, limit).await? {
            if row.value.starts_with(query) {
                hits.push((CustomerId(row.customer_id), Match { field: "openid", text: row.value }));
            }
        }
    }
    Ok(hits)
}

async fn by_name(work: &mut Work, query: &str, limit: u64) -> Result<Vec<(CustomerId, Match)>, Error> {
    let tenant = work.tenant().0;
    let ids =
        index::find(work.tx().await?, Index::Profiles, tenant, &terms::query(query), terms::begun(query), None, limit)
            .await?;
    Ok(ids.into_iter().map(|id| (CustomerId(id), Match { field: "name", text: String::new() })).collect())
}

async fn by_message(work: &mut Work, query: &str, limit: u64) -> Result<Vec<(CustomerId, Match)>, Error> {
    let tenant = work.tenant().0;
    // A person says the same thing more than once.
    let events = index::find(
        work.tx().await?,
        Index::Messages,
        tenant,
        &terms::query(query),
        terms::begun(query),
        None,
        limit * 4,
    )
    .await?;
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let said = said(work, &events).await?;
    Ok(said
        .into_iter()
        .map(|said| {
            let properties: serde_json::Value = serde_json::from_str(&said.properties).unwrap_or_default();
            let text = properties.get("text").and_then(|text| text.as_str()).unwrap_or_default();
            (CustomerId(said.customer_id), Match { field: "message", text: text.chars().take(SHOWN).collect() })
        })
        .collect())
}

#[derive(FromRow)]
struct Held {
    value: String,
    customer_id: i64,
}

#[derive(FromRow)]
struct Said {
    customer_id: i64,
    properties: String,
}

/// Values from `from` on, as far as the beginning can be the same.
async fn identities_from(work: &mut Work, kind: IdentityKind, from: &str, limit: u64) -> Result<Vec<Held>, Error> {
    let query = sql("select value, customer_id from identities where tenant_id = ? and kind = ? and value >= ? and value < ? order by value limit ?")
        .bind(work.tenant())
        .bind(kind.as_str())
        .bind(from)
        .bind(after(from))
        .bind(limit as i64);
    work.all(query).await
}

async fn openids_from(work: &mut Work, account: AccountId, from: &str, limit: u64) -> Result<Vec<Held>, Error> {
    let query = sql("select openid as value, customer_id from fans where tenant_id = ? and account_id = ? and openid >= ? and openid < ? order by openid limit ?")
        .bind(work.tenant())
        .bind(account)
        .bind(from)
        .bind(after(from))
        .bind(limit as i64);
    work.all(query).await
}

/// Every account the tenant has or had.
async fn accounts(work: &mut Work) -> Result<Vec<AccountId>, Error> {
    let query = sql("select id from accounts where tenant_id = ? order by created_at, id").bind(work.tenant());
    Ok(work.scalars::<i64>(query).await?.into_iter().map(AccountId).collect())
}

/// What was said in these events, newest first, by the customers they belong to today.
async fn said(work: &mut Work, events: &[i64]) -> Result<Vec<Said>, Error> {
    let query = sql("select coalesce(c.merged_into, c.id) as customer_id, e.properties from events e
         join customers c on c.tenant_id = e.tenant_id and c.id = e.customer_id where e.tenant_id = ? and e.id in ")
    .bind(work.tenant())
    .list(events.iter().copied())
    .push(" order by e.id desc");
    work.all(query).await
}

/// The least text that is greater than all that begin with `prefix`.
fn after(prefix: &str) -> String {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        if let Some(next) = (last as u32 + 1..=u32::from(char::MAX)).find_map(char::from_u32) {
            chars.push(next);
            break;
        }
    }
    chars.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_where_the_next_one_begins() {
        assert_eq!(after("abc"), "abd");
        assert_eq!(after("oA_"), "oA`");
        assert_eq!(after("\u{d7ff}"), "\u{e000}");
        assert_eq!(after("a\u{10ffff}"), "b");
    }
}
