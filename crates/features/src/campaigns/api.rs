use axum::{Json, http::StatusCode};
use entities::{
    accounts::{self, tokens::Keeper},
    campaigns::{self, Campaign, CampaignState, words},
    customers, fans,
    messages::{
        ledger,
        sends::{self, NewSend},
    },
};
use kit::{Allowed, Body, CampaignId, Ctx, Error, Millis, Page, PageQuery, Params, PathId, Work, capability::can};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    body, check,
    model::{
        CampaignBody, CampaignCheck, CampaignDetail, CampaignTest, CampaignView, CampaignsQuery, FindingLevel,
        StartCampaign, TestCampaign,
    },
    view,
};

/// The furthest that a start can be put off.
const LONGEST_MS: Millis = 90 * 24 * 3_600_000;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_campaigns, create_campaign))
        .routes(routes!(get_campaign, replace_campaign, delete_campaign))
        .routes(routes!(check_campaign))
        .routes(routes!(test_campaign))
        .routes(routes!(start_campaign))
        .routes(routes!(stop_campaign))
}

/// List campaigns by template, the newest first.
#[utoipa::path(get, path = "/api/v1/campaigns", operation_id = "list_campaigns", tag = "campaigns", params(CampaignsQuery, PageQuery),
    responses((status = 200, description = "One page.", body = Page<CampaignView>)))]
async fn list_campaigns(
    mut work: Allowed<can::MessagesRead>,
    Params(query): Params<CampaignsQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<CampaignView>>, Error> {
    let limit = paging.limit()?;
    let filter = campaigns::Filter { account: query.account, state: query.state };
    let found = campaigns::list(&mut work, filter, paging.after::<(Millis, i64)>()?, limit + 1).await?;
    let page = Page::cut(found, limit, |one| (one.created_at, one.id.0));
    Ok(Json(Page { items: view::views(&mut work, page.items).await?, next_cursor: page.next_cursor }))
}

/// Write a campaign: it is a draft, and nothing is sent. Only verified service accounts may (R4).
#[utoipa::path(post, path = "/api/v1/campaigns", operation_id = "create_campaign", tag = "campaigns", request_body = CampaignBody,
    responses((status = 201, description = "The draft.", body = CampaignView),
        (status = 409, description = "`function_not_allowed`, with the rule.")))]
async fn create_campaign(
    mut work: Allowed<can::MessagesWrite>,
    Body(body): Body<CampaignBody>,
) -> Result<(StatusCode, Json<CampaignView>), Error> {
    let by = work.caller().name().to_owned();
    let new = body::check(&mut work, body, &by).await?;
    let id = campaigns::create(&mut work, &new).await?;
    let view = read(&mut work, id).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// One campaign, and what came of it so far: counted from the ledger's lines.
#[utoipa::path(get, path = "/api/v1/campaigns/{campaign}", operation_id = "get_campaign", tag = "campaigns",
    params(("campaign" = CampaignId, Path, description = "The campaign.")),
    responses((status = 200, description = "The campaign.", body = CampaignDetail)))]
async fn get_campaign(
    mut work: Allowed<can::MessagesRead>,
    PathId((id,)): PathId<(CampaignId,)>,
) -> Result<Json<CampaignDetail>, Error> {
    let campaign = campaigns::find(&mut work, id).await?;
    Ok(Json(view::detail(&mut work, campaign).await?))
}

/// Write a draft anew.
#[utoipa::path(put, path = "/api/v1/campaigns/{campaign}", operation_id = "replace_campaign", tag = "campaigns",
    params(("campaign" = CampaignId, Path, description = "The campaign.")), request_body = CampaignBody,
    responses((status = 200, description = "The draft.", body = CampaignView),
        (status = 409, description = "`campaign_state`: it is no draft any more; `campaign_changed`: somebody has changed it since it was read.")))]
