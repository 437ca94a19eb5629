//! How often an account has called what, today and in this minute, and how often
//! it has had that forgotten.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/dev/api/limit>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::{MINUTE, day, month};
use crate::wx::Refusal;

/// Clearings a month, by API and console together.
pub(crate) const CLEARS_A_MONTH: u32 = 10;

/// The counters of one path.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Counter {
    day: i32,
    /// Calls today.
    pub used: u32,
    minute: i64,
    in_minute: u32,
    /// Set by hand instead of the documented one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minute_limit: Option<u32>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Quotas {
    pub paths: BTreeMap<String, Counter>,
    month: i32,
    clears: u32,
}

impl Quotas {
    /// Counts a call, or refuses it. Limits of 0 are none.
    pub fn spend(&mut self, path: &str, daily: u32, minutely: u32, now_ms: i64) -> Result<(), Refusal> {
        if !self.paths.contains_key(path) {
            self.paths.insert(path.to_owned(), Counter::default());
        }
        let Some(counter) = self.paths.get_mut(path) else { return Ok(()) };
        counter.turn(now_ms);
        let minutely = counter.minute_limit.unwrap_or(minutely);
        if minutely > 0 && counter.in_minute >= minutely {
            return Err(Refusal::MINUTE_QUOTA);
        }
        let daily = counter.daily_limit.unwrap_or(daily);
        if daily > 0 && counter.used >= daily {
            return Err(Refusal::DAILY_QUOTA);
        }
        counter.used += 1;
        counter.in_minute += 1;
        Ok(())
    }

    /// The limit of a path and how much of it is used.
    pub fn read(&mut self, path: &str, daily: u32, now_ms: i64) -> (u32, u32) {
        match self.paths.get_mut(path) {
            None => (daily, 0),
            Some(counter) => {
                counter.turn(now_ms);
                (counter.daily_limit.unwrap_or(daily), counter.used)
            }
        }
    }

    /// Forgets what was used: of one path, or of all. Ten times a month.
    pub fn clear(&mut self, path: Option<&str>, now_ms: i64) -> Result<(), Refusal> {
        let month = month(now_ms);
        if self.month != month {
            (self.month, self.clears) = (month, 0);
        }
        if self.clears >= CLEARS_A_MONTH {
            return Err(Refusal::NO_MORE_CLEARS);
        }
        self.clears += 1;
        for (at, counter) in &mut self.paths {
            if path.is_none_or(|path| path == at) {
                counter.used = 0;
            }
        }
        Ok(())
    }
}

impl Counter {
    fn turn(&mut self, now_ms: i64) {
        let (day, minute) = (day(now_ms), now_ms / MINUTE);
        if self.day != day {
            (self.day, self.used) = (day, 0);
        }
        if self.minute != minute {
            (self.minute, self.in_minute) = (minute, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_is_used_up_and_comes_back_at_midnight() {
        let mut quotas = Quotas::default();
        // 2026-11-23T15:59:00Z, a minute before midnight in Shanghai.
        let now = 1_795_449_540_000;
        for _ in 0..2 {
            assert_eq!(quotas.spend("/a", 2, 0, now), Ok(()));
        }
        assert_eq!(quotas.spend("/a", 2, 0, now), Err(Refusal::DAILY_QUOTA));
        assert_eq!(quotas.read("/a", 2, now), (2, 2));
        assert_eq!(quotas.spend("/a", 2, 0, now + MINUTE), Ok(()));
    }

    #[test]
    fn ten_clearings_a_month() {
        let mut quotas = Quotas::default();
        let now = 1_795_449_540_000;
        for _ in 0..CLEARS_A_MONTH {
            assert_eq!(quotas.clear(None, now), Ok(()));
        }
        assert_eq!(quotas.clear(None, now), Err(Refusal::NO_MORE_CLEARS));
        assert_eq!(quotas.clear(None, now + 31 * 24 * 60 * MINUTE), Ok(()));
    }
}
