//! The loop behind broadcasts: begins what is due, divides it into parts, counts who had what, and ends what is over.

use entities::broadcasts::{self, BroadcastState, fill, month, parts, settle};
use kit::{Ctx, Error, TenantId, Work, clock};

/// One round. What goes wrong with one keeps no other from going on.
pub async fn go_on(ctx: &Ctx) -> Result<(), Error> {
    let look = ctx.store().read().await?;
    let moving = broadcasts::moving(&look, ctx.now()).await?;
    let uncounted = month::uncounted(&look).await?;
    drop(look);
    if !moving.is_empty() {
        begin(ctx, &moving).await?;
    }
    for (tenant, id) in moving {
        if let Err(error) = one(ctx, tenant, id).await {
            tracing::warn!(%error, broadcast.id = id.0, "a broadcast could not be taken further and is tried again");
        }
    }
    for (tenant, id) in uncounted {
        loop {
            let mut work = Work::begin(ctx, tenant);
            let is_more = month::count_some(&mut work, id).await?;
            work.commit().await?;
            if !is_more {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

async fn begin(ctx: &Ctx, moving: &[(TenantId, kit::BroadcastId)]) -> Result<(), Error> {
    let mut due = Vec::new();
    for (tenant, id) in moving {
        let broadcast = broadcasts::find(&mut Work::reading(ctx, *tenant), *id).await?;
        if broadcast.state == BroadcastState::Scheduled {
            due.push((*tenant, broadcast));
        }
    }
    let tx = ctx.store().write().await?;
    let late = settle::too_late_to_repeat(&tx, ctx.now()).await?;
    let (begun, missed) =
        if due.is_empty() || clock::is_wrong(ctx) { (0, 0) } else { broadcasts::begin_due(&tx, ctx.now()).await? };
    tx.commit().await?;
    if missed > 0 {
        tracing::warn!(broadcasts = missed, "broadcasts could not begin in time; a person is asked");
    }
    if begun + missed + late > 0 {
        for (tenant, broadcast) in due {
            let mut work = Work::begin(ctx, tenant);
            broadcasts::tell(&mut work, broadcast.account, broadcast.id);
            work.commit().await?;
        }
    }
    Ok(())
}

async fn one(ctx: &Ctx, tenant: TenantId, id: kit::BroadcastId) -> Result<(), Error> {
    let broadcast = broadcasts::find(&mut Work::reading(ctx, tenant), id).await?;
    if broadcast.state != BroadcastState::Running {
        return Ok(());
    }
    if broadcast.filled_at.is_none() {
        fill::fill(ctx, tenant, id).await?;
        return Ok(());
    }
    let open = parts::of(&mut Work::reading(ctx, tenant), id).await?.iter().any(|part| {
        use entities::broadcasts::PartState::*;
        matches!(part.state, Queued | Sending | Retrying | Submitted | AwaitingConfirmation)
    });
    if !open {
        let mut work = Work::begin(ctx, tenant);
        broadcasts::end_finished(&mut work, id).await?;
        work.commit().await?;
    }
    Ok(())
}
