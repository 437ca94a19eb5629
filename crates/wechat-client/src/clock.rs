//! How far our clock is from WeChat's, by the `Date` of its answers.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, UNIX_EPOCH},
};

/// What time it is by us, in milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The header counts whole seconds: on average it is half a second old when it leaves.
const HALF_A_SECOND: i64 = 500;

/// Compares, when it was given a clock. One odd answer, or one that came while our clock was set, says nothing: of the last two
/// the one counts that speaks for us. A clock that was set since then, as the one that cannot be set tells, is off by as much more
/// until WeChat is heard again.
pub(crate) struct Hearing {
    clock: Option<Clock>,
    heard: Mutex<Option<Heard>>,
}

#[derive(Clone, Copy)]
struct Heard {
    /// So far ahead we were by this answer, in milliseconds, and by the one before it.
    ahead_ms: i64,
    before_ms: Option<i64>,
    /// When it came: by our clock, and by the one that cannot be set.
    by_us: i64,
    at: Instant,
}

impl Heard {
    /// So much our clock was set ahead since.
    fn set_since(&self, now: i64) -> i64 {
        let passed = i64::try_from(self.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        now.saturating_sub(self.by_us).saturating_sub(passed)
    }

    fn ahead_ms(&self, now: i64) -> i64 {
        let set = self.set_since(now);
        let nearest = self.before_ms.into_iter().chain([self.ahead_ms]).map(|ahead| ahead.saturating_add(set));
        nearest.min_by_key(|ahead| ahead.saturating_abs()).unwrap_or_default()
    }
}

impl Hearing {
    pub(crate) fn new(clock: Option<Clock>) -> Self {
        Self { clock, heard: Mutex::default() }
    }

    fn heard(&self) -> MutexGuard<'_, Option<Heard>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An answer with this `Date` has just come.
    pub(crate) fn hear(&self, date: Option<&str>) {
        let Some(clock) = &self.clock else { return };
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
        let theirs = date.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0));
        let now = clock();
        let mut heard = self.heard();
        let before_ms = heard.map(|before| before.ahead_ms.saturating_add(before.set_since(now)));
        *heard = Some(Heard { ahead_ms: now - theirs - HALF_A_SECOND, before_ms, by_us: now, at: Instant::now() });
    }

    /// How long ago an answer came.
    pub(crate) fn ago(&self) -> Option<Duration> {
        self.heard().map(|heard| heard.at.elapsed())
    }

    pub(crate) fn ahead_ms(&self) -> Option<i64> {
        let now = self.clock.as_ref()?();
        self.heard().map(|heard| heard.ahead_ms(now))
    }
}

impl fmt::Debug for Hearing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hearing").field("ahead_ms", &self.ahead_ms()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[test]
    fn p21_the_last_answer_says_how_far_ahead_we_are() {
        // 2026-11-27 12:00:00 UTC, and five minutes and half a second more by us.
        let hearing = Hearing::new(Some(Arc::new(|| 1_795_780_800_000 + 300_500)));
        // The clock here stands still, the other one does not: to the second it is the same.
        let ahead = || hearing.ahead_ms().map(|ms| (ms + 500).div_euclid(1000));
        assert_eq!(ahead(), None);
        hearing.hear(Some("Fri, 27 Nov 2026 12:00:00 GMT"));
        assert_eq!(ahead(), Some(300));
        for nothing in [None, Some(""), Some("yesterday")] {
            hearing.hear(nothing);
        }
        assert_eq!(ahead(), Some(300));
        hearing.hear(Some("Fri, 27 Nov 2026 12:04:00 GMT"));
        assert_eq!(ahead(), Some(60), "one answer is enough to be right again");
        hearing.hear(Some("Fri, 27 Nov 2026 13:00:00 GMT"));
        assert_eq!(ahead(), Some(60), "and one is not enough to be wrong");
        hearing.hear(Some("Fri, 27 Nov 2026 13:00:01 GMT"));
        assert_eq!(ahead(), Some(-3_300));
    }

    #[test]
    fn p21_a_clock_that_is_set_while_nobody_answers_is_known_to_be_off() {
        let noon = 1_795_780_800_000;
        let by_us = Arc::new(AtomicI64::new(noon));
        let clock = by_us.clone();
        let hearing = Hearing::new(Some(Arc::new(move || clock.load(Ordering::Relaxed))));
        let ahead = || (hearing.ahead_ms().unwrap() + 500) / 1000;
        for _ in 0..2 {
            hearing.hear(Some("Fri, 27 Nov 2026 12:00:00 GMT"));
        }
        assert_eq!(ahead(), 0);
        by_us.store(noon + 400_000, Ordering::Relaxed);
        assert_eq!(ahead(), 400);
        hearing.hear(Some("Fri, 27 Nov 2026 12:00:00 GMT"));
        assert_eq!(ahead(), 400, "it stays off when WeChat says so");
        by_us.store(noon, Ordering::Relaxed);
        assert_eq!(ahead(), 0, "and is right as soon as it is set right");
        by_us.store(noon + 400_000, Ordering::Relaxed);
        hearing.hear(Some("Fri, 27 Nov 2026 12:06:40 GMT"));
        assert_eq!(ahead(), 0, "a machine that slept has its clock right, which one answer tells");
    }
}
