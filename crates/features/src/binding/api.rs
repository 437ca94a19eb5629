use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing,
};
use entities::accounts;
use kit::{AccountId, Allowed, BindingId, Body, Ctx, Error, Page, Params, PathId, capability::can};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    check, deletion, direct,
    model::{AccountPatch, AccountView, Binding, Checks, Deletion, NewAccountBody},
    platform::{self, Returned},
    store, view,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_accounts, create_account))
        .routes(routes!(get_account, update_account, delete_account))
        .routes(routes!(unbind_account))
        .routes(routes!(rebind_account))
        .routes(routes!(preview_deletion))
        .routes(routes!(check_account))
        .routes(routes!(create_binding))
        .routes(routes!(get_binding))
        .route("/wx/platform/return", routing::get(come_back))
}

/// List the tenant's accounts, in the order they were bound.
#[utoipa::path(get, path = "/api/v1/accounts", operation_id = "list_accounts", tag = "accounts",
    responses((status = 200, description = "All accounts that are not deleted.", body = Page<AccountView>)))]
async fn list_accounts(mut work: Allowed<can::AccountsRead>) -> Result<Json<Page<AccountView>>, Error> {
    Ok(Json(Page::whole(view::list(&mut work).await?)))
}

/// Bind an account with its AppID and secret.
///
/// WeChat is asked whether the secret is right and the account verified. Enter `callback_url` of the answer at WeChat.
#[utoipa::path(post, path = "/api/v1/accounts", operation_id = "create_account", tag = "accounts", request_body = NewAccountBody,
    responses((status = 201, description = "The account. Its fans are being imported.", body = AccountView),
        (status = 409, description = "`account_taken`: it is bound already."),
        (status = 422, description = "`account_unverified`: it is not verified by WeChat."),
        (status = 502, description = "`wechat_refused`: the AppID, the secret or our address is not accepted.")))]
async fn create_account(
    State(ctx): State<Ctx>,
    work: Allowed<can::AccountsBind>,
    Body(body): Body<NewAccountBody>,
) -> Result<(StatusCode, Json<AccountView>), Error> {
    let account = direct::bind(&ctx, work.tenant(), body).await?;
    Ok((StatusCode::CREATED, Json(account)))
}

/// One account.
#[utoipa::path(get, path = "/api/v1/accounts/{account}", operation_id = "get_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The account.", body = AccountView)))]
async fn get_account(
    mut work: Allowed<can::AccountsRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<AccountView>, Error> {
    Ok(Json(view::find(&mut work, account).await?))
}

/// Change an account's name, secrets, encryption, or whether we only listen.
#[utoipa::path(patch, path = "/api/v1/accounts/{account}", operation_id = "update_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")), request_body = AccountPatch,
    responses((status = 200, description = "The account.", body = AccountView)))]
async fn update_account(
    State(ctx): State<Ctx>,
    work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(patch): Body<AccountPatch>,
) -> Result<Json<AccountView>, Error> {
    Ok(Json(direct::update(&ctx, work.tenant(), account, patch).await?))
}

/// Unbind a directly bound account. Its customers stay; their information stops updating.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/unbind", operation_id = "unbind_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The account.", body = AccountView),
        (status = 409, description = "`account_bound`: it authorised the platform, and only its owner can cancel that, at WeChat.")))]
async fn unbind_account(
    State(ctx): State<Ctx>,
    mut work: Allowed<can::AccountsBind>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<AccountView>, Error> {
    let account = direct::unbind(&mut work, account).await?;
    let view = view::of(&mut work, account.clone()).await?;
    work.commit().await?;
    accounts::forget(&ctx, &account).await;
    Ok(Json(view))
}

/// Bind an unbound account again, with the secret it had.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/rebind", operation_id = "rebind_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The account. Its fans are being imported anew.", body = AccountView),
        (status = 409, description = "`scan_needed`: it authorised the platform; begin a binding.")))]
