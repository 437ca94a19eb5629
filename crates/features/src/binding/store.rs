//! Bindings, grants, and what is counted and cleared when an account goes. Statements about grants come before
//! anybody knows the tenant; all others stay inside it.

use kit::{AccountId, BindingId, Error, Millis, PersonId, Sql, TenantId, Work, sql};
use serde_json::Value as Json;
use store::{FromRow, Tx};

use super::model::{Binding, BindingState};

/// How many fans an account has and had.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct Counts {
    pub customers: i64,
    pub following: i64,
}

pub async fn counts(work: &mut Work, account: AccountId) -> Result<Counts, Error> {
    let query = sql(
        "select count(*) as customers, coalesce(sum(case when status = 'following' then 1 else 0 end), 0) as following
         from fans where tenant_id = ? and account_id = ?",
    )
    .bind(work.tenant())
    .bind(account);
    Ok(work.one(query).await?.unwrap_or(Counts { customers: 0, following: 0 }))
}

pub async fn count_customers(work: &mut Work, account: AccountId) -> Result<i64, Error> {
    let query = sql("select count(distinct customer_id) from fans where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    count(work, query).await
}

pub async fn count_unfrozen(work: &mut Work, account: AccountId) -> Result<i64, Error> {
    let query = sql("select count(*) from fans where tenant_id = ? and account_id = ? and status <> 'frozen'")
        .bind(work.tenant())
        .bind(account);
    count(work, query).await
}

pub async fn count_events(work: &mut Work, account: AccountId) -> Result<i64, Error> {
    let query =
        sql("select count(*) from events where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account);
    count(work, query).await
}

pub async fn count_replies(work: &mut Work, account: AccountId) -> Result<i64, Error> {
    let query = sql("select count(*) from reply_rules where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    count(work, query).await
}

pub async fn count_tags(work: &mut Work) -> Result<i64, Error> {
    let query = sql("select count(*) from tags where tenant_id = ?").bind(work.tenant());
    count(work, query).await
}

pub async fn count_waiting_sends(work: &mut Work, account: AccountId) -> Result<i64, Error> {
    let query =
        sql("select count(*) from sends where tenant_id = ? and account_id = ? and state in ('queued', 'held')")
            .bind(work.tenant())
            .bind(account);
    count(work, query).await
}

async fn count(work: &mut Work, query: Sql) -> Result<i64, Error> {
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0))
}

/// What waits to be sent will not be. How many.
pub async fn cancel_sends(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    let query = sql("update sends set state = 'cancelled', reason = 'account_deleted', settled_at = ? where tenant_id = ? and account_id = ? and state in ('queued', 'held')")
        .bind(work.now())
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await
}

pub async fn remove_replies(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    work.execute(
        sql("delete from reply_rules where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account),
    )
    .await
}

/// What has not been counted yet.
pub async fn remove_reply_notes(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    let query = sql("delete from reply_notes where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account);
    work.execute(query).await
}

pub async fn remove_unmatched(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    work.execute(
        sql("delete from unmatched_texts where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account),
    )
    .await
}

/// WeChat's tags of the account. The tenant's own stay, and so does who has them.
pub async fn remove_wechat_tags(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    work.execute(
        sql("delete from wechat_tags where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account),
    )
    .await
}

pub async fn remove_wechat_media(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    work.execute(
        sql("delete from wechat_media where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account),
    )
    .await
}

pub async fn remove_import(work: &mut Work, account: AccountId) -> Result<u64, Error> {
    work.execute(
        sql("delete from fan_imports where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(account),
    )
    .await
}

/// A binding with what only the hub knows of it.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub tenant: TenantId,
    pub binding: Binding,
    pub session_hash: Vec<u8>,
    pub state_hash: Vec<u8>,
    pub pre_auth_code: String,
}

#[derive(FromRow)]
struct BindingRow {
    tenant_id: i64,
    id: i64,
    session_hash: Vec<u8>,
    state_hash: Vec<u8>,
    pre_auth_code: String,
    state: String,
    account_id: Option<i64>,
    code: Option<String>,
    params: String,
    expires_at: i64,
}

fn select_binding() -> Sql {
    sql(
        "select tenant_id, id, session_hash, state_hash, pre_auth_code, state, account_id, code, params, expires_at from bindings",
    )
}

/// A binding before it has a row.
pub struct NewBinding {
    pub person: PersonId,
    pub session_hash: Vec<u8>,
    pub state_hash: Vec<u8>,
    pub pre_auth_code: String,
    pub expires_at: Millis,
}

pub async fn insert_binding(work: &mut Work, id: BindingId, new: &NewBinding) -> Result<(), Error> {
    let query = sql("insert into bindings (tenant_id, id, person_id, session_hash, state_hash, pre_auth_code, state, params, created_at, expires_at)
         values (?, ?, ?, ?, ?, ?, 'waiting', '{}', ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(new.person)
        .bind(new.session_hash.clone())
        .bind(new.state_hash.clone())
        .bind(new.pre_auth_code.as_str())
        .bind(work.now())
        .bind(new.expires_at);
    work.execute(query).await?;
    Ok(())
}

pub async fn find_binding(work: &mut Work, id: BindingId) -> Result<Waiting, Error> {
    let query = select_binding().push(" where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.one::<BindingRow>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// Who waits for a grant that came by this link. A push names no tenant.
pub async fn binding_of_code(tx: &Tx, pre_auth_code: &str) -> Result<Option<Waiting>, Error> {
    let query = select_binding().push(" where tenant_id is not null and pre_auth_code = ?").bind(pre_auth_code);
    tx.one::<BindingRow>(query).await?.map(Waiting::try_from).transpose()
}

/// Whether it was written: what is over stays as it is, for whoever looked at it before may come after.
pub async fn set_binding(work: &mut Work, binding: &Binding) -> Result<bool, Error> {
    let query = sql("update bindings set state = ?, account_id = ?, code = ?, params = ? where tenant_id = ? and id = ? and state in ('waiting', 'granted')")
        .bind(binding.state.as_str())
        .bind(binding.account_id.map(|account| account.0))
        .bind(binding.code.clone())
        .bind(binding.params.to_string())
        .bind(work.tenant())
        .bind(binding.id);
    Ok(work.execute(query).await? > 0)
}

impl TryFrom<BindingRow> for Waiting {
    type Error = Error;

    fn try_from(row: BindingRow) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("bindings", row.id, why);
        Ok(Self {
            tenant: TenantId(row.tenant_id),
            binding: Binding {
                id: BindingId(row.id),
                url: None,
                state: BindingState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
                account_id: row.account_id.map(AccountId),
                code: row.code,
                params: serde_json::from_str::<Json>(&row.params).map_err(|_| broken("params is no JSON"))?,
                expires_at: row.expires_at,
            },
            session_hash: row.session_hash,
            state_hash: row.state_hash,
            pre_auth_code: row.pre_auth_code,
        })
    }
}

/// Where a grant stands: `heard` (we hold a code), `exchanged` (we hold a refresh token), `claimed` (an account holds
/// it), `refused`, `gone`.
#[derive(Debug, Clone, FromRow)]
pub struct Grant {
    pub app_id: String,
    pub pre_auth_code: Option<String>,
    pub sealed_code: Option<Vec<u8>>,
    pub sealed_refresh_token: Option<Vec<u8>>,
    pub tenant_id: Option<i64>,
    pub state: String,
    /// The latest push about it, by WeChat's clock: older ones change nothing.
    pub heard_at: Millis,
}

pub async fn find_grant(tx: &Tx, app_id: &str) -> Result<Option<Grant>, Error> {
    let query = sql("select app_id, pre_auth_code, sealed_code, sealed_refresh_token, tenant_id, state, heard_at from platform_grants where app_id = ?").bind(app_id);
    Ok(tx.one(query).await?)
}

/// Writes the grant over what is there.
pub async fn put_grant(tx: &Tx, grant: Grant) -> Result<(), Error> {
    let query = sql("insert into platform_grants (app_id, pre_auth_code, sealed_code, sealed_refresh_token, tenant_id, state, heard_at) values (?, ?, ?, ?, ?, ?, ?)
         on conflict (app_id) do update set pre_auth_code = excluded.pre_auth_code, sealed_code = excluded.sealed_code,
         sealed_refresh_token = excluded.sealed_refresh_token, tenant_id = excluded.tenant_id, state = excluded.state, heard_at = excluded.heard_at")
        .bind(grant.app_id)
        .bind(grant.pre_auth_code)
        .bind(grant.sealed_code)
        .bind(grant.sealed_refresh_token)
        .bind(grant.tenant_id)
        .bind(grant.state)
        .bind(grant.heard_at);
    tx.execute(query).await?;
    Ok(())
}

/// Takes the right to work on a grant until that instant; one at a time.
pub async fn lease(tx: &Tx, name: &str, holder: &str, now: Millis, until: Millis) -> Result<bool, Error> {
    let query = sql("insert into leases (name, holder, expires_at) values (?, ?, ?)
         on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at where leases.expires_at <= ?")
        .bind(name)
        .bind(holder)
        .bind(until)
        .bind(now);
    Ok(tx.execute(query).await? == 1)
}

pub async fn release(tx: &Tx, name: &str, holder: &str) -> Result<(), Error> {
    tx.execute(sql("delete from leases where name = ? and holder = ?").bind(name).bind(holder)).await?;
    Ok(())
}

#[derive(FromRow)]
struct Owned {
    tenant_id: i64,
    id: i64,
}

/// The bound accounts of every tenant that authorised the platform.
pub async fn platform_accounts(tx: &Tx) -> Result<Vec<(TenantId, AccountId)>, Error> {
    let query = sql(
        "select tenant_id, id from accounts where tenant_id is not null and mode = 'platform' and status = 'bound' order by tenant_id, id",
    );
    Ok(tx.all::<Owned>(query).await?.into_iter().map(|row| (TenantId(row.tenant_id), AccountId(row.id))).collect())
}
