//! The winner of a trial: which variant was answered or read by the larger share of those who got it.

use entities::{
    broadcasts::{
        self, Broadcast, Criterion, PartState,
        fill::{Lot, lot},
        parts, trials,
    },
    calendar,
};
use kit::{BroadcastId, Ctx, Error, Millis, TenantId, Work};

use super::stats;

/// WeChat's figures of a day are there at eight of the next, and a little later to be sure.
pub const FIGURES_AFTER_MIDNIGHT: Millis = 8 * 3_600_000 + 5 * 60_000;
const HOUR: Millis = 3_600_000;
/// Without figures for so long after they were due, a person decides.
const PATIENCE: Millis = 48 * HOUR;

/// What is known of a variant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Known {
    pub fans: i64,
    pub replies: Option<i64>,
    pub reads: Option<i64>,
}

/// What is known of each variant by now.
pub async fn known(work: &mut Work, broadcast: &Broadcast) -> Result<Vec<Known>, Error> {
    let Some(trial) = broadcast.trial else { return Ok(Vec::new()) };
    let mut known = vec![Known::default(); broadcast.contents.len()];
    let parts = parts::of(work, broadcast.id).await?;
    let mut begun: Option<Millis> = None;
    for part in parts.iter().filter(|part| part.phase == 1) {
        let Some(of) = part.variant.and_then(|n| known.get_mut(usize::try_from(n).ok()?)) else { continue };
        if matches!(part.state, PartState::Refused | PartState::Failed | PartState::Cancelled) {
            continue;
        }
        of.fans += part.sent.unwrap_or(part.fans);
        begun = [begun, part.submitted_at].into_iter().flatten().min();
    }
    let Some(begun) = begun else { return Ok(known) };
    if trial.by == Criterion::Replies {
        let until = begun + trial.hours * HOUR;
        for of in &mut known {
            of.replies = Some(0);
        }
        for openid in trials::wrote(work, broadcast.account, begun, until).await? {
            if let Lot::Variant(n) = lot(broadcast.id, trial, broadcast.contents.len(), &openid)
                && let Some(replies) = known.get_mut(usize::try_from(n).unwrap_or(0)).and_then(|of| of.replies.as_mut())
            {
                *replies += 1;
            }
        }
    } else {
        for (variant, reads) in trials::reads(work, broadcast.id).await? {
            if let Some(of) = known.get_mut(usize::try_from(variant).unwrap_or(0)) {
                of.reads = Some(reads);
            }
        }
    }
    Ok(known)
}

/// The variant with the larger share; of equals, the first. None when nothing is known.
pub fn winner(known: &[Known], by: Criterion) -> Option<i64> {
    let share = |of: &Known| {
        let n = match by {
            Criterion::Reads => of.reads,
            Criterion::Replies => of.replies,
        };
        n.map(|n| if of.fans > 0 { n as f64 / of.fans as f64 } else { 0.0 })
    };
    let mut best: Option<(i64, f64)> = None;
    for (n, of) in known.iter().enumerate() {
        let share = share(of)?;
        if best.is_none_or(|(_, most)| share > most) {
            best = Some((n as i64, share));
        }
    }
    best.map(|(n, _)| n)
}

/// Decides a trial whose time is over, or puts it off until the figures are there.
pub async fn decide(ctx: &Ctx, tenant: TenantId, id: BroadcastId) -> Result<(), Error> {
    let mut look = Work::reading(ctx, tenant);
    let broadcast = broadcasts::find(&mut look, id).await?;
    let Some(trial) = broadcast.trial else { return Ok(()) };
    drop(look);
    if trial.by == Criterion::Reads {
        let sent_at = broadcast.started_at.unwrap_or(broadcast.created_at);
        let ready_at = calendar::next_day(sent_at) + FIGURES_AFTER_MIDNIGHT;
        if ctx.now() < ready_at {
            return put_off(ctx, tenant, &broadcast, Some(ready_at)).await;
        }
        if let Err(error) = stats::fetch(ctx, tenant, id).await {
            tracing::warn!(%error, broadcast.id = id.0, "the figures of a trial are not there yet");
        }
        let known = known(&mut Work::reading(ctx, tenant), &broadcast).await?;
        if known.iter().any(|of| of.reads.is_none()) {
            let until = (ctx.now() < ready_at + PATIENCE).then_some(ctx.now() + HOUR);
            return put_off(ctx, tenant, &broadcast, until).await;
        }
    }
    let mut work = Work::begin(ctx, tenant);
    let known = known(&mut work, &broadcast).await?;
    if let Some(winner) = winner(&known, trial.by) {
        broadcasts::decide_winner(&mut work, id, winner, None).await?;
        broadcasts::tell(&mut work, broadcast.account, id);
    }
    work.commit().await
}

/// None: a person decides.
async fn put_off(ctx: &Ctx, tenant: TenantId, broadcast: &Broadcast, until: Option<Millis>) -> Result<(), Error> {
    let mut work = Work::begin(ctx, tenant);
    trials::put_off(&mut work, broadcast.id, until).await?;
    broadcasts::tell(&mut work, broadcast.account, broadcast.id);
    work.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_larger_share_wins_and_of_equals_the_first() {
        let of = |fans, replies| Known { fans, replies: Some(replies), reads: None };
        assert_eq!(winner(&[of(100, 5), of(10, 2)], Criterion::Replies), Some(1));
        assert_eq!(winner(&[of(100, 10), of(10, 1)], Criterion::Replies), Some(0));
        assert_eq!(winner(&[of(0, 0), of(0, 0)], Criterion::Replies), Some(0));
        assert_eq!(winner(&[of(100, 10), of(10, 1)], Criterion::Reads), None, "nobody knows the reads");
    }
}
