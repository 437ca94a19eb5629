//! The sandbox's clock: the real one, and as far ahead of it as has been asked for.
//!
//! It only moves forward. Days and months turn at midnight in Shanghai, as
//! WeChat's quotas do. Waiting for an instant of this clock is [`Clock::until`].

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Asia::Shanghai;
use tokio::sync::Notify;

/// Milliseconds in a second, a minute, an hour.
pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;

pub(crate) struct Clock {
    ahead_ms: AtomicI64,
    moved: Notify,
}

impl Clock {
    pub fn new(ahead_ms: i64) -> Self {
        Self { ahead_ms: AtomicI64::new(ahead_ms), moved: Notify::new() }
    }

    /// Milliseconds since 1970, UTC.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
    pub fn now_ms(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        i64::try_from(real.as_millis()).unwrap_or(i64::MAX / 2) + self.ahead_ms()
    }

    pub fn ahead_ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::Relaxed)
    }

    pub fn advance(&self, seconds: u32) {
        self.ahead_ms.fetch_add(i64::from(seconds) * SECOND, Ordering::Relaxed);
        self.moved.notify_waiters();
    }

    /// Waits until the instant has come, whether by time passing or by the clock being moved.
    pub async fn until(&self, instant_ms: i64) {
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            moved.as_mut().enable();
            let left = instant_ms - self.now_ms();
            if left <= 0 {
                return;
            }
            let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
            tokio::select! {
                () = tokio::time::sleep(left) => {}
                () = moved => {}
            }
        }
    }
}

fn in_shanghai(now_ms: i64) -> DateTime<chrono_tz::Tz> {
    DateTime::from_timestamp_millis(now_ms).unwrap_or_default().with_timezone(&Shanghai)
}

/// The day of an instant, counted from some day long ago.
pub(crate) fn day(now_ms: i64) -> i32 {
    in_shanghai(now_ms).num_days_from_ce()
}

/// The hour of an instant, 0 to 23.
pub(crate) fn hour(now_ms: i64) -> u8 {
    u8::try_from(in_shanghai(now_ms).hour()).unwrap_or(0)
}

/// The month of an instant, counted from year 0.
pub(crate) fn month(now_ms: i64) -> i32 {
    let at = in_shanghai(now_ms);
    at.year() * 12 + i32::try_from(at.month0()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_at_midnight_in_shanghai() {
        // 2026-11-23T15:59:59.999Z is 23:59:59.999 there.
        let last = 1_795_449_599_999;
        assert_eq!(day(last) + 1, day(last + 1));
        assert_eq!(month(last), month(last + 1));
    }

    #[tokio::test]
    async fn moving_the_clock_wakes_who_waits_for_it() {
        let clock = std::sync::Arc::new(Clock::new(0));
        let due = clock.now_ms() + 600 * SECOND;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(due).await }
        });
        tokio::task::yield_now().await;
        clock.advance(600);
        tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("woken").expect("not panicked");
    }
}
