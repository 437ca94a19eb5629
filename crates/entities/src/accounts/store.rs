//! The accounts table. Every statement stays inside the caller's tenant, but for the three that a door or a
//! push asks before it knows the tenant.

use kit::{AccountId, Error, Millis, Sql, TenantId, Work, sql};
use store::{FromRow, Tx};

use super::{Account, Allowance, Encryption, Mode, NewAccount, Profile, Status, VerificationSource};

#[derive(FromRow)]
struct Row {
    id: i64,
    mode: String,
    app_id: String,
    original_id: Option<String>,
    callback_key: String,
    nick_name: String,
    alias: String,
    principal_name: String,
    avatar_url: Option<String>,
    service_type: i64,
    verify_type: i64,
    verification_source: String,
    status: String,
    encryption: String,
    permission_sets: String,
    listen_only: bool,
    allowance: String,
    version: i64,
    callback_verified_at: Option<i64>,
    last_callback_at: Option<i64>,
    problem: Option<String>,
    problem_errcode: Option<i64>,
    bound_at: i64,
    unbound_at: Option<i64>,
    created_at: i64,
}

fn select() -> Sql {
    sql("select id, mode, app_id, original_id, callback_key, nick_name, alias, principal_name, avatar_url, service_type, verify_type,
         verification_source, status, encryption, permission_sets, listen_only, allowance, version, callback_verified_at, last_callback_at, problem,
         problem_errcode, bound_at, unbound_at, created_at from accounts")
}

/// The account. One that was deleted, or is another tenant's, is as absent as one never bound.
pub async fn find(work: &mut Work, id: AccountId) -> Result<Account, Error> {
    let query = select().push(" where tenant_id = ? and id = ? and status <> 'deleted'").bind(work.tenant()).bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// The tenant's accounts, in the order they were bound.
pub async fn list(work: &mut Work) -> Result<Vec<Account>, Error> {
    let query =
        select().push(" where tenant_id = ? and status <> 'deleted' order by created_at, id").bind(work.tenant());
    work.all::<Row>(query).await?.into_iter().map(Account::try_from).collect()
}

/// The account with this AppID, unless it was deleted.
pub async fn find_by_app(work: &mut Work, app_id: &str) -> Result<Option<Account>, Error> {
    let query =
        select().push(" where tenant_id = ? and app_id = ? and status <> 'deleted'").bind(work.tenant()).bind(app_id);
    work.one::<Row>(query).await?.map(Account::try_from).transpose()
}

#[derive(FromRow)]
struct Owner {
    tenant_id: i64,
    id: i64,
}

/// Whose account this AppID is, among all tenants: for pushes, which do not name the tenant.
pub async fn owner_of_app(tx: &Tx, app_id: &str) -> Result<Option<(TenantId, AccountId)>, Error> {
    let query =
        sql("select tenant_id, id from accounts where tenant_id is not null and app_id = ? and status <> 'deleted'")
            .bind(app_id);
    Ok(tx.one::<Owner>(query).await?.map(|row| (TenantId(row.tenant_id), AccountId(row.id))))
}

/// Whose account this callback address is.
pub(super) async fn owner_of_key(tx: &Tx, callback_key: &str) -> Result<Option<(TenantId, AccountId)>, Error> {
    let query = sql(
        "select tenant_id, id from accounts where tenant_id is not null and callback_key = ? and status <> 'deleted'",
    )
    .bind(callback_key);
    Ok(tx.one::<Owner>(query).await?.map(|row| (TenantId(row.tenant_id), AccountId(row.id))))
}

/// Adds a bound account. An AppID that some tenant has already is `account_taken`, and it is not said whose it is.
pub async fn insert(work: &mut Work, new: &NewAccount) -> Result<AccountId, Error> {
    let (tenant, id, now) = (work.tenant(), AccountId(work.new_id()), work.now());
    let query = sql("insert into accounts (tenant_id, id, mode, app_id, original_id, callback_key, nick_name, alias, principal_name, avatar_url,
         service_type, verify_type, verification_source, status, encryption, permission_sets, listen_only, version, bound_at, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'bound', ?, ?, false, 1, ?, ?)")
        .bind(tenant)
        .bind(id)
        .bind(new.mode.as_str())
        .bind(new.app_id.as_str())
        .bind(new.original_id.clone())
        .bind(new.callback_key.as_str())
        .bind(new.profile.nick_name.as_str())
        .bind(new.profile.alias.as_str())
        .bind(new.profile.principal_name.as_str())
        .bind(new.profile.avatar_url.clone())
        .bind(new.profile.service_type)
        .bind(new.profile.verify_type)
        .bind(new.profile.verification_source.as_str())
        .bind(new.encryption.as_str())
        .bind(sets_text(&new.permission_sets))
        .bind(now)
        .bind(now);
    match work.tx().await?.execute(query).await {
        Ok(_) => Ok(id),
        Err(store::Error::Unique(_)) => Err(taken()),
        Err(error) => Err(error.into()),
    }
}

/// One account belongs to one tenant (R14). Whose it is stays unsaid.
pub fn taken() -> Error {
    Error::conflict(
        "account_taken",
        "this official account is bound already; it must be deleted there before it can be bound here",
    )
}

/// What the account says of itself now.
pub async fn set_profile(work: &mut Work, id: AccountId, profile: &Profile) -> Result<(), Error> {
    let query = sql("update accounts set nick_name = ?, alias = ?, principal_name = ?, avatar_url = ?, service_type = ?, verify_type = ?,
         verification_source = ?, version = version + 1 where tenant_id = ? and id = ?")
        .bind(profile.nick_name.as_str())
        .bind(profile.alias.as_str())
        .bind(profile.principal_name.as_str())
        .bind(profile.avatar_url.clone())
        .bind(profile.service_type)
        .bind(profile.verify_type)
        .bind(profile.verification_source.as_str())
        .bind(work.tenant())
        .bind(id);
    changed(work, query).await
}

/// The permission sets that are granted now.
pub async fn set_permission_sets(work: &mut Work, id: AccountId, sets: &[i64]) -> Result<(), Error> {
    let query = sql("update accounts set permission_sets = ?, version = version + 1 where tenant_id = ? and id = ?")
        .bind(sets_text(sets))
        .bind(work.tenant())
        .bind(id);
    changed(work, query).await
}

/// What a person may change of an account.
pub async fn set_settings(
    work: &mut Work,
    id: AccountId,
    nick_name: &str,
    encryption: Encryption,
    listen_only: bool,
    allowance: Allowance,
) -> Result<(), Error> {
    let query = sql("update accounts set nick_name = ?, encryption = ?, listen_only = ?, allowance = ?, version = version + 1 where tenant_id = ? and id = ?")
        .bind(nick_name)
        .bind(encryption.as_str())
        .bind(listen_only)
        .bind(allowance.as_str())
        .bind(work.tenant())
        .bind(id);
    changed(work, query).await
}

/// Writes the status that a method of [`Status`] gave, and when.
pub async fn set_status(work: &mut Work, id: AccountId, status: Status) -> Result<(), Error> {
    let now = work.now();
    let query = match status {
        Status::Bound => sql("update accounts set status = 'bound', bound_at = ?, unbound_at = null, problem = null, problem_errcode = null,
             version = version + 1 where tenant_id = ? and id = ?"),
        Status::Unbound => sql("update accounts set status = 'unbound', unbound_at = ?, version = version + 1 where tenant_id = ? and id = ?"),
        Status::Deleted => sql("update accounts set status = 'deleted', deleted_at = ?, version = version + 1 where tenant_id = ? and id = ?"),
    };
    changed(work, query.bind(now).bind(work.tenant()).bind(id)).await
}

/// Raises the version, so that the callback door reads the account anew.
pub async fn bump(work: &mut Work, id: AccountId) -> Result<(), Error> {
    changed(
        work,
        sql("update accounts set version = version + 1 where tenant_id = ? and id = ?").bind(work.tenant()).bind(id),
    )
    .await
}

/// The account's name in callbacks, when we did not know it.
pub async fn learn_original_id(work: &mut Work, id: AccountId, original_id: &str) -> Result<(), Error> {
    let query = sql("update accounts set original_id = ?, version = version + 1 where tenant_id = ? and id = ? and original_id is null")
        .bind(original_id)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// WeChat checked the callback address and got our answer.
pub async fn callback_verified(work: &mut Work, id: AccountId) -> Result<(), Error> {
    let query = sql("update accounts set callback_verified_at = ? where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    changed(work, query).await
}

pub(super) async fn set_last_callback(work: &mut Work, id: AccountId) -> Result<(), Error> {
    let query = sql("update accounts set last_callback_at = ? where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    changed(work, query).await
}

/// Notes what is wrong. True when that is news.
pub async fn set_problem(work: &mut Work, id: AccountId, problem: &str, errcode: Option<i64>) -> Result<bool, Error> {
    let same = if errcode.is_some() {
        " and (problem is null or problem <> ? or problem_errcode is null or problem_errcode <> ?)"
    } else {
        " and (problem is null or problem <> ?)"
    };
    let query = sql("update accounts set problem = ?, problem_errcode = ? where tenant_id = ? and id = ?")
        .bind(problem)
        .bind(errcode)
        .bind(work.tenant())
        .bind(id)
        .push(same)
        .bind(problem);
    let query = match errcode {
        Some(errcode) => query.bind(errcode),
        None => query,
    };
    Ok(work.execute(query).await? == 1)
}

/// Nothing of these is wrong any more. True when that is news.
pub async fn clear_problem(work: &mut Work, id: AccountId, problems: &[&str]) -> Result<bool, Error> {
    let query = sql(
        "update accounts set problem = null, problem_errcode = null where tenant_id = ? and id = ? and problem in ",
    )
    .bind(work.tenant())
    .bind(id)
    .list(problems.iter().copied());
    Ok(work.execute(query).await? == 1)
}

/// What the callback door must see at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorState {
    pub version: i64,
    pub bound: bool,
    pub listen_only: bool,
    pub original_id: Option<String>,
}

#[derive(FromRow)]
struct StateRow {
    version: i64,
    status: String,
    listen_only: bool,
    original_id: Option<String>,
}

/// The account as it is in this transaction; none when it was deleted.
pub async fn door_state(work: &mut Work, id: AccountId) -> Result<Option<DoorState>, Error> {
    let query = sql("select version, status, listen_only, original_id from accounts where tenant_id = ? and id = ? and status <> 'deleted'").bind(work.tenant()).bind(id);
    let row: Option<StateRow> = work.one(query).await?;
    Ok(row.map(|row| DoorState {
        version: row.version,
        bound: row.status == Status::Bound.as_str(),
        listen_only: row.listen_only,
        original_id: row.original_id,
    }))
}

/// When the token in use runs out; none when there is none.
pub async fn token_expires_at(work: &mut Work, id: AccountId) -> Result<Option<Millis>, Error> {
    let query = sql("select expires_at from account_tokens where tenant_id = ? and account_id = ? and expires_at > 0")
        .bind(work.tenant())
        .bind(id);
    work.scalar(query).await
}

/// Forgets the token of an account that goes.
pub async fn remove_token(work: &mut Work, id: AccountId) -> Result<(), Error> {
    work.execute(sql("delete from account_tokens where tenant_id = ? and account_id = ?").bind(work.tenant()).bind(id))
        .await?;
    Ok(())
}

/// What waits to be sent waits for a person now.
pub(super) async fn hold_sends(work: &mut Work, id: AccountId) -> Result<(), Error> {
    let query = sql("update sends set state = 'held' where tenant_id = ? and account_id = ? and state = 'queued'")
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// What was to be said again is not: by the time the account is bound again, WeChat may have forgotten it.
pub(super) async fn doubt_sends(work: &mut Work, id: AccountId) -> Result<(), Error> {
    let query = sql("update sends set state = 'unknown', settled_at = ? where tenant_id = ? and account_id = ? and state = 'retrying'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// Broadcasts wait for a person (P8). A call that was to be repeated is not: by the time the account is bound again, WeChat
/// may have forgotten it.
pub(super) async fn hold_broadcasts(work: &mut Work, id: AccountId) -> Result<(), Error> {
    let hold = sql("update broadcasts set state = 'held', reason = 'unauthorized', version = version + 1
         where tenant_id = ? and account_id = ? and state in ('scheduled', 'running', 'testing')")
    .bind(work.tenant())
    .bind(id);
    work.execute(hold).await?;
    let doubt = sql("update broadcast_parts set state = 'unknown', finished_at = ? where tenant_id = ? and account_id = ? and state = 'retrying'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(doubt).await?;
    Ok(())
}

async fn changed(work: &mut Work, query: Sql) -> Result<(), Error> {
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

fn sets_text(sets: &[i64]) -> String {
    serde_json::json!(sets).to_string()
}

/// Holds the account until the transaction ends: whoever else holds it waits, and then sees what was written. Taken before
/// looking at what two writers may each find missing, and before any row below the account is written.
pub async fn hold(work: &mut Work, id: AccountId) -> Result<(), Error> {
    let query = sql("select id from accounts where tenant_id = ? and id = ? {for_update}").bind(work.tenant()).bind(id);
    work.scalar::<i64>(query).await?;
    Ok(())
}

/// A row that makes no sense is an error with its address, never a default.
impl TryFrom<Row> for Account {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("accounts", row.id, why);
        Ok(Self {
            id: AccountId(row.id),
            mode: Mode::parse(&row.mode).ok_or_else(|| broken("unknown mode"))?,
            verification_source: VerificationSource::parse(&row.verification_source)
                .ok_or_else(|| broken("unknown verification source"))?,
            status: Status::parse(&row.status).ok_or_else(|| broken("unknown status"))?,
            allowance: Allowance::parse(&row.allowance).ok_or_else(|| broken("unknown allowance"))?,
            encryption: Encryption::parse(&row.encryption).ok_or_else(|| broken("unknown encryption"))?,
            permission_sets: serde_json::from_str(&row.permission_sets)
                .map_err(|_| broken("permission_sets is no list of numbers"))?,
            app_id: row.app_id,
            original_id: row.original_id,
            callback_key: row.callback_key,
            nick_name: row.nick_name,
            alias: row.alias,
            principal_name: row.principal_name,
            avatar_url: row.avatar_url,
            service_type: row.service_type,
            verify_type: row.verify_type,
            listen_only: row.listen_only,
            version: row.version,
            callback_verified_at: row.callback_verified_at,
            last_callback_at: row.last_callback_at,
            problem: row.problem,
            problem_errcode: row.problem_errcode,
            bound_at: row.bound_at,
            unbound_at: row.unbound_at,
            created_at: row.created_at,
        })
    }
}
