use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Ids of rows that come in no order: a query that leans on creation order shows it.
pub fn scrambled_ids() -> Arc<dyn Fn() -> i64 + Send + Sync> {
    let next = AtomicI64::new(1);
    Arc::new(move || {
        let n = next.fetch_add(1, Ordering::Relaxed);
        // Multiplying by an odd number permutes the numbers below a power of two.
        (n.wrapping_mul(0x5851_F42D_4C95_7F2D) & ((1 << 52) - 1)) | (1 << 52)
    })
}

/// Ids of events ascend, as they must.
pub fn ascending_event_ids(clock: Arc<dyn Fn() -> i64 + Send + Sync>) -> Arc<dyn Fn() -> i64 + Send + Sync> {
    let last = AtomicI64::new(0);
    Arc::new(move || {
        let floor = kit::event_id_floor(clock());
        let mut known = last.load(Ordering::SeqCst);
        loop {
            let next = (known + 1).max(floor);
            match last.compare_exchange(known, next, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return next,
                Err(now) => known = now,
            }
        }
    })
}