async fn replace_campaign(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(CampaignId,)>,
    Body(body): Body<CampaignBody>,
) -> Result<Json<CampaignView>, Error> {
    let campaign = campaigns::find(&mut work, id).await?;
    let version = body.version.ok_or_else(|| Error::field("version", "empty", "say which version was read"))?;
    let by = work.caller().name().to_owned();
    let new = body::check(&mut work, body, &by).await?;
    if new.account != campaign.account {
        return Err(Error::field("account_id", "fixed", "a campaign stays with its account"));
    }
    is_in(&campaign, &[CampaignState::Draft])?;
    if !campaigns::change(&mut work, id, &new, version).await? {
        return Err(Error::conflict("campaign_changed", "somebody has changed it since it was read"));
    }
    let view = read(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Delete a draft.
#[utoipa::path(delete, path = "/api/v1/campaigns/{campaign}", operation_id = "delete_campaign", tag = "campaigns",
    params(("campaign" = CampaignId, Path, description = "The campaign.")),
    responses((status = 204, description = "It is gone."), (status = 409, description = "`campaign_state`: it is no draft.")))]
async fn delete_campaign(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(CampaignId,)>,
) -> Result<StatusCode, Error> {
    let campaign = campaigns::find(&mut work, id).await?;
    if !campaigns::delete(&mut work, id).await? {
        return Err(state(&campaign));
    }
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Look at a campaign before it begins: who is meant, who cannot be reached and why, what is missing, what WeChat would
/// refuse or punish, and what is left of the day's quota. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/check", operation_id = "check_campaign", tag = "campaigns",
    params(("campaign" = CampaignId, Path, description = "The campaign.")), request_body = StartCampaign,
    responses((status = 200, description = "What was found.", body = CampaignCheck)))]
async fn check_campaign(
    work: Allowed<can::MessagesRead>,
    PathId((id,)): PathId<(CampaignId,)>,
    Body(when): Body<StartCampaign>,
) -> Result<Json<CampaignCheck>, Error> {
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    let (campaign, found) = looked_at(&work, id, when.at).await?;
    drop(work);
    let keeper = Keeper::new(&ctx, tenant, campaign.account);
    Ok(Json(check::with_quota(&ctx, &keeper, &campaign, found).await))
}

/// Try a campaign on one fan: said as it would be said to them, marked as a trial, and none of the campaign's lines.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/test", operation_id = "test_campaign", tag = "campaigns",
    params(("campaign" = CampaignId, Path, description = "The campaign.")), request_body = TestCampaign,
    responses((status = 201, description = "The send, in line.", body = CampaignTest),
        (status = 409, description = "`function_not_allowed`; `not_a_fan` of the account; `not_reachable`: they do not follow; `campaign_not_ready`: the texts cannot be sent.")))]
async fn test_campaign(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(CampaignId,)>,
    Body(whom): Body<TestCampaign>,
) -> Result<(StatusCode, Json<CampaignTest>), Error> {
    let (campaign, found) = looked_at(&work, id, None).await?;
    accounts::find(&mut work, campaign.account).await?.may(body::function(campaign.service))?;
    let customer = customers::find(&mut work, whom.customer_id).await?.id;
    let texts = ["template_gone", "template_changed", "empty_value", "unfit_value", "no_such_key"];
    ready(&found, |code| texts.contains(&code))?;
    let recipient = campaigns::as_recipient(&mut work, &campaign, customer)
        .await?
        .ok_or_else(|| Error::conflict("not_a_fan", "they are no fan of this account"))?;
    let fan = fans::find(&mut work, campaign.account, &recipient.openid).await?.ok_or(Error::NotFound)?;
    if fan.status != fans::FanStatus::Following {
        return Err(Error::Conflict {
            code: "not_reachable",
            detail: "they do not follow the account".into(),
            params: serde_json::json!({ "reason": "not_following", "rule": "R4" }),
        });
    }
    let send = NewSend {
        account: campaign.account,
        customer,
        openid: recipient.openid.clone(),
        message: words::said(&campaign.message, &recipient),
        rule: None,
        group: work.new_id(),
        position: 0,
        due_at: work.now(),
        deadline_at: None,
        by: Some(work.caller().name().to_owned()),
    };
    let ids = sends::queue(&mut work, vec![send]).await?;
    let send = ids.into_iter().next().ok_or_else(|| Error::internal("a send was not put in line"))?;
    campaigns::mark_test(&mut work, id, send).await?;
    let test = view::test(ledger::find(&mut work, send).await?);
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(test)))
}

