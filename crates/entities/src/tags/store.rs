//! The tags tables. Every statement stays inside the caller's tenant.

use std::collections::HashMap;

use kit::{AccountId, Bulk, CustomerId, Error, OnConflict, TagId, Work, sql};
use store::FromRow;

use super::{Mirrored, Tag, TagSource};
use crate::events::{self, Channel, EventKind, NewEvent};

#[derive(FromRow)]
struct Row {
    id: i64,
    name: String,
    group_name: Option<String>,
    colour: String,
    created_at: i64,
}

#[derive(FromRow)]
struct Count {
    tag_id: i64,
    customers: i64,
}

#[derive(FromRow)]
struct LinkRow {
    tag_id: i64,
    account_id: i64,
    wechat_id: i64,
}

/// Every tag, by group and name.
pub async fn list(work: &mut Work) -> Result<Vec<Tag>, Error> {
    let rows = rows(work).await?;
    let mut counts: HashMap<i64, i64> =
        counts(work).await?.into_iter().map(|count| (count.tag_id, count.customers)).collect();
    let mut mirrored: HashMap<i64, Vec<Mirrored>> = HashMap::new();
    for link in links(work).await? {
        let wechat_id = (link.wechat_id >= 0).then_some(link.wechat_id);
        mirrored.entry(link.tag_id).or_default().push(Mirrored { account_id: AccountId(link.account_id), wechat_id });
    }
    Ok(rows
        .into_iter()
        .map(|row| Tag {
            id: TagId(row.id),
            customers: counts.remove(&row.id).unwrap_or(0),
            mirrored: mirrored.remove(&row.id).unwrap_or_default(),
            name: row.name,
            group: row.group_name,
            colour: row.colour,
            created_at: row.created_at,
        })
        .collect())
}

/// One tag, with how many carry it.
pub async fn find(work: &mut Work, id: TagId) -> Result<Tag, Error> {
    list(work).await?.into_iter().find(|tag| tag.id == id).ok_or(Error::NotFound)
}

async fn rows(work: &mut Work) -> Result<Vec<Row>, Error> {
    let query = sql("select id, name, group_name, colour, created_at from tags where tenant_id = ? order by coalesce(group_name, ''), name, id").bind(work.tenant());
    work.all(query).await
}

async fn counts(work: &mut Work) -> Result<Vec<Count>, Error> {
    let query = sql("select tag_id, count(*) as customers from customer_tags where tenant_id = ? group by tag_id")
        .bind(work.tenant());
    work.all(query).await
}

async fn links(work: &mut Work) -> Result<Vec<LinkRow>, Error> {
    let query = sql("select tag_id, account_id, wechat_id from wechat_tags where tenant_id = ? and tag_id is not null order by account_id").bind(work.tenant());
    work.all(query).await
}

/// Adds a tag. A name is taken once.
pub async fn add(work: &mut Work, name: &str, group: Option<&str>, colour: &str) -> Result<TagId, Error> {
    let id = TagId(work.new_id());
    let query = sql("insert into tags (tenant_id, id, name, group_name, colour, created_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing")
        .bind(work.tenant())
        .bind(id)
        .bind(name)
        .bind(group.map(str::to_owned))
        .bind(colour)
        .bind(work.now());
    if work.execute(query).await? == 0 { Err(taken(name)) } else { Ok(id) }
}

