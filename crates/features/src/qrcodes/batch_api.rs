//! The operations on tables: read, look, make, pack.

use std::collections::{BTreeSet, HashMap};

use axum::{
    Json,
    body::Body as HttpBody,
    extract::{DefaultBodyLimit, Multipart, multipart::MultipartRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use entities::accounts::{self, Function};
use kit::{
    AccountId, Allowed, Body, Ctx, Error, MediaId, Page, PageQuery, Params, PathId, QrcodeBatchId, QrcodeId, TagId,
    Work, capability::can, http::Faults,
};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    batches, check, decide, jobs,
    model::{Batch, BatchPage, BatchStart, BatchState, FolderName, Line, NewCode, PictureQuery},
    needs::{begin, files_exist, has_room, logo_bytes, tags_of},
    pack, store, table, tagged,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_qrcode_batches, create_qrcode_batch))
        .routes(routes!(get_qrcode_batch, delete_qrcode_batch))
        .routes(routes!(start_qrcode_batch))
        .routes(routes!(stop_qrcode_batch))
        .routes(routes!(get_qrcode_batch_zip))
        .layer(DefaultBodyLimit::max(table::LARGEST + (64 << 10)))
}

/// Lines and faults that a page shows.
const SHOWN_LINES: usize = 100;
const SHOWN_FAULTS: usize = 200;

/// List the account's tables, newest first.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcode_batches", operation_id = "list_qrcode_batches", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), PageQuery),
    responses((status = 200, description = "Tables.", body = Page<Batch>)))]
async fn list_qrcode_batches(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(page): Params<PageQuery>,
) -> Result<Json<Page<Batch>>, Error> {
    accounts::find(&mut work, account).await?;
    let limit = page.limit()?;
    let batches = batches::list(&mut work, account, page.after()?, limit + 1).await?;
    Ok(Json(Page::cut(batches, limit, |batch| (batch.created_at, batch.id.0))))
}

/// A table.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the multipart form for the document only")]
struct TableUpload {
    /// CSV (UTF-8, UTF-16 or GBK) or XLSX, at most 8 MB and 10,000 lines. Columns are found by their headings: 名称/name,
    /// 来源/source, 标签/tags, 分组/folder, 备注/note.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Read a table and say what would be made of it. Nothing is made.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/qrcode_batches", operation_id = "create_qrcode_batch", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account.")),
    request_body(content = TableUpload, content_type = "multipart/form-data"),
    responses((status = 201, description = "The draft, with its lines and their faults.", body = BatchPage)))]
async fn create_qrcode_batch(
    mut work: Allowed<can::QrcodesWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<BatchPage>), Error> {
    let form = form
        .map_err(|_| Error::field("body", "content_type", "send Content-Type: multipart/form-data with a boundary"))?;
    let (name, bytes) = uploaded(form).await?;
    // Read before the database is asked for anything, which nobody then waits for.
    let table = tokio::task::spawn_blocking(move || table::read(&bytes)).await.map_err(Error::internal)??;
    accounts::find(&mut work, account).await?.may(Function::Qrcode)?;
    let id = batches::add(&mut work, account, &name, &table).await?;
    let page = page(&mut work, account, id).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(page)))
}

/// The file of a form, and what it is called.
async fn uploaded(mut form: Multipart) -> Result<(String, bytes::Bytes), Error> {
    let bad = |_| Error::field("file", "form", "the form could not be read, or is too large");
    while let Some(field) = form.next_field().await.map_err(bad)? {
        if field.name() == Some("file") {
            let name: String =
                field.file_name().unwrap_or("table").chars().filter(|c| !c.is_control()).take(120).collect();
            return Ok((name, field.bytes().await.map_err(bad)?));
        }
    }
    Err(Error::field("file", "required", "there is no file"))
}

/// A table with its lines, faults and progress.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcode_batches/{batch}", operation_id = "get_qrcode_batch", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("batch" = QrcodeBatchId, Path, description = "The table.")),
    responses((status = 200, description = "The table.", body = BatchPage)))]
