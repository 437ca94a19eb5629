//! The books after a call: the ledger, the timelines, and whatever else WeChat's answer is news for.

use std::collections::{BTreeMap, BTreeSet};

use entities::{
    campaigns, conversations, events,
    messages::{
        Message, Service, gates,
        machine::Step,
        sends::SendState,
        settle::{self, Ended},
    },
    reach::blocked,
    templates,
};
use kit::{
    Batch, Error, TenantId, Work,
    drill::{self, Mistake},
};
use wechat::ErrCode;

use super::{
    call::Outcome,
    decide::{self, Word},
};

/// Writes outcomes into the ledger and onto timelines, and closes and opens gates by them.
pub async fn write_down(batch: &mut Batch, outcomes: &[&Outcome]) -> Result<(), Error> {
    let mut tenants: BTreeMap<i64, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        tenants.entry(outcome.ended.send.tenant).or_default().push(outcome);
    }
    for (tenant, outcomes) in tenants {
        let work = batch.inside(TenantId(tenant));
        let ended: Vec<Ended> = outcomes.iter().map(|outcome| outcome.ended.clone()).collect();
        let states = settle::write(work, &ended).await?;
        let now = work.now();
        let told = outcomes.iter().zip(&states).filter_map(|(outcome, state)| {
            let ended = &outcome.ended;
            let state = state.filter(|_| matches!(ended.step, Step::Over(..)))?;
            let word = Word { reason: ended.state().1, errcode: ended.errcode };
            Some(decide::told(&ended.send, outcome.said.as_ref(), state, word, now))
        });
        let told = told.collect();
        events::record(work, told).await?;
        tell_inbox(work, &outcomes, &states).await?;
        note_blocked(work, &outcomes).await?;
        take_consents_back(work, &outcomes).await?;
        move_gates(work, &outcomes).await?;
        let open = ended.iter().filter(|one| !matches!(one.step, Step::Over(..))).filter_map(|one| one.send.campaign);
        for campaign in open.collect::<BTreeSet<_>>() {
            campaigns::end_strays(work, campaign).await?;
        }
    }
    Ok(())
}

/// A person thinks that they have answered, and they have not, or nobody knows.
async fn tell_inbox(work: &mut Work, outcomes: &[&Outcome], states: &[Option<SendState>]) -> Result<(), Error> {
    for (outcome, state) in outcomes.iter().zip(states) {
        let send = &outcome.ended.send;
        let failed = matches!(state, Some(SendState::Refused | SendState::Unknown));
        if failed && send.by.is_some() && send.service == Service::Custom {
            conversations::failed(work, send.account, &send.openid).await?;
        }
    }
    Ok(())
}

/// WeChat says that it keeps this fan away.
async fn note_blocked(work: &mut Work, outcomes: &[&Outcome]) -> Result<(), Error> {
    for ended in outcomes.iter().map(|outcome| &outcome.ended) {
        if ended.errcode.is_some() && ended.state().1 == Some("blacklisted") {
            blocked::note(work, ended.send.account, &ended.send.openid, true, None).await?;
        }
    }
    Ok(())
}

/// WeChat's word on what a fan has agreed to stands over our count.
async fn take_consents_back(work: &mut Work, outcomes: &[&Outcome]) -> Result<(), Error> {
    for outcome in outcomes {
        let send = &outcome.ended.send;
        let refused = send.service == Service::Notice && outcome.ended.errcode == Some(ErrCode::USER_REFUSED.0);
        if let (true, Some(template)) = (refused, outcome.said.as_ref().and_then(Message::template)) {
            templates::grants::take_back(work, send.account, &send.openid, template).await?;
        }
    }
    Ok(())
}

async fn move_gates(work: &mut Work, outcomes: &[&Outcome]) -> Result<(), Error> {
    for outcome in outcomes {
        let ended = &outcome.ended;
        let (account, service) = (ended.send.account, ended.send.service);
        if drill::is_made(Mistake::IgnoreGates) {
            continue;
        }
        if let Some(closing) = &outcome.closing {
            gates::close(work, account, service, closing, ended.errcode, ended.evidence.clone()).await?;
            if matches!(closing.reason, "day_quota" | "month_quota") {
                for campaign in campaigns::stop_for_quota(work, account, service).await? {
                    tracing::info!(
                        campaign.id = campaign.0,
                        "a campaign ended with the account's quota, as it was told to"
                    );
                }
            }
        } else if ended.send.tries_gate && matches!(ended.step, Step::Over(..)) {
            gates::open(work, account, service).await?;
        }
    }
    Ok(())
}
