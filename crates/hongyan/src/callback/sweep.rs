//! Forgetting callbacks that WeChat will not repeat any more.

use entities::messages::inbound;
use kit::{Ctx, Error, Millis, TenantId, Work, sql};

/// WeChat repeats a callback within seconds; a copy that somebody kept is refused after fifteen minutes. A week
/// leaves room for a spool that was away.
const KEPT_MS: Millis = 7 * 86_400_000;

/// Forgets what is older, tenant by tenant, so that no transaction is long.
pub async fn sweep(ctx: Ctx) -> Result<(), Error> {
    let tenants: Vec<i64> = ctx.store().read().await?.scalars(sql("select id from tenants order by id")).await?;
    for tenant in tenants {
        let mut work = Work::begin(&ctx, TenantId(tenant));
        let before = work.now() - KEPT_MS;
        inbound::forget(&mut work, before).await?;
        work.commit().await?;
    }
    Ok(())
}
