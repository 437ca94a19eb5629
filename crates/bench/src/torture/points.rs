//! A sender dies at every named place of its code where dying might matter, some times at each: `kit::drill` aborts there,
//! in programs that were built for it.

use std::time::Duration;

use store::sql;

use super::{
    Verdict,
    load::Stage,
    sends::{FANS, close},
};
use crate::{Result, hub::Choice, lot::Lot, machine::now_ms, table::Times};

/// The places, in the order in which a message comes by them.
const POINTS: &[&str] = &[
    "callback.arrived",
    "callback.before_commit",
    "callback.committed",
    "callback.lasting",
    "callback.answered",
    "message.accepted",
    "campaign.before_commit",
    "campaign.filled",
    "send.claim.before_commit",
    "send.claim.committed",
    "send.claim.lasting",
    "token.noted",
    "token.received",
    "token.stored",
    "send.call.before",
    "send.call.under_way",
    "send.call.answered",
    "send.result.before_commit",
    "send.result.committed",
    "send.result.lasting",
    "send.recover.before_commit",
    "send.recover.lasting",
];
/// A process that has not come by within this time does not.
const PATIENCE: Duration = Duration::from_secs(45);
/// It dies when it comes by for the first, or up to so many times more.
const LATER: u64 = 6;
/// So many write during one life, which is long where what another left behind is waited for.
const AS_KILLS: u64 = 4;

pub async fn run(choice: &Choice, times: u64, seed: u64) -> Result<Verdict> {
    let lives = times * POINTS.len() as u64;
    let stage = Stage::set_up(choice, lives * AS_KILLS * FANS, lives / 3 + 2).await?;
    let load = stage.load(&[stage.place.url()]);
    let (mut lot, mut blows, mut missed) = (Lot::new(seed), Vec::new(), Vec::new());
    for time in 0..times {
        for point in POINTS {
            if point.starts_with("token.") {
                forget_token(&stage).await?;
            }
            if point.starts_with("campaign.") {
                stage.schedule(1).await?;
            }
            if point.starts_with("send.recover.") {
                // Something is left in the middle first.
                blows.push(life(&stage, "send.call.under_way", 1).await?.blow);
            }
            let is_rare = ["token.", "campaign.", "send.recover."].iter().any(|part| point.starts_with(part));
            let nth = 1 + if is_rare { 0 } else { lot.below(LATER) };
            let Life { blow, came_by } = life(&stage, point, nth).await?;
            blows.push(blow);
            if !came_by {
                missed.push(format!("{point} (time {}, {nth})", time + 1));
            }
        }
    }
    let hub = stage.place.serve().await?;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let told = load.end().await?;
    println!(
        "points: {} places, {} lives, in {} of which the place was not reached",
        POINTS.len(),
        blows.len(),
        missed.len()
    );
    let verdict =
        Verdict { what: "named points", kills: blows.len() as u64, ready: Times::default(), ..Verdict::default() };
    let mut verdict = close(&stage, hub, &told, &blows, verdict).await?;
    if !missed.is_empty() {
        verdict.faults.push(format!("not reached: {}", missed.join(", ")));
    }
    Ok(verdict)
}

/// How a life ended, and between which instants.
struct Life {
    blow: (i64, i64),
    /// It died at the place; otherwise it was killed for not coming by.
    came_by: bool,
}

/// One life, until it dies at the place.
async fn life(stage: &Stage, point: &str, nth: u64) -> Result<Life> {
    let mut child = stage.place.start_drilled(Some(&format!("die={point}:{nth}")))?;
    let came_by = child.ended(PATIENCE).await?;
    let since = now_ms();
    if !came_by {
        child.kill();
    } else if !child.last_words().contains(point) {
        return Err(format!("the hub ended by itself before it was at {point}:\n{}", child.last_words()).into());
    }
    // Killed or not, what was under way is not any more.
    Ok(Life { blow: (since - 100, now_ms()), came_by })
}

/// Lets the next sender fetch a token, as if an hour had passed and none had been fetched lately.
async fn forget_token(stage: &Stage) -> Result {
    let store = stage.place.database.open().await?;
    let tx = store.write().await?;
    tx.execute(sql("update account_tokens set expires_at = 0, fetched_at = 0, window_start = 0")).await?;
    // Of one that died while it was fetching.
    tx.execute(sql("delete from leases where name like 'token:%'")).await?;
    tx.commit().await?;
    Ok(store.close().await?)
}
