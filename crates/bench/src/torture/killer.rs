use std::time::{Duration, Instant};

use crate::{Result, hub::Place, lot::Lot, machine::now_ms, table::Times};

/// What is known after the last kill.
pub struct Killed {
    pub kills: u64,
    /// The instants.
    pub at: Vec<(i64, i64)>,
    pub ready: Times,
    /// Why the kills say little, if they do.
    pub too_little: Option<String>,
}

/// A life ends at a random instant within this many times the time a start takes, and at least `SHORTEST`, but is
/// not at work for longer than `LONGEST`: on a slow machine the kills would take for ever.
const LIVES: u32 = 5;
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(2);
/// The load is light where the machine is slow; then it is killed more often, but not more than so many times as often.
const MORE: u64 = 3;

/// Starts and kills the hub so often, and on until `enough` has been done meanwhile; it says what lacks. The hub is
/// not running afterwards.
pub async fn kill(place: &Place, kills: u64, lot: &mut Lot, enough: impl Fn() -> Option<String>) -> Result<Killed> {
    let (mut ready, mut at_work, mut span) = (Vec::new(), 0, SHORTEST);
    let (mut killed, mut at) = (0, Vec::new());
    let lacks = |at_work: u64| match at_work * 4 < kills {
        true => Some(format!("only {at_work} kills struck a hub at work")),
        false => enough(),
    };
    while killed < kills || (killed < kills * MORE && lacks(at_work).is_some()) {
        let mut child = place.start()?;
        let begun = Instant::now();
        let end = begun + Duration::from_micros(lot.below(u64::try_from(span.as_micros())?));
        if let Ok(started) =
            tokio::time::timeout_at(end.into(), child.ready(place.address, "/readyz", Duration::from_secs(60))).await
        {
            let took = started?;
            ready.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
            span = (took * LIVES).min(took + LONGEST).max(SHORTEST);
            tokio::time::sleep_until(end.into()).await;
            at_work += 1;
        } else if ready.is_empty() {
            // Starts that are slower than the shortest life would never be seen otherwise.
            span *= 2;
        }
        let now = now_ms();
        child.kill();
        at.push((now, now_ms()));
        killed += 1;
    }
    Ok(Killed { kills: killed, at, ready: Times::of(ready), too_little: lacks(at_work) })
}
