//! Customers as lists show them: with their fans and tags, in three statements however many there are.

use std::collections::HashMap;

use kit::{AccountId, CustomerId, Error, Millis, TagId, Work, sql};
use serde::Serialize;
use store::FromRow;
use utoipa::ToSchema;

use super::Gender;
use crate::avatars;

/// A line of a list of customers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerRow {
    pub id: CustomerId,
    pub name: Option<String>,
    /// The name, or what an account calls them, or a short sign made of their openid.
    pub display_name: String,
    /// Where the picture is, here; absent when WeChat told of none.
    pub avatar_url: Option<String>,
    pub gender: Gender,
    pub city: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub tags: Vec<TagBrief>,
    pub fans: Vec<FanBrief>,
    /// Absent when they have never done anything that we saw.
    pub last_seen_at: Option<Millis>,
    pub created_at: Millis,
}

/// A tag on a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TagBrief {
    pub id: TagId,
    pub name: String,
    pub colour: String,
}

/// One openid of a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FanBrief {
    pub account_id: AccountId,
    pub openid: String,
    /// `following`, `left`, `frozen` or `unknown`.
    pub status: String,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    name: Option<String>,
    avatar_url: Option<String>,
    gender: String,
    city: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    last_seen_at: i64,
    created_at: i64,
}

#[derive(FromRow)]
struct FanRow {
    customer_id: i64,
    account_id: i64,
    openid: String,
    status: String,
    remark: Option<String>,
}

#[derive(FromRow)]
struct TagRow {
    customer_id: i64,
    id: i64,
    name: String,
    colour: String,
}

/// The rows of these customers, in this order. Ids that are merged or absent have none.
pub async fn rows(work: &mut Work, ids: &[CustomerId]) -> Result<Vec<CustomerRow>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut known: HashMap<i64, Row> = customers(work, ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut fans: HashMap<i64, Vec<FanRow>> = HashMap::new();
    for fan in fans_of(work, ids).await? {
        fans.entry(fan.customer_id).or_default().push(fan);
    }
    let mut tags: HashMap<i64, Vec<TagBrief>> = HashMap::new();
    for tag in tags_of(work, ids).await? {
        tags.entry(tag.customer_id).or_default().push(TagBrief {
            id: TagId(tag.id),
            name: tag.name,
            colour: tag.colour,
        });
    }
    ids.iter()
        .filter_map(|id| {
            let row = known.remove(&id.0)?;
            Some(line(row, fans.remove(&id.0).unwrap_or_default(), tags.remove(&id.0).unwrap_or_default()))
        })
        .collect()
}

fn line(row: Row, fans: Vec<FanRow>, tags: Vec<TagBrief>) -> Result<CustomerRow, Error> {
    let remark = fans.iter().find_map(|fan| fan.remark.as_deref().filter(|remark| !remark.is_empty()));
    let openid = fans.first().map(|fan| fan.openid.as_str());
    Ok(CustomerRow {
        id: CustomerId(row.id),
        display_name: display_name(row.name.as_deref(), remark, openid, CustomerId(row.id)),
        gender: Gender::parse(&row.gender).ok_or_else(|| Error::broken("customers", row.id, "unknown gender"))?,
        name: row.name,
        avatar_url: avatars::of_customer(CustomerId(row.id), row.avatar_url.as_deref()),
        city: row.city,
        phone: row.phone,
        email: row.email,
        tags,
        fans: fans
            .into_iter()
            .map(|fan| FanBrief { account_id: AccountId(fan.account_id), openid: fan.openid, status: fan.status })
            .collect(),
        last_seen_at: (row.last_seen_at > 0).then_some(row.last_seen_at),
        created_at: row.created_at,
    })
}

/// What to call somebody who may have no name: the account's remark, or `#` and the last four characters of the
/// openid (of the id, for one without), which are the same every time and in every language.
pub fn display_name(name: Option<&str>, remark: Option<&str>, openid: Option<&str>, id: CustomerId) -> String {
    if let Some(known) = name.filter(|name| !name.is_empty()).or(remark) {
        return known.to_owned();
    }
    let id = id.to_string();
    let sign = openid.unwrap_or(&id);
    let from = sign.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    format!("#{}", &sign[from..])
}

async fn customers(work: &mut Work, ids: &[CustomerId]) -> Result<Vec<Row>, Error> {
    let query = sql("select id, name, avatar_url, gender, city, phone, email, last_seen_at, created_at from customers where tenant_id = ? and merged_into is null and id in ")
        .bind(work.tenant())
        .list(ids.iter().copied());
    work.all(query).await
}

async fn fans_of(work: &mut Work, ids: &[CustomerId]) -> Result<Vec<FanRow>, Error> {
    let query =
        sql("select customer_id, account_id, openid, status, remark from fans where tenant_id = ? and customer_id in ")
            .bind(work.tenant())
            .list(ids.iter().copied())
            .push(" order by customer_id, created_at, account_id, openid");
    work.all(query).await
}

async fn tags_of(work: &mut Work, ids: &[CustomerId]) -> Result<Vec<TagRow>, Error> {
    let query = sql("select c.customer_id, t.id, t.name, t.colour from customer_tags c join tags t on t.tenant_id = c.tenant_id and t.id = c.tag_id
         where c.tenant_id = ? and c.customer_id in ")
        .bind(work.tenant())
        .list(ids.iter().copied())
        .push(" order by c.customer_id, t.name");
    work.all(query).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r15_somebody_without_a_name_has_a_good_stand_in() {
        let check = |name, remark, openid, shown: &str| {
            assert_eq!(display_name(name, remark, openid, CustomerId(73_125)), shown)
        };
        check(Some("小明"), Some("vip"), Some("oA1b2C3d4"), "小明");
        check(None, Some("vip"), Some("oA1b2C3d4"), "vip");
        check(Some(""), None, Some("oA1b2C3d4"), "#C3d4");
        check(None, None, Some("o1"), "#o1");
        check(None, None, None, "#3125");
    }
}
