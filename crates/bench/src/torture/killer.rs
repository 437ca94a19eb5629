use std::time::{Duration, Instant};

use crate::{Result, hub::Place, lot::Lot, table::Times};

/// What is known after the last kill.
pub struct Killed {
    pub ready: Times,
    /// Kills that struck after the hub had been ready.
    pub at_work: u64,
}

/// A life ends at a random instant within this many times the time a start takes, and at least `SHORTEST`.
const LIVES: u32 = 5;
const SHORTEST: Duration = Duration::from_millis(500);

/// Starts and kills the hub so often. It is not running afterwards.
pub async fn kill(place: &Place, kills: u64, lot: &mut Lot) -> Result<Killed> {
    let (mut ready, mut at_work, mut span) = (Vec::new(), 0, SHORTEST);
    for _ in 0..kills {
        let mut child = place.start()?;
        let begun = Instant::now();
        let end = begun + Duration::from_micros(lot.below(u64::try_from(span.as_micros())?));
        if let Ok(started) =
            tokio::time::timeout_at(end.into(), child.ready(place.address, "/readyz", Duration::from_secs(60))).await
        {
            let took = started?;
            ready.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
            span = (took * LIVES).max(SHORTEST);
            tokio::time::sleep_until(end.into()).await;
            at_work += 1;
        } else if ready.is_empty() {
            // Starts that are slower than the shortest life would never be seen otherwise.
            span *= 2;
        }
        child.kill();
    }
    Ok(Killed { ready: Times::of(ready), at_work })
}
