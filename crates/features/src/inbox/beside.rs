//! What lies beside the conversations: answers kept for use again, and files that fans sent.

use axum::{
    Json,
    http::{StatusCode, header},
    response::IntoResponse,
};
use entities::received;
use kit::{Allowed, Body, CannedAnswerId, Ctx, Error, Page, PathId, ReceivedFileId, capability::can};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    canned,
    model::{CannedAnswer, NewCannedAnswer},
    store,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_canned_answers, create_canned_answer))
        .routes(routes!(replace_canned_answer, delete_canned_answer))
        .routes(routes!(get_received_file))
}

/// List the answers that are kept for use again, by shortcut.
#[utoipa::path(get, path = "/api/v1/canned_answers", operation_id = "list_canned_answers", tag = "inbox",
    responses((status = 200, description = "All of them.", body = Page<CannedAnswer>)))]
async fn list_canned_answers(mut work: Allowed<can::MessagesRead>) -> Result<Json<Page<CannedAnswer>>, Error> {
    Ok(Json(Page::whole(store::canned(&mut work).await?)))
}

/// Keep an answer for use again, for everybody.
#[utoipa::path(post, path = "/api/v1/canned_answers", operation_id = "create_canned_answer", tag = "inbox", request_body = NewCannedAnswer,
    responses((status = 201, description = "The answer.", body = CannedAnswer),
        (status = 409, description = "`shortcut_taken`: another has this shortcut.")))]
async fn create_canned_answer(
    mut work: Allowed<can::MessagesWrite>,
    Body(new): Body<NewCannedAnswer>,
) -> Result<(StatusCode, Json<CannedAnswer>), Error> {
    canned::check(&new)?;
    let id = CannedAnswerId(work.new_id());
    let kept = store::put_canned(&mut work, id, new.shortcut.as_str(), &new.text).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// Change an answer that is kept.
#[utoipa::path(put, path = "/api/v1/canned_answers/{canned_answer}", operation_id = "replace_canned_answer", tag = "inbox",
    params(("canned_answer" = CannedAnswerId, Path, description = "The answer.")), request_body = NewCannedAnswer,
    responses((status = 200, description = "The answer.", body = CannedAnswer),
        (status = 409, description = "`shortcut_taken`: another has this shortcut.")))]
async fn replace_canned_answer(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(CannedAnswerId,)>,
    Body(new): Body<NewCannedAnswer>,
) -> Result<Json<CannedAnswer>, Error> {
    canned::check(&new)?;
    store::find_canned(&mut work, id).await?;
    let kept = store::put_canned(&mut work, id, new.shortcut.as_str(), &new.text).await?;
    work.commit().await?;
    Ok(Json(kept))
}

/// Delete an answer that is kept.
#[utoipa::path(delete, path = "/api/v1/canned_answers/{canned_answer}", operation_id = "delete_canned_answer", tag = "inbox",
    params(("canned_answer" = CannedAnswerId, Path, description = "The answer.")),
    responses((status = 204, description = "Deleted.")))]
async fn delete_canned_answer(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(CannedAnswerId,)>,
) -> Result<StatusCode, Error> {
    store::remove_canned(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A file that a fan sent. 404 while it is being fetched, and when it is gone.
#[utoipa::path(get, path = "/api/v1/received_files/{received_file}", operation_id = "get_received_file", tag = "inbox",
    params(("received_file" = ReceivedFileId, Path, description = "The file.")),
    responses((status = 200, description = "The bytes, as what they are.", content_type = "application/octet-stream", body = String)))]
async fn get_received_file(
    mut work: Allowed<can::MessagesRead>,
    PathId((id,)): PathId<(ReceivedFileId,)>,
) -> Result<impl IntoResponse, Error> {
    let file = received::find(&mut work, id).await?;
    let bytes = received::bytes(&mut work, id).await?;
    let content_type = file.content_type.unwrap_or_else(|| "application/octet-stream".into());
    let shown = if received::is_shown(&content_type) { "inline" } else { "attachment" };
    // A stranger sent it: it is what its bytes say, and it runs nothing.
    Ok((
        [
            (header::CONTENT_TYPE, content_type),
            (header::CONTENT_DISPOSITION, shown.into()),
            (header::CACHE_CONTROL, "private, max-age=31536000, immutable".into()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
            (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".into()),
        ],
        bytes,
    ))
}
