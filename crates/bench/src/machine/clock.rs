use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, UTC.
#[expect(clippy::disallowed_methods, reason = "the clock of the machine that is measured")]
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
