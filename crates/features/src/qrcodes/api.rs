use axum::{
    Json,
    http::{StatusCode, header},
    response::IntoResponse,
};
use entities::accounts::{self, Function, tokens::Keeper};
use kit::{
    AccountId, Allowed, Body, Ctx, Error, Page, PageQuery, Params, PathId, QrcodeId, TagId, Work, capability::can,
    http::Faults,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat_client::Next;

use super::{
    check, decide,
    draw::{self, Logo},
    make,
    model::{
        Code, CodeBody, CodeName, CodePatch, CodeQuery, CodeSort, FolderName, NewCode, Note, Overview, PictureFormat,
        PictureQuery, SourceName,
    },
    needs::{begin, files_exist, hand_files_up, has_room, logo_bytes, tags_of},
    stats::{self, AccountStats, Stats, StatsQuery},
    store, tagged,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_qrcodes, create_qrcode))
        .routes(routes!(get_qrcode, update_qrcode))
        .routes(routes!(make_qrcode))
        .routes(routes!(get_qrcode_picture))
        .routes(routes!(get_qrcode_stats))
        .routes(routes!(get_qrcode_overview))
        .routes(routes!(get_account_qrcode_stats))
        .merge(super::batch_api::router())
}

/// List the account's codes.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcodes", operation_id = "list_qrcodes", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), CodeQuery),
    responses((status = 200, description = "Codes.", body = Page<Code>)))]
async fn list_qrcodes(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<CodeQuery>,
) -> Result<Json<Page<Code>>, Error> {
    accounts::find(&mut work, account).await?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let codes = store::list(&mut work, account, &query, page.after()?, limit + 1).await?;
    let by_scans = query.sort == Some(CodeSort::Scans);
    Ok(Json(Page::cut(codes, limit, |code| (if by_scans { code.scans } else { code.created_at }, code.id.0))))
}

/// Make a code. Only verified service accounts may (R8).
#[utoipa::path(post, path = "/api/v1/accounts/{account}/qrcodes", operation_id = "create_qrcode", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account.")), request_body = CodeBody,
    responses((status = 201, description = "The code. While WeChat is silent its state is `making`, and it can be asked for again.", body = Code),
        (status = 409, description = "`function_not_allowed`, or `qrcodes_full`: no permanent codes are left.")))]
async fn create_qrcode(
    mut work: Allowed<can::QrcodesWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<CodeBody>,
) -> Result<(StatusCode, Json<Code>), Error> {
    accounts::find(&mut work, account).await?.may(Function::Qrcode)?;
    let draft = check::check(body)?;
    if draft.life.is_none() {
        has_room(&mut work, account, 1).await?;
    }
    files_exist(&mut work, &draft.on_scan, draft.logo).await?;
    let tags = tags_of(&mut work, &draft.tag_ids, &draft.tag_names).await?;
    let id = QrcodeId(work.new_id());
    let code = NewCode {
        id,
        scene: decide::scene(work.ctx().random()),
        name: draft.name,
        source: draft.source,
        folder: draft.folder,
        note: draft.note,
        life: draft.life,
        on_scan: draft.on_scan,
        logo: draft.logo,
        batch: None,
    };
    begin(&mut work, account, std::slice::from_ref(&code), &tags.into_iter().map(|tag| (id, tag)).collect::<Vec<_>>())
        .await?;
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    work.commit().await?;
    made(&ctx, tenant, account, id, true).await?;
    let code = store::find(&mut Work::reading(&ctx, tenant), account, id).await?;
    Ok((StatusCode::CREATED, Json(code)))
}

/// Has WeChat make a code that stands in its row. What is refused for certain is taken away again when `new`; while
/// WeChat is silent the row stays, to be asked for again.
async fn made(ctx: &Ctx, tenant: kit::TenantId, account: AccountId, id: QrcodeId, new: bool) -> Result<(), Error> {
    let wanted = store::to_make(&mut Work::reading(ctx, tenant), account, id).await?;
    let answer = make::make(ctx, &Keeper::new(ctx, tenant, account), &wanted.scene, wanted.life).await;
    let mut work = Work::begin(ctx, tenant);
    match answer {
        Ok(made) => {
            store::made(&mut work, id, &made.url, made.expires_at, true).await?;
            work.commit().await
        }
        Err(failure) if failure.next() == Next::Unclear && new => {
            store::not_made(&mut work, id, "away", None).await?;
            work.commit().await
        }
        Err(failure) => {
            if new {
                store::remove(&mut work, id).await?;
                work.commit().await?;
            }
            Err(make::into_error(&failure))
        }
    }
}

