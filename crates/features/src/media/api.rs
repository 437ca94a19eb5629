use axum::{
    Json,
    extract::{DefaultBodyLimit, Multipart, multipart::MultipartRejection},
    http::{StatusCode, header},
    response::IntoResponse,
};
use entities::{
    articles, broadcasts,
    media::{self, Folder, Media, MediaFilter, MediaKind, NewMedia},
    qrcodes,
};
use kit::{Allowed, Body, Ctx, Error, MediaId, Page, PageQuery, Params, PathId, Work, capability::can};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{decide, store};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_media, upload_media))
        .routes(routes!(list_media_folders))
        .routes(routes!(get_media_file))
        .routes(routes!(get_media_uses))
        .routes(routes!(update_media, delete_media))
        .layer(DefaultBodyLimit::max(34 << 20))
}

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MediaQuery {
    kind: Option<MediaKind>,
    /// The folder; empty for those in none.
    folder: Option<String>,
    /// A part of the name.
    query: Option<String>,
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
    let filter = MediaFilter { kind: query.kind, folder: query.folder, query: query.query };
    let files = media::list(&mut work, &filter, before, limit + 1).await?;
    Ok(Json(Page::cut(files, limit, |file| file.id.0)))
}

/// A file and what it is to be.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart form for the document only")]
struct Upload {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    kind: MediaKind,
    /// Where it is put; in no folder when absent.
    folder: Option<String>,
}

/// Keep a file.
///
/// Pictures of kinds that WeChat does not take (WebP, BMP) become JPEG or PNG.
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
    let mut folder = String::new();
    let bad = |_| Error::field("file", "form", "the form could not be read, or is too large");
    while let Some(field) = form.next_field().await.map_err(bad)? {
        match field.name() {
            Some("kind") => kind = MediaKind::parse(&field.text().await.map_err(bad)?),
            Some("folder") => folder = decide::folder(&field.text().await.map_err(bad)?)?,
            Some("file") => {
                let name = field.file_name().unwrap_or("file").to_owned();
                file = Some((name, field.bytes().await.map_err(bad)?));
            }
            _ => {}
        }
    }
    let kind = kind.ok_or_else(|| Error::field("kind", "required", "kind must be image, voice, video or thumb"))?;
    let (name, bytes) = file.ok_or_else(|| Error::field("file", "required", "there is no file"))?;
    let taken = tokio::task::spawn_blocking(move || decide::take(kind, bytes.to_vec())).await;
    let taken = taken.map_err(Error::internal)??;
    let new = NewMedia {
        kind,
        file_name: decide::file_name(&name, taken.content_type),
        content_type: taken.content_type.to_owned(),
        folder,
        duration_ms: taken.duration_ms,
        bytes: taken.bytes,
    };
    let kept = media::add(&mut work, new).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(kept)))
}

/// The folders of the library.
#[utoipa::path(get, path = "/api/v1/media/folders", operation_id = "list_media_folders", tag = "media",
    responses((status = 200, description = "Folders, by name.", body = Page<Folder>)))]
async fn list_media_folders(mut work: Allowed<can::RepliesRead>) -> Result<Json<Page<Folder>>, Error> {
    Ok(Json(Page::whole(media::folders(&mut work).await?)))
}

/// What changes; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MediaPatch {
    /// Its ending stays, for WeChat judges by it.
    file_name: Option<String>,
    /// Empty: in none.
    folder: Option<String>,
}

/// Name a file anew, or put it into another folder.
#[utoipa::path(patch, path = "/api/v1/media/{media}", operation_id = "update_media", tag = "media",
    params(("media" = MediaId, Path, description = "The file.")), request_body = MediaPatch,
    responses((status = 200, description = "The file.", body = Media)))]
async fn update_media(
    mut work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(MediaId,)>,
    Body(body): Body<MediaPatch>,
) -> Result<Json<Media>, Error> {
    let found = media::find(&mut work, id).await?;
    let name = match &body.file_name {
        Some(name) => decide::file_name(name, &found.content_type),
        None => found.file_name,
    };
    let folder = body.folder.as_deref().map(decide::folder).transpose()?.unwrap_or(found.folder);
    media::update(&mut work, id, &name, &folder).await?;
    let changed = media::find(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(changed))
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
    /// At most fifty.
    articles: Vec<store::ArticleUse>,
    /// At most fifty.
    broadcasts: Vec<store::BroadcastUse>,
    /// WeChat's temporary copies.
    copies: Vec<media::Copy>,
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
    let articles = articles::uses_of_file(work, id)
        .await?
        .into_iter()
        .map(|(article_id, account_id, title)| store::ArticleUse { article_id, account_id, title })
        .collect();
    let broadcasts = broadcasts::uses_of_file(work, id)
        .await?
        .into_iter()
        .map(|(broadcast_id, account_id, name)| store::BroadcastUse { broadcast_id, account_id, name })
        .collect();
    let menus = store::menus(work, id).await?;
    let rules = store::uses(work, id).await?;
    let copies = media::copies(work, id).await?;
    Ok(MediaUses { rules, menus, codes, articles, broadcasts, copies, waiting: store::waiting(work, id).await? })
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
    let MediaUses { rules, menus, codes, articles, broadcasts, waiting, .. } = uses(&mut work, id).await?;
    let needed = [rules.len(), menus.len(), codes.len(), articles.len(), broadcasts.len()];
    let is_used = needed.iter().any(|count| *count > 0) || waiting > 0;
    if is_used {
        let detail = format!(
            "{} reply rules, {} menus, {} QR codes, {} articles, {} broadcasts and {waiting} waiting messages use this file",
            rules.len(),
            menus.len(),
            codes.len(),
            articles.len(),
            broadcasts.len()
        );
        let params = serde_json::json!({ "rules": rules, "menus": menus, "codes": codes, "articles": articles, "broadcasts": broadcasts, "waiting": waiting });
        return Err(Error::Conflict { code: "media_used", detail, params });
    }
    media::remove(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
