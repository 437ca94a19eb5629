use chrono::{Days, TimeZone};
use chrono_tz::Tz;
use entities::accounts;
use jobs::{Job, Outcome};
use kit::{AccountId, Ctx, Error, Millis, TenantId, Work, clock};
use serde::Deserialize;

use super::{
    conditionals,
    model::{Schedule, ScheduleState, VersionSource, VersionState},
    publish, schedules, store,
    sync::{Later, Sync},
};

#[derive(Deserialize)]
struct About {
    account: AccountId,
}

/// The job `menu_sync` `{account}`: brings WeChat's menus to what they should be.
pub async fn run_sync(ctx: Ctx, job: Job) -> Outcome {
    let Ok(about) = serde_json::from_value::<About>(job.payload.clone()) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let sync = Sync::new(&ctx, TenantId(job.tenant), about.account, job.attempts);
    match sync.run().await {
        Ok(None) | Err(Error::NotFound) => Outcome::Done,
        Ok(Some(Later(at, why))) => Outcome::Again { at, problem: Some(why) },
        Err(error) => Outcome::Again { at: ctx.now() + 5_000, problem: Some(error.to_string()) },
    }
}

/// Publishes what is due by the clock, and takes back what is over. On a timer.
pub async fn keep_schedules(ctx: Ctx) -> Result<(), Error> {
    if clock::is_wrong(&ctx) {
        return Ok(());
    }
    for tenant in store::tenants_with_schedules(&ctx).await? {
        let due = schedules::due(&mut Work::reading(&ctx, tenant)).await?;
        for schedule in due {
            let mut work = Work::begin(&ctx, tenant);
            turn(&mut work, schedule).await?;
            work.commit().await?;
        }
    }
    Ok(())
}

async fn turn(work: &mut Work, seen: Schedule) -> Result<(), Error> {
    let schedule = schedules::find(work, seen.account, seen.id).await?;
    if schedule.state != seen.state {
        return Ok(());
    }
    // Looked at again in a moment: one change at a time.
    if store::in_state(work, schedule.account, VersionState::Publishing).await?.is_some()
        || conditionals::open(work, schedule.account).await?.is_some()
    {
        return Ok(());
    }
    let is_over = schedule.ends_at.is_some_and(|end| end <= work.now());
    match schedule.state {
        ScheduleState::Waiting if is_over => ended(work, &schedule, Some("missed")).await?,
        ScheduleState::Waiting => begin(work, &schedule).await?,
        ScheduleState::On => put_back(work, &schedule).await?,
        _ => return Ok(()),
    }
    publish::tell(work, schedule.account);
    Ok(())
}

async fn begin(work: &mut Work, schedule: &Schedule) -> Result<(), Error> {
    let account = accounts::find(work, schedule.account).await?;
    let live = store::in_state(work, account.id, VersionState::Live).await?;
    match publish::begin(work, &account, &schedule.buttons, VersionSource::Schedule).await {
        Ok(_) if schedule.ends_at.is_some() => {
            schedules::set_on(work, schedule.id, ScheduleState::On, live.map(|live| live.id)).await
        }
        Ok(_) => schedules::set_on(work, schedule.id, ScheduleState::Done, None).await,
        Err(error) => stopped(work, schedule, error).await,
    }
}

/// What was live before, unless somebody has published another menu meanwhile.
async fn put_back(work: &mut Work, schedule: &Schedule) -> Result<(), Error> {
    let live = store::in_state(work, schedule.account, VersionState::Live).await?;
    let is_ours =
        live.as_ref().is_some_and(|live| live.source == VersionSource::Schedule && live.buttons == schedule.buttons);
    if !is_ours {
        return ended(work, schedule, Some("overtaken")).await;
    }
    let account = accounts::find(work, schedule.account).await?;
    let begun = match schedule.back {
        Some(id) => {
            let back = store::version(work, schedule.account, id).await?;
            let source = if back.buttons.is_empty() { VersionSource::Deletion } else { VersionSource::Schedule };
            publish::begin(work, &account, &back.buttons, source).await
        }
        None => publish::begin(work, &account, &[], VersionSource::Deletion).await,
    };
    match begun {
        Ok(_) => ended(work, schedule, None).await,
        Err(error) => stopped(work, schedule, error).await,
    }
}

/// It is over, or waits for its next day.
async fn ended(work: &mut Work, schedule: &Schedule, problem: Option<&str>) -> Result<(), Error> {
    if !schedule.daily {
        let state = if problem == Some("missed") { ScheduleState::Failed } else { ScheduleState::Done };
        return schedules::set_state(work, schedule.id, state, problem).await;
    }
    let zone = store::time_zone(work).await?;
    let now = work.now();
    let next = next(zone, (schedule.starts_at, schedule.ends_at), now);
    schedules::set_next(work, schedule.id, next, problem).await
}

async fn stopped(work: &mut Work, schedule: &Schedule, error: Error) -> Result<(), Error> {
    let problem = match error {
        Error::Conflict { .. } => "not_allowed",
        Error::Invalid(_) | Error::NotFound => "invalid",
        other => return Err(other),
    };
    schedules::set_state(work, schedule.id, ScheduleState::Failed, Some(problem)).await
}

/// The same times by the clock on the wall, on the first day on which they begin after now.
pub(super) fn next(zone: Tz, (starts, ends): (Millis, Option<Millis>), now: Millis) -> (Millis, Option<Millis>) {
    let days_later = |at: Millis, days: u64| {
        let local = zone.timestamp_millis_opt(at).single()?.naive_local();
        let later = local.checked_add_days(Days::new(days))?;
        // An hour that a change of clocks leaves out is the one after.
        let found = zone.from_local_datetime(&later).earliest();
        Some(found.map_or(at + days as i64 * 86_400_000, |at| at.timestamp_millis()))
    };
    (1..=3660)
        .filter_map(|days| Some((days_later(starts, days)?, ends.and_then(|end| days_later(end, days)))))
        .find(|(start, _)| *start > now)
        .unwrap_or((now + 86_400_000, None))
}
