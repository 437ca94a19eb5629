//! WeChat's days and months, which turn at midnight in Shanghai wherever the account and its people are.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Asia::Shanghai;
use kit::Millis;

/// The day in which this instant lies.
pub fn day(at: Millis) -> NaiveDate {
    DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&Shanghai).date_naive()
}

/// When the next day begins.
pub fn next_day(at: Millis) -> Millis {
    begins(day(at) + Days::new(1))
}

/// When the next month begins.
pub fn next_month(at: Millis) -> Millis {
    begins(day(at).with_day(1).unwrap_or_default() + Months::new(1))
}

/// When the day of this instant began.
pub fn this_day(at: Millis) -> Millis {
    begins(day(at))
}

/// The month in which this instant lies, as a number: 202611.
pub fn month(at: Millis) -> i64 {
    let day = day(at);
    i64::from(day.year()) * 100 + i64::from(day.month())
}

/// When a month begins and ends; none for a number that is no month.
pub fn month_span(month: i64) -> Option<(Millis, Millis)> {
    let (year, month) = (i32::try_from(month / 100).ok()?, u32::try_from(month % 100).ok()?);
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some((begins(first), begins(first + Months::new(1))))
}

/// There has been no summer time in Shanghai since 1991.
fn begins(day: NaiveDate) -> Millis {
    Shanghai.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest().map_or(0, |at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    #[test]
    fn r1_days_and_months_turn_at_midnight_in_shanghai() {
        // A second before midnight of the 31st of December, and midnight.
        let (before, after) = (at("2026-12-31T15:59:59Z"), at("2026-12-31T16:00:00Z"));
        assert_eq!((next_day(before), next_month(before)), (after, after));
        assert_eq!(next_month(at("2028-02-28T16:30:00Z")), at("2028-02-29T16:00:00Z"), "February has 29 days then");
    }
}
