//! From rows to what people see.

use entities::{
    broadcasts::{self, Broadcast, BroadcastState, Counts, Part, PartState, parts, settle::CONFIRM_MS, trials},
    people::store::maker_of_key,
};
use kit::{Actor, BroadcastId, Caller, Error, Work};

use super::{
    decide,
    model::{
        ArticleDay, ArticleStats, BroadcastStats, BroadcastView, EstimateView, HeldOutView, PartView, VariantView,
    },
    trial,
};

/// Who does something: the name that is shown, and which person it is; a key stands for its maker.
pub async fn actor(work: &mut Work) -> Result<(String, String), Error> {
    let caller = work.caller().cloned();
    let maker = match caller.as_ref().map(|caller| &caller.actor) {
        Some(Actor::Key { id, .. }) => maker_of_key(work, *id).await?,
        _ => None,
    };
    Ok(decide::actor(caller.as_ref(), maker))
}

/// Only a person who did not start it may agree to it.
pub fn may_approve(broadcast: &Broadcast, caller: Option<&Caller>) -> bool {
    let person = caller.and_then(Caller::person).map(|id| format!("person:{id}"));
    broadcast.state == BroadcastState::AwaitingApproval && person.is_some() && person != broadcast.decided_actor
}

pub fn of(broadcast: Broadcast, counts: Counts, caller: Option<&Caller>) -> BroadcastView {
    BroadcastView {
        may_approve: may_approve(&broadcast, caller),
        id: broadcast.id,
        account_id: broadcast.account,
        name: broadcast.name,
        contents: broadcast.contents,
        test: broadcast.trial,
        audience: broadcast.audience,
        ignore_reprint: broadcast.ignore_reprint,
        on_quota: broadcast.on_quota,
        state: broadcast.state,
        starts_at: broadcast.starts_at,
        reason: broadcast.reason,
        counts,
        parts: None,
        winner: broadcast.winner,
        decide_at: broadcast.decide_at,
        variants: None,
        held_out: None,
        created_by: broadcast.created_by,
        decided_by: broadcast.decided_by,
        approved_by: broadcast.approved_by,
        created_at: broadcast.created_at,
        started_at: broadcast.started_at,
        ended_at: broadcast.ended_at,
        version: broadcast.version,
    }
}

/// One, with its parts.
pub async fn one(work: &mut Work, id: BroadcastId) -> Result<BroadcastView, Error> {
    let broadcast = broadcasts::find(work, id).await?;
    let parts = parts::of(work, id).await?;
    let counts = broadcasts::count(work, &[&broadcast]).await?.remove(&id).unwrap_or_default();
    let trial = match broadcast.trial {
        Some(trial) => Some((trial.by, trial::known(work, &broadcast).await?)),
        None => None,
    };
    let mut view = of(broadcast, counts, work.caller());
    view.parts = Some(parts.into_iter().map(part).collect());
    if let Some((by, standing)) = trial {
        view.held_out = standing.held_out.map(|of| HeldOutView {
            fans: of.of,
            replies: of.n,
            share: of.share().map(EstimateView::from),
        });
        let variant = |(of, measured): (&trial::Known, trial::Measured)| VariantView {
            fans: of.fans,
            replies: of.replies,
            reads: of.reads,
            share: measured.share.map(EstimateView::from),
            difference: measured.difference.map(EstimateView::from),
        };
        let measured = trial::measure(&standing, by);
        view.variants = Some(standing.variants.iter().zip(measured).map(variant).collect());
    }
    Ok(view)
}

fn part(part: Part) -> PartView {
    let waits = part.state == PartState::AwaitingConfirmation;
    PartView {
        id: part.id,
        position: part.position,
        variant: part.variant,
        way: part.way,
        state: part.state,
        fans: part.fans,
        msg_id: part.msg_id.map(|id| id.to_string()),
        reason: part.reason,
        errcode: part.errcode,
        status: part.status,
        evidence: part.evidence,
        total: part.total,
        filtered: part.filtered,
        sent: part.sent,
        failed: part.failed,
        attempts: part.attempts,
        due_at: part.due_at,
        sending_at: part.sending_at,
        submitted_at: part.submitted_at,
        finished_at: part.finished_at,
        confirm_by: part.submitted_at.filter(|_| waits).map(|at| at + CONFIRM_MS),
        urls: part.urls,
        decision: part.decision,
        decided_by: part.decided_by,
        decided_at: part.decided_at,
        resent_as: part.resent_as,
    }
}

/// The figures that are kept.
pub async fn stats(work: &mut Work, id: BroadcastId) -> Result<BroadcastStats, Error> {
    let broadcast = broadcasts::find(work, id).await?;
    let parts = parts::of(work, id).await?;
    let mut articles: Vec<ArticleStats> = Vec::new();
    for figures in trials::figures(work, id).await? {
        let day = ArticleDay {
            day: figures.day,
            target: figures.target,
            reads: figures.reads,
            read_count: figures.read_count,
            shares: figures.shares,
            share_count: figures.share_count,
            favourites: figures.favourites,
        };
        match articles.last_mut().filter(|last| (last.part_id.0, last.index) == (figures.part_id, figures.place)) {
            Some(article) => article.days.push(day),
            None => articles.push(ArticleStats {
                part_id: figures.part_id.into(),
                variant: parts.iter().find(|part| part.id.0 == figures.part_id).and_then(|part| part.variant),
                index: figures.place,
                title: figures.title,
                url: figures.url,
                days: vec![day],
            }),
        }
    }
    Ok(BroadcastStats { fetched_at: broadcast.stats_at, articles })
}
