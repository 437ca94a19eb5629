//! Two customers who turn out to be one person.
//!
//! The older one stays. The other's fans, identities and tags move over, and its row becomes a link, so that an
//! id once given out leads to the person for ever; its events stay under its own id and are read together with
//! the kept one's ([`super::group`]). What moved is kept with the merge ([`super::merges`]), so that it can be taken
//! back ([`super::apart`]).

use kit::{CustomerId, Error, Work, sql};
use store::FromRow;

use super::{
    Change, IdentityKind, Known, Merge, MergeState, Moved, MovedFan, MovedField, MovedTag, Reason, decide, identities,
    merges, store as rows,
};
use crate::events::{self, Channel, EventKind, NewEvent};

/// WeChat says that this customer has this unionid. Who the customer is after that.
///
/// A unionid is a strong identity: the customers of all accounts who share one are one (R26). Not so when each
/// of the two holds *another* strong identity of one kind, which no person can: then somebody must look, and
/// both stay as they are until then. Nor when somebody has taken just these two apart before.
pub async fn join_unionid(work: &mut Work, customer: CustomerId, unionid: &str) -> Result<CustomerId, Error> {
    let customer = rows::canonical(work, customer).await?;
    if identities::remember_unionids(work, vec![(unionid.to_owned(), customer)]).await?.is_empty() {
        return Ok(customer);
    }
    let holders = identities::holders(work, IdentityKind::Unionid, &[unionid]).await?;
    let holder = holders.get(unionid).copied().ok_or_else(|| Error::internal("a unionid is held and has no holder"))?;
    let holder = rows::canonical(work, holder).await?;
    let reason = Reason { cause: IdentityKind::Unionid.as_str().to_owned(), value: unionid.to_owned() };
    if holder == customer || merges::is_open_or_apart(work, customer, holder, &reason).await? {
        return Ok(customer);
    }
    if holds_unionid(work, customer).await? || fans_clash(work, customer, holder).await? {
        let (kept, other) = by_age(work, customer, holder).await?;
        merges::add(work, (kept.id, other.id), &reason, MergeState::Proposed, &Moved::default()).await?;
        return Ok(customer);
    }
    let (kept, other, moved) = join(work, customer, holder).await?;
    let id = merges::add(work, (kept, other), &reason, MergeState::Joined, &moved).await?;
    tell(work, kept, serde_json::json!({ "merge_id": id, "other": other, "cause": reason.cause })).await?;
    Ok(kept)
}

/// Somebody says that these two are one after all.
pub async fn join_proposed(work: &mut Work, merge: &mut Merge, by: &str) -> Result<(), Error> {
    let (one, two) = (rows::canonical(work, merge.kept).await?, rows::canonical(work, merge.other).await?);
    if one != two {
        (merge.kept, merge.other, merge.moved) = join(work, one, two).await?;
    }
    merge.state = MergeState::Joined;
    (merge.decided_at, merge.decided_by) = (Some(work.now()), Some(by.to_owned()));
    merges::decided(work, merge).await?;
    let properties =
        serde_json::json!({ "merge_id": merge.id, "other": merge.other, "cause": merge.reason.cause, "by": by });
    tell(work, merge.kept, properties).await
}

async fn tell(work: &mut Work, customer: CustomerId, properties: serde_json::Value) -> Result<(), Error> {
    let (at, kind, channel) = (work.now(), EventKind::Merge, Channel::System);
    events::record(work, vec![NewEvent { customer, account: None, at, kind, channel, properties }]).await
}

/// The older one, who stays, and the other.
async fn by_age(
    work: &mut Work,
    one: CustomerId,
    two: CustomerId,
) -> Result<(super::Customer, super::Customer), Error> {
    let (one, two) = (rows::find(work, one).await?, rows::find(work, two).await?);
    Ok(if (one.created_at, one.id) <= (two.created_at, two.id) { (one, two) } else { (two, one) })
}

/// Makes two customers one. The one who stays, the other, and what moved.
async fn join(work: &mut Work, one: CustomerId, two: CustomerId) -> Result<(CustomerId, CustomerId, Moved), Error> {
    let (kept, other) = by_age(work, one, two).await?;
    let own = identities::identities_of(work, other.id).await?;
    let mut moved = Moved {
        fans: fans_of(work, other.id).await?,
        identities: own.into_iter().map(|one| (one.kind.as_str().to_owned(), one.value)).collect(),
        tags: tags_of(work, other.id, kept.id).await?,
        links: merged_into(work, other.id).await?,
        fields: Vec::new(),
        kept_seen_at: kept.last_seen_at.unwrap_or(0),
        other_seen_at: other.last_seen_at.unwrap_or(0),
    };
    identities::hand_over(work, other.id, kept.id).await?;
    hand_over_fans(work, other.id, kept.id).await?;
    hand_over_tags(work, other.id, kept.id).await?;
    drop_tags(work, other.id).await?;

    let before = kept.provenance.clone();
    let mut known = Known { fields: kept.fields, provenance: kept.provenance };
    let own = Known { fields: other.fields, provenance: other.provenance };
    for Change { field, from, to } in decide::merged_fields(&mut known, &own) {
        let Some(to) = to else { continue };
        moved.fields.push(MovedField { field, to, from, origin: before.get(&field).cloned() });
    }
    rows::write(work, kept.id, &known).await?;
    see(work, kept.id, moved.other_seen_at).await?;
    link(work, other.id, kept.id).await?;
    rows::describe(work, &[(kept.id, &known.fields), (other.id, &Default::default())]).await?;
    Ok((kept.id, other.id, moved))
}

