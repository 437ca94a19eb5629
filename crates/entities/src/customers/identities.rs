//! The identities table: values that lead to a customer, other than the openids of fans.

use std::collections::HashMap;

use kit::{Bulk, CustomerId, Error, Millis, OnConflict, Work, sql};
use serde::{Deserialize, Serialize};
use store::FromRow;
use utoipa::ToSchema;

use super::Source;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// WeChat's name for a person across the accounts of one Open Platform account. Joins customers by itself.
    Unionid,
    Phone,
    Email,
    /// The number another system of the tenant's has for them.
    ExternalId,
}

impl IdentityKind {
    pub const ALL: [Self; 4] = [Self::Unionid, Self::Phone, Self::Email, Self::ExternalId];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unionid => "unionid",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::ExternalId => "external_id",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A value and since when it leads here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub kind: IdentityKind,
    pub value: String,
    pub source: Source,
    pub at: Millis,
}

#[derive(FromRow)]
struct Row {
    kind: String,
    value: String,
    customer_id: i64,
    source: String,
    created_at: i64,
}

#[derive(FromRow)]
struct Held {
    value: String,
    customer_id: i64,
}

const COLUMNS: &[&str] = &["tenant_id", "kind", "value", "customer_id", "source", "created_at"];

/// Who these values lead to. Values nobody has are absent.
pub async fn holders(
    work: &mut Work,
    kind: IdentityKind,
    values: &[&str],
) -> Result<HashMap<String, CustomerId>, Error> {
    if values.is_empty() {
        return Ok(HashMap::new());
    }
    let query = sql("select value, customer_id from identities where tenant_id = ? and kind = ? and value in ")
        .bind(work.tenant())
        .bind(kind.as_str())
        .list(values.iter().copied());
    let rows: Vec<Held> = work.all(query).await?;
    Ok(rows.into_iter().map(|row| (row.value, CustomerId(row.customer_id))).collect())
}

/// Every value that leads to this customer.
pub async fn identities_of(work: &mut Work, customer: CustomerId) -> Result<Vec<Identity>, Error> {
    let query = sql("select kind, value, customer_id, source, created_at from identities where tenant_id = ? and customer_id = ? order by kind, value")
        .bind(work.tenant())
        .bind(customer);
    work.all::<Row>(query).await?.into_iter().map(Identity::try_from).collect()
}

/// Keeps unionids of customers. Those that another customer holds already are left, and given back.
pub async fn remember_unionids(
    work: &mut Work,
    mut held: Vec<(String, CustomerId)>,
) -> Result<Vec<(String, CustomerId)>, Error> {
    // In one order everywhere, so that two imports at once do not wait for each other in a ring.
    held.sort_unstable();
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("identities", COLUMNS).on_conflict(OnConflict::Nothing);
    bulk.reserve(held.len());
    for (unionid, customer) in &held {
        bulk.row([
            tenant.into(),
            IdentityKind::Unionid.as_str().into(),
            unionid.as_str().into(),
            (*customer).into(),
            Source::Wechat.as_str().into(),
            now.into(),
        ]);
    }
    let all = held.len() as u64;
    if work.bulk(bulk).await? == all {
        return Ok(Vec::new());
    }
    let mut elsewhere = Vec::new();
    for part in held.chunks(5000) {
        let values: Vec<&str> = part.iter().map(|(unionid, _)| unionid.as_str()).collect();
        let holders = holders(work, IdentityKind::Unionid, &values).await?;
        elsewhere.extend(
            part.iter()
                .filter(|(unionid, customer)| holders.get(unionid).is_some_and(|holder| holder != customer))
                .cloned(),
        );
    }
    Ok(elsewhere)
}

/// The customer's phone or e-mail is now this. A value that leads to somebody else goes on doing so: what a
/// person typed proposes, and joins nobody.
pub(super) async fn replace(
    work: &mut Work,
    customer: CustomerId,
    kind: IdentityKind,
    value: Option<&str>,
    source: Source,
) -> Result<(), Error> {
    forget(work, customer, kind).await?;
    if let Some(value) = value {
        add(work, customer, kind, value, source).await?;
    }
    Ok(())
}

async fn forget(work: &mut Work, customer: CustomerId, kind: IdentityKind) -> Result<u64, Error> {
    let query = sql("delete from identities where tenant_id = ? and customer_id = ? and kind = ?")
        .bind(work.tenant())
        .bind(customer)
        .bind(kind.as_str());
    work.execute(query).await
}

async fn add(
    work: &mut Work,
    customer: CustomerId,
    kind: IdentityKind,
    value: &str,
    source: Source,
) -> Result<u64, Error> {
    let query = sql("insert into identities (tenant_id, kind, value, customer_id, source, created_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing")
        .bind(work.tenant())
        .bind(kind.as_str())
        .bind(value)
        .bind(customer)
        .bind(source.as_str())
        .bind(work.now());
    work.execute(query).await
}

/// Everything that led to `from` leads to `to`.
pub(super) async fn hand_over(work: &mut Work, from: CustomerId, to: CustomerId) -> Result<u64, Error> {
    let query = sql("update identities set customer_id = ? where tenant_id = ? and customer_id = ?")
        .bind(to)
        .bind(work.tenant())
        .bind(from);
    work.execute(query).await
}

impl TryFrom<Row> for Identity {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("identities", row.customer_id, why);
        Ok(Self {
            kind: IdentityKind::parse(&row.kind).ok_or_else(|| broken("unknown kind"))?,
            source: Source::parse(&row.source).ok_or_else(|| broken("unknown source"))?,
            value: row.value,
            at: row.created_at,
        })
    }
}
