//! A merge taken back: everything that moved returns, as far as it is still where the merge put it.
//!
//! What came between belongs to the one who was kept: events stay under the id they were recorded with, and a fan
//! or a value that arrived later stays where it arrived. What either of them did before is theirs again.

use kit::{CustomerId, Error, Work, sql};

use super::{Field, Known, Merge, MergeState, MovedFan, MovedTag, merges, store as rows};
use crate::{
    accounts,
    events::{self, Channel, EventKind, NewEvent},
};

/// Somebody says that these two are not one. Joined ones are taken apart; neither is joined by itself again for
/// the same reason.
pub async fn apart(work: &mut Work, merge: &mut Merge, by: &str) -> Result<(), Error> {
    if merge.state == MergeState::Joined {
        take_apart(work, merge, by).await?;
    }
    merge.state = MergeState::Apart;
    (merge.decided_at, merge.decided_by) = (Some(work.now()), Some(by.to_owned()));
    merges::decided(work, merge).await
}

async fn take_apart(work: &mut Work, merge: &Merge, by: &str) -> Result<(), Error> {
    // The kept one may have been merged with somebody else since, and taken all of it along.
    let kept = rows::canonical(work, merge.kept).await?;
    if unlink(work, merge.other, kept).await? == 0 {
        return Err(Error::conflict("not_joined", "these two are not joined any more"));
    }
    for link in &merge.moved.links {
        relink(work, *link, kept, merge.other).await?;
    }
    for fan in &merge.moved.fans {
        return_fan(work, fan, kept, merge.other).await?;
    }
    for (kind, value) in &merge.moved.identities {
        return_identity(work, kind, value, kept, merge.other).await?;
    }
    for tag in &merge.moved.tags {
        return_tag(work, tag, merge.other).await?;
        if tag.new {
            take_tag(work, tag, kept).await?;
        }
    }
    let own = return_fields(work, kept, merge).await?;
    unsee(work, kept, merge).await?;
    let other = rows::find(work, merge.other).await?;
    rows::describe(work, &[(kept, &own), (merge.other, &other.fields)]).await?;
    // The callback door remembers who a fan is for one version of the account.
    for account in merge.accounts() {
        accounts::bump(work, account).await?;
    }
    let at = work.now();
    let told = [(kept, merge.other), (merge.other, kept)].map(|(customer, from)| NewEvent {
        customer,
        account: None,
        at,
        kind: EventKind::Split,
        channel: Channel::Console,
        properties: serde_json::json!({ "merge_id": merge.id, "other": from, "cause": merge.reason.cause, "by": by }),
    });
    events::record(work, told.into()).await
}

/// The kept one's fields that still hold what they took get back what they held before.
async fn return_fields(work: &mut Work, kept: CustomerId, merge: &Merge) -> Result<super::Fields, Error> {
    let customer = rows::find(work, kept).await?;
    let mut known = Known { fields: customer.fields, provenance: customer.provenance };
    for moved in &merge.moved.fields {
        if known.fields.get(&moved.field) != Some(&moved.to) {
            continue;
        }
        put(&mut known.fields, moved.field, moved.from.clone());
        put(&mut known.provenance, moved.field, moved.origin.clone());
    }
    rows::write(work, kept, &known).await?;
    Ok(known.fields)
}

fn put<T>(map: &mut std::collections::BTreeMap<Field, T>, field: Field, value: Option<T>) {
    match value {
        Some(value) => drop(map.insert(field, value)),
        None => drop(map.remove(&field)),
    }
}

async fn unlink(work: &mut Work, other: CustomerId, kept: CustomerId) -> Result<u64, Error> {
    let query = sql("update customers set merged_into = null where tenant_id = ? and id = ? and merged_into = ?")
        .bind(work.tenant())
        .bind(other)
        .bind(kept);
    work.execute(query).await
}

async fn relink(work: &mut Work, link: CustomerId, from: CustomerId, to: CustomerId) -> Result<u64, Error> {
    let query = sql("update customers set merged_into = ? where tenant_id = ? and id = ? and merged_into = ?")
        .bind(to)
        .bind(work.tenant())
        .bind(link)
        .bind(from);
    work.execute(query).await
}

async fn return_fan(work: &mut Work, fan: &MovedFan, from: CustomerId, to: CustomerId) -> Result<u64, Error> {
    let query = sql(
        "update fans set customer_id = ? where tenant_id = ? and account_id = ? and openid = ? and customer_id = ?",
    )
    .bind(to)
    .bind(work.tenant())
    .bind(fan.account_id)
    .bind(fan.openid.as_str())
    .bind(from);
    work.execute(query).await
}

async fn return_identity(
    work: &mut Work,
    kind: &str,
    value: &str,
    from: CustomerId,
    to: CustomerId,
) -> Result<u64, Error> {
    let query =
        sql("update identities set customer_id = ? where tenant_id = ? and kind = ? and value = ? and customer_id = ?")
            .bind(to)
            .bind(work.tenant())
            .bind(kind)
            .bind(value)
            .bind(from);
    work.execute(query).await
}

/// A tag that has been deleted since does not come back.
async fn return_tag(work: &mut Work, tag: &MovedTag, to: CustomerId) -> Result<u64, Error> {
    let query = sql("insert into customer_tags (tenant_id, tag_id, customer_id, source, created_at)
         select tenant_id, id, cast(? as bigint), cast(? as text), cast(? as bigint) from tags where tenant_id = ? and id = ? on conflict do nothing")
        .bind(to)
        .bind(tag.source.as_str())
        .bind(tag.at)
        .bind(work.tenant())
        .bind(tag.tag);
    work.execute(query).await
}

async fn take_tag(work: &mut Work, tag: &MovedTag, from: CustomerId) -> Result<u64, Error> {
    let query = sql("delete from customer_tags where tenant_id = ? and tag_id = ? and customer_id = ?")
        .bind(work.tenant())
        .bind(tag.tag)
        .bind(from);
    work.execute(query).await
}

/// Unless the kept one was seen since, it was last seen when it was before the merge.
async fn unsee(work: &mut Work, kept: CustomerId, merge: &Merge) -> Result<u64, Error> {
    let query = sql("update customers set last_seen_at = ? where tenant_id = ? and id = ? and last_seen_at = ?")
        .bind(merge.moved.kept_seen_at)
        .bind(work.tenant())
        .bind(kept)
        .bind(merge.moved.kept_seen_at.max(merge.moved.other_seen_at));
    work.execute(query).await
}
