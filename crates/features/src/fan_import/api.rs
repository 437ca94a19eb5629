use axum::{Json, http::StatusCode};
use entities::{
    accounts::{self, Function},
    imports::{self, Import},
};
use kit::{AccountId, Allowed, Ctx, Error, PathId, capability::can};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(start_import, get_import))
        .routes(routes!(pause_import))
        .routes(routes!(resume_import))
}

/// How the account's import stands.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/import", operation_id = "get_import", tag = "import",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The import; state `none` when there never was one.", body = Import)))]
async fn get_import(
    mut work: Allowed<can::AccountsRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Import>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(imports::find(&mut work, account).await?.unwrap_or_else(Import::none)))
}

/// Import all fans of the account, anew if it was done before. One that is under way goes on.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/import", operation_id = "start_import", tag = "import",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 202, description = "The import as it begins.", body = Import)))]
async fn start_import(
    mut work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<(StatusCode, Json<Import>), Error> {
    accounts::find(&mut work, account).await?.may(Function::FanImport)?;
    let import = imports::start(&mut work, account).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(import)))
}

/// Stop the import after the fans that are being written.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/import/pause", operation_id = "pause_import", tag = "import",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The import.", body = Import)))]
async fn pause_import(
    mut work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Import>, Error> {
    let import = imports::pause(&mut work, account).await?;
    work.commit().await?;
    Ok(Json(import))
}

/// Let a paused import go on from where it was.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/import/resume", operation_id = "resume_import", tag = "import",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The import.", body = Import)))]
async fn resume_import(
    mut work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Import>, Error> {
    accounts::find(&mut work, account).await?.may(Function::FanImport)?;
    let import = imports::resume(&mut work, account).await?;
    work.commit().await?;
    Ok(Json(import))
}
