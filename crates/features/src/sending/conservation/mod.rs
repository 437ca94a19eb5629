//! Whether the counts add up (P3): once a day, what campaigns and broadcasts were accepted for against where it stands.
//!
//! One gets in by [`check_all`], a schedule. Nothing is mended here: what does not add up is kept, told in the log and
//! in the metrics, and home asks a person to look. Pages read only what is kept.

mod model;

mod decide;

mod store;

#[cfg(test)]
mod tests;

pub use model::Checked;
pub use store::last;

use std::collections::HashMap;

use entities::{broadcasts, people::store as people};
use kit::{Ctx, Error, TenantId, Work};

use model::{Fault, Parts};

/// So many are looked at while one reading of the database lasts.
const PAGE: usize = 20;

/// Compares for every tenant, and keeps what came of it.
pub async fn check_all(ctx: Ctx) -> Result<(), Error> {
    let mut all = 0;
    for tenant in people::tenants(&ctx).await? {
        all += check(&ctx, tenant).await?;
    }
    metrics::gauge!("hongyan_conservation_faults").set(all as f64);
    Ok(())
}

/// How many of the tenant's do not add up.
async fn check(ctx: &Ctx, tenant: TenantId) -> Result<usize, Error> {
    let now = ctx.now();
    let (campaigns, mut faults) = of_campaigns(ctx, tenant, now).await?;
    let (broadcasts, more) = of_broadcasts(ctx, tenant, now).await?;
    faults.extend(more);
    let mut work = Work::begin(ctx, tenant);
    let known = store::known(&mut work).await?;
    for fault in faults.iter().filter(|fault| !known.contains_key(&fault.thing)) {
        let Fault { thing: (kind, id), problem, accepted, found, .. } = fault;
        tracing::error!(
            tenant.id = tenant.0,
            kind = kind.as_str(),
            id,
            problem = problem.as_str(),
            accepted,
            found,
            "counts do not add up; a person is asked to look"
        );
    }
    store::replace(&mut work, &faults, &known).await?;
    store::note(&mut work, campaigns, broadcasts).await?;
    work.commit().await?;
    Ok(faults.len())
}

async fn of_campaigns(ctx: &Ctx, tenant: TenantId, now: i64) -> Result<(usize, Vec<Fault>), Error> {
    let (mut after, mut seen, mut faults) = (i64::MIN, 0, Vec::new());
    loop {
        let page = store::campaigns(&mut Work::reading(ctx, tenant), after, PAGE).await?;
        let Some(last) = page.last() else { return Ok((seen, faults)) };
        after = last.id;
        seen += page.len();
        faults.extend(page.iter().filter_map(|campaign| decide::of_campaign(campaign, now)));
    }
}

async fn of_broadcasts(ctx: &Ctx, tenant: TenantId, now: i64) -> Result<(usize, Vec<Fault>), Error> {
    let (mut after, mut seen, mut faults) = (i64::MIN, 0, Vec::new());
    loop {
        let mut work = Work::reading(ctx, tenant);
        let ids = store::broadcasts(&mut work, after, PAGE).await?;
        let Some(last) = ids.last() else { return Ok((seen, faults)) };
        after = last.0;
        seen += ids.len();
        let sums: HashMap<i64, Parts> =
            store::parts(&mut work, &ids).await?.into_iter().map(|sum| (sum.broadcast_id, sum)).collect();
        for id in ids {
            let broadcast = broadcasts::find(&mut work, id).await?;
            let none = Parts::default();
            faults.extend(decide::of_broadcast(&broadcast, sums.get(&id.0).unwrap_or(&none), now));
        }
    }
}