async fn get_qrcode_batch(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account, id)): PathId<(AccountId, QrcodeBatchId)>,
) -> Result<Json<BatchPage>, Error> {
    Ok(Json(page(&mut work, account, id).await?))
}

async fn page(work: &mut Work, account: AccountId, id: QrcodeBatchId) -> Result<BatchPage, Error> {
    let batch = batches::find(work, account, id).await?;
    let (mut lines, mut faults) = batches::content(work, id).await?;
    let named: BTreeSet<&str> = lines.iter().flat_map(|line| &line.tags).map(String::as_str).collect();
    let named: Vec<&str> = named.into_iter().collect();
    let known = tagged::named(work, &named).await?;
    let new_tags = named.iter().filter(|name| !known.contains_key(**name)).map(|name| (*name).to_owned()).collect();
    let faulty: BTreeSet<i64> = faults.iter().map(|fault| fault.line).collect();
    let faulty = faulty.len() as i64;
    lines.truncate(SHOWN_LINES);
    faults.truncate(SHOWN_FAULTS);
    let budget = decide::budget(store::permanent(work, account).await?);
    Ok(BatchPage { batch, lines, faults, faulty, new_tags, budget })
}

/// Forget a table from which nothing was made.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/qrcode_batches/{batch}", operation_id = "delete_qrcode_batch", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("batch" = QrcodeBatchId, Path, description = "The table.")),
    responses((status = 204, description = "Forgotten."), (status = 409, description = "`batch_begun`: it has codes.")))]
async fn delete_qrcode_batch(
    mut work: Allowed<can::QrcodesWrite>,
    PathId((account, id)): PathId<(AccountId, QrcodeBatchId)>,
) -> Result<StatusCode, Error> {
    batches::find(&mut work, account, id).await?;
    if !batches::remove(&mut work, account, id).await? {
        return Err(Error::conflict("batch_begun", "codes of this table are there already"));
    }
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make the codes of a table, or go on where it stands still. Lines that were refused are tried again.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/qrcode_batches/{batch}/start", operation_id = "start_qrcode_batch", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("batch" = QrcodeBatchId, Path, description = "The table.")),
    request_body = BatchStart, responses((status = 202, description = "How it stands.", body = BatchPage),
        (status = 409, description = "`function_not_allowed`, `qrcodes_full`, or `batch_running`.")))]
async fn start_qrcode_batch(
    mut work: Allowed<can::QrcodesWrite>,
    PathId((account, id)): PathId<(AccountId, QrcodeBatchId)>,
    Body(start): Body<BatchStart>,
) -> Result<(StatusCode, Json<BatchPage>), Error> {
    let batch = batches::find(&mut work, account, id).await?;
    accounts::find(&mut work, account).await?.may(Function::Qrcode)?;
    if batch.state == BatchState::Draft {
        first(&mut work, account, id, start).await?;
    } else {
        batches::forget_refusals(&mut work, id).await?;
        batches::forgive(&mut work, id).await?;
        if !batches::resume(&mut work, id).await? {
            return Err(Error::conflict("batch_running", "the codes of this table are being made, or all are"));
        }
    }
    jobs::enqueue(&mut work, id).await?;
    batches::tell(&mut work, account, id);
    let page = page(&mut work, account, id).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(page)))
}

