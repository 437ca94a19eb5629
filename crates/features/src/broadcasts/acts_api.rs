use axum::{Json, extract::State};
use kit::{Allowed, Body, BroadcastId, BroadcastPartId, Ctx, Error, PathId, Work, capability::can};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    acts,
    model::{BroadcastStats, BroadcastView, PreviewBody, Previewed, ResendPart, WinnerBody, WithdrawBody},
    stats, view,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(preview_broadcast))
        .routes(routes!(withdraw_broadcast))
        .routes(routes!(choose_winner))
        .routes(routes!(leave_part))
        .routes(routes!(resend_part))
        .routes(routes!(get_broadcast_stats))
        .routes(routes!(fetch_broadcast_stats))
}

/// Show it to one fan, at once. It counts in no allowance.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/preview", operation_id = "preview_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")), request_body = PreviewBody,
    responses((status = 200, description = "It was shown.", body = Previewed),
        (status = 409, description = "`not_a_fan`; `broadcast_not_ready`; `function_not_allowed`."), (status = 502, description = "`wechat_refused`.")))]
async fn preview_broadcast(
    State(ctx): State<Ctx>,
    work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
    Body(body): Body<PreviewBody>,
) -> Result<Json<Previewed>, Error> {
    let msg_id = acts::preview(&ctx, work.tenant(), broadcast, body).await?;
    Ok(Json(Previewed { msg_id }))
}

/// Take offline what was sent: articles and films. Cards in chats stay, and lead nowhere.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/withdraw", operation_id = "withdraw_broadcast", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")), request_body = WithdrawBody,
    responses((status = 200, description = "The broadcast.", body = BroadcastView), (status = 409, description = "`cannot_be_withdrawn`.")))]
async fn withdraw_broadcast(
    State(ctx): State<Ctx>,
    work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
    Body(body): Body<WithdrawBody>,
) -> Result<Json<BroadcastView>, Error> {
    acts::withdraw(&ctx, work.tenant(), broadcast, body.part_id).await?;
    Ok(Json(view::one(&mut Work::reading(&ctx, work.tenant()), broadcast).await?))
}

/// Choose the winner of a trial by hand: it goes to the rest.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/winner", operation_id = "choose_winner", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")), request_body = WinnerBody,
    responses((status = 200, description = "The broadcast.", body = BroadcastView), (status = 409, description = "`broadcast_not_testing`.")))]
async fn choose_winner(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
    Body(body): Body<WinnerBody>,
) -> Result<Json<BroadcastView>, Error> {
    acts::winner(&mut work, broadcast, body.variant).await?;
    let view = view::one(&mut work, broadcast).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Leave a part in doubt as it is.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/parts/{part}/leave", operation_id = "leave_part", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast."), ("part" = BroadcastPartId, Path, description = "The part.")),
    responses((status = 200, description = "The broadcast.", body = BroadcastView), (status = 409, description = "`not_in_doubt`.")))]
async fn leave_part(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast, part)): PathId<(BroadcastId, BroadcastPartId)>,
) -> Result<Json<BroadcastView>, Error> {
    acts::leave(&mut work, broadcast, part).await?;
    let view = view::one(&mut work, broadcast).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Say a part in doubt again, although it may have arrived.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/parts/{part}/resend", operation_id = "resend_part", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast."), ("part" = BroadcastPartId, Path, description = "The part.")),
    request_body = ResendPart,
    responses((status = 200, description = "The broadcast, with a new part.", body = BroadcastView), (status = 409, description = "`not_in_doubt`.")))]
async fn resend_part(
    mut work: Allowed<can::MessagesWrite>,
    PathId((broadcast, part)): PathId<(BroadcastId, BroadcastPartId)>,
    Body(body): Body<ResendPart>,
) -> Result<Json<BroadcastView>, Error> {
    acts::resend(&mut work, broadcast, part, body.may_arrive_twice).await?;
    let view = view::one(&mut work, broadcast).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// How the articles of a broadcast were read, day by day, as WeChat counted.
#[utoipa::path(get, path = "/api/v1/broadcasts/{broadcast}/stats", operation_id = "get_broadcast_stats", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")),
    responses((status = 200, description = "What was fetched last.", body = BroadcastStats)))]
async fn get_broadcast_stats(
    mut work: Allowed<can::MessagesRead>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
) -> Result<Json<BroadcastStats>, Error> {
    Ok(Json(view::stats(&mut work, broadcast).await?))
}

/// Ask WeChat for the figures now. Those of a day are there at eight of the next.
#[utoipa::path(post, path = "/api/v1/broadcasts/{broadcast}/stats/fetch", operation_id = "fetch_broadcast_stats", tag = "broadcasts",
    params(("broadcast" = BroadcastId, Path, description = "The broadcast.")),
    responses((status = 200, description = "What WeChat said.", body = BroadcastStats), (status = 502, description = "`wechat_refused`; `wechat_away`.")))]
async fn fetch_broadcast_stats(
    State(ctx): State<Ctx>,
    work: Allowed<can::MessagesWrite>,
    PathId((broadcast,)): PathId<(BroadcastId,)>,
) -> Result<Json<BroadcastStats>, Error> {
    stats::fetch(&ctx, work.tenant(), broadcast).await?;
    Ok(Json(view::stats(&mut Work::reading(&ctx, work.tenant()), broadcast).await?))
}
