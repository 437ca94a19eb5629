//! What is known of a campaign before it begins, gathered from the database and from WeChat.

use entities::{
    accounts::{self, tokens::Keeper},
    campaigns::{self, Campaign, Cap, words},
    messages::{Service, gates, restore},
    people,
    reach::{QuietHours, settings},
    templates,
};
use kit::{Ctx, Error, Millis, Work};
use wechat::api::quota::get_quota::{GetQuota, Request};

use super::{
    body::{function, kind},
    decide,
    model::{CampaignCheck, DayQuota, Finding, FindingLevel},
    view,
};

/// So many recipients are looked at for values that do not fit, some at a time.
const EXAMINED: i64 = 50_000;
const SOME: usize = 5_000;
const DAY_MS: Millis = 24 * 3_600_000;

/// The check without what only WeChat knows. It is to begin at `at`.
pub async fn check(work: &mut Work, campaign: &Campaign, at: Millis) -> Result<CampaignCheck, Error> {
    let account = accounts::find(work, campaign.account).await?;
    let mut findings = Vec::new();
    if let Err(denied) = account.may(function(campaign.service)) {
        findings.push(Finding {
            code: "not_allowed",
            level: FindingLevel::Error,
            rule: denied.rule,
            detail: "the account may not send these".into(),
            params: serde_json::json!({ "reason": denied.code, "rule": denied.rule, "set": denied.set }),
        });
    }
    findings.extend(decide::about_template(view::drift(work, campaign).await?));
    let wechat_id = campaign.template_id.as_deref().unwrap_or_default();
    let template = templates::find_wechat(work, campaign.account, kind(campaign.service), wechat_id).await?;
    let nothing = Default::default();
    let data = campaign.message.data().unwrap_or(&nothing);
    if let Some(template) = &template {
        let fields = templates::fields(&template.content, &template.example);
        findings.extend(decide::about_texts(&template.title, &fields, data));
    }
    let reach = settings::read(work).await?;
    // What counts is what was said before it begins; what leaves until then is not known yet.
    let cap = reach.frequency_cap.map(|cap| Cap { messages: i64::from(cap.messages), since: cap.since(at) });
    let reckoned = campaigns::reckon(work, campaign, cap).await?;
    let missing = decide::missing(data, &reckoned);
    let (mut unfit, mut examined) = (Vec::new(), 0);
    if words::is_personal(&campaign.message) {
        let mut after = String::new();
        while examined < EXAMINED {
            let some = campaigns::some(work, campaign, &after, SOME).await?;
            let Some(last) = some.last() else { break };
            after.clone_from(&last.openid);
            for recipient in &some {
                decide::note_unfit(&mut unfit, &words::fill_all(data, recipient));
            }
            examined += some.len() as i64;
        }
    }
    // What does not fit without anybody's name is found in the texts themselves.
    unfit.retain(|one| data.get(&one.key).is_some_and(|text| entities::messages::places::has_places(text)));
    findings.extend(decide::about_numbers(&reckoned, &missing, &unfit, &campaign.audience));
    let near = campaigns::near(work, campaign.account, (at - DAY_MS, at + DAY_MS), campaign.id).await?;
    let gates = gates::list(work).await?;
    let gate = gates.iter().find(|gate| gate.account_id == campaign.account && gate.service == campaign.service);
    let paused = restore::paused(work).await?.is_some();
    findings.extend(decide::about_time(at, quiet(work, reach.quiet_hours, at).await?, &near, gate, paused));
    Ok(whole(CampaignCheck {
        meant: reckoned.fans,
        reachable: reckoned.reachable,
        unreachable: decide::unreachable(&reckoned, campaign.service == Service::Notice),
        missing,
        unfit,
        examined,
        quota: None,
        findings,
        may_start: false,
    }))
}

/// The check with WeChat's word on the quota.
pub async fn with_quota(ctx: &Ctx, keeper: &Keeper, campaign: &Campaign, check: CampaignCheck) -> CampaignCheck {
    let path = match campaign.service {
        Service::Notice => "/cgi-bin/message/subscribe/bizsend",
        _ => "/cgi-bin/message/template/send",
    };
    let asked = ctx.wechat().call_as::<GetQuota>(keeper, &Request { cgi_path: path.to_owned() }).await;
    // What WeChat does not say is not guessed.
    let said = asked.ok().map(|answer| answer.quota).filter(|quota| quota.daily_limit > 0);
    let Some(said) = said else { return check };
    let quota = DayQuota { limit: said.daily_limit, used: said.used, left: said.remain };
    let mut check = CampaignCheck { quota: Some(quota), ..check };
    if quota.left < check.reachable {
        check.findings.push(decide::quota_short(quota.left, check.reachable));
    }
    whole(check)
}

fn whole(mut check: CampaignCheck) -> CampaignCheck {
    check.findings.sort_by_key(|finding| finding.level);
    check.may_start = !check.findings.iter().any(|finding| finding.level == FindingLevel::Error);
    check
}

/// What the company's quiet hours say of this instant.
async fn quiet(work: &mut Work, set: Option<QuietHours>, at: Millis) -> Result<decide::Quiet, Error> {
    let Some(set) = set else { return Ok(decide::Quiet::Unset) };
    let zone = people::tenant(work).await?.time_zone;
    Ok(decide::Quiet::Until(set.end(zone, at)))
}
