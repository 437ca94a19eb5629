//! Two nodes on one PostgreSQL, and one of them stands still for half a lease to three leases, again and again: what it
//! had in hand is taken from it meanwhile, and then it goes on as if nothing had been.

use std::time::Duration;

use super::{
    Verdict,
    load::Stage,
    sends::{FANS, close},
};
use crate::{Result, hub::Choice, lot::Lot, machine::now_ms};

/// As in the hub: a process counts as dead when it has given no sign for so long.
const LEASE_MS: u64 = 15_000;
/// Both are at work between two pauses.
const BETWEEN_MS: u64 = 2_000;
/// A pause lasts longer than a kill, and as many write meanwhile as during so many kills.
const AS_KILLS: u64 = 12;

pub async fn run(choice: &Choice, pauses: u64, seed: u64) -> Result<Verdict> {
    let stage = Stage::set_up(choice, pauses * AS_KILLS * FANS, pauses * 5 + 2).await?;
    let beside = stage.place.beside()?;
    let nodes = [stage.place.serve().await?, beside.serve().await?];
    let load = stage.load(&[stage.place.url(), beside.url()]);
    let (mut lot, mut blows) = (Lot::new(seed), Vec::new());
    for _ in 0..pauses {
        tokio::time::sleep(Duration::from_millis(BETWEEN_MS / 2 + lot.below(BETWEEN_MS))).await;
        let node = nodes[(lot.next() & 1) as usize].child();
        let begun = now_ms();
        node.pause()?;
        tokio::time::sleep(Duration::from_millis(LEASE_MS / 2 + lot.below(LEASE_MS * 5 / 2))).await;
        node.resume()?;
        // Its calls under way, and what it had claimed, come to their end after it.
        blows.push((begun, now_ms() + 2_000));
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let told = load.end().await?;
    let verdict = Verdict { what: "pauses, two nodes", kills: pauses, ..Verdict::default() };
    let [first, second] = nodes;
    second.stop().await?;
    close(&stage, first, &told, &blows, verdict).await
}
