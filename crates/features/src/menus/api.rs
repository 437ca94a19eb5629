use axum::{Json, extract::State, http::StatusCode};
use entities::accounts;
use kit::{
    AccountId, Allowed, Body, Ctx, Error, MenuVersionId, Page, PageQuery, Params, PathId, Work, capability::can,
    http::Faults,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    check, decide,
    import::{self, Found},
    model::{Button, Version, VersionSource},
    publish, store,
    view::{self, MenuView},
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_menu, replace_menu, delete_menu))
        .routes(routes!(publish_menu))
        .routes(routes!(import_menu))
        .routes(routes!(list_menu_versions))
        .routes(routes!(rollback_menu))
}

/// The account's menus: the draft, what is live, and what lies between them.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/menu", operation_id = "get_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The menus.", body = MenuView)))]
async fn get_menu(
    mut work: Allowed<can::MenusRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<MenuView>, Error> {
    let account = accounts::find(&mut work, account).await?;
    Ok(Json(view::view(&mut work, &account).await?))
}

/// A draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DraftBody {
    /// At most three, with at most five below each. They may be incomplete.
    buttons: Vec<Button>,
    /// The draft's revision that this was made from.
    revision: i64,
}

/// Write the draft anew. Nothing changes for fans.
#[utoipa::path(put, path = "/api/v1/accounts/{account}/menu", operation_id = "replace_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = DraftBody,
    responses((status = 200, description = "The menus.", body = MenuView),
        (status = 409, description = "`menu_changed`: somebody else wrote it meanwhile.")))]
async fn replace_menu(
    mut work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(mut body): Body<DraftBody>,
) -> Result<Json<MenuView>, Error> {
    let account = publish::account(&mut work, account).await?;
    let mut faults = Faults::default();
    check::check_shape(&body.buttons, &mut faults);
    publish::files_exist(&mut work, &body.buttons, &mut faults).await?;
    faults.check()?;
    let ctx = work.ctx().clone();
    decide::name_buttons(&mut body.buttons, &mut || ctx.new_id().to_string());
    if !store::set_draft(&mut work, account.id, &body.buttons, body.revision).await? {
        return Err(changed(&mut work, account.id).await?);
    }
    publish::tell(&mut work, account.id);
    let view = view::view(&mut work, &account).await?;
    work.commit().await?;
    Ok(Json(view))
}

async fn changed(work: &mut Work, account: AccountId) -> Result<Error, Error> {
    let now = store::draft(work, account).await?;
    Ok(Error::Conflict {
        code: "menu_changed",
        detail: format!("the draft is at revision {}", now.revision),
        params: serde_json::json!({ "revision": now.revision, "updated_by": now.updated_by }),
    })
}

/// Delete the menu at WeChat, with those of some fans.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/menu", operation_id = "delete_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 202, description = "The menus; `publishing` says that it is on its way.", body = MenuView)))]
async fn delete_menu(
    mut work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<(StatusCode, Json<MenuView>), Error> {
    let account = accounts::find(&mut work, account).await?;
    publish::begin(&mut work, &account, &[], VersionSource::Deletion).await?;
    on_its_way(work, &account).await
}

async fn on_its_way(
    mut work: Allowed<can::MenusWrite>,
    account: &accounts::Account,
) -> Result<(StatusCode, Json<MenuView>), Error> {
    let view = view::view(&mut work, account).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// What is to be published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishBody {
    /// The revision that was looked at: nothing else goes live.
    revision: i64,
}

/// Publish the draft.
///
/// It is read back from WeChat and compared. Phones show it when the chat is opened and five minutes have passed.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/menu/publish", operation_id = "publish_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = PublishBody,
    responses((status = 202, description = "The menus; `publishing` becomes `live` or `failed`.", body = MenuView),
        (status = 409, description = "`menu_changed`, `menu_busy`, `function_not_allowed`.")))]
async fn publish_menu(
    mut work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<PublishBody>,
) -> Result<(StatusCode, Json<MenuView>), Error> {
    let account = accounts::find(&mut work, account).await?;
    let draft = store::draft(&mut work, account.id).await?;
    if draft.revision != body.revision {
        return Err(changed(&mut work, account.id).await?);
    }
    publish::begin(&mut work, &account, &draft.buttons, VersionSource::Draft).await?;
    on_its_way(work, &account).await
}

/// How to take over what WeChat has.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportBody {
    /// The draft becomes what is live; true when absent.
    #[serde(default = "yes")]
    into_draft: bool,
}

fn yes() -> bool {
    true
}

/// What was found at WeChat.
#[derive(Serialize, ToSchema)]
struct Imported {
    found: Found,
    menu: MenuView,
}

/// Take over the menu that WeChat has, also one that was made in WeChat's console, and the menus of some fans.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/menu/import", operation_id = "import_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = ImportBody,
    responses((status = 200, description = "What was found, and the menus.", body = Imported)))]
async fn import_menu(
    State(ctx): State<Ctx>,
    mut work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<ImportBody>,
) -> Result<Json<Imported>, Error> {
    let tenant = work.tenant();
    let account = accounts::find(&mut Work::reading(&ctx, tenant), account).await?;
    account.may(accounts::Function::Menu)?;
    let at_wechat = import::look(&ctx, tenant, &account).await?;
    let found = import::take_over(&mut work, &account, at_wechat, body.into_draft).await?;
    let menu = view::view(&mut work, &account).await?;
    work.commit().await?;
    Ok(Json(Imported { found, menu }))
}

/// List what was published, newest first.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/menu/versions", operation_id = "list_menu_versions", tag = "menus",
    params(("account" = AccountId, Path, description = "The account."), PageQuery),
    responses((status = 200, description = "Versions.", body = Page<Version>)))]
async fn list_menu_versions(
    mut work: Allowed<can::MenusRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(page): Params<PageQuery>,
) -> Result<Json<Page<Version>>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(store::list(&mut work, account, &page).await?))
}

/// Which version comes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RollbackBody {
    version_id: MenuVersionId,
}

/// Publish an earlier version again. The draft stays as it is.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/menu/rollback", operation_id = "rollback_menu", tag = "menus",
    params(("account" = AccountId, Path, description = "The account.")), request_body = RollbackBody,
    responses((status = 202, description = "The menus; `publishing` says that it is on its way.", body = MenuView)))]
async fn rollback_menu(
    mut work: Allowed<can::MenusWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(body): Body<RollbackBody>,
) -> Result<(StatusCode, Json<MenuView>), Error> {
    let account = accounts::find(&mut work, account).await?;
    let version = store::version(&mut work, account.id, body.version_id).await?;
    let source = if version.buttons.is_empty() { VersionSource::Deletion } else { VersionSource::Rollback };
    publish::begin(&mut work, &account, &version.buttons, source).await?;
    on_its_way(work, &account).await
}
