//! When a tenant says nothing unasked, and how often at most (E15). What answers a fan is never held up by either.

mod store;

use chrono::{DateTime, Days, NaiveTime, TimeZone as _};
use kit::{Error, Millis, Work, http::Faults};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub(super) use store::found_in;
pub use store::{read, write};

use crate::people::{TimeZone, store as people};

const DAY_MINUTES: u32 = 24 * 60;
const DAY_MS: Millis = 24 * 3_600_000;
/// No more than this are ever counted.
const MOST_MESSAGES: u32 = 100;
const MOST_DAYS: u32 = 90;

/// Hours in which nothing is said unasked; what is due then waits for their end. In minutes of the tenant's day; from
/// later than until goes over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    #[schema(maximum = 1439)]
    pub from: u32,
    #[schema(maximum = 1439)]
    pub until: u32,
    /// Whether what tells a customer of something they did waits too.
    #[serde(default)]
    pub service_too: bool,
}

/// To one customer, by all accounts and in all ways together, at most so many marketing messages in so many days. What is
/// more is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FrequencyCap {
    #[schema(minimum = 1, maximum = 100)]
    pub messages: u32,
    #[schema(minimum = 1, maximum = 90)]
    pub days: u32,
}

/// Both; absent is not set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReachSettings {
    pub quiet_hours: Option<QuietHours>,
    pub frequency_cap: Option<FrequencyCap>,
}

impl ReachSettings {
    /// Says what makes no sense.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        if let Some(QuietHours { from, until, .. }) = self.quiet_hours {
            for (field, minutes) in [("quiet_hours.from", from), ("quiet_hours.until", until)] {
                if minutes >= DAY_MINUTES {
                    faults.add(field, "range", "minutes of a day: 0 to 1439");
                }
            }
            if from == until {
                faults.add("quiet_hours.until", "empty", "ends when it begins");
            }
        }
        if let Some(FrequencyCap { messages, days }) = self.frequency_cap {
            if !(1..=MOST_MESSAGES).contains(&messages) {
                faults.add("frequency_cap.messages", "range", "1 to 100");
            }
            if !(1..=MOST_DAYS).contains(&days) {
                faults.add("frequency_cap.days", "range", "1 to 90");
            }
        }
        faults.check()
    }
}

impl QuietHours {
    /// When they end, if it is quiet at `now` in this zone.
    pub fn end(self, zone: TimeZone, now: Millis) -> Option<Millis> {
        let here = DateTime::from_timestamp_millis(now)?.with_timezone(&zone.0);
        let (from, until) = (minute(self.from)?, minute(self.until)?);
        let (time, today) = (here.time(), here.date_naive());
        let last_day = match from < until {
            true if (from..until).contains(&time) => today,
            false if time >= from => today + Days::new(1),
            false if time < until => today,
            _ => return None,
        };
        // A minute that the clocks skip in spring is over when they have.
        let ends = |later: i64| {
            let local = last_day.and_time(until) + chrono::TimeDelta::hours(later);
            zone.0.from_local_datetime(&local).latest().map(|at| at.timestamp_millis())
        };
        ends(0).or_else(|| ends(1)).map(|at| at.max(now + 1))
    }
}

fn minute(of_day: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(of_day / 60, of_day % 60, 0)
}

impl FrequencyCap {
    /// What was said before does not count any more.
    pub fn since(self, now: Millis) -> Millis {
        now - Millis::from(self.days) * DAY_MS
    }

    /// When one more may be said to who heard these, or nothing when it may now.
    pub fn full_until(self, mut heard_at: Vec<Millis>, now: Millis) -> Option<Millis> {
        heard_at.retain(|at| *at > self.since(now));
        heard_at.sort_unstable_by(|a, b| b.cmp(a));
        let oldest_that_counts = heard_at.get(self.messages as usize - 1)?;
        Some(oldest_that_counts + Millis::from(self.days) * DAY_MS)
    }
}

/// When the tenant's quiet hours end, if it is quiet at this instant.
pub async fn quiet_until(work: &mut Work, settings: &ReachSettings, at: Millis) -> Result<Option<Millis>, Error> {
    let Some(quiet) = settings.quiet_hours else { return Ok(None) };
    let zone = people::tenant(work).await?.time_zone;
    Ok(quiet.end(zone, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    #[test]
    fn quiet_hours_end_in_the_morning_of_the_tenants_own_zone() {
        let night = QuietHours { from: 22 * 60, until: 8 * 60, service_too: false };
        let end = |text| night.end(TimeZone::SHANGHAI, at(text));
        assert_eq!(end("2026-11-27T21:59:59+08:00"), None);
        assert_eq!(end("2026-11-27T22:00:00+08:00"), Some(at("2026-11-28T08:00:00+08:00")));
        assert_eq!(end("2026-11-28T07:59:59+08:00"), Some(at("2026-11-28T08:00:00+08:00")));
        assert_eq!(end("2026-11-28T08:00:00+08:00"), None);
        let noon = QuietHours { from: 12 * 60, until: 13 * 60 + 30, service_too: false };
        assert_eq!(
            noon.end(TimeZone::SHANGHAI, at("2026-11-28T12:10:00+08:00")),
            Some(at("2026-11-28T13:30:00+08:00"))
        );
        assert_eq!(noon.end(TimeZone::SHANGHAI, at("2026-11-28T13:30:00+08:00")), None);
        let berlin = TimeZone::try_from("Europe/Berlin".to_owned()).unwrap();
        let till_half_past_two = QuietHours { from: 22 * 60, until: 150, service_too: false };
        assert_eq!(
            till_half_past_two.end(berlin, at("2026-03-29T01:10:00+01:00")),
            Some(at("2026-03-29T03:30:00+02:00")),
            "that night has no half past two"
        );
    }

    #[test]
    fn a_cap_is_full_until_the_oldest_that_counts_is_old_enough() {
        let cap = FrequencyCap { messages: 2, days: 7 };
        let now = 30 * DAY_MS;
        assert_eq!(cap.full_until(vec![now - 1], now), None);
        assert_eq!(cap.full_until(vec![now - DAY_MS, now - 6 * DAY_MS, now - 8 * DAY_MS], now), Some(now + DAY_MS));
        assert_eq!(cap.full_until(vec![now - DAY_MS, now - 7 * DAY_MS], now), None);
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        let quiet = |from, until| ReachSettings {
            quiet_hours: Some(QuietHours { from, until, service_too: true }),
            frequency_cap: None,
        };
        assert!(quiet(1320, 480).check().is_ok());
        assert!(quiet(480, 480).check().is_err());
        assert!(quiet(0, 1440).check().is_err());
        let cap =
            |messages, days| ReachSettings { quiet_hours: None, frequency_cap: Some(FrequencyCap { messages, days }) };
        assert!(cap(1, 1).check().is_ok());
        assert!(cap(0, 1).check().is_err() && cap(101, 7).check().is_err() && cap(1, 91).check().is_err());
    }
}
