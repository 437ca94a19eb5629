//! Drafts and versions. Every statement stays inside the caller's tenant.

use ::store::FromRow;
use chrono_tz::Tz;
use kit::{AccountId, Ctx, Error, MenuVersionId, Page, PageQuery, Sql, TenantId, Work, sql};
use serde::{Serialize, de::DeserializeOwned};
use wechat::api::menu as theirs;

use super::model::{Button, Draft, Version, VersionSource, VersionState};

#[derive(FromRow)]
struct DraftRow {
    buttons: String,
    revision: i64,
    updated_at: i64,
    updated_by: Option<String>,
}

/// What is being written; nothing yet is an empty draft of revision 0.
pub async fn draft(work: &mut Work, account: AccountId) -> Result<Draft, Error> {
    let query =
        sql("select buttons, revision, updated_at, updated_by from menu_drafts where tenant_id = ? and account_id = ?")
            .bind(work.tenant())
            .bind(account);
    Ok(match work.one::<DraftRow>(query).await? {
        None => Draft { buttons: Vec::new(), revision: 0, updated_at: None, updated_by: None },
        Some(row) => Draft {
            buttons: read("menu_drafts", account.0, &row.buttons)?,
            revision: row.revision,
            updated_at: Some(row.updated_at),
            updated_by: row.updated_by,
        },
    })
}

/// Writes the draft, if it still is as `revision` says.
pub async fn set_draft(work: &mut Work, account: AccountId, buttons: &[Button], revision: i64) -> Result<bool, Error> {
    let by = who(work);
    let query = sql("insert into menu_drafts (tenant_id, account_id, buttons, revision, updated_at, updated_by) values (?, ?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id) do update set buttons = excluded.buttons, revision = excluded.revision,
         updated_at = excluded.updated_at, updated_by = excluded.updated_by where menu_drafts.revision = ?")
        .bind(work.tenant())
        .bind(account)
        .bind(write(buttons)?)
        .bind(revision + 1)
        .bind(work.now())
        .bind(by)
        .bind(revision);
    Ok(work.execute(query).await? == 1)
}

/// The name of the person or key behind this work; none for the clock.
pub fn who(work: &Work) -> Option<String> {
    work.caller().map(|caller| caller.name().to_owned())
}

#[derive(FromRow)]
struct VersionRow {
    id: i64,
    account_id: i64,
    number: i64,
    buttons: String,
    sent: String,
    source: String,
    state: String,
    problem: Option<String>,
    errcode: Option<i64>,
    made_at: i64,
    made_by: Option<String>,
    called_at: Option<i64>,
    published_at: Option<i64>,
    ended_at: Option<i64>,
}

fn versions() -> Sql {
    sql("select id, account_id, number, buttons, sent, source, state, problem, errcode, made_at, made_by, called_at, published_at, ended_at
         from menu_versions where tenant_id = ?")
}

/// The newest version of the account in this state.
pub async fn in_state(work: &mut Work, account: AccountId, state: VersionState) -> Result<Option<Version>, Error> {
    let query = versions()
        .bind(work.tenant())
        .push(" and account_id = ? and state = ? order by number desc limit 1")
        .bind(account)
        .bind(state.as_str());
    work.one::<VersionRow>(query).await?.map(Version::try_from).transpose()
}

pub async fn version(work: &mut Work, account: AccountId, id: MenuVersionId) -> Result<Version, Error> {
    let query = versions().bind(work.tenant()).push(" and account_id = ? and id = ?").bind(account).bind(id);
    work.one::<VersionRow>(query).await?.map(Version::try_from).transpose()?.ok_or(Error::NotFound)
}

/// The account's versions, newest first.
pub async fn list(work: &mut Work, account: AccountId, page: &PageQuery) -> Result<Page<Version>, Error> {
    let limit = page.limit()?;
    let before = page.after::<i64>()?.unwrap_or(i64::MAX);
    let query = versions()
        .bind(work.tenant())
        .push(" and account_id = ? and number < ? order by number desc limit ?")
        .bind(account)
        .bind(before)
        .bind(limit as i64 + 1);
    let found = work.all::<VersionRow>(query).await?.into_iter().map(Version::try_from).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |version: &Version| version.number))
}

/// Versions that fans may still have on their phones, newest first.
pub async fn shown(work: &mut Work, account: AccountId, most: u64) -> Result<Vec<Version>, Error> {
    let query = versions()
        .bind(work.tenant())
        .push(" and account_id = ? and state in ('live', 'replaced') order by number desc limit ?")
        .bind(account)
        .bind(most as i64);
    work.all::<VersionRow>(query).await?.into_iter().map(Version::try_from).collect()
}

/// A version that was not yet.
pub struct NewVersion<'a> {
    pub buttons: &'a [Button],
    pub sent: &'a [theirs::Button],
    pub source: VersionSource,
    pub state: VersionState,
}