/// One code.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcodes/{qrcode}", operation_id = "get_qrcode", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("qrcode" = QrcodeId, Path, description = "The code.")),
    responses((status = 200, description = "The code.", body = Code)))]
async fn get_qrcode(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account, id)): PathId<(AccountId, QrcodeId)>,
) -> Result<Json<Code>, Error> {
    Ok(Json(store::find(&mut work, account, id).await?))
}

/// Change what a code is called, what it starts, or put it away.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}/qrcodes/{qrcode}", operation_id = "update_qrcode", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("qrcode" = QrcodeId, Path, description = "The code.")),
    request_body = CodePatch, responses((status = 200, description = "The code.", body = Code)))]
async fn update_qrcode(
    mut work: Allowed<can::QrcodesWrite>,
    PathId((account, id)): PathId<(AccountId, QrcodeId)>,
    Body(patch): Body<CodePatch>,
) -> Result<Json<Code>, Error> {
    let mut code = store::find(&mut work, account, id).await?;
    let retagged = patch.tag_ids.is_some() || patch.tag_names.is_some();
    let (tag_ids, tag_names) = patched(&mut code, patch, work.now())?;
    files_exist(&mut work, &code.on_scan, code.logo_media_id).await?;
    store::change(&mut work, &code).await?;
    if retagged {
        let tags = tags_of(&mut work, &tag_ids, &tag_names).await?;
        tagged::clear(&mut work, id).await?;
        tagged::add(&mut work, &tags.into_iter().map(|tag| (id, tag)).collect::<Vec<_>>()).await?;
    }
    if !store::files(&code.on_scan).is_empty() {
        hand_files_up(&mut work, account).await?;
    }
    let code = store::find(&mut work, account, id).await?;
    work.commit().await?;
    Ok(Json(code))
}

/// Puts a patch onto a code; the tags it names.
fn patched(code: &mut Code, patch: CodePatch, now: kit::Millis) -> Result<(Vec<TagId>, Vec<String>), Error> {
    let mut faults = Faults::default();
    if let Some(name) = patch.name {
        let name = faults.take("name", "length", CodeName::try_from(name));
        code.name = name.map(CodeName::into_string).unwrap_or_default();
    }
    if let Some(source) = patch.source {
        code.source = check::optional::<SourceName>("source", source, &mut faults);
    }
    if let Some(folder) = patch.folder {
        code.folder = check::optional::<FolderName>("folder", folder, &mut faults);
    }
    if let Some(note) = patch.note {
        code.note = check::optional::<Note>("note", note, &mut faults);
    }
    if let Some(on_scan) = patch.on_scan {
        code.on_scan = check::on_scan(on_scan, &mut faults);
    }
    if let Some(logo) = patch.logo_media_id {
        code.logo_media_id = logo;
    }
    match patch.archived {
        Some(true) => code.archived_at = code.archived_at.or(Some(now)),
        Some(false) => code.archived_at = None,
        None => {}
    }
    let tag_ids = check::tag_ids(patch.tag_ids.unwrap_or_default(), &mut faults);
    let tag_names = check::tag_names(patch.tag_names.unwrap_or_default(), &mut faults);
    faults.check()?;
    Ok((tag_ids, tag_names))
}

/// How long a temporary code is to live.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct MakeBody {
    /// 1 to 30; as long as before when absent.
    days: Option<i64>,
}

/// Make a code that WeChat has not made yet, or renew a temporary one: from now on, under the same scene, with a new
/// picture.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/qrcodes/{qrcode}/make", operation_id = "make_qrcode", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("qrcode" = QrcodeId, Path, description = "The code.")),
    request_body = MakeBody, responses((status = 200, description = "The code.", body = Code),
        (status = 409, description = "`qrcode_made`: it is permanent and was made.")))]