/// Turns a draft's lines into codes that WeChat is to make.
async fn first(work: &mut Work, account: AccountId, id: QrcodeBatchId, start: BatchStart) -> Result<(), Error> {
    let mut faults = Faults::default();
    let life = check::life(start.permanent, start.days, &mut faults);
    let folder = check::optional::<FolderName>("folder", start.folder, &mut faults);
    let tag_ids = check::tag_ids(start.tag_ids, &mut faults);
    let on_scan = check::on_scan(start.on_scan.unwrap_or_default(), &mut faults);
    faults.check()?;
    let (lines, _) = batches::content(work, id).await?;
    if lines.is_empty() {
        return Err(Error::conflict("batch_empty", "no line of the table is without fault"));
    }
    if life.is_none() {
        has_room(work, account, lines.len() as i64).await?;
    }
    files_exist(work, &on_scan, start.logo_media_id).await?;
    let common = tags_of(work, &tag_ids, &[]).await?;
    let named = tags_named(work, &lines).await?;
    let (mut codes, mut tags) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        let code = QrcodeId(work.new_id());
        let own = line.tags.iter().filter_map(|name| named.get(name));
        let all: BTreeSet<TagId> = common.iter().chain(own).copied().collect();
        tags.extend(all.into_iter().map(|tag| (code, tag)));
        codes.push(NewCode {
            id: code,
            scene: decide::scene(work.ctx().random()),
            name: line.name,
            source: line.source,
            folder: line.folder.or_else(|| folder.clone()),
            note: line.note,
            life,
            on_scan: on_scan.clone(),
            logo: start.logo_media_id,
            batch: Some((id, line.line)),
        });
    }
    if !batches::begin(work, id).await? {
        return Err(Error::conflict("batch_running", "somebody else has just begun"));
    }
    begin(work, account, &codes, &tags).await
}

/// The tags that lines name, those that are not there made.
async fn tags_named(work: &mut Work, lines: &[Line]) -> Result<HashMap<String, TagId>, Error> {
    let names: BTreeSet<&str> = lines.iter().flat_map(|line| &line.tags).map(String::as_str).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let mut known = tagged::named(work, &names).await?;
    for name in names {
        if !known.contains_key(name) {
            let id = entities::tags::add(work, name, None, "cyan").await?;
            known.insert(name.to_owned(), id);
        }
    }
    Ok(known)
}

/// Stop making a table's codes. What is made stays, and it can go on later.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/qrcode_batches/{batch}/stop", operation_id = "stop_qrcode_batch", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("batch" = QrcodeBatchId, Path, description = "The table.")),
    responses((status = 200, description = "How it stands.", body = BatchPage), (status = 409, description = "`batch_still`: it does not run.")))]
async fn stop_qrcode_batch(
    mut work: Allowed<can::QrcodesWrite>,
    PathId((account, id)): PathId<(AccountId, QrcodeBatchId)>,
) -> Result<Json<BatchPage>, Error> {
    batches::find(&mut work, account, id).await?;
    if !batches::stop(&mut work, id, "by_person", None).await? {
        return Err(Error::conflict("batch_still", "no codes of this table are being made"));
    }
    batches::tell(&mut work, account, id);
    let page = page(&mut work, account, id).await?;
    work.commit().await?;
    Ok(Json(page))
}

/// A table's pictures as one ZIP, each named by its line, with a list of them.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcode_batches/{batch}/zip", operation_id = "get_qrcode_batch_zip", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("batch" = QrcodeBatchId, Path, description = "The table."), PictureQuery),
    responses((status = 200, description = "A ZIP of the codes that are made.", content_type = "application/zip", body = String),
        (status = 409, description = "`batch_empty`: none is made yet.")))]
async fn get_qrcode_batch_zip(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account, id)): PathId<(AccountId, QrcodeBatchId)>,
    Params(query): Params<PictureQuery>,
) -> Result<Response, Error> {
    let size = query.size()?;
    let batch = batches::find(&mut work, account, id).await?;
    let codes = store::packed(&mut work, id).await?;
    if codes.is_empty() {
        return Err(Error::conflict("batch_empty", "no code of this table is made yet"));
    }
    let wanted: BTreeSet<MediaId> = codes.iter().filter_map(|code| code.logo_media_id).map(MediaId).collect();
    let mut logos = HashMap::new();
    for id in wanted {
        if let Some(bytes) = logo_bytes(&mut work, id).await? {
            logos.insert(id, bytes);
        }
    }
    drop(work);
    let stream = pack::stream(codes, logos, query.format.unwrap_or_default(), size);
    let mut response = HttpBody::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let disposition = format!("attachment; filename=\"codes.zip\"; filename*=UTF-8''{}.zip", escaped(&batch.file_name));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// The stem of a file's name as headers carry it (RFC 8187).
fn escaped(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
