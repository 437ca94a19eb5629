//! The rows of publications by the clock. Every statement stays inside the caller's tenant.

use ::store::FromRow;
use kit::{AccountId, Error, MenuScheduleId, MenuVersionId, Millis, Sql, Work, sql};

use super::{
    model::{Button, Schedule, ScheduleState},
    store::{read, who, write},
};

#[derive(FromRow)]
struct Row {
    id: i64,
    account_id: i64,
    buttons: String,
    starts_at: i64,
    ends_at: Option<i64>,
    daily: bool,
    back_version_id: Option<i64>,
    state: String,
    problem: Option<String>,
    made_at: i64,
    made_by: Option<String>,
}

fn select() -> Sql {
    sql("select id, account_id, buttons, starts_at, ends_at, daily, back_version_id, state, problem, made_at, made_by
         from menu_schedules where tenant_id = ?")
}

/// Those that wait or are on, and those that failed not long ago; the next first.
pub async fn list(work: &mut Work, account: AccountId) -> Result<Vec<Schedule>, Error> {
    let query = select()
        .bind(work.tenant())
        .push(" and account_id = ? and (state in ('waiting', 'on') or (state = 'failed' and starts_at > ?)) order by starts_at, id")
        .bind(account)
        .bind(work.now() - 7 * 86_400_000);
    work.all::<Row>(query).await?.into_iter().map(Schedule::try_from).collect()
}

/// Those whose time has come, of every account, the earliest first.
pub async fn due(work: &mut Work) -> Result<Vec<Schedule>, Error> {
    let query = select()
        .bind(work.tenant())
        .push(" and ((state = 'waiting' and starts_at <= ?) or (state = 'on' and ends_at <= ?)) order by starts_at, id")
        .bind(work.now())
        .bind(work.now());
    work.all::<Row>(query).await?.into_iter().map(Schedule::try_from).collect()
}

pub async fn find(work: &mut Work, account: AccountId, id: MenuScheduleId) -> Result<Schedule, Error> {
    let query = select().bind(work.tenant()).push(" and account_id = ? and id = ?").bind(account).bind(id);
    work.one::<Row>(query).await?.map(Schedule::try_from).transpose()?.ok_or(Error::NotFound)
}

pub async fn add(
    work: &mut Work,
    account: AccountId,
    buttons: &[Button],
    (starts_at, ends_at, daily): (Millis, Option<Millis>, bool),
) -> Result<MenuScheduleId, Error> {
    let (id, by) = (MenuScheduleId(work.new_id()), who(work));
    let query = sql("insert into menu_schedules (tenant_id, id, account_id, buttons, starts_at, ends_at, daily, state, made_at, made_by)
         values (?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)")
        .bind(work.tenant())
        .bind(id)
        .bind(account)
        .bind(write(buttons)?)
        .bind(starts_at)
        .bind(ends_at)
        .bind(daily)
        .bind(work.now())
        .bind(by);
    work.execute(query).await?;
    Ok(id)
}

/// It is published; this is what was live before.
pub async fn set_on(
    work: &mut Work,
    id: MenuScheduleId,
    state: ScheduleState,
    back: Option<MenuVersionId>,
) -> Result<(), Error> {
    let query =
        sql("update menu_schedules set state = ?, back_version_id = ?, problem = null where tenant_id = ? and id = ?")
            .bind(state.as_str())
            .bind(back.map(|back| back.0))
            .bind(work.tenant())
            .bind(id);
    work.execute(query).await?;
    Ok(())
}

pub async fn set_state(
    work: &mut Work,
    id: MenuScheduleId,
    state: ScheduleState,
    problem: Option<&str>,
) -> Result<(), Error> {
    let query = sql("update menu_schedules set state = ?, problem = ? where tenant_id = ? and id = ?")
        .bind(state.as_str())
        .bind(problem)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// A daily one waits for its next day.
pub async fn set_next(
    work: &mut Work,
    id: MenuScheduleId,
    (starts_at, ends_at): (Millis, Option<Millis>),
    problem: Option<&str>,
) -> Result<(), Error> {
    let query = sql("update menu_schedules set state = 'waiting', starts_at = ?, ends_at = ?, problem = ? where tenant_id = ? and id = ?")
        .bind(starts_at)
        .bind(ends_at)
        .bind(problem)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

impl TryFrom<Row> for Schedule {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: MenuScheduleId(row.id),
            buttons: read("menu_schedules", row.id, &row.buttons)?,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            daily: row.daily,
            state: ScheduleState::parse(&row.state)
                .ok_or_else(|| Error::broken("menu_schedules", row.id, "unknown state"))?,
            problem: row.problem,
            made_at: row.made_at,
            made_by: row.made_by,
            account: AccountId(row.account_id),
            back: row.back_version_id.map(MenuVersionId),
        })
    }
}
