use axum::{Json, extract::State, http::StatusCode};
use entities::{
    accounts,
    broadcasts::{self, Filter},
    calendar,
};
use kit::{
    AccountId, Allowed, Body, BroadcastId, Ctx, Error, Millis, Page, PageQuery, Params, PathId, Work, capability::can,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    acts_api, allowance, begin, check,
    model::{
        BroadcastAllowance, BroadcastBody, BroadcastChange, BroadcastCheck, BroadcastQuery, BroadcastView, CheckBody,
        MonthQuery, StartBody,
    },
    view,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_broadcasts, create_broadcast))
        .routes(routes!(get_broadcast, replace_broadcast, delete_broadcast))
        .routes(routes!(check_broadcast))
        .routes(routes!(start_broadcast))
        .routes(routes!(approve_broadcast))
        .routes(routes!(stop_broadcast))
        .routes(routes!(get_broadcast_allowance))
        .merge(acts_api::router())
}

/// List broadcasts, newest first.
#[utoipa::path(get, path = "/api/v1/broadcasts", operation_id = "list_broadcasts", tag = "broadcasts", params(BroadcastQuery, PageQuery),
    responses((status = 200, description = "One page, without parts.", body = Page<BroadcastView>)))]
async fn list_broadcasts(
    mut work: Allowed<can::MessagesRead>,
    Params(query): Params<BroadcastQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<BroadcastView>>, Error> {
    let limit = paging.limit()?;
    let in_doubt = query.in_doubt.unwrap_or_default();
    let filter = Filter { account: query.account, state: query.state, query: query.query, in_doubt };
    let found = broadcasts::list(&mut work, &filter, paging.after::<(Millis, i64)>()?, limit + 1).await?;
    let mut counts = broadcasts::count(&mut work, &found.iter().collect::<Vec<_>>()).await?;
    let page = Page::cut(found, limit, |one| (one.created_at, one.id.0));
    let caller = work.caller().clone();
    Ok(Json(page.map(|one| {
        let counts = counts.remove(&one.id).unwrap_or_default();
        view::of(one, counts, Some(&caller))
    })))
}

/// Write a broadcast. It is a draft: nothing goes out.
#[utoipa::path(post, path = "/api/v1/broadcasts", operation_id = "create_broadcast", tag = "broadcasts", request_body = BroadcastBody,
    responses((status = 201, description = "The draft.", body = BroadcastView)))]
async fn create_broadcast(
    mut work: Allowed<can::MessagesWrite>,
    Body(body): Body<BroadcastBody>,
) -> Result<(StatusCode, Json<BroadcastView>), Error> {
    let new = begin::parse(&mut work, body).await?;
    let id = broadcasts::create(&mut work, &new).await?;
    let view = view::one(&mut work, id).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// One broadcast, and how each of its parts stands.
#[utoipa::path(get, path = "/api/v1/broadcasts/{broadcast}", operation_id = "get_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")),
    responses((status = 200, description = "The broadcast.", body = BroadcastView)))]
async fn get_broadcast(
    mut work: Allowed<can::MessagesRead>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
) -> Result<Json<BroadcastView>, Error> {
    Ok(Json(view::one(&mut work, broadcast).await?))
}

/// Write a draft anew.
#[utoipa::path(put, path = "/api/v1/broadcasts/{broadcast}", operation_id = "replace_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")), request_body = BroadcastChange,
    responses((status = 200, description = "The draft.", body = BroadcastView),
        (status = 409, description = "`broadcast_not_draft`; `broadcast_changed`: somebody wrote it meanwhile.")))]
