//! The merges table: who was made one with whom, why, and what would have to go back.
//!
//! A row is `joined`, or `proposed` where the two contradict each other and a person has to look, or `apart`:
//! somebody took them apart or said that they are not one. What is apart is not joined again for the same reason.

use kit::{AccountId, CustomerId, Error, MergeId, Millis, Sql, TagId, Work, sql};
use serde::{Deserialize, Serialize};
use store::FromRow;
use utoipa::ToSchema;

use super::{Field, Origin};

/// How two customers stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MergeState {
    /// They share something, and contradict each other: a person has to say.
    Proposed,
    Joined,
    /// They are not one, whatever they share.
    Apart,
}

impl MergeState {
    pub const ALL: [Self; 3] = [Self::Proposed, Self::Joined, Self::Apart];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Joined => "joined",
            Self::Apart => "apart",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Why two customers are one: they share this value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// `unionid`.
    pub cause: String,
    pub value: String,
}

/// What a merge moved from the other customer to the kept one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub fans: Vec<MovedFan>,
    /// Kind and value.
    pub identities: Vec<(String, String)>,
    pub tags: Vec<MovedTag>,
    /// Customers who had been merged into the other before.
    pub links: Vec<CustomerId>,
    pub fields: Vec<MovedField>,
    /// When each was last seen, in milliseconds; 0 is never.
    pub kept_seen_at: Millis,
    pub other_seen_at: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedFan {
    pub account_id: i64,
    pub openid: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedTag {
    pub tag: TagId,
    pub source: String,
    pub at: Millis,
    /// The kept one did not have it before.
    pub new: bool,
}

/// A field of the kept customer that took the other's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedField {
    pub field: Field,
    pub to: String,
    pub from: Option<String>,
    /// From whom the value before was.
    pub origin: Option<Origin>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pub id: MergeId,
    pub kept: CustomerId,
    pub other: CustomerId,
    pub reason: Reason,
    pub state: MergeState,
    pub moved: Moved,
    pub created_at: Millis,
    pub decided_at: Option<Millis>,
    /// The name of the person or key.
    pub decided_by: Option<String>,
}

#[derive(FromRow)]
struct Row {
    id: i64,
    kept_id: i64,
    other_id: i64,
    cause: String,
    value: String,
    state: String,
    moved: String,
    created_at: i64,
    decided_at: Option<i64>,
    decided_by: Option<String>,
}

fn select() -> Sql {
    sql("select id, kept_id, other_id, cause, value, state, moved, created_at, decided_at, decided_by from merges")
}

pub async fn find(work: &mut Work, id: MergeId) -> Result<Merge, Error> {
    let query = select().push(" where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.one::<Row>(query).await?.map(Merge::try_from).transpose()?.ok_or(Error::NotFound)
}

/// Those that are about one of these customers, newest first.
pub async fn of_customers(work: &mut Work, customers: &[CustomerId]) -> Result<Vec<Merge>, Error> {
    let query = select()
        .push(" where tenant_id = ? and (kept_id in ")
        .bind(work.tenant())
        .list(customers.iter().copied())
        .push(" or other_id in ")
        .list(customers.iter().copied())
        .push(") order by created_at desc, id desc limit 50");
    work.all::<Row>(query).await?.into_iter().map(Merge::try_from).collect()
}

/// Those in this state, newest first, after this place; one more than asked for when there are more.
pub async fn in_state(
    work: &mut Work,
    state: MergeState,
    after: Option<(Millis, MergeId)>,
    limit: u64,
) -> Result<Vec<Merge>, Error> {
    let (at, id) = after.unwrap_or((Millis::MAX, MergeId(i64::MAX)));
    let query = select()
        .push(" where tenant_id = ? and state = ? and (created_at, id) < (?, ?) order by created_at desc, id desc limit ?")
        .bind(work.tenant())
        .bind(state.as_str())
        .bind(at)
        .bind(id)
        .bind(limit as i64 + 1);
    work.all::<Row>(query).await?.into_iter().map(Merge::try_from).collect()
}

/// Whether somebody has to say, or has said, that these two are not one for this reason. Whom they were merged
/// with since counts as them.
pub(super) async fn is_open_or_apart(
    work: &mut Work,
    one: CustomerId,
    two: CustomerId,
    reason: &Reason,
) -> Result<bool, Error> {
    let query = sql("select count(*) from merges m
         join customers a on a.tenant_id = m.tenant_id and a.id = m.kept_id
         join customers b on b.tenant_id = m.tenant_id and b.id = m.other_id
         where m.tenant_id = ? and m.cause = ? and m.value = ? and m.state in ('proposed', 'apart')
           and ((coalesce(a.merged_into, a.id) = ? and coalesce(b.merged_into, b.id) = ?)
             or (coalesce(a.merged_into, a.id) = ? and coalesce(b.merged_into, b.id) = ?))")
    .bind(work.tenant())
    .bind(reason.cause.as_str())
    .bind(reason.value.as_str())
    .bind(one)
    .bind(two)
    .bind(two)
    .bind(one);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

pub(super) async fn add(
    work: &mut Work,
    pair: (CustomerId, CustomerId),
    reason: &Reason,
    state: MergeState,
    moved: &Moved,
) -> Result<MergeId, Error> {
    let id = MergeId(work.new_id());
    let query = sql("insert into merges (tenant_id, id, kept_id, other_id, cause, value, state, moved, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(pair.0)
        .bind(pair.1)
        .bind(reason.cause.as_str())
        .bind(reason.value.as_str())
        .bind(state.as_str())
        .bind(serde_json::to_string(moved).map_err(Error::internal)?)
        .bind(work.now());
    work.execute(query).await?;
    Ok(id)
}

/// Somebody has decided: the row as it is from now on.
pub(super) async fn decided(work: &mut Work, merge: &Merge) -> Result<(), Error> {
    let query = sql("update merges set kept_id = ?, other_id = ?, state = ?, moved = ?, decided_at = ?, decided_by = ? where tenant_id = ? and id = ?")
        .bind(merge.kept)
        .bind(merge.other)
        .bind(merge.state.as_str())
        .bind(serde_json::to_string(&merge.moved).map_err(Error::internal)?)
        .bind(merge.decided_at)
        .bind(merge.decided_by.clone())
        .bind(work.tenant())
        .bind(merge.id);
    work.execute(query).await?;
    Ok(())
}

impl Merge {
    /// What to call the other one, who may have no fans of their own while they are joined.
    pub fn others_openid(&self) -> Option<&str> {
        self.moved.fans.first().map(|fan| fan.openid.as_str())
    }

    pub fn accounts(&self) -> Vec<AccountId> {
        let mut accounts: Vec<AccountId> = self.moved.fans.iter().map(|fan| AccountId(fan.account_id)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }
}

impl TryFrom<Row> for Merge {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("merges", row.id, why);
        Ok(Self {
            id: MergeId(row.id),
            kept: CustomerId(row.kept_id),
            other: CustomerId(row.other_id),
            state: MergeState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            moved: serde_json::from_str(&row.moved).map_err(|_| broken("what was moved cannot be read"))?,
            reason: Reason { cause: row.cause, value: row.value },
            created_at: row.created_at,
            decided_at: row.decided_at,
            decided_by: row.decided_by,
        })
    }
}
