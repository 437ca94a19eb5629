//! Gates: while one is closed, no process makes calls of this service for this account (P7).
//!
//! WeChat's word closes it: a quota is used up, or the service is not ours to use. When it is due to open, one
//! message tries; if that goes out the gate is gone. The store of the gates, and of the pauses of a whole tenant.

use kit::{AccountId, Error, Millis, OnConflict, TenantId, Work, sql};
use serde::Serialize;
use store::{Bulk, FromRow, Tx};
use utoipa::ToSchema;

use super::Service;

/// After so long without an outcome of the one that tried, another tries.
const TRY_AGAIN_MS: Millis = 60_000;

/// A gate is to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// A stable word: `minute_quota`, `day_quota`, `month_quota`, `no_token`, `unreachable`, `not_allowed`.
    pub reason: &'static str,
    /// None: a person has to open it.
    pub opens_at: Option<Millis>,
}

/// A gate that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gate {
    pub account_id: AccountId,
    #[schema(inline)]
    pub service: Service,
    pub reason: String,
    pub errcode: Option<i64>,
    /// What WeChat said.
    pub evidence: Option<String>,
    pub closed_at: Millis,
    /// When one message tries; absent when a person has to open it.
    pub opens_at: Option<Millis>,
}

#[derive(FromRow)]
struct Row {
    account_id: i64,
    service: String,
    reason: String,
    errcode: Option<i64>,
    evidence: Option<String>,
    closed_at: i64,
    opens_at: Option<i64>,
}

/// Closes the way, or says anew why it stays closed. WeChat's word of a day or month is not cut short by one of a minute.
pub async fn close(
    work: &mut Work,
    account: AccountId,
    service: Service,
    closing: &Closing,
    errcode: Option<i64>,
    evidence: Option<String>,
) -> Result<(), Error> {
    let now = work.now();
    let mut bulk = Bulk::into(
        "send_gates",
        &["tenant_id", "account_id", "service", "reason", "errcode", "evidence", "closed_at", "opens_at"],
    )
    .on_conflict(OnConflict::Do(
        "(tenant_id, account_id, service) do update set reason = excluded.reason, errcode = excluded.errcode,
         evidence = excluded.evidence, opens_at = excluded.opens_at, tried_at = null
         where send_gates.opens_at is not null and (excluded.opens_at is null or excluded.opens_at >= send_gates.opens_at)",
    ));
    bulk.row([
        work.tenant().into(),
        account.into(),
        service.as_str().into(),
        closing.reason.into(),
        errcode.into(),
        evidence.into(),
        now.into(),
        closing.opens_at.into(),
    ]);
    work.bulk(bulk).await?;
    Ok(())
}

/// The way is open again.
pub async fn open(work: &mut Work, account: AccountId, service: Service) -> Result<bool, Error> {
    let query = sql("delete from send_gates where tenant_id = ? and account_id = ? and service = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(service.as_str());
    let opened = work.execute(query).await? > 0;
    work.wake_sender();
    Ok(opened)
}

/// All of the tenant that are closed.
pub async fn list(work: &mut Work) -> Result<Vec<Gate>, Error> {
    let query = sql("select account_id, service, reason, errcode, evidence, closed_at, opens_at from send_gates
         where tenant_id = ? order by account_id, service")
    .bind(work.tenant());
    work.all::<Row>(query).await?.into_iter().map(Gate::try_from).collect()
}

/// A gate at which one message may try now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ajar {
    pub tenant: TenantId,
    pub account: AccountId,
    pub service: Service,
}

/// Gates that are due to open, of every tenant, and that nobody is trying at the moment.
pub(super) async fn ajar(tx: &Tx, now: Millis) -> Result<Vec<Ajar>, Error> {
    #[derive(FromRow)]
    struct Key {
        tenant_id: i64,
        account_id: i64,
        service: String,
    }
    let query = sql("select tenant_id, account_id, service from send_gates
         where tenant_id is not null and service <> 'broadcast' and opens_at <= ? and (tried_at is null or tried_at <= ?)")
    .bind(now)
    .bind(now - TRY_AGAIN_MS);
    let keys: Vec<Key> = tx.all(query).await?;
    let ajar = |key: Key| {
        let service = Service::parse(&key.service)
            .ok_or_else(|| Error::broken("send_gates", key.account_id, "unknown service"))?;
        Ok(Ajar { tenant: TenantId(key.tenant_id), account: AccountId(key.account_id), service })
    };
    keys.into_iter().map(ajar).collect()
}

/// One message is trying. False when another process was quicker.
pub(super) async fn trying(tx: &Tx, gate: Ajar, now: Millis) -> Result<bool, Error> {
    let query = sql("update send_gates set tried_at = ? where tenant_id = ? and account_id = ? and service = ?
         and opens_at <= ? and (tried_at is null or tried_at <= ?)")
    .bind(now)
    .bind(gate.tenant)
    .bind(gate.account)
    .bind(gate.service.as_str())
    .bind(now)
    .bind(now - TRY_AGAIN_MS);
    Ok(tx.execute(query).await? == 1)
}

/// Nothing waits at the gate; it goes.
pub(super) async fn forget(tx: &Tx, gate: Ajar) -> Result<(), Error> {
    let query = sql("delete from send_gates where tenant_id = ? and account_id = ? and service = ?")
        .bind(gate.tenant)
        .bind(gate.account)
        .bind(gate.service.as_str());
    tx.execute(query).await?;
    Ok(())
}

/// Whether a gate of broadcasts is due to open. Costs no write lock.
pub async fn any_of_broadcasts(tx: &Tx, now: Millis) -> Result<bool, Error> {
    let query =
        sql("select count(*) from send_gates where tenant_id is not null and service = 'broadcast' and opens_at <= ?")
            .bind(now);
    Ok(tx.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}

/// Gates of broadcasts that are due to open and at which nothing waits. How many went.
pub async fn forget_of_broadcasts(tx: &Tx, now: Millis) -> Result<u64, Error> {
    let query = sql("delete from send_gates where tenant_id is not null and service = 'broadcast' and opens_at <= ?
         and not exists (select 1 from broadcast_parts p where p.tenant_id = send_gates.tenant_id and p.account_id = send_gates.account_id and p.state in ('queued', 'sending', 'retrying'))")
        .bind(now);
    Ok(tx.execute(query).await?)
}

impl TryFrom<Row> for Gate {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let service = Service::parse(&row.service)
            .ok_or_else(|| Error::broken("send_gates", row.account_id, "unknown service"))?;
        Ok(Self {
            account_id: AccountId(row.account_id),
            service,
            reason: row.reason,
            errcode: row.errcode,
            evidence: row.evidence,
            closed_at: row.closed_at,
            opens_at: row.opens_at,
        })
    }
}