async fn holds_unionid(work: &mut Work, customer: CustomerId) -> Result<bool, Error> {
    let query = sql("select count(*) from identities where tenant_id = ? and customer_id = ? and kind = 'unionid'")
        .bind(work.tenant())
        .bind(customer);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// Whether both are fans of one account, under different openids.
async fn fans_clash(work: &mut Work, one: CustomerId, two: CustomerId) -> Result<bool, Error> {
    let query = sql("select count(*) from fans a join fans b on b.tenant_id = a.tenant_id and b.account_id = a.account_id and b.openid <> a.openid
         where a.tenant_id = ? and a.customer_id = ? and b.customer_id = ?")
        .bind(work.tenant())
        .bind(one)
        .bind(two);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

async fn fans_of(work: &mut Work, customer: CustomerId) -> Result<Vec<MovedFan>, Error> {
    let query =
        sql("select account_id, openid from fans where tenant_id = ? and customer_id = ? order by account_id, openid")
            .bind(work.tenant())
            .bind(customer);
    work.all(query).await
}

#[derive(FromRow)]
struct TagRow {
    tag_id: i64,
    source: String,
    created_at: i64,
    had: i64,
}

/// The tags of one, and which of them the other has not.
async fn tags_of(work: &mut Work, customer: CustomerId, kept: CustomerId) -> Result<Vec<MovedTag>, Error> {
    let query = sql("select tag_id, source, created_at, (select count(*) from customer_tags k where k.tenant_id = t.tenant_id and k.tag_id = t.tag_id and k.customer_id = ?) as had
         from customer_tags t where t.tenant_id = ? and t.customer_id = ? order by tag_id")
        .bind(kept)
        .bind(work.tenant())
        .bind(customer);
    let rows: Vec<TagRow> = work.all(query).await?;
    let moved =
        |row: TagRow| MovedTag { tag: row.tag_id.into(), source: row.source, at: row.created_at, new: row.had == 0 };
    Ok(rows.into_iter().map(moved).collect())
}

async fn merged_into(work: &mut Work, customer: CustomerId) -> Result<Vec<CustomerId>, Error> {
    let query = sql("select id from customers where tenant_id = ? and merged_into = ? order by id")
        .bind(work.tenant())
        .bind(customer);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(CustomerId).collect())
}

async fn hand_over_fans(work: &mut Work, from: CustomerId, to: CustomerId) -> Result<u64, Error> {
    let query = sql("update fans set customer_id = ? where tenant_id = ? and customer_id = ?")
        .bind(to)
        .bind(work.tenant())
        .bind(from);
    work.execute(query).await
}

async fn hand_over_tags(work: &mut Work, from: CustomerId, to: CustomerId) -> Result<u64, Error> {
    let query = sql("insert into customer_tags (tenant_id, tag_id, customer_id, source, created_at)
         select tenant_id, tag_id, cast(? as bigint), source, created_at from customer_tags where tenant_id = ? and customer_id = ? on conflict do nothing")
        .bind(to)
        .bind(work.tenant())
        .bind(from);
    work.execute(query).await
}

async fn drop_tags(work: &mut Work, customer: CustomerId) -> Result<u64, Error> {
    let query =
        sql("delete from customer_tags where tenant_id = ? and customer_id = ?").bind(work.tenant()).bind(customer);
    work.execute(query).await
}

async fn see(work: &mut Work, customer: CustomerId, at: i64) -> Result<u64, Error> {
    let query = sql("update customers set last_seen_at = ? where tenant_id = ? and id = ? and last_seen_at < ?")
        .bind(at)
        .bind(work.tenant())
        .bind(customer)
        .bind(at);
    work.execute(query).await
}

/// The customer, and all who were merged into it before, lead to `to`: links stay one step long.
async fn link(work: &mut Work, from: CustomerId, to: CustomerId) -> Result<u64, Error> {
    let query = sql("update customers set merged_into = ? where tenant_id = ? and (id = ? or merged_into = ?)")
        .bind(to)
        .bind(work.tenant())
        .bind(from)
        .bind(from);
    work.execute(query).await
}
