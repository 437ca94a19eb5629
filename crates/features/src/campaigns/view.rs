//! Campaigns as the API shows them.

use std::collections::HashMap;

use entities::{
    campaigns::{self, Campaign, CampaignState},
    messages::ledger::{self, Send},
    templates,
};
use kit::{Error, Work};

use super::{
    body::kind,
    model::{CampaignCounts, CampaignDetail, CampaignRefusal, CampaignReports, CampaignTest, CampaignView, Drift},
};

/// Whether the template is still what it was. What is over is not looked at.
pub async fn drift(work: &mut Work, campaign: &Campaign) -> Result<Option<Drift>, Error> {
    if matches!(campaign.state, CampaignState::Done | CampaignState::Stopped) {
        return Ok(None);
    }
    let Some(wechat_id) = &campaign.template_id else { return Ok(None) };
    let template = templates::find_wechat(work, campaign.account, kind(campaign.service), wechat_id).await?;
    Ok(match template {
        None => Some(Drift::Gone),
        Some(template) if template.gone_at.is_some() => Some(Drift::Gone),
        Some(template) if campaign.template_text.as_ref().is_some_and(|text| *text != template.content) => {
            Some(Drift::Changed)
        }
        Some(_) => None,
    })
}

pub async fn views(work: &mut Work, campaigns: Vec<Campaign>) -> Result<Vec<CampaignView>, Error> {
    let ids: Vec<_> = campaigns.iter().map(|campaign| campaign.id).collect();
    let counts = if ids.is_empty() { HashMap::new() } else { campaigns::counts(work, &ids).await? };
    let mut views = Vec::with_capacity(campaigns.len());
    for campaign in campaigns {
        let drift = drift(work, &campaign).await?;
        let states = counts.get(&campaign.id).map(Vec::as_slice).unwrap_or_default();
        views.push(CampaignView {
            counts: CampaignCounts::of(states),
            drift,
            id: campaign.id,
            account_id: campaign.account,
            name: campaign.name,
            service: campaign.service,
            message: campaign.message,
            audience: campaign.audience,
            on_quota: campaign.on_quota,
            grace_minutes: campaign.grace_ms / 60_000,
            state: campaign.state,
            reason: campaign.reason,
            starts_at: campaign.starts_at,
            filled: campaign.filled_at.is_some(),
            created_by: campaign.created_by,
            created_at: campaign.created_at,
            decided_by: campaign.decided_by,
            started_at: campaign.started_at,
            ended_at: campaign.ended_at,
            version: campaign.version,
        });
    }
    Ok(views)
}

pub async fn view(work: &mut Work, campaign: Campaign) -> Result<CampaignView, Error> {
    views(work, vec![campaign]).await?.pop().ok_or(Error::NotFound)
}

/// With everything that is known of what came of it.
pub async fn detail(work: &mut Work, campaign: Campaign) -> Result<CampaignDetail, Error> {
    let id = campaign.id;
    let campaign = view(work, campaign).await?;
    let mut reports = CampaignReports::default();
    for (delivery, n) in campaigns::deliveries(work, id).await? {
        match delivery.as_str() {
            "delivered" => reports.delivered += n,
            "blocked" => reports.blocked += n,
            _ => reports.failed += n,
        }
    }
    reports.open = campaign.counts.sent - reports.delivered - reports.blocked - reports.failed;
    let refusal = |(reason, errcode, count)| CampaignRefusal { reason, errcode, count };
    let refusals = campaigns::refusals(work, id).await?.into_iter().map(refusal).collect();
    let ids = campaigns::tests(work, id).await?;
    let mut tests = if ids.is_empty() { Vec::new() } else { ledger::find_many(work, &ids).await? };
    tests.sort_by_key(|send| std::cmp::Reverse((send.due_at, send.id)));
    Ok(CampaignDetail { campaign, reports, refusals, tests: tests.into_iter().map(test).collect() })
}

pub fn test(send: Send) -> CampaignTest {
    CampaignTest {
        send_id: send.id,
        customer_id: send.customer,
        openid: send.openid,
        state: send.state,
        reason: send.reason,
        errcode: send.errcode,
        delivery: send.delivery,
        by: send.by,
        at: send.due_at,
    }
}