async fn replace_broadcast(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
    Body(body): Body<BroadcastChange>,
) -> Result<Json<BroadcastView>, Error> {
    let known = broadcasts::lock(&mut work, broadcast).await?;
    let version = body.version;
    let new = begin::parse(&mut work, body.into()).await?;
    if !broadcasts::change(&mut work, broadcast, &new, version).await? {
        return Err(if known.state == broadcasts::BroadcastState::Draft {
            begin::conflict("broadcast_changed", "somebody wrote it meanwhile", &known)
        } else {
            begin::conflict("broadcast_not_draft", "it is no draft any more", &known)
        });
    }
    let view = view::one(&mut work, broadcast).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Delete a draft.
#[utoipa::path(delete, path = "/api/v1/broadcasts/{broadcast}", operation_id = "delete_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")),
    responses((status = 204, description = "It is gone."), (status = 409, description = "`broadcast_not_draft`.")))]
async fn delete_broadcast(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
) -> Result<StatusCode, Error> {
    let known = broadcasts::lock(&mut work, broadcast).await?;
    if !broadcasts::delete(&mut work, broadcast).await? {
        return Err(begin::conflict("broadcast_not_draft", "it is no draft any more", &known));
    }
    broadcasts::tell(&mut work, known.account, broadcast);
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// See before it goes out: to whom, whom WeChat leaves out, what is left of the allowance, and what is wrong with it.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/check", operation_id = "check_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")), request_body = CheckBody,
    responses((status = 200, description = "What was found.", body = BroadcastCheck)))]
async fn check_broadcast(
    State(ctx): State<Ctx>,
    work: Allowed<can::MessagesRead>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
    Body(body): Body<CheckBody>,
) -> Result<Json<BroadcastCheck>, Error> {
    let mut look = Work::reading(&ctx, work.tenant());
    let known = broadcasts::find(&mut look, broadcast).await?;
    Ok(Json(check::check(&mut look, &known, body.at).await?))
}

/// Let it begin, now or at a time. Above the company's limit a second person is asked first.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/start", operation_id = "start_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")), request_body = StartBody,
    responses((status = 200, description = "The broadcast.", body = BroadcastView),
        (status = 409, description = "`broadcast_not_ready`, with the findings; `audience_changed`; `broadcast_not_draft`.")))]
async fn start_broadcast(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
    Body(body): Body<StartBody>,
) -> Result<Json<BroadcastView>, Error> {
    begin::start(&mut work, broadcast, &body).await?;
    let view = view::one(&mut work, broadcast).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Agree to a broadcast that another person started. Keys cannot.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/approve", operation_id = "approve_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")),
    responses((status = 200, description = "The broadcast.", body = BroadcastView),
        (status = 409, description = "`approval_by_another`; `broadcast_not_waiting`.")))]
async fn approve_broadcast(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
) -> Result<Json<BroadcastView>, Error> {
    begin::approve(&mut work, broadcast).await?;
    let view = view::one(&mut work, broadcast).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Stop it, or what it waits for: no call begins later than two seconds from now. What is on the wire ends.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/stop", operation_id = "stop_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")),
    responses((status = 200, description = "The broadcast.", body = BroadcastView), (status = 409, description = "`broadcast_over`.")))]
async fn stop_broadcast(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
) -> Result<Json<BroadcastView>, Error> {
    begin::stop(&mut work, broadcast).await?;
    let view = view::one(&mut work, broadcast).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// What an account may still broadcast in a month, and what goes out on which day.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/broadcast-allowance", operation_id = "get_broadcast_allowance", tag = "broadcasts",
    params(("account" = AccountId, Path, description = "The account."), MonthQuery),
    responses((status = 200, description = "How it stands.", body = BroadcastAllowance)))]
async fn get_broadcast_allowance(
    mut work: Allowed<can::MessagesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<MonthQuery>,
) -> Result<Json<BroadcastAllowance>, Error> {
    let account = accounts::find(&mut work, account).await?;
    let at = match &query.month {
        Some(month) => {
            let number = month
                .split_once('-')
                .and_then(|(year, month)| Some(year.parse::<i64>().ok()? * 100 + month.parse::<i64>().ok()?));
            let span = number.and_then(calendar::month_span);
            span.ok_or_else(|| Error::field("month", "shape", "month is written as 2026-11"))?.0
        }
        None => work.now(),
    };
    Ok(Json(allowance::of(&mut work, &account, at, None, true).await?))
}
