//! Figures of a code, a folder or an account over a stretch of days, added up from days that are counted already.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entities::people;
use kit::{AccountId, Error, QrcodeId, Work};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    counts::{self, DayRow},
    decide::{self, KEPT_AFTER},
};

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StatsQuery {
    /// The first day, `YYYY-MM-DD` in the tenant's zone; thirty days with `to` when absent.
    pub from: Option<String>,
    /// The last day; today when absent.
    pub to: Option<String>,
}

/// One day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    pub day: String,
    pub scans: i64,
    pub follows: i64,
    pub lost: i64,
    /// Of this day's follows, those that still held a day later; none while the day is not yet so far back.
    pub kept_1: Option<i64>,
    /// The same after seven days.
    pub kept_7: Option<i64>,
    /// The same after thirty days.
    pub kept_30: Option<i64>,
}

/// Of the follows that have had `days` days, how many still held then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Kept {
    pub days: u64,
    /// Follows of days that are so long ago.
    pub of: i64,
    pub kept: i64,
}

/// Sums over the days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    pub scans: i64,
    /// Follows by a code.
    pub follows: i64,
    /// Of these, who had never followed before.
    pub firsts: i64,
    /// Who came by a code at some time, and left on one of these days.
    pub lost: i64,
    /// After 1, 7 and 30 days, of the follows of these days.
    pub kept: Vec<Kept>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Stats {
    pub from: String,
    pub to: String,
    /// Every day, oldest first.
    pub days: Vec<Day>,
    pub total: Figures,
}

/// A folder's sums.
#[derive(Debug, Serialize, ToSchema)]
pub struct FolderStats {
    /// None for codes that stand in none.
    pub folder: Option<String>,
    #[serde(flatten)]
    pub figures: Figures,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AccountStats {
    #[serde(flatten)]
    pub all: Stats,
    /// The most scanned first.
    pub folders: Vec<FolderStats>,
}

/// Today, and the stretch that is asked for.
struct Asked {
    today: NaiveDate,
    stretch: (NaiveDate, NaiveDate),
}

async fn asked(work: &mut Work, query: &StatsQuery) -> Result<Asked, Error> {
    let zone = people::tenant(work).await?.time_zone.0;
    let today = decide::day_of(work.now(), zone);
    let stretch = decide::stretch(query.from.as_deref(), query.to.as_deref(), today)
        .map_err(|fault| Error::Invalid(vec![fault]))?;
    Ok(Asked { today, stretch })
}

/// One code's figures.
pub async fn of_code(work: &mut Work, code: QrcodeId, query: &StatsQuery) -> Result<Stats, Error> {
    let asked = asked(work, query).await?;
    let (from, to) = (asked.stretch.0.to_string(), asked.stretch.1.to_string());
    let rows = counts::days_of(work, code, &from, &to).await?;
    stats(&asked, &rows)
}

/// An account's, and each folder's.
pub async fn of_account(work: &mut Work, account: AccountId, query: &StatsQuery) -> Result<AccountStats, Error> {
    let asked = asked(work, query).await?;
    let (from, to) = (asked.stretch.0.to_string(), asked.stretch.1.to_string());
    let rows = counts::days_of_folders(work, account, &from, &to).await?;
    let all = stats(&asked, &rows)?;
    let mut folders: BTreeMap<Option<String>, Vec<DayRow>> = BTreeMap::new();
    for row in rows {
        folders.entry(row.folder.clone()).or_default().push(row);
    }
    let mut folders = folders
        .into_iter()
        .map(|(folder, rows)| Ok(FolderStats { folder, figures: figures(&rows, asked.today)? }))
        .collect::<Result<Vec<_>, Error>>()?;
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.figures.scans));
    Ok(AccountStats { all, folders })
}

fn stats(asked: &Asked, rows: &[DayRow]) -> Result<Stats, Error> {
    let (from, to) = asked.stretch;
    let days = days(rows, asked.stretch, asked.today);
    Ok(Stats { from: from.to_string(), to: to.to_string(), days, total: figures(rows, asked.today)? })
}

/// Every day of the stretch, folders added up.
pub fn days(rows: &[DayRow], stretch: (NaiveDate, NaiveDate), today: NaiveDate) -> Vec<Day> {
    let mut by_day: BTreeMap<&str, Vec<&DayRow>> = BTreeMap::new();
    for row in rows {
        by_day.entry(row.day.as_str()).or_default().push(row);
    }
    decide::days(stretch)
        .map(|date| {
            let day = date.to_string();
            let rows = by_day.remove(day.as_str()).unwrap_or_default();
            let sum = |of: fn(&DayRow) -> i64| rows.iter().map(|row| of(row)).sum::<i64>();
            let gone = [sum(|row| row.gone_1), sum(|row| row.gone_7), sum(|row| row.gone_30)];
            let follows = sum(|row| row.follows);
            let kept = |n: usize| decide::is_ripe(date, KEPT_AFTER[n], today).then(|| follows - gone[n]);
            Day {
                day,
                scans: sum(|row| row.scans),
                follows,
                lost: sum(|row| row.lost),
                kept_1: kept(0),
                kept_7: kept(1),
                kept_30: kept(2),
            }
        })
        .collect()
}

/// Adds days up.
pub fn figures(rows: &[DayRow], today: NaiveDate) -> Result<Figures, Error> {
    let mut out = Figures {
        kept: KEPT_AFTER.iter().map(|days| Kept { days: *days, ..Kept::default() }).collect(),
        ..Figures::default()
    };
    for row in rows {
        out.scans += row.scans;
        out.follows += row.follows;
        out.firsts += row.firsts;
        out.lost += row.lost;
        let day: NaiveDate = row.day.parse().map_err(|error| Error::broken("qrcode_days", 0, error))?;
        for (kept, gone) in out.kept.iter_mut().zip([row.gone_1, row.gone_7, row.gone_30]) {
            if decide::is_ripe(day, kept.days, today) {
                kept.of += row.follows;
                kept.kept += row.follows - gone;
            }
        }
    }
    Ok(out)
}
