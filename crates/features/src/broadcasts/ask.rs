//! WeChat is asked how jobs stand of which it does not speak, and trials are decided whose time is over.

use entities::{
    accounts::tokens::Keeper,
    broadcasts::{
        self, parts,
        settle::{self, Standing},
    },
    messages::gates,
};
use kit::{BroadcastPartId, Ctx, Error, TenantId, Work, clock};
use wechat::api::mass::get_mass_status::{GetMassStatus, Request, SendStatus};

use super::{reports, trial};

/// One round.
pub async fn go_on(ctx: &Ctx) -> Result<(), Error> {
    let look = ctx.store().read().await?;
    let asked = parts::to_ask(&look, ctx.now()).await?;
    let testing = broadcasts::testing(&look, ctx.now()).await?;
    let ajar = gates::any_of_broadcasts(&look, ctx.now()).await?;
    drop(look);
    if ajar {
        let tx = ctx.store().write().await?;
        gates::forget_of_broadcasts(&tx, ctx.now()).await?;
        tx.commit().await?;
    }
    for (tenant, id) in asked {
        one(ctx, tenant, id).await?;
    }
    // Which variant wins is sent to the rest at once.
    for (tenant, id) in testing.into_iter().filter(|_| !clock::is_wrong(ctx)) {
        trial::decide(ctx, tenant, id).await?;
    }
    Ok(())
}

async fn one(ctx: &Ctx, tenant: TenantId, id: BroadcastPartId) -> Result<(), Error> {
    let part = parts::find(&mut Work::reading(ctx, tenant), id).await?;
    let Some(msg_id) = part.msg_id else { return Ok(()) };
    let keeper = Keeper::new(ctx, tenant, part.account);
    let request = Request { msg_id: msg_id.cast_unsigned() };
    let standing = match ctx.wechat().call_as::<GetMassStatus>(&keeper, &request).await {
        Ok(answer) => match SendStatus::of(&answer.msg_status) {
            SendStatus::Sending => Standing::Sending,
            SendStatus::Success => Standing::Success,
            SendStatus::Fail => Standing::Fail,
            SendStatus::Deleted => Standing::Deleted,
            SendStatus::Other(_) => Standing::Nothing,
        },
        Err(failure) => {
            tracing::info!(%failure, part.id = id.0, "WeChat does not say how a broadcast stands");
            Standing::Nothing
        }
    };
    let mut work = Work::begin(ctx, tenant);
    settle::stands(&mut work, id, standing).await?;
    reports::went_out(&mut work, id).await?;
    work.commit().await
}
