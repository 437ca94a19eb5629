//! The campaigns table.

use kit::{AccountId, CampaignId, Error, Millis, Sql, TenantId, Topic, Work, sql};
use store::{FromRow, Tx};

use super::{Audience, Campaign, CampaignState, NewCampaign, OnQuota};
use crate::messages::{Message, Service};

#[derive(FromRow)]
pub(super) struct Row {
    id: i64,
    account_id: i64,
    name: String,
    service: String,
    message: String,
    template_id: Option<String>,
    template_text: Option<String>,
    audience: String,
    state: String,
    on_quota: String,
    starts_at: Option<i64>,
    grace_ms: i64,
    filled_at: Option<i64>,
    reason: Option<String>,
    created_by: String,
    decided_by: Option<String>,
    created_at: i64,
    started_at: Option<i64>,
    ended_at: Option<i64>,
    version: i64,
}

pub(super) fn select() -> Sql {
    sql("select id, account_id, name, service, message, template_id, template_text, audience, state, on_quota, starts_at, grace_ms, filled_at, reason,
         created_by, decided_by, created_at, started_at, ended_at, version from campaigns")
}

pub async fn create(work: &mut Work, new: &NewCampaign) -> Result<CampaignId, Error> {
    let id = CampaignId(work.new_id());
    let query = sql("insert into campaigns (tenant_id, id, account_id, name, service, message, template_id, template_text, audience, state, on_quota, grace_ms, created_by, created_at, version)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, 1)")
        .bind(work.tenant())
        .bind(id)
        .bind(new.account)
        .bind(new.name.as_str())
        .bind(new.message.service().as_str())
        .bind(serde_json::to_string(&new.message).map_err(Error::internal)?)
        .bind(new.message.template())
        .bind(new.template_text.as_deref())
        .bind(serde_json::to_string(&new.audience).map_err(Error::internal)?)
        .bind(new.on_quota.as_str())
        .bind(new.grace_ms)
        .bind(new.by.as_str())
        .bind(work.now());
    work.execute(query).await?;
    tell(work, id);
    Ok(id)
}

/// Says to open consoles that it is not as it was.
pub(super) fn tell(work: &mut Work, id: CampaignId) {
    work.tell(Topic::Campaigns, &serde_json::json!({ "campaign_id": id }));
}

pub async fn find(work: &mut Work, id: CampaignId) -> Result<Campaign, Error> {
    let query = select().push(" where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.one::<Row>(query).await?.ok_or(Error::NotFound)?.try_into()
}

/// It is to begin at this instant. False when it has begun, or is over.
pub async fn schedule(work: &mut Work, id: CampaignId, at: Millis, by: &str) -> Result<bool, Error> {
    let query = sql(
        "update campaigns set state = 'scheduled', starts_at = ?, decided_by = ?, reason = null, version = version + 1
         where tenant_id = ? and id = ? and state in ('draft', 'scheduled', 'missed')",
    )
    .bind(at)
    .bind(by)
    .bind(work.tenant())
    .bind(id);
    tell(work, id);
    Ok(work.execute(query).await? == 1)
}

/// It begins now. False when it has begun, or is over.
pub async fn start(work: &mut Work, id: CampaignId, by: &str) -> Result<bool, Error> {
    let now = work.now();
    let query = sql("update campaigns set state = 'running', starts_at = coalesce(starts_at, ?), started_at = ?, decided_by = ?, reason = null, version = version + 1
         where tenant_id = ? and id = ? and state in ('draft', 'scheduled', 'missed')")
        .bind(now)
        .bind(now)
        .bind(by)
        .bind(work.tenant())
        .bind(id);
    let started = work.execute(query).await? == 1;
    tell(work, id);
    work.wake_sender();
    Ok(started)
}

/// It ends now: nothing more of it is begun. What waits is cancelled; what waits to be said again is in doubt for good.
/// False when it is over already.
pub async fn stop(work: &mut Work, id: CampaignId, reason: &str, by: &str) -> Result<bool, Error> {
    let now = work.now();
    let query =
        sql("update campaigns set state = 'stopped', reason = ?, decided_by = ?, ended_at = ?, version = version + 1
         where tenant_id = ? and id = ? and state in ('draft', 'scheduled', 'missed', 'running')")
        .bind(reason)
        .bind(by)
        .bind(now)
        .bind(work.tenant())
        .bind(id);
    if work.execute(query).await? != 1 {
        return Ok(false);
    }
    cancel_rest(work, id, &format!("stopped by {by}")).await?;
    doubt_rest(work, id).await?;
    tell(work, id);
    Ok(true)
}

async fn cancel_rest(work: &mut Work, id: CampaignId, evidence: &str) -> Result<u64, Error> {
    let query = sql("update sends set state = 'cancelled', reason = 'stopped', evidence = ?, settled_at = ?
         where tenant_id = ? and campaign_id = ? and state in ('queued', 'held') and state <> 'sending'")
    .bind(evidence)
    .bind(work.now())
    .bind(work.tenant())
    .bind(id);
    work.execute(query).await
}

async fn doubt_rest(work: &mut Work, id: CampaignId) -> Result<u64, Error> {
    let query = sql("update sends set state = 'unknown', settled_at = ?
         where tenant_id = ? and campaign_id = ? and state = 'retrying' and state <> 'sending'")
    .bind(work.now())
    .bind(work.tenant())
    .bind(id);
    work.execute(query).await
}

/// What came back into line, or was to be said again, of a campaign that has been stopped meanwhile.
pub async fn end_strays(work: &mut Work, id: CampaignId) -> Result<(), Error> {
    // With the row in hand: a stop that is about to be committed is waited for, and one that comes later finds the lines.
    let query =
        sql("select state from campaigns where tenant_id = ? and id = ? {for_update}").bind(work.tenant()).bind(id);
    if work.scalar::<String>(query).await?.as_deref() == Some(CampaignState::Stopped.as_str()) {
        cancel_rest(work, id, "the campaign had been stopped").await?;
        doubt_rest(work, id).await?;
    }
    Ok(())
}

/// The account's quota is used up: those campaigns end that do not wait for it. Which.
pub async fn stop_for_quota(work: &mut Work, account: AccountId, service: Service) -> Result<Vec<CampaignId>, Error> {
    let query = sql("select id from campaigns where tenant_id = ? and account_id = ? and service = ? and state = 'running' and on_quota = 'stop'")
        .bind(work.tenant())
        .bind(account)
        .bind(service.as_str());
    let ids: Vec<i64> = work.scalars(query).await?;
    let mut stopped = Vec::new();
    for id in ids.into_iter().map(CampaignId) {
        if stop(work, id, "quota", "the campaign's own rule").await? {
            stopped.push(id);
        }
    }
    Ok(stopped)
}

/// Begins what is due, of every tenant, and puts what could not begin in time before a person (P9). How many of each.
pub async fn begin_due(tx: &Tx, now: Millis) -> Result<(u64, u64), Error> {
    let missed = sql("update campaigns set state = 'missed', reason = 'missed', version = version + 1
         where tenant_id is not null and state = 'scheduled' and starts_at + grace_ms < ?")
    .bind(now);
    let missed = tx.execute(missed).await?;
    let begun = sql("update campaigns set state = 'running', started_at = ?, version = version + 1
         where tenant_id is not null and state = 'scheduled' and starts_at <= ?
           and not exists (select 1 from send_pauses p where p.tenant_id = campaigns.tenant_id)")
    .bind(now)
    .bind(now);
    Ok((tx.execute(begun).await?, missed))
}

/// Campaigns that run and of whose audience not all are in the ledger, of every tenant.
pub async fn to_fill(tx: &Tx) -> Result<Vec<(TenantId, CampaignId)>, Error> {
    #[derive(FromRow)]
    struct Key {
        tenant_id: i64,
        id: i64,
    }
    let query = sql(
        "select tenant_id, id from campaigns where tenant_id is not null and state = 'running' and filled_at is null order by tenant_id, id",
    );
    let keys: Vec<Key> = tx.all(query).await?;
    Ok(keys.into_iter().map(|key| (TenantId(key.tenant_id), CampaignId(key.id))).collect())
}

/// Campaigns of which nothing is left to do are done. How many.
pub async fn end_finished(tx: &Tx, now: Millis) -> Result<u64, Error> {
    let query = sql("update campaigns set state = 'done', ended_at = ?, version = version + 1
         where tenant_id is not null and state = 'running' and filled_at is not null
           and not exists (select 1 from sends s where s.tenant_id = campaigns.tenant_id and s.campaign_id = campaigns.id
             and s.state in ('queued', 'held') and s.state <> 'sending')
           and not exists (select 1 from sends s where s.tenant_id = campaigns.tenant_id and s.account_id = campaigns.account_id
             and s.campaign_id = campaigns.id and s.state in ('sending', 'retrying'))")
        .bind(now);
    Ok(tx.execute(query).await?)
}

/// What a campaign says to everybody.
pub async fn message_of(work: &mut Work, id: CampaignId) -> Result<Message, Error> {
    Ok(find(work, id).await?.message)
}

/// Where the ledger stands in the audience; nothing when it holds all of it, or the campaign no longer runs. On
/// PostgreSQL the row is this transaction's.
pub(super) async fn filling(work: &mut Work, id: CampaignId) -> Result<Option<Option<String>>, Error> {
    #[derive(FromRow)]
    struct Place {
        filled_to: Option<String>,
    }
    let query = sql("select filled_to from campaigns where tenant_id = ? and id = ? and state = 'running' and filled_at is null {for_update}")
        .bind(work.tenant())
        .bind(id);
    Ok(work.one::<Place>(query).await?.map(|place| place.filled_to))
}

/// The ledger holds the audience up to here, by so many lines more. That is kept for the daily comparison alone (P3);
/// of one that was begun before it was kept, nobody knows how many there were.
pub(super) async fn filled_to(work: &mut Work, id: CampaignId, openid: &str, lines: usize) -> Result<(), Error> {
    let query =
        sql("update campaigns set filled_to = ?, accepted = case when filled_to is null then ? else accepted + ? end
         where tenant_id = ? and id = ?")
        .bind(openid)
        .bind(lines as i64)
        .bind(lines as i64)
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    Ok(())
}

/// The ledger holds all of it.
pub(super) async fn filled(work: &mut Work, id: CampaignId) -> Result<(), Error> {
    let query = sql("update campaigns set filled_at = ?, version = version + 1 where tenant_id = ? and id = ?")
        .bind(work.now())
        .bind(work.tenant())
        .bind(id);
    work.execute(query).await?;
    work.wake_sender();
    Ok(())
}

impl TryFrom<Row> for Campaign {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let broken = |why: &str| Error::broken("campaigns", row.id, why);
        let message: Message = serde_json::from_str(&row.message).map_err(|_| broken("unreadable message"))?;
        let audience: Audience = serde_json::from_str(&row.audience).map_err(|_| broken("unreadable audience"))?;
        Ok(Self {
            id: CampaignId(row.id),
            account: AccountId(row.account_id),
            service: Service::parse(&row.service).ok_or_else(|| broken("unknown service"))?,
            message,
            template_id: row.template_id,
            template_text: row.template_text,
            audience,
            state: CampaignState::parse(&row.state).ok_or_else(|| broken("unknown state"))?,
            on_quota: OnQuota::parse(&row.on_quota).ok_or_else(|| broken("unknown word for quotas"))?,
            name: row.name,
            starts_at: row.starts_at,
            grace_ms: row.grace_ms,
            filled_at: row.filled_at,
            reason: row.reason,
            created_by: row.created_by,
            decided_by: row.decided_by,
            created_at: row.created_at,
            started_at: row.started_at,
            ended_at: row.ended_at,
            version: row.version,
        })
    }
}

/// Whether what is put in line for this campaign has to wait for a person's word, as what was in line before does (P8).
/// The account stays as it is until this is written: whoever loses it holds what is in line by then.
pub(super) async fn is_held(work: &mut Work, campaign: &Campaign) -> Result<bool, Error> {
    let query = sql("select status from accounts where tenant_id = ? and id = ? {for_update}")
        .bind(work.tenant())
        .bind(campaign.account);
    if work.scalar::<String>(query).await?.as_deref() != Some("bound") {
        return Ok(true);
    }
    let query = sql("select count(*) from (select 1 as one from sends where tenant_id = ? and campaign_id = ? and state = 'held' and state <> 'sending' limit 1) as held")
        .bind(work.tenant())
        .bind(campaign.id);
    Ok(work.scalar::<i64>(query).await?.unwrap_or(0) > 0)
}
