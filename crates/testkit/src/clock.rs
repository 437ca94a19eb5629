use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Real time, plus what a test has added.
#[derive(Debug, Clone, Default)]
pub struct TestClock {
    ahead_ms: Arc<AtomicI64>,
}

impl TestClock {
    /// Milliseconds UTC.
    #[expect(clippy::disallowed_methods, reason = "the one clock of the tests")]
    pub fn now(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
        real + self.ahead_ms.load(Ordering::SeqCst)
    }

    pub fn advance(&self, by: Duration) {
        self.ahead_ms.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }

    /// Sets the clock back, as a wrong machine would.
    pub fn set_back(&self, by: Duration) {
        self.ahead_ms.fetch_sub(by.as_millis() as i64, Ordering::SeqCst);
    }

    pub fn as_fn(&self) -> Arc<dyn Fn() -> i64 + Send + Sync> {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}