pub async fn add(work: &mut Work, account: AccountId, new: &NewVersion<'_>) -> Result<MenuVersionId, Error> {
    let query = sql("select max(number) from menu_versions where tenant_id = ? and account_id = ?")
        .bind(work.tenant())
        .bind(account);
    let number = work.scalar::<Option<i64>>(query).await?.flatten().unwrap_or(0) + 1;
    let (id, by) = (MenuVersionId(work.new_id()), who(work));
    insert(work, account, id, number, by, new).await?;
    Ok(id)
}

async fn insert(
    work: &mut Work,
    account: AccountId,
    id: MenuVersionId,
    number: i64,
    by: Option<String>,
    new: &NewVersion<'_>,
) -> Result<(), Error> {
    let query = sql("insert into menu_versions (tenant_id, id, account_id, number, buttons, sent, source, state, made_at, made_by, published_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(account)
        .bind(number)
        .bind(write(new.buttons)?)
        .bind(write(new.sent)?)
        .bind(new.source.as_str())
        .bind(new.state.as_str())
        .bind(work.now())
        .bind(by)
        .bind((new.state == VersionState::Live).then_some(work.now()));
    work.execute(query).await?;
    Ok(())
}

/// The call is about to leave: from now on WeChat may have it.
pub async fn set_called(work: &mut Work, id: MenuVersionId) -> Result<(), Error> {
    let query = sql("update menu_versions set called_at = ? where tenant_id = ? and id = ? and state = 'publishing'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// Holds a version that is still being published until the commit. False when it was settled before.
pub async fn hold(work: &mut Work, id: MenuVersionId) -> Result<bool, Error> {
    let query =
        sql("update menu_versions set called_at = called_at where tenant_id = ? and id = ? and state = 'publishing'")
            .bind(work.tenant())
            .bind(id);
    Ok(work.execute(query).await? == 1)
}

/// What was live is not any more.
pub async fn replace_live(work: &mut Work, account: AccountId) -> Result<(), Error> {
    let query = sql("update menu_versions set state = 'replaced', ended_at = ? where tenant_id = ? and account_id = ? and state = 'live'")
        .bind(work.now())
        .bind(work.tenant())
        .bind(account);
    work.execute(query).await?;
    Ok(())
}

/// A version that was being published is what fans see.
pub async fn set_live(work: &mut Work, id: MenuVersionId, problem: Option<&str>) -> Result<(), Error> {
    let query = sql("update menu_versions set state = 'live', published_at = ?, problem = ? where tenant_id = ? and id = ? and state = 'publishing'")
        .bind(work.now())
        .bind(problem)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// A version could not be published.
pub async fn set_failed(work: &mut Work, id: MenuVersionId, problem: &str, errcode: Option<i64>) -> Result<(), Error> {
    let query = sql("update menu_versions set state = 'failed', problem = ?, errcode = ?, ended_at = ? where tenant_id = ? and id = ? and state = 'publishing'")
        .bind(problem)
        .bind(errcode)
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// The zone of the tenant, in which days are meant.
pub async fn time_zone(work: &mut Work) -> Result<Tz, Error> {
    let tenant = work.tenant();
    let query = sql("select time_zone from tenants where id = ?").bind(tenant);
    let name: String = work.scalar(query).await?.ok_or(Error::NotFound)?;
    name.parse().map_err(|_| Error::broken("tenants", tenant.0, "unknown time zone"))
}

/// Tenants for whom the clock has something to publish or to take back.
pub async fn tenants_with_schedules(ctx: &Ctx) -> Result<Vec<TenantId>, Error> {
    let query =
        sql("select distinct tenant_id from menu_schedules where tenant_id is not null and state in ('waiting', 'on')");
    let tenants: Vec<i64> = ctx.store().read().await?.scalars(query).await?;
    Ok(tenants.into_iter().map(TenantId).collect())
}

pub(super) fn write<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

pub(super) fn read<T: DeserializeOwned>(table: &'static str, id: i64, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::broken(table, id, error))
}

impl TryFrom<VersionRow> for Version {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("menu_versions", row.id, why);
        Ok(Self {
            id: MenuVersionId(row.id),
            number: row.number,
            buttons: read("menu_versions", row.id, &row.buttons)?,
            source: VersionSource::parse(&row.source).ok_or_else(|| broken("unknown source"))?,
            state: VersionState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            problem: row.problem,
            errcode: row.errcode,
            made_at: row.made_at,
            made_by: row.made_by,
            published_at: row.published_at,
            ended_at: row.ended_at,
            account: AccountId(row.account_id),
            sent: read("menu_versions", row.id, &row.sent)?,
            called_at: row.called_at,
        })
    }
}
