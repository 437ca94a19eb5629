//! The statements about tenants, people, sessions and keys.

use ::store::FromRow;
use kit::{ApiKeyId, Capability, Ctx, Error, Millis, PersonId, Role, TenantId, Work, sql};

use super::model::{ApiKey, Language, Person, Tenant, TimeZone, read_scopes, write_scopes};

#[derive(FromRow)]
struct TenantRow {
    id: i64,
    name: String,
    time_zone: String,
    approval_above: Option<i64>,
}

impl TryFrom<TenantRow> for Tenant {
    type Error = Error;
    fn try_from(row: TenantRow) -> Result<Self, Error> {
        let time_zone = TimeZone::try_from(row.time_zone).map_err(|why| Error::broken("tenants", row.id, why))?;
        Ok(Self { id: TenantId(row.id), name: row.name, time_zone, approval_above: row.approval_above })
    }
}

/// The tenant of this work.
pub async fn tenant(work: &mut Work) -> Result<Tenant, Error> {
    let row: Option<TenantRow> = work
        .one(sql("select id, name, time_zone, approval_above from tenants where id = ?").bind(work.tenant()))
        .await?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// Writes the tenant of this work.
pub async fn create_tenant(work: &mut Work, name: &str, time_zone: TimeZone) -> Result<(), Error> {
    let (tenant, now) = (work.tenant(), work.now());
    work.execute(
        sql("insert into tenants (id, name, time_zone, created_at) values (?, ?, ?, ?)")
            .bind(tenant)
            .bind(name)
            .bind(time_zone.name())
            .bind(now),
    )
    .await?;
    Ok(())
}

pub async fn set_tenant(work: &mut Work, name: &str, time_zone: TimeZone) -> Result<(), Error> {
    work.execute(
        sql("update tenants set name = ?, time_zone = ? where id = ?")
            .bind(name)
            .bind(time_zone.name())
            .bind(work.tenant()),
    )
    .await?;
    Ok(())
}

/// Broadcasts to more fans than this need a second person.
pub async fn set_approval_above(work: &mut Work, fans: Option<i64>) -> Result<(), Error> {
    work.execute(sql("update tenants set approval_above = ? where id = ?").bind(fans).bind(work.tenant())).await?;
    Ok(())
}

/// Who made a key.
pub async fn maker_of_key(work: &mut Work, key: ApiKeyId) -> Result<Option<PersonId>, Error> {
    let query = sql("select created_by from api_keys where tenant_id = ? and id = ? and created_by is not null")
        .bind(work.tenant())
        .bind(key);
    Ok(work.scalar::<i64>(query).await?.map(PersonId))
}

/// Takes the tenant's row, so that what follows in this work happens one at a time in the tenant.
pub async fn lock_tenant(work: &mut Work) -> Result<(), Error> {
    work.execute(sql("update tenants set name = name where id = ?").bind(work.tenant())).await?;
    Ok(())
}

/// Every tenant of the installation, oldest first. For the program's own schedules and tools, never for a request.
pub async fn tenants(ctx: &Ctx) -> Result<Vec<TenantId>, Error> {
    let ids: Vec<i64> =
        ctx.store().read().await?.scalars(sql("select id from tenants order by created_at, id")).await?;
    Ok(ids.into_iter().map(TenantId).collect())
}

/// Whether this work is the one that sets the installation up: true once, in the transaction that commits first.
pub async fn claim_setup(work: &mut Work) -> Result<bool, Error> {
    let now = work.now();
    let first = work
        .execute(
            sql("insert into leases (name, holder, expires_at) values ('setup', 'setup', ?) on conflict do nothing")
                .bind(now),
        )
        .await?;
    let tenants: i64 = work.scalar(sql("select count(*) from tenants")).await?.unwrap_or(0);
    Ok(first == 1 && tenants == 0)
}

#[derive(FromRow)]
struct PersonRow {
    id: i64,
    email: String,
    name: String,
    role: String,
    language: String,
    time_zone: String,
    version: i64,
    disabled_at: Option<Millis>,
    last_seen_at: Option<Millis>,
    created_at: Millis,
}

impl TryFrom<PersonRow> for Person {
    type Error = Error;
    fn try_from(row: PersonRow) -> Result<Self, Error> {
        let broken = |what: &str| Error::broken("people", row.id, format!("its {what} makes no sense"));
        Ok(Self {
            id: PersonId(row.id),
            role: Role::parse(&row.role).ok_or_else(|| broken("role"))?,
            language: Language::parse(&row.language).ok_or_else(|| broken("language"))?,
            time_zone: TimeZone::try_from(row.time_zone.clone()).map_err(|_| broken("time zone"))?,
            email: row.email,
            name: row.name,
            version: row.version,
            disabled_at: row.disabled_at,
            last_seen_at: row.last_seen_at,
            created_at: row.created_at,
        })
    }
}

/// What signing in needs to know.
#[derive(FromRow)]
pub struct SignIn {
    pub tenant_id: i64,
    pub id: i64,
    pub password_hash: String,
    pub version: i64,
    pub disabled_at: Option<Millis>,
}

/// The person of this e-mail, in whichever tenant.
pub async fn sign_in(ctx: &Ctx, email: &str) -> Result<Option<SignIn>, Error> {
    let tx = ctx.store().read().await?;
    Ok(tx
        .one(sql("select tenant_id, id, password_hash, version, disabled_at from people where email = ?").bind(email))
        .await?)
}

/// A person of this tenant.
pub async fn person(work: &mut Work, id: PersonId) -> Result<Person, Error> {
    let row: Option<PersonRow> = work
        .one(
            sql("select id, email, name, role, language, time_zone, version, disabled_at, last_seen_at, created_at
                 from people where tenant_id = ? and id = ?")
            .bind(work.tenant())
            .bind(id),
        )
        .await?;
    row.ok_or(Error::NotFound)?.try_into()
}

/// Everybody of the tenant, oldest first.
pub async fn people(work: &mut Work) -> Result<Vec<Person>, Error> {
    let rows: Vec<PersonRow> = work
        .all(
            sql("select id, email, name, role, language, time_zone, version, disabled_at, last_seen_at, created_at
                 from people where tenant_id = ? order by created_at, id")
            .bind(work.tenant()),
        )
        .await?;
    rows.into_iter().map(Person::try_from).collect()
}

/// The hash to check a person's own password against.
pub async fn password_hash(work: &mut Work, id: PersonId) -> Result<String, Error> {
    let hash = work
        .scalar(sql("select password_hash from people where tenant_id = ? and id = ?").bind(work.tenant()).bind(id))
        .await?;
    hash.ok_or(Error::NotFound)
}

/// A person before they have an id.
pub struct NewPerson<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub language: Language,
    pub time_zone: TimeZone,
    pub password_hash: &'a str,
}

/// Adds a person; `None` when the e-mail is taken, in this tenant or another.
pub async fn create_person(work: &mut Work, person: NewPerson<'_>) -> Result<Option<PersonId>, Error> {
    let (tenant, id, now) = (work.tenant(), work.new_id(), work.now());
    let added = work
        .execute(
            sql("insert into people (tenant_id, id, email, name, role, password_hash, language, time_zone, version, created_at)
                 values (?, ?, ?, ?, ?, ?, ?, ?, 1, ?) on conflict do nothing")
            .bind(tenant)
            .bind(id)
            .bind(person.email)
            .bind(person.name)
            .bind(person.role.as_str())
            .bind(person.password_hash)
            .bind(person.language.as_str())
            .bind(person.time_zone.name())
            .bind(now),
        )
        .await?;
    Ok((added == 1).then_some(PersonId(id)))
}

pub async fn set_profile(
    work: &mut Work,
    id: PersonId,
    name: &str,
    language: Language,
    time_zone: TimeZone,
) -> Result<(), Error> {
    work.execute(
        sql("update people set name = ?, language = ?, time_zone = ? where tenant_id = ? and id = ?")
            .bind(name)
            .bind(language.as_str())
            .bind(time_zone.name())
            .bind(work.tenant())
            .bind(id),
    )
    .await?;
    Ok(())
}

/// Changes what a person may do, and with it ends every session they have (P29).
pub async fn set_rights(work: &mut Work, id: PersonId, role: Role, disabled_at: Option<Millis>) -> Result<(), Error> {
    work.execute(
        sql("update people set role = ?, disabled_at = ?, version = version + 1 where tenant_id = ? and id = ?")
            .bind(role.as_str())
            .bind(disabled_at)
            .bind(work.tenant())
            .bind(id),
    )
    .await?;
    Ok(())
}

/// Changes the password, and with it ends every session of the person (P29). The new version.
pub async fn set_password(work: &mut Work, id: PersonId, hash: &str) -> Result<i64, Error> {
    let version = work
        .scalar(
            sql("update people set password_hash = ?, version = version + 1 where tenant_id = ? and id = ? returning version")
                .bind(hash)
                .bind(work.tenant())
                .bind(id),
        )
        .await?;
    version.ok_or(Error::NotFound)
}

pub async fn delete_person(work: &mut Work, id: PersonId) -> Result<(), Error> {
    work.execute(sql("delete from people where tenant_id = ? and id = ?").bind(work.tenant()).bind(id)).await?;
    Ok(())
}

/// Owners who can still sign in, without this person.
pub async fn other_owners(work: &mut Work, id: PersonId) -> Result<i64, Error> {
    let count = work
        .scalar(
            sql("select count(*) from people where tenant_id = ? and role = 'owner' and disabled_at is null and id <> ?")
                .bind(work.tenant())
                .bind(id),
        )
        .await?;
    Ok(count.unwrap_or(0))
}

/// A session that was found, with its person as they are now.
#[derive(FromRow)]
pub struct SessionRow {
    pub tenant_id: i64,
    pub person_id: i64,
    pub person_version: i64,
    pub csrf_token: String,
    pub used_at: Millis,
    pub expires_at: Millis,
    pub name: String,
    pub role: String,
    pub version: i64,
    pub disabled_at: Option<Millis>,
}

/// The session of this hashed token, in whichever tenant.
pub async fn session(ctx: &Ctx, token_hash: &[u8]) -> Result<Option<SessionRow>, Error> {
    let tx = ctx.store().read().await?;
    Ok(tx
        .one(
            sql("select s.tenant_id, s.person_id, s.person_version, s.csrf_token, s.used_at, s.expires_at, p.name, p.role, p.version, p.disabled_at
                 from sessions s join people p on p.tenant_id = s.tenant_id and p.id = s.person_id
                 where s.token_hash = ?")
            .bind(token_hash.to_vec()),
        )
        .await?)
}

/// What the session's pages send with every change.
pub async fn csrf_token(work: &mut Work, token_hash: &[u8]) -> Result<String, Error> {
    let token = work
        .scalar(
            sql("select csrf_token from sessions where token_hash = ? and tenant_id = ?")
                .bind(token_hash.to_vec())
                .bind(work.tenant()),
        )
        .await?;
    token.ok_or(Error::Unauthenticated)
}

/// A session before it is written.
pub struct NewSession<'a> {
    pub token_hash: &'a [u8],
    pub person: PersonId,
    pub person_version: i64,
    pub csrf_token: &'a str,
    pub expires_at: Millis,
}

pub async fn create_session(work: &mut Work, session: NewSession<'_>) -> Result<(), Error> {
    let (tenant, now) = (work.tenant(), work.now());
    work.execute(
        sql("insert into sessions (token_hash, tenant_id, person_id, person_version, csrf_token, created_at, used_at, expires_at)
             values (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(session.token_hash.to_vec())
        .bind(tenant)
        .bind(session.person)
        .bind(session.person_version)
        .bind(session.csrf_token)
        .bind(now)
        .bind(now)
        .bind(session.expires_at),
    )
    .await?;
    Ok(())
}

/// Lets one session outlive a change of its person's own making.
pub async fn renew_session(work: &mut Work, token_hash: &[u8], person_version: i64) -> Result<(), Error> {
    work.execute(
        sql("update sessions set person_version = ? where token_hash = ? and tenant_id = ?")
            .bind(person_version)
            .bind(token_hash.to_vec())
            .bind(work.tenant()),
    )
    .await?;
    Ok(())
}

/// Notes that a session, and so its person, is about.
pub async fn session_used(work: &mut Work, token_hash: &[u8]) -> Result<(), Error> {
    let now = work.now();
    work.execute(
        sql("update sessions set used_at = ? where token_hash = ? and tenant_id = ?")
            .bind(now)
            .bind(token_hash.to_vec())
            .bind(work.tenant()),
    )
    .await?;
    Ok(())
}

pub async fn person_seen(work: &mut Work, id: PersonId) -> Result<(), Error> {
    let now = work.now();
    work.execute(
        sql("update people set last_seen_at = ? where tenant_id = ? and id = ?").bind(now).bind(work.tenant()).bind(id),
    )
    .await?;
    Ok(())
}

pub async fn delete_session(work: &mut Work, token_hash: &[u8]) -> Result<(), Error> {
    work.execute(
        sql("delete from sessions where token_hash = ? and tenant_id = ?")
            .bind(token_hash.to_vec())
            .bind(work.tenant()),
    )
    .await?;
    Ok(())
}

/// Ends every session of a person.
pub async fn delete_sessions_of(work: &mut Work, id: PersonId) -> Result<(), Error> {
    work.execute(sql("delete from sessions where tenant_id = ? and person_id = ?").bind(work.tenant()).bind(id))
        .await?;
    Ok(())
}

/// Sweeps sessions that ended by time, of all tenants; how many.
pub async fn delete_expired_sessions(work: &mut Work, idle_since: Millis) -> Result<u64, Error> {
    let now = work.now();
    work.execute(
        sql("delete from sessions where tenant_id is not null and (expires_at < ? or used_at < ?)")
            .bind(now)
            .bind(idle_since),
    )
    .await
}

/// A key that was found.
#[derive(FromRow)]
struct KeyRow {
    tenant_id: i64,
    id: i64,
    name: String,
    prefix: String,
    scopes: String,
    created_at: Millis,
    last_used_at: Option<Millis>,
}

impl TryFrom<KeyRow> for ApiKey {
    type Error = Error;
    fn try_from(row: KeyRow) -> Result<Self, Error> {
        Ok(Self {
            scopes: read_scopes(row.id, &row.scopes)?,
            id: ApiKeyId(row.id),
            name: row.name,
            prefix: row.prefix,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
    }
}

/// The key of this hash, in whichever tenant.
pub async fn key(ctx: &Ctx, key_hash: &[u8]) -> Result<Option<(TenantId, ApiKey)>, Error> {
    let tx = ctx.store().read().await?;
    let row: Option<KeyRow> = tx
        .one(
            sql(
                "select tenant_id, id, name, prefix, scopes, created_at, last_used_at from api_keys where key_hash = ?",
            )
            .bind(key_hash.to_vec()),
        )
        .await?;
    row.map(|row| Ok((TenantId(row.tenant_id), row.try_into()?))).transpose()
}

/// The tenant's keys, oldest first.
pub async fn keys(work: &mut Work) -> Result<Vec<ApiKey>, Error> {
    let rows: Vec<KeyRow> = work
        .all(
            sql("select tenant_id, id, name, prefix, scopes, created_at, last_used_at from api_keys where tenant_id = ? order by created_at, id")
                .bind(work.tenant()),
        )
        .await?;
    rows.into_iter().map(ApiKey::try_from).collect()
}

/// A key before it has an id.
pub struct NewKey<'a> {
    pub name: &'a str,
    pub prefix: &'a str,
    pub key_hash: &'a [u8],
    pub scopes: &'a [Capability],
    pub created_by: Option<PersonId>,
}

pub async fn create_key(work: &mut Work, key: NewKey<'_>) -> Result<ApiKeyId, Error> {
    let (tenant, id, now) = (work.tenant(), work.new_id(), work.now());
    work.execute(
        sql("insert into api_keys (tenant_id, id, name, prefix, key_hash, scopes, created_by, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(tenant)
            .bind(id)
            .bind(key.name)
            .bind(key.prefix)
            .bind(key.key_hash.to_vec())
            .bind(write_scopes(key.scopes))
            .bind(key.created_by.map(|person| person.0))
            .bind(now),
    )
    .await?;
    Ok(ApiKeyId(id))
}

pub async fn key_used(work: &mut Work, id: ApiKeyId) -> Result<(), Error> {
    let now = work.now();
    work.execute(
        sql("update api_keys set last_used_at = ? where tenant_id = ? and id = ?")
            .bind(now)
            .bind(work.tenant())
            .bind(id),
    )
    .await?;
    Ok(())
}

/// Ends a key at once; whether there was one.
pub async fn delete_key(work: &mut Work, id: ApiKeyId) -> Result<bool, Error> {
    Ok(work.execute(sql("delete from api_keys where tenant_id = ? and id = ?").bind(work.tenant()).bind(id)).await?
        == 1)
}