async fn rebind_account(
    State(ctx): State<Ctx>,
    work: Allowed<can::AccountsBind>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<AccountView>, Error> {
    Ok(Json(direct::rebind(&ctx, work.tenant(), account).await?))
}

/// What deleting the account would do.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/deletion", operation_id = "preview_deletion", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "In numbers.", body = Deletion)))]
async fn preview_deletion(
    mut work: Allowed<can::AccountsRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Deletion>, Error> {
    Ok(Json(deletion::preview(&mut work, account).await?))
}

#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ConfirmQuery {
    /// The account's name, unless the body has it.
    confirm: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirm {
    /// The account's name, as shown.
    confirm: String,
}

/// Delete an unbound account. Customers and their stories stay; follow states become history.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}", operation_id = "delete_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account."), ConfirmQuery), request_body = Option<Confirm>,
    responses((status = 204, description = "Deleted."),
        (status = 409, description = "`account_bound`: unbind it first.")))]
async fn delete_account(
    State(ctx): State<Ctx>,
    mut work: Allowed<can::AccountsBind>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<ConfirmQuery>,
    body: Option<Body<Confirm>>,
) -> Result<StatusCode, Error> {
    let confirm = body.map(|Body(body)| body.confirm).or(query.confirm).unwrap_or_default();
    let account = deletion::delete(&mut work, account, &confirm).await?;
    work.commit().await?;
    accounts::forget(&ctx, &account).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Try everything that can be wrong with an account.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/check", operation_id = "check_account", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "One line for each thing.", body = Checks)))]
async fn check_account(
    State(ctx): State<Ctx>,
    work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Checks>, Error> {
    Ok(Json(check::run(&ctx, work.tenant(), account).await?))
}

/// Begin to bind an account by its administrator's scan. Open `url` in the same browser.
#[utoipa::path(post, path = "/api/v1/bindings", operation_id = "create_binding", tag = "accounts",
    responses((status = 201, description = "The binding, waiting for the scan.", body = Binding),
        (status = 409, description = "`platform_not_configured`, or `session_needed`: a key has no browser to come back to.")))]
async fn create_binding(
    State(ctx): State<Ctx>,
    work: Allowed<can::AccountsBind>,
) -> Result<(StatusCode, Json<Binding>), Error> {
    let binding = platform::begin(&ctx, work.caller()).await?;
    Ok((StatusCode::CREATED, Json(binding)))
}

/// How a binding stands.
#[utoipa::path(get, path = "/api/v1/bindings/{binding}", operation_id = "get_binding", tag = "accounts",
    params(("binding" = BindingId, Path, description = "The binding.")),
    responses((status = 200, description = "The binding.", body = Binding)))]
async fn get_binding(
    mut work: Allowed<can::AccountsRead>,
    PathId((id,)): PathId<(BindingId,)>,
) -> Result<Json<Binding>, Error> {
    let waiting = store::find_binding(&mut work, id).await?;
    Ok(Json(view::binding(&mut work, waiting.binding).await?))
}

/// The browser comes back from WeChat's page. A person looks at this, so every end is a page of the console.
async fn come_back(
    State(ctx): State<Ctx>,
    work: Result<Allowed<can::AccountsBind>, Error>,
    params: Result<Params<Returned>, Error>,
) -> Response {
    let (Ok(work), Ok(Params(returned))) = (work, params) else {
        return Redirect::to("/accounts?problem=binding_session").into_response();
    };
    let (caller, id) = (work.caller().clone(), returned.binding);
    drop(work);
    match platform::come_back(&ctx, &caller, returned).await {
        Ok(()) => Redirect::to(&format!("/accounts?binding={id}")).into_response(),
        Err(error) => {
            tracing::warn!(%error, binding.id = id.0, "a browser came back from WeChat's page and was not taken");
            Redirect::to("/accounts?problem=binding_session").into_response()
        }
    }
}
