//! Ids: 41 bits of milliseconds since 2024, 10 of the node, 12 of a sequence. They always ascend in one
//! process, also when the clock is set back: the sequence then runs ahead of it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use crate::clock::Clock;

/// Makes ids. `after` is the largest id known already; a restart after the clock was set back goes on above it.
pub fn id_maker(clock: Clock, node: u16, after: i64) -> Arc<dyn Fn() -> i64 + Send + Sync> {
    let node = i64::from(node & 0x3FF) << 12;
    // Kept without the node's bits, so that the sequence runs over into the milliseconds.
    let last = AtomicI64::new(((after >> 22) << 12) | (after & 0xFFF));
    Arc::new(move || {
        let now = (kit::event_id_floor(clock()) >> 22) << 12;
        let step = |last: i64| (last + 1).max(now);
        let before =
            last.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(step(last))).unwrap_or_else(|last| last);
        let next = step(before);
        ((next >> 12) << 22) | node | (next & 0xFFF)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicI64;

    use super::*;

    #[test]
    fn ids_ascend_whatever_the_clock_does_and_carry_their_time() {
        let time = Arc::new(AtomicI64::new(kit::EVENT_EPOCH_MS + 1000));
        let clock = {
            let time = time.clone();
            Arc::new(move || time.load(Ordering::SeqCst))
        };
        let next = id_maker(clock, 5, 0);
        let first = next();
        assert_eq!((first >> 22, (first >> 12) & 0x3FF), (1000, 5));
        assert!(first >= kit::event_id_floor(kit::EVENT_EPOCH_MS + 1000));
        let mut last = first;
        for n in 0..10_000 {
            if n == 5_000 {
                time.store(kit::EVENT_EPOCH_MS, Ordering::SeqCst);
            }
            let id = next();
            assert!(id > last);
            last = id;
        }
        let later = id_maker(Arc::new(|| kit::EVENT_EPOCH_MS), 5, last);
        assert!(later() > last, "a restart after the clock was set back goes on above");
    }

    #[test]
    fn two_threads_never_get_the_same_id() {
        let next = id_maker(Arc::new(|| kit::EVENT_EPOCH_MS + 5), 0, 0);
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let next = next.clone();
                std::thread::spawn(move || (0..2000).map(|_| next()).collect::<Vec<_>>())
            })
            .collect();
        let mut all: Vec<i64> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 8000);
    }
}
