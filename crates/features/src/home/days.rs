//! Days as the tenant's clock has them. Pure.

use chrono::{Days, NaiveDate, TimeZone};
use chrono_tz::Tz;
use kit::Millis;

/// Counts come from the database by quarters of an hour: every zone's midnight lies on one.
pub const QUARTER_MS: Millis = 15 * 60 * 1000;

/// A day and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub begins_at: Millis,
}

/// The last `count` days up to and with the one that `now` is in, oldest first.
pub fn days_until(now: Millis, zone: Tz, count: u64) -> Vec<Day> {
    let today = zone.timestamp_millis_opt(now).single().map_or_else(NaiveDate::default, |at| at.date_naive());
    (0..count)
        .rev()
        .map(|back| today - Days::new(back))
        .map(|date| Day { date, begins_at: begin(date, zone) })
        .collect()
}

/// The first instant of a date. Some zones skip midnight when they change their clocks.
fn begin(date: NaiveDate, zone: Tz) -> Millis {
    (0..24)
        .filter_map(|hour| date.and_hms_opt(hour, 0, 0))
        .find_map(|local| zone.from_local_datetime(&local).earliest())
        .map_or(0, |at| at.timestamp_millis())
}

/// Which of these days an instant is in.
pub fn day_of(days: &[Day], at: Millis) -> Option<usize> {
    days.partition_point(|day| day.begins_at <= at).checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_turn_at_the_tenants_midnight() {
        // 2026-11-23T16:30Z is half past midnight of the 24th in Shanghai.
        let now = 1_795_451_400_000;
        let days = days_until(now, chrono_tz::Asia::Shanghai, 30);
        assert_eq!(days.len(), 30);
        assert_eq!(days[29].date.to_string(), "2026-11-24");
        assert_eq!(now - days[29].begins_at, 30 * 60 * 1000);
        assert_eq!(days[0].date.to_string(), "2026-10-26");
        assert_eq!(day_of(&days, now), Some(29));
        assert_eq!(day_of(&days, days[29].begins_at - 1), Some(28));
        assert_eq!(day_of(&days, days[0].begins_at - 1), None);
        assert_eq!(days_until(now, chrono_tz::UTC, 1)[0].date.to_string(), "2026-11-23");
    }

    #[test]
    fn a_day_whose_midnight_does_not_exist_begins_when_the_clock_does() {
        // Santiago put its clocks forward at midnight of 2026-09-06.
        let noon = 1_788_706_800_000;
        let day = days_until(noon, chrono_tz::America::Santiago, 1)[0];
        assert_eq!(day.date.to_string(), "2026-09-06");
        assert_eq!(day.begins_at % QUARTER_MS, 0);
        assert_eq!(day.begins_at, 1_788_667_200_000);
    }
}
