use axum::{
    Json,
    extract::{DefaultBodyLimit, Multipart, multipart::MultipartRejection},
    http::{StatusCode, header},
    response::IntoResponse,
};
use entities::{
    media::{self, Media, MediaKind},
    qrcodes,
};
use kit::{Allowed, Ctx, Error, MediaId, Page, PageQuery, Params, PathId, Work, capability::can};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{decide, store};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_media, upload_media))
        .routes(routes!(get_media_file))
        .routes(routes!(get_media_uses))
        .routes(routes!(delete_media))
        .layer(DefaultBodyLimit::max(12 << 20))
}

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MediaQuery {
    kind: Option<MediaKind>,
    /// How many at most, 1 to 200; 50 when absent.
    limit: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List files, newest first.
#[utoipa::path(get, path = "/api/v1/media", operation_id = "list_media", tag = "media", params(MediaQuery),
    responses((status = 200, description = "Files.", body = Page<Media>)))]
async fn list_media(
    mut work: Allowed<can::RepliesRead>,
    Params(query): Params<MediaQuery>,
) -> Result<Json<Page<Media>>, Error> {
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let before = page.after::<i64>()?.map(MediaId);
    let files = media::list(&mut work, query.kind, before, limit + 1).await?;
    Ok(Json(Page::cut(files, limit, |file| file.id.0)))
}

/// A file and what it is to be.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart form for the document only")]
struct Upload {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    kind: MediaKind,
}

/// Keep a file.
#[utoipa::path(post, path = "/api/v1/media", operation_id = "upload_media", tag = "media",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 201, description = "The file.", body = Media)))]
async fn upload_media(
    mut work: Allowed<can::RepliesWrite>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Media>), Error> {
    let mut form = form
        .map_err(|_| Error::field("body", "content_type", "send Content-Type: multipart/form-data with a boundary"))?;
    let mut kind = None;
    let mut file = None;
    let bad = |_| Error::field("file", "form", "the form could not be read, or is too large");
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name() {
            Some("kind") => kind = MediaKind::parse(&field.text().await.map_err(bad)?),
            Some("file") => {
                let name = field.file_name().unwrap_or("file").to_owned();
                file = Some((name, field.bytes().await.map_err(bad)?));
            }
            _ => {}
        }
    }
    let kind = kind.ok_or_else(|| Error::field("kind", "required", "kind must be image, voice, video or thumb"))?;
    let (name, bytes) = file.ok_or_else(|| Error::field("file", "required", "there is no file"))?;
    let content_type = decide::check(kind, &bytes)?;
    let name = decide::file_name(&name, content_type);
    let kept = media::add(&mut work, kind, &name, content_type, bytes.to_vec()).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// The file itself.
#[utoipa::path(get, path = "/api/v1/media/{media}/file", operation_id = "get_media_file", tag = "media",
    params(("media" = MediaId, Path, description = "The file.")),
    responses((status = 200, description = "The bytes, as their own content type.", content_type = "application/octet-stream", body = String)))]
async fn get_media_file(
    mut work: Allowed<can::RepliesRead>,
    PathId((id,)): PathId<(MediaId,)>,
) -> Result<impl IntoResponse, Error> {
    let file = media::find(&mut work, id).await?;
    let bytes = media::bytes(&mut work, id).await?;
    // The kinds that get in cannot run; `nosniff` keeps browsers from thinking otherwise.
    Ok((
        [
            (header::CONTENT_TYPE, file.content_type),
            (header::CACHE_CONTROL, "private, max-age=86400".into()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        ],
        bytes,
    ))
}

/// What a file is needed for.
#[derive(Serialize, ToSchema)]
struct MediaUses {
    rules: Vec<store::Use>,
    /// Accounts whose menu or its draft answers with it.
    menus: Vec<store::MenuUse>,
    /// At most fifty.
    codes: Vec<store::CodeUse>,
    /// Messages with it that wait to be sent.
    waiting: i64,
}

/// What uses a file; it can be deleted when nothing does.
#[utoipa::path(get, path = "/api/v1/media/{media}/uses", operation_id = "get_media_uses", tag = "media",
    params(("media" = MediaId, Path, description = "The file.")), responses((status = 200, description = "Rules and messages.", body = MediaUses)))]
async fn get_media_uses(
    mut work: Allowed<can::RepliesRead>,
    PathId((id,)): PathId<(MediaId,)>,
) -> Result<Json<MediaUses>, Error> {
    media::find(&mut work, id).await?;
    Ok(Json(uses(&mut work, id).await?))
}

async fn uses(work: &mut Work, id: MediaId) -> Result<MediaUses, Error> {
    let codes = qrcodes::uses_of_file(work, id)
        .await?
        .into_iter()
        .map(|(qrcode_id, account_id, name)| store::CodeUse { qrcode_id, account_id, name })
        .collect();
    let menus = store::menus(work, id).await?;
    Ok(MediaUses { rules: store::uses(work, id).await?, menus, codes, waiting: store::waiting(work, id).await? })
}

/// Delete a file that nothing uses.
#[utoipa::path(delete, path = "/api/v1/media/{media}", operation_id = "delete_media", tag = "media",
    params(("media" = MediaId, Path, description = "The file.")), responses((status = 204, description = "Deleted."),
        (status = 409, description = "`media_used`: rules name it, or messages with it wait; `params` says which.")))]
async fn delete_media(
    mut work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(MediaId,)>,
) -> Result<StatusCode, Error> {
    media::find(&mut work, id).await?;
    let MediaUses { rules, menus, codes, waiting } = uses(&mut work, id).await?;
    if !rules.is_empty() || !menus.is_empty() || !codes.is_empty() || waiting > 0 {
        let detail = format!(
            "{} reply rules, {} menus, {} QR codes and {waiting} waiting messages use this file",
            rules.len(),
            menus.len(),
            codes.len()
        );
        let params = serde_json::json!({ "rules": rules, "menus": menus, "codes": codes, "waiting": waiting });
        return Err(Error::Conflict { code: "media_used", detail, params });
    }
    media::remove(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
