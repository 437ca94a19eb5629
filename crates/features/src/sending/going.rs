//! The last look before a call: whether what was claimed may go, at this instant and by what is known of the customer.

use std::collections::BTreeSet;

use entities::{
    campaigns,
    messages::{claim, sends::Claimed},
    reach::guard::{self, Verdict},
};
use kit::{Batch, Error, Millis, TenantId};

use super::{book::write_down, decide};

/// Of what was claimed, what may go. The rest is settled or put off in the transaction that would have begun it.
pub async fn let_go(batch: &mut Batch, claimed: Vec<Claimed>, now: Millis) -> Result<Vec<Claimed>, Error> {
    if claimed.is_empty() {
        return Ok(claimed);
    }
    let verdicts = guard::look(batch.tx().await?, &claimed, now).await?;
    if verdicts.iter().all(|verdict| *verdict == Verdict::Go) {
        return Ok(claimed);
    }
    let (mut going, mut later, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (send, verdict) in claimed.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Go => going.push(send),
            Verdict::Wait(until) => later.push((send, until)),
            Verdict::Refuse(reason) => {
                claim::let_try(batch.tx().await?, &send).await?;
                refused.push(decide::kept_back(send, reason));
            }
        }
    }
    claim::put_off(batch.tx().await?, &later).await?;
    // Its campaign may have been stopped while it was claimed.
    let campaigns: BTreeSet<_> = later.iter().filter_map(|(send, _)| Some((send.tenant, send.campaign?))).collect();
    for (tenant, campaign) in campaigns {
        campaigns::end_strays(batch.inside(TenantId(tenant)), campaign).await?;
    }
    write_down(batch, &refused.iter().collect::<Vec<_>>()).await?;
    Ok(going)
}
