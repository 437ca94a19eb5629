//! Two customers who turn out to be one person.
//!
//! The older one stays. The other's fans, identities and tags move over, and its row becomes a link, so that an
//! id once given out leads to the person for ever; its events stay under its own id and are read together with
//! the kept one's ([`super::group`]). The merge event names what moved, so that it can be taken back.

use ::store::FromRow;
use kit::{CustomerId, Error, Work, sql};

use super::{IdentityKind, Known, decide, identities, store};
use crate::events::{self, Channel, EventKind, NewEvent};

/// WeChat says that this customer has this unionid. Who the customer is after that.
///
/// A unionid is a strong identity: the customers of all accounts who share one are one (R26). Not so when each
/// of the two holds *another* strong identity of one kind, which no person can: then somebody must look, and
/// both stay as they are.
pub async fn join_unionid(work: &mut Work, customer: CustomerId, unionid: &str) -> Result<CustomerId, Error> {
    let customer = store::canonical(work, customer).await?;
    if identities::remember_unionids(work, vec![(unionid.to_owned(), customer)]).await?.is_empty() {
        return Ok(customer);
    }
    let holders = identities::holders(work, IdentityKind::Unionid, &[unionid]).await?;
    let holder = holders.get(unionid).copied().ok_or_else(|| Error::internal("a unionid is held and has no holder"))?;
    let holder = store::canonical(work, holder).await?;
    if holder == customer {
        return Ok(customer);
    }
    if holds_unionid(work, customer).await? || fans_clash(work, customer, holder).await? {
        tracing::warn!(
            customer.id = customer.0,
            other.id = holder.0,
            "two customers share a unionid and each holds an identity the other contradicts; they stay apart"
        );
        return Ok(customer);
    }
    merge(work, customer, holder, "unionid").await
}

/// Makes two customers one. The one who stays.
pub async fn merge(work: &mut Work, one: CustomerId, two: CustomerId, cause: &str) -> Result<CustomerId, Error> {
    let (one, two) = (store::find(work, one).await?, store::find(work, two).await?);
    if one.id == two.id {
        return Ok(one.id);
    }
    let older_first = (one.created_at, one.id) <= (two.created_at, two.id);
    let (kept, other) = if older_first { (one, two) } else { (two, one) };

    let fans = fans_of(work, other.id).await?;
    let tags = tags_of(work, other.id).await?;
    identities::hand_over(work, other.id, kept.id).await?;
    hand_over_fans(work, other.id, kept.id).await?;
    hand_over_tags(work, other.id, kept.id).await?;
    drop_tags(work, other.id).await?;

    let mut known = Known { fields: kept.fields, provenance: kept.provenance };
    let own = Known { fields: other.fields, provenance: other.provenance };
    decide::merged_fields(&mut known, &own);
    store::write(work, kept.id, &known).await?;
    see(work, kept.id, other.last_seen_at.unwrap_or(0)).await?;
    link(work, other.id, kept.id).await?;
    store::describe(work, &[(kept.id, &known.fields), (other.id, &Default::default())]).await?;

    let fans: Vec<_> = fans
        .into_iter()
        .map(|fan| serde_json::json!({ "account_id": fan.account_id.to_string(), "openid": fan.openid }))
        .collect();
    let tags: Vec<_> = tags.into_iter().map(|tag| tag.to_string()).collect();
    let event = NewEvent {
        customer: kept.id,
        account: None,
        at: work.now(),
        kind: EventKind::Merge,
        channel: Channel::System,
        properties: serde_json::json!({ "other": other.id, "cause": cause, "fans": fans, "tags": tags }),
    };
    events::record(work, vec![event]).await?;
    Ok(kept.id)
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

#[derive(FromRow)]
struct FanRow {
    account_id: i64,
    openid: String,
}

async fn fans_of(work: &mut Work, customer: CustomerId) -> Result<Vec<FanRow>, Error> {
    let query =
        sql("select account_id, openid from fans where tenant_id = ? and customer_id = ? order by account_id, openid")
            .bind(work.tenant())
            .bind(customer);
    work.all(query).await
}

async fn tags_of(work: &mut Work, customer: CustomerId) -> Result<Vec<i64>, Error> {
    let query = sql("select tag_id from customer_tags where tenant_id = ? and customer_id = ? order by tag_id")
        .bind(work.tenant())
        .bind(customer);
    work.scalars(query).await
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