async fn make_qrcode(
    mut work: Allowed<can::QrcodesWrite>,
    PathId((account, id)): PathId<(AccountId, QrcodeId)>,
    Body(body): Body<MakeBody>,
) -> Result<Json<Code>, Error> {
    let code = store::find(&mut work, account, id).await?;
    accounts::find(&mut work, account).await?.may(Function::Qrcode)?;
    if code.permanent && code.url.is_some() {
        return Err(Error::conflict("qrcode_made", "a permanent code is made once and lives for ever"));
    }
    let mut faults = Faults::default();
    let life = body.days.and_then(|days| check::life(code.permanent, Some(days), &mut faults));
    faults.check()?;
    if let Some(life) = life {
        store::set_life(&mut work, id, life).await?;
    }
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    work.commit().await?;
    made(&ctx, tenant, account, id, false).await?;
    Ok(Json(store::find(&mut Work::reading(&ctx, tenant), account, id).await?))
}

/// A code's picture, drawn here.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcodes/{qrcode}/picture", operation_id = "get_qrcode_picture", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("qrcode" = QrcodeId, Path, description = "The code."), PictureQuery),
    responses((status = 200, description = "A PNG or an SVG.", content_type = "image/png", body = String),
        (status = 409, description = "`qrcode_making`: WeChat has not made it yet.")))]
async fn get_qrcode_picture(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account, id)): PathId<(AccountId, QrcodeId)>,
    Params(query): Params<PictureQuery>,
) -> Result<impl IntoResponse, Error> {
    let size = query.size()?;
    let format = query.format.unwrap_or_default();
    let code = store::find(&mut work, account, id).await?;
    let Some(url) = code.url else {
        return Err(Error::conflict("qrcode_making", "WeChat has not made this code yet"));
    };
    let logo = match code.logo_media_id {
        Some(logo) => logo_bytes(&mut work, logo).await?,
        None => None,
    };
    drop(work);
    let bytes = tokio::task::spawn_blocking(move || -> Result<Vec<u8>, Error> {
        let logo = logo.map(|bytes| Logo::read(&bytes)).transpose()?;
        match format {
            PictureFormat::Png => draw::png(&url, size, logo.as_ref()),
            PictureFormat::Svg => draw::svg(&url, logo.as_ref()).map(String::into_bytes),
        }
    })
    .await
    .map_err(Error::internal)??;
    Ok((
        [
            (header::CONTENT_TYPE, format.content_type()),
            // It changes with its logo, and when a temporary one is renewed.
            (header::CACHE_CONTROL, "private, no-cache"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        bytes,
    ))
}

/// What came of a code, by days of the tenant's zone.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcodes/{qrcode}/stats", operation_id = "get_qrcode_stats", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), ("qrcode" = QrcodeId, Path, description = "The code."), StatsQuery),
    responses((status = 200, description = "Figures.", body = Stats)))]
async fn get_qrcode_stats(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account, id)): PathId<(AccountId, QrcodeId)>,
    Params(query): Params<StatsQuery>,
) -> Result<Json<Stats>, Error> {
    store::find(&mut work, account, id).await?;
    Ok(Json(stats::of_code(&mut work, id, &query).await?))
}

/// What came of all the account's codes, and of each folder.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcode_stats", operation_id = "get_account_qrcode_stats", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account."), StatsQuery),
    responses((status = 200, description = "Figures.", body = AccountStats)))]
async fn get_account_qrcode_stats(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<StatsQuery>,
) -> Result<Json<AccountStats>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(stats::of_account(&mut work, account, &query).await?))
}

/// What is left of the permanent codes, and the folders and sources in use.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/qrcode_overview", operation_id = "get_qrcode_overview", tag = "qrcodes",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "As far as we know: what others made for the account, WeChat does not tell.", body = Overview)))]
async fn get_qrcode_overview(
    mut work: Allowed<can::QrcodesRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Overview>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(Overview {
        budget: decide::budget(store::permanent(&mut work, account).await?),
        folders: store::folders(&mut work, account).await?,
        sources: store::sources(&mut work, account).await?,
    }))
}
