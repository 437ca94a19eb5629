//! Taps by button, day and version, from the event log; and how often counted links were opened.

use std::collections::BTreeMap;

use ::store::FromRow;
use chrono::{Days, NaiveDate, TimeZone};
use chrono_tz::Tz;
use entities::events::{self, Taps};
use kit::{AccountId, Error, MenuVersionId, Millis, Work, sql};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use entities::events::QUARTER_MS;

use super::store;

/// The longest period, in days.
const MOST_DAYS: usize = 366;
const DAYS: u64 = 30;

/// Which days, in the tenant's zone; the last thirty when absent.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Period {
    /// `YYYY-MM-DD`, the first day.
    pub from: Option<String>,
    /// `YYYY-MM-DD`, the last day.
    pub to: Option<String>,
}

/// How often a button was tapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ButtonTaps {
    /// The button's id, or its key when it is of a menu that we do not know.
    pub button: String,
    /// Its name when it was last tapped in the period.
    pub name: String,
    pub taps: i64,
    /// How often its counted link was opened.
    pub visits: i64,
    /// Taps by day, one number for each of `days`.
    pub by_day: Vec<i64>,
    pub by_version: Vec<VersionTaps>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VersionTaps {
    /// Absent for menus of some fans, and for menus we do not know.
    pub version_id: Option<MenuVersionId>,
    pub taps: i64,
}

/// Taps on the account's menus in a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TapReport {
    /// `YYYY-MM-DD`, oldest first.
    pub days: Vec<String>,
    pub taps: i64,
    pub visits: i64,
    /// The most tapped first.
    pub buttons: Vec<ButtonTaps>,
}

pub async fn report(work: &mut Work, account: AccountId, period: &Period) -> Result<TapReport, Error> {
    let zone = store::time_zone(work).await?;
    let days = days(zone, work.now(), period)?;
    let begins: Vec<Millis> = days.iter().map(|day| begin(*day, zone)).collect();
    let from = begins.first().copied().unwrap_or_default();
    let until = days.last().and_then(|day| day.checked_add_days(Days::new(1))).map_or(from, |day| begin(day, zone));
    let taps = events::taps(work, account, from, until).await?;
    let visits = visits(work, account, from, until).await?;
    Ok(put_together(&days, &begins, taps, visits))
}

fn days(zone: Tz, now: Millis, period: &Period) -> Result<Vec<NaiveDate>, Error> {
    let today = zone.timestamp_millis_opt(now).single().map_or_else(NaiveDate::default, |at| at.date_naive());
    let to = date("to", period.to.as_deref())?.unwrap_or(today);
    let from = date("from", period.from.as_deref())?.unwrap_or(to - Days::new(DAYS - 1));
    let days: Vec<NaiveDate> = from.iter_days().take_while(|day| *day <= to).take(MOST_DAYS + 1).collect();
    if days.is_empty() {
        return Err(Error::field("from", "order", "from must not be after to"));
    }
    if days.len() > MOST_DAYS {
        return Err(Error::field("from", "range", "ask for at most 366 days"));
    }
    Ok(days)
}

fn date(field: &str, text: Option<&str>) -> Result<Option<NaiveDate>, Error> {
    text.map(|text| text.parse().map_err(|_| Error::field(field, "date", "a day is YYYY-MM-DD"))).transpose()
}

/// The first instant of a date. Some zones skip midnight when they change their clocks.
fn begin(date: NaiveDate, zone: Tz) -> Millis {
    (0..24)
        .filter_map(|hour| date.and_hms_opt(hour, 0, 0))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or(0, |at| at.timestamp_millis())
}

#[derive(Debug, Clone, FromRow)]
pub(super) struct Visits {
    pub button: String,
    pub visits: i64,
}

async fn visits(work: &mut Work, account: AccountId, from: Millis, until: Millis) -> Result<Vec<Visits>, Error> {
    let query = sql("select button, cast(sum(visits) as bigint) as visits from menu_visits
         where tenant_id = ? and account_id = ? and quarter >= ? and quarter < ? group by button")
    .bind(work.tenant())
    .bind(account)
    .bind(from.div_euclid(QUARTER_MS))
    .bind(until.div_euclid(QUARTER_MS));
    work.all(query).await
}

pub(super) fn put_together(days: &[NaiveDate], begins: &[Millis], taps: Vec<Taps>, visits: Vec<Visits>) -> TapReport {
    #[derive(Default)]
    struct Sum {
        name: String,
        last_at: Millis,
        by_day: Vec<i64>,
        by_version: BTreeMap<i64, i64>,
        visits: i64,
    }
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for tap in taps {
        let sum = sums.entry(tap.button).or_default();
        sum.by_day.resize(days.len(), 0);
        if tap.last_at >= sum.last_at {
            (sum.name, sum.last_at) = (tap.name, tap.last_at);
        }
        let at = tap.quarter * QUARTER_MS;
        if let Some(count) =
            begins.partition_point(|begin| *begin <= at).checked_sub(1).and_then(|day| sum.by_day.get_mut(day))
        {
            *count += tap.taps;
        }
        *sum.by_version.entry(tap.version_id).or_default() += tap.taps;
    }
    for one in visits {
        let sum = sums.entry(one.button).or_default();
        sum.by_day.resize(days.len(), 0);
        sum.visits += one.visits;
    }
    let mut buttons: Vec<ButtonTaps> = sums
        .into_iter()
        .map(|(button, sum)| ButtonTaps {
            name: if sum.name.is_empty() { button.clone() } else { sum.name },
            button,
            taps: sum.by_day.iter().sum(),
            visits: sum.visits,
            by_day: sum.by_day,
            by_version: sum
                .by_version
                .into_iter()
                .map(|(id, taps)| VersionTaps { version_id: (id != 0).then_some(MenuVersionId(id)), taps })
                .collect(),
        })
        .collect();
    buttons.sort_by_key(|button| (std::cmp::Reverse(button.taps), button.name.clone(), button.button.clone()));
    TapReport {
        days: days.iter().map(NaiveDate::to_string).collect(),
        taps: buttons.iter().map(|button| button.taps).sum(),
        visits: buttons.iter().map(|button| button.visits).sum(),
        buttons,
    }
}
