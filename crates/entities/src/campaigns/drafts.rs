//! Campaigns as people work with them: lists, drafts, what uses a template, how they stand in numbers, and trials. A store.

use std::collections::HashMap;

use ::store::FromRow;
use kit::{AccountId, CampaignId, Error, Millis, SendId, Work, sql};

use super::{
    Campaign, CampaignState, NewCampaign,
    store::{Row, select, stop, tell},
};
use crate::messages::sends::SendState;

/// Which campaigns are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub account: Option<AccountId>,
    pub state: Option<CampaignState>,
}

/// The newest first, before `before`.
pub async fn list(
    work: &mut Work,
    filter: Filter,
    before: Option<(Millis, i64)>,
    limit: u64,
) -> Result<Vec<Campaign>, Error> {
    let mut query = select().push(" where tenant_id = ? and template_id is not null").bind(work.tenant());
    if let Some(account) = filter.account {
        query = query.push(" and account_id = ?").bind(account);
    }
    if let Some(state) = filter.state {
        query = query.push(" and state = ?").bind(state.as_str());
    }
    if let Some((created_at, id)) = before {
        query = query.push(" and (created_at, id) < (?, ?)").bind(created_at).bind(id);
    }
    let query = query.push(" order by created_at desc, id desc limit ?").bind(limit as i64);
    work.all::<Row>(query).await?.into_iter().map(Campaign::try_from).collect()
}

/// How many could not begin in their time and wait for a person, of one account or of each that has some.
pub async fn missed(work: &mut Work, account: Option<AccountId>) -> Result<Vec<(AccountId, i64)>, Error> {
    #[derive(FromRow)]
    struct Count {
        account_id: i64,
        n: i64,
    }
    let mut query = sql("select account_id, count(*) as n from campaigns where tenant_id = ? and state = 'missed'")
        .bind(work.tenant());
    if let Some(account) = account {
        query = query.push(" and account_id = ?").bind(account);
    }
    let rows: Vec<Count> = work.all(query.push(" group by account_id order by account_id")).await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), row.n)).collect())
}

/// Writes a draft anew. False when it is none any more, or somebody has changed it since `version`.
pub async fn change(work: &mut Work, id: CampaignId, new: &NewCampaign, version: i64) -> Result<bool, Error> {
    let query = sql("update campaigns set name = ?, service = ?, message = ?, template_id = ?, template_text = ?, audience = ?, on_quota = ?, grace_ms = ?, version = version + 1
         where tenant_id = ? and id = ? and account_id = ? and state = 'draft' and version = ?")
        .bind(new.name.as_str())
        .bind(new.message.service().as_str())
        .bind(serde_json::to_string(&new.message).map_err(Error::internal)?)
        .bind(new.message.template())
        .bind(new.template_text.as_deref())
        .bind(serde_json::to_string(&new.audience).map_err(Error::internal)?)
        .bind(new.on_quota.as_str())
        .bind(new.grace_ms)
        .bind(work.tenant())
        .bind(id)
        .bind(new.account)
        .bind(version);
    tell(work, id);
    Ok(work.execute(query).await? == 1)
}

/// Forgets a draft. False when it is none.
pub async fn delete(work: &mut Work, id: CampaignId) -> Result<bool, Error> {
    let query =
        sql("delete from campaigns where tenant_id = ? and id = ? and state = 'draft'").bind(work.tenant()).bind(id);
    tell(work, id);
    Ok(work.execute(query).await? == 1)
}

/// A campaign by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub id: CampaignId,
    pub name: String,
    pub state: CampaignState,
}

#[derive(FromRow)]
struct NamedRow {
    id: i64,
    name: String,
    state: String,
}

impl NamedRow {
    fn named(self) -> Result<Named, Error> {
        let state =
            CampaignState::parse(&self.state).ok_or_else(|| Error::broken("campaigns", self.id, "unknown state"))?;
        Ok(Named { id: CampaignId(self.id), name: self.name, state })
    }
}

/// The campaigns that use a template and are not over, by their age.
pub async fn using(work: &mut Work, account: AccountId, template: &str) -> Result<Vec<Named>, Error> {
    let query = sql("select id, name, state from campaigns where tenant_id = ? and account_id = ? and template_id = ? and state not in ('done', 'stopped') order by created_at, id limit 200")
        .bind(work.tenant())
        .bind(account)
        .bind(template);
    work.all::<NamedRow>(query).await?.into_iter().map(NamedRow::named).collect()
}

