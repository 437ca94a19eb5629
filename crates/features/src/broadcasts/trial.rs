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

use super::{
    shares::{Counted, Estimate},
    stats,
};

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

/// What is known of a trial by now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    pub variants: Vec<Known>,
    /// Those who got nothing, when there are some, and how many of them wrote. Nobody reads what they did not get, so a
    /// trial by reads knows none.
    pub held_out: Option<Counted>,
}

/// What is known of each variant, and of those held out. All are counted over the same hours.
pub async fn known(work: &mut Work, broadcast: &Broadcast) -> Result<Standing, Error> {
    let Some(trial) = broadcast.trial else { return Ok(Standing::default()) };
    let mut known = vec![Known::default(); broadcast.contents.len()];
    let mut held_out = None;
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
    let Some(begun) = begun else { return Ok(Standing { variants: known, held_out }) };
    if trial.by == Criterion::Replies {
        let until = begun + trial.hours * HOUR;
        for of in &mut known {
            of.replies = Some(0);
        }
        held_out = (broadcast.held_out > 0).then_some(Counted { n: 0, of: broadcast.held_out });
        for openid in trials::wrote(work, broadcast.account, &broadcast.audience, begun, until).await? {
            match lot(broadcast.id, trial, broadcast.contents.len(), &openid) {
                Lot::Variant(n) => {
                    let of = known.get_mut(usize::try_from(n).unwrap_or(0));
                    if let Some(replies) = of.and_then(|of| of.replies.as_mut()) {
                        *replies += 1;
                    }
                }
                Lot::HeldOut => {
                    if let Some(counted) = &mut held_out {
                        counted.n += 1;
                    }
                }
                Lot::Rest => {}
            }
        }
    } else {
        for (variant, reads) in trials::reads(work, broadcast.id).await? {
            if let Some(of) = known.get_mut(usize::try_from(variant).unwrap_or(0)) {
                of.reads = Some(reads);
            }
        }
    }
    Ok(Standing { variants: known, held_out })
}

/// How a variant stands beside those held out, or, where there are none, beside the first variant.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measured {
    pub share: Option<Estimate>,
    pub difference: Option<Estimate>,
}

/// Each variant's share and by how much it is larger than what it is compared with.
pub fn measure(standing: &Standing, by: Criterion) -> Vec<Measured> {
    let counted = |of: &Known| {
        let n = match by {
            Criterion::Reads => of.reads,
            Criterion::Replies => of.replies,
        };
        n.map(|n| Counted { n, of: of.fans })
    };
    let first = standing.variants.first().and_then(counted);
    let of = |(place, of): (usize, &Known)| {
        let Some(this) = counted(of) else { return Measured::default() };
        let other = match standing.held_out {
            Some(held_out) => Some(held_out),
            None if place == 0 => None,
            None => first,
        };
        Measured { share: this.share(), difference: other.and_then(|other| this.above(other)) }
    };
    standing.variants.iter().enumerate().map(of).collect()
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
        if known.variants.iter().any(|of| of.reads.is_none()) {
            let until = (ctx.now() < ready_at + PATIENCE).then_some(ctx.now() + HOUR);
            return put_off(ctx, tenant, &broadcast, until).await;
        }
    }
    let mut work = Work::begin(ctx, tenant);
    let known = known(&mut work, &broadcast).await?;
    if let Some(winner) = winner(&known.variants, trial.by) {
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

    #[test]
    fn variants_stand_beside_those_held_out_and_without_any_beside_the_first() {
        let of = |fans, replies| Known { fans, replies: Some(replies), reads: None };
        let mut standing = Standing { variants: vec![of(80, 48), of(70, 56)], held_out: None };
        let alone = measure(&standing, Criterion::Replies);
        assert_eq!(alone[0].difference, None, "the first has nothing to be compared with");
        let second = alone[1].difference.unwrap();
        assert!((second.value - 0.2).abs() < 1e-9 && second.is_clear(), "{second:?}");
        standing.held_out = Some(Counted { n: 48, of: 80 });
        let held = measure(&standing, Criterion::Replies);
        assert!(!held[0].difference.unwrap().is_clear());
        assert_eq!(held[1].difference, alone[1].difference);
        assert_eq!(measure(&standing, Criterion::Reads), [Measured::default(); 2], "nobody knows the reads");
    }
}
