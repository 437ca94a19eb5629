//! How far our clock is from WeChat's, by the `Date` of its answers.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant, UNIX_EPOCH},
};

/// What time it is by us, in milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

const UNKNOWN: i64 = i64::MIN;
/// The header counts whole seconds: on average it is half a second old when it leaves.
const HALF_A_SECOND: i64 = 500;

/// Compares, when it was given a clock. One odd answer, or one that came while our clock was set, says nothing: of the last two
/// the one counts that speaks for us.
pub(crate) struct Hearing {
    clock: Option<Clock>,
    last_ms: AtomicI64,
    before_ms: AtomicI64,
    heard: Mutex<Option<Instant>>,
}

impl Hearing {
    pub(crate) fn new(clock: Option<Clock>) -> Self {
        Self { clock, last_ms: AtomicI64::new(UNKNOWN), before_ms: AtomicI64::new(UNKNOWN), heard: Mutex::default() }
    }

    /// An answer with this `Date` has just come.
    pub(crate) fn hear(&self, date: Option<&str>) {
        let Some(clock) = &self.clock else { return };
        let Some(date) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return };
        let theirs = date.duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0));
        let before = self.last_ms.swap(clock() - theirs - HALF_A_SECOND, Ordering::Relaxed);
        self.before_ms.store(before, Ordering::Relaxed);
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// How long ago an answer came.
    pub(crate) fn ago(&self) -> Option<Duration> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).map(|at| at.elapsed())
    }

    pub(crate) fn ahead_ms(&self) -> Option<i64> {
        let both = [&self.last_ms, &self.before_ms].map(|ms| ms.load(Ordering::Relaxed));
        both.into_iter().filter(|ahead| *ahead != UNKNOWN).min_by_key(|ahead| ahead.abs())
    }
}

impl fmt::Debug for Hearing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hearing").field("ahead_ms", &self.ahead_ms()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p21_the_last_answer_says_how_far_ahead_we_are() {
        // 2026-11-27 12:00:00 UTC, and five minutes and half a second more by us.
        let hearing = Hearing::new(Some(Arc::new(|| 1_795_780_800_000 + 300_500)));
        assert_eq!(hearing.ahead_ms(), None);
        hearing.hear(Some("Fri, 27 Nov 2026 12:00:00 GMT"));
        assert_eq!(hearing.ahead_ms(), Some(300_000));
        for nothing in [None, Some(""), Some("yesterday")] {
            hearing.hear(nothing);
        }
        assert_eq!(hearing.ahead_ms(), Some(300_000));
        hearing.hear(Some("Fri, 27 Nov 2026 12:04:00 GMT"));
        assert_eq!(hearing.ahead_ms(), Some(60_000), "one answer is enough to be right again");
        hearing.hear(Some("Fri, 27 Nov 2026 13:00:00 GMT"));
        assert_eq!(hearing.ahead_ms(), Some(60_000), "and one is not enough to be wrong");
        hearing.hear(Some("Fri, 27 Nov 2026 13:00:01 GMT"));
        assert_eq!(hearing.ahead_ms(), Some(-3_300_000));
    }
}
