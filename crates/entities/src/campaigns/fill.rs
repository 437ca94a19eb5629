//! Putting an audience into the ledger, some thousands at a time, in the order of openids. What is in is remembered with
//! it in one transaction: a process that dies leaves nobody out and takes nobody twice.

use kit::{Bulk, Error, Topic, Work};

use super::{
    Campaign,
    audience::{Recipient, some},
    store,
};
use crate::messages::Message;

/// So many fans a transaction.
const SOME: usize = 2_000;

const COLUMNS: &[&str] = &[
    "tenant_id",
    "id",
    "account_id",
    "customer_id",
    "openid",
    "service",
    "message",
    "state",
    "position",
    "group_id",
    "due_at",
    "said_by",
    "campaign_id",
];

/// Puts the next of the audience into the ledger. `say` is what one of them is told, none when it is what the campaign
/// says to everybody. How many; 0 when all are in. For an account that was lost, they are held.
pub async fn fill(
    work: &mut Work,
    campaign: &Campaign,
    say: impl Fn(&Recipient) -> Option<Message>,
) -> Result<usize, Error> {
    // The account before the campaign, as wherever both are locked.
    let state = if store::is_held(work, campaign).await? { "held" } else { "queued" };
    let Some(after) = store::filling(work, campaign.id).await? else { return Ok(0) };
    let some = some(work, campaign, after.as_deref().unwrap_or_default(), SOME).await?;
    let Some(last) = some.last() else {
        store::filled(work, campaign.id).await?;
        return Ok(0);
    };
    let (tenant, now) = (work.tenant(), work.now());
    let mut bulk = Bulk::into("sends", COLUMNS);
    bulk.reserve(some.len());
    for recipient in &some {
        let id = work.new_id();
        let message = match say(recipient) {
            Some(message) => serde_json::to_string(&message).map_err(Error::internal)?,
            None => String::new(),
        };
        bulk.row([
            tenant.into(),
            id.into(),
            campaign.account.into(),
            recipient.customer_id.into(),
            recipient.openid.as_str().into(),
            campaign.service.as_str().into(),
            message.into(),
            state.into(),
            0i64.into(),
            id.into(),
            now.into(),
            campaign.decided_by.as_deref().into(),
            campaign.id.into(),
        ]);
    }
    work.bulk(bulk).await?;
    store::filled_to(work, campaign.id, &last.openid, some.len()).await?;
    work.tell(Topic::Campaigns, &serde_json::json!({ "campaign_id": campaign.id }));
    work.wake_sender();
    Ok(some.len())
}