/// Writes a tag anew.
pub async fn change(work: &mut Work, id: TagId, name: &str, group: Option<&str>, colour: &str) -> Result<(), Error> {
    if named(work, name).await?.is_some_and(|other| other != id) {
        return Err(taken(name));
    }
    let query = sql("update tags set name = ?, group_name = ?, colour = ? where tenant_id = ? and id = ?")
        .bind(name)
        .bind(group.map(str::to_owned))
        .bind(colour)
        .bind(work.tenant())
        .bind(id);
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

fn taken(name: &str) -> Error {
    Error::conflict("tag_taken", format!("there is a tag named {name:?} already"))
}

/// The tag of this name.
pub async fn named(work: &mut Work, name: &str) -> Result<Option<TagId>, Error> {
    let query = sql("select id from tags where tenant_id = ? and name = ?").bind(work.tenant()).bind(name);
    Ok(work.scalar::<i64>(query).await?.map(TagId))
}

/// The name of a tag.
pub async fn name_of(work: &mut Work, id: TagId) -> Result<String, Error> {
    let query = sql("select name from tags where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.scalar(query).await?.ok_or(Error::NotFound)
}

/// Deletes a tag, and takes it off everybody.
pub async fn delete(work: &mut Work, id: TagId) -> Result<(), Error> {
    let query = sql("delete from tags where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// Puts a tag on a customer. False when it is there already.
pub async fn put(work: &mut Work, tag: TagId, customer: CustomerId, source: TagSource) -> Result<bool, Error> {
    Ok(put_many(work, tag, &[customer], source, None).await? > 0)
}

/// Takes a tag off a customer. False when it was not there.
pub async fn remove(work: &mut Work, tag: TagId, customer: CustomerId, source: TagSource) -> Result<bool, Error> {
    Ok(remove_many(work, tag, &[customer], source, None).await? > 0)
}

#[derive(FromRow)]
struct Touched {
    customer_id: i64,
}

/// Puts a tag on customers; how many did not have it. `account` is where it was seen, for WeChat's.
pub async fn put_many(
    work: &mut Work,
    tag: TagId,
    customers: &[CustomerId],
    source: TagSource,
    account: Option<AccountId>,
) -> Result<usize, Error> {
    let name = name_of(work, tag).await?;
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("customer_tags", &["tenant_id", "tag_id", "customer_id", "source", "created_at"])
        .on_conflict(OnConflict::Nothing);
    for customer in customers {
        bulk.row([tenant.into(), tag.into(), (*customer).into(), source.as_str().into(), now.into()]);
    }
    if bulk.is_empty() {
        return Ok(0);
    }
    let touched: Vec<Touched> = work.tx().await?.bulk_returning(bulk, &["customer_id"]).await?;
    tell(work, EventKind::TagAdd, tag, &name, &touched, source, account).await?;
    Ok(touched.len())
}

/// Takes a tag off customers; how many had it.
pub async fn remove_many(
    work: &mut Work,
    tag: TagId,
    customers: &[CustomerId],
    source: TagSource,
    account: Option<AccountId>,
) -> Result<usize, Error> {
    let name = name_of(work, tag).await?;
    let mut touched = Vec::new();
    for part in customers.chunks(5000) {
        touched.extend(take_off(work, tag, part).await?);
    }
    tell(work, EventKind::TagRemove, tag, &name, &touched, source, account).await?;
    Ok(touched.len())
}

async fn take_off(work: &mut Work, tag: TagId, customers: &[CustomerId]) -> Result<Vec<Touched>, Error> {
    let query = sql("delete from customer_tags where tenant_id = ? and tag_id = ? and customer_id in ")
        .bind(work.tenant())
        .bind(tag)
        .list(customers.iter().copied())
        .push(" returning customer_id");
    work.all(query).await
}

async fn tell(
    work: &mut Work,
    kind: EventKind,
    tag: TagId,
    name: &str,
    touched: &[Touched],
    source: TagSource,
    account: Option<AccountId>,
) -> Result<(), Error> {
    let channel = match source {
        TagSource::Person => Channel::Console,
        TagSource::Api => Channel::Api,
        TagSource::Wechat | TagSource::Qrcode => Channel::Wechat,
    };
    let by = work.caller().map(|caller| caller.name().to_owned());
    let at = work.now();
    let events = touched
        .iter()
        .map(|row| NewEvent {
            customer: CustomerId(row.customer_id),
            account,
            at,
            kind,
            channel,
            properties: serde_json::json!({ "tag": name, "tag_id": tag, "source": source.as_str(), "by": by }),
        })
        .collect();
    events::record(work, events).await
}