/// Campaigns of the account that began, or are to begin, between two instants, but for one.
pub async fn near(
    work: &mut Work,
    account: AccountId,
    (from, to): (Millis, Millis),
    but: CampaignId,
) -> Result<Vec<Named>, Error> {
    let query = sql("select id, name, state from campaigns where tenant_id = ? and account_id = ? and id <> ? and state in ('scheduled', 'running', 'done', 'stopped')
           and coalesce(started_at, case when state = 'scheduled' then starts_at end) between ? and ? order by created_at, id limit 20")
        .bind(work.tenant())
        .bind(account)
        .bind(but)
        .bind(from)
        .bind(to);
    work.all::<NamedRow>(query).await?.into_iter().map(NamedRow::named).collect()
}

/// The template of these is not what it was: what was to begin by itself waits for a person. How many.
pub async fn ask_again(work: &mut Work, account: AccountId, template: &str, reason: &str) -> Result<u64, Error> {
    let query = sql("update campaigns set state = 'missed', reason = ?, version = version + 1
         where tenant_id = ? and account_id = ? and template_id = ? and state = 'scheduled'")
    .bind(reason)
    .bind(work.tenant())
    .bind(account)
    .bind(template);
    work.execute(query).await
}

/// The template is gone: what runs with it ends, for WeChat would refuse every line of it.
pub async fn end_without(work: &mut Work, account: AccountId, template: &str) -> Result<(), Error> {
    let query = sql(
        "select id from campaigns where tenant_id = ? and account_id = ? and template_id = ? and state = 'running'",
    )
    .bind(work.tenant())
    .bind(account)
    .bind(template);
    let ids: Vec<i64> = work.scalars(query).await?;
    for id in ids {
        stop(work, CampaignId(id), "template_gone", "the template that is gone").await?;
    }
    Ok(())
}

/// How many lines of each of these stand in each state: from the lines alone (P3).
pub async fn counts(work: &mut Work, ids: &[CampaignId]) -> Result<HashMap<CampaignId, Vec<(SendState, i64)>>, Error> {
    #[derive(FromRow)]
    struct Count {
        campaign_id: i64,
        state: String,
        n: i64,
    }
    // What is under way is in an index of its own. In one statement, so that nothing goes from one to the other meanwhile.
    let query = sql("select campaign_id, state, count(*) as n from sends
         where tenant_id = ? and campaign_id is not null and state <> 'sending' and campaign_id in ")
    .bind(work.tenant())
    .list(ids.iter().copied())
    .push(
        " group by campaign_id, state
         union all
         select campaign_id, state, count(*) as n from sends
         where tenant_id = ? and state in ('sending', 'retrying') and state = 'sending' and campaign_id in ",
    )
    .bind(work.tenant())
    .list(ids.iter().copied())
    .push(" group by campaign_id, state");
    let mut counts: HashMap<CampaignId, Vec<(SendState, i64)>> = HashMap::new();
    for row in work.all::<Count>(query).await? {
        let state =
            SendState::parse(&row.state).ok_or_else(|| Error::broken("sends", row.campaign_id, "unknown state"))?;
        counts.entry(CampaignId(row.campaign_id)).or_default().push((state, row.n));
    }
    Ok(counts)
}

/// What WeChat reported of the sent ones: `delivered`, `blocked`, `failed`, and how often each.
pub async fn deliveries(work: &mut Work, id: CampaignId) -> Result<Vec<(String, i64)>, Error> {
    #[derive(FromRow)]
    struct Count {
        delivery: String,
        n: i64,
    }
    let query = sql("select delivery, count(*) as n from sends where tenant_id = ? and campaign_id = ? and state = 'sent' and state <> 'sending' and delivery is not null group by delivery")
        .bind(work.tenant())
        .bind(id);
    Ok(work.all::<Count>(query).await?.into_iter().map(|row| (row.delivery, row.n)).collect())
}

/// Why lines were refused, the most frequent first: our word, WeChat's code, and how often.
pub async fn refusals(work: &mut Work, id: CampaignId) -> Result<Vec<(Option<String>, Option<i64>, i64)>, Error> {
    #[derive(FromRow)]
    struct Count {
        reason: Option<String>,
        errcode: Option<i64>,
        n: i64,
    }
    let query = sql("select reason, errcode, count(*) as n from sends where tenant_id = ? and campaign_id = ? and state = 'refused' and state <> 'sending' group by reason, errcode order by count(*) desc limit 20")
        .bind(work.tenant())
        .bind(id);
    Ok(work.all::<Count>(query).await?.into_iter().map(|row| (row.reason, row.errcode, row.n)).collect())
}

/// This send tries the campaign out.
pub async fn mark_test(work: &mut Work, campaign: CampaignId, send: SendId) -> Result<(), Error> {
    let query = sql("update sends set test_of = ? where tenant_id = ? and id = ?")
        .bind(campaign)
        .bind(work.tenant())
        .bind(send);
    work.execute(query).await?;
    Ok(())
}

/// The sends that tried it out, newest first.
pub async fn tests(work: &mut Work, campaign: CampaignId) -> Result<Vec<SendId>, Error> {
    let query = sql("select id from sends where tenant_id = ? and test_of = ? order by due_at desc, id desc limit 20")
        .bind(work.tenant())
        .bind(campaign);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(SendId).collect())
}