/// Let a campaign begin, now or at an instant. What the check finds to be wrong stops it.
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/start", operation_id = "start_campaign", tag = "campaigns",
    params(("campaign" = CampaignId, Path, description = "The campaign.")), request_body = StartCampaign,
    responses((status = 200, description = "It runs, or waits for its time.", body = CampaignView),
        (status = 409, description = "`campaign_not_ready`, with the codes of what is wrong; `campaign_state`: it has begun or is over.")))]
async fn start_campaign(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(CampaignId,)>,
    Body(when): Body<StartCampaign>,
) -> Result<Json<CampaignView>, Error> {
    let (campaign, found) = looked_at(&work, id, when.at).await?;
    is_in(&campaign, &[CampaignState::Draft, CampaignState::Scheduled, CampaignState::Missed])?;
    let now = work.now();
    if when.at.is_some_and(|at| at <= now || at > now + LONGEST_MS) {
        return Err(Error::field("at", "range", "an instant to come, within ninety days"));
    }
    ready(&found, |_| true)?;
    let by = work.caller().name().to_owned();
    let begun = match when.at {
        Some(at) => campaigns::schedule(&mut work, id, at, &by).await?,
        None => campaigns::start(&mut work, id, &by).await?,
    };
    if !begun {
        return Err(state(&campaigns::find(&mut work, id).await?));
    }
    let view = read(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Stop a campaign: no call of it begins later than two seconds afterwards, and the rest is cancelled (P6).
#[utoipa::path(post, path = "/api/v1/campaigns/{campaign}/stop", operation_id = "stop_campaign", tag = "campaigns",
    params(("campaign" = CampaignId, Path, description = "The campaign.")),
    responses((status = 200, description = "It is stopped.", body = CampaignView),
        (status = 409, description = "`campaign_state`: it is over.")))]
async fn stop_campaign(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(CampaignId,)>,
) -> Result<Json<CampaignView>, Error> {
    let campaign = campaigns::find(&mut work, id).await?;
    is_in(&campaign, &[CampaignState::Scheduled, CampaignState::Missed, CampaignState::Running])?;
    let by = work.caller().name().to_owned();
    if !campaigns::stop(&mut work, id, "stopped", &by).await? {
        return Err(state(&campaigns::find(&mut work, id).await?));
    }
    let view = read(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// The campaign and its check, read without holding up those who write.
async fn looked_at(work: &Work, id: CampaignId, at: Option<Millis>) -> Result<(Campaign, CampaignCheck), Error> {
    let mut look = Work::reading(work.ctx(), work.tenant());
    let campaign = campaigns::find(&mut look, id).await?;
    let at = at.unwrap_or(look.now());
    let found = check::check(&mut look, &campaign, at).await?;
    Ok((campaign, found))
}

async fn read(work: &mut Work, id: CampaignId) -> Result<CampaignView, Error> {
    let campaign = campaigns::find(work, id).await?;
    view::view(work, campaign).await
}

fn is_in(campaign: &Campaign, states: &[CampaignState]) -> Result<(), Error> {
    if states.contains(&campaign.state) { Ok(()) } else { Err(state(campaign)) }
}

/// It is not in a state in which this can be done.
fn state(campaign: &Campaign) -> Error {
    Error::Conflict {
        code: "campaign_state",
        detail: format!("the campaign is {}", campaign.state.as_str()),
        params: serde_json::json!({ "state": campaign.state }),
    }
}

/// Nothing that counts stands in its way.
fn ready(found: &CampaignCheck, counts: impl Fn(&str) -> bool) -> Result<(), Error> {
    let wrong: Vec<_> =
        found.findings.iter().filter(|one| one.level == FindingLevel::Error && counts(one.code)).collect();
    let Some(first) = wrong.first() else { return Ok(()) };
    Err(Error::Conflict {
        code: "campaign_not_ready",
        detail: first.detail.clone(),
        params: serde_json::json!({ "findings": wrong, "rule": first.rule }),
    })
}
