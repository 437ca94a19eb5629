//! Putting an audience into the ledger, some thousands at a time, in the order of openids. What is in is remembered with
//! it in one transaction: a process that dies leaves nobody out and takes nobody twice.

use ::store::FromRow;
use kit::{Bulk, Error, Sql, Work, sql};

use super::{Audience, Campaign, store};
use crate::messages::Message;

/// So many fans a transaction.
const SOME: usize = 2_000;

/// A fan of the audience, and what is known of the customer that they are.
#[derive(Debug, Clone, FromRow)]
pub struct Recipient {
    pub openid: String,
    pub customer_id: i64,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub birthday: Option<String>,
}

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
/// says to everybody. How many; 0 when all are in.
pub async fn fill(
    work: &mut Work,
    campaign: &Campaign,
    say: impl Fn(&Recipient) -> Option<Message>,
) -> Result<usize, Error> {
    let Some(after) = store::filling(work, campaign.id).await? else { return Ok(0) };
    let some = some(work, campaign, after.as_deref().unwrap_or_default()).await?;
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
            "queued".into(),
            0i64.into(),
            id.into(),
            now.into(),
            campaign.decided_by.as_deref().into(),
            campaign.id.into(),
        ]);
    }
    work.bulk(bulk).await?;
    store::filled_to(work, campaign.id, &last.openid).await?;
    work.wake_sender();
    Ok(some.len())
}

/// The next fans of the audience who follow, after this one.
async fn some(work: &mut Work, campaign: &Campaign, after: &str) -> Result<Vec<Recipient>, Error> {
    let query = sql("select f.openid, f.customer_id, c.name, c.phone, c.email, c.city, c.province, c.birthday
         from fans f join customers c on c.tenant_id = f.tenant_id and c.id = f.customer_id
         where f.tenant_id = ? and f.account_id = ? and f.openid > ? and f.status = 'following'")
    .bind(work.tenant())
    .bind(campaign.account)
    .bind(after);
    let query = within(query, &campaign.audience).push(" order by f.openid limit ?").bind(SOME as i64);
    work.all(query).await
}

/// Of the fans `f`, those of the audience.
pub(crate) fn within(query: Sql, audience: &Audience) -> Sql {
    match audience {
        Audience::All => query,
        Audience::Tags { tag_ids } => query
            .push(" and exists (select 1 from customer_tags t where t.tenant_id = f.tenant_id and t.customer_id = f.customer_id and t.tag_id in ")
            .list(tag_ids.iter().copied())
            .push(")"),
        Audience::Customers { customer_ids } => query.push(" and f.customer_id in ").list(customer_ids.iter().copied()),
        Audience::Openids { openids } => query.push(" and f.openid in ").list(openids.iter().map(String::as_str)),
    }
}
