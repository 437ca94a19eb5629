//! The loop behind campaigns: begins what is due, puts audiences into the ledger, and ends what is over.

use entities::campaigns::{self, words};
use kit::{Ctx, Error, Work, clock, drill, sql};

/// One round. True when there was something to do, and may be more.
pub async fn go_on(ctx: &Ctx) -> Result<bool, Error> {
    if !anything(ctx).await? {
        return Ok(false);
    }
    let tx = ctx.store().write().await?;
    let (begun, missed) = if clock::is_wrong(ctx) { (0, 0) } else { campaigns::begin_due(&tx, ctx.now()).await? };
    let ended = campaigns::end_finished(&tx, ctx.now()).await?;
    tx.commit().await?;
    if missed > 0 {
        tracing::warn!(campaigns = missed, "campaigns could not begin in time; a person is asked");
    }
    let mut filled = 0;
    let waiting = campaigns::to_fill(&ctx.store().read().await?).await?;
    for (tenant, id) in waiting {
        let mut work = Work::begin(ctx, tenant);
        let campaign = campaigns::find(&mut work, id).await?;
        let message = campaign.message.clone();
        let is_personal = words::is_personal(&message);
        filled +=
            campaigns::fill(&mut work, &campaign, |recipient| is_personal.then(|| words::said(&message, recipient)))
                .await?;
        drill::place("campaign.before_commit");
        work.commit().await?;
        drill::place("campaign.filled");
    }
    Ok(begun + missed + ended > 0 || filled > 0)
}

/// Whether there is a campaign that is not at rest. Costs no write lock.
async fn anything(ctx: &Ctx) -> Result<bool, Error> {
    let look = ctx.store().read().await?;
    let query = sql("select count(*) from campaigns where tenant_id is not null and (state = 'running' or (state = 'scheduled' and starts_at <= ?))")
        .bind(ctx.now());
    Ok(look.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}
