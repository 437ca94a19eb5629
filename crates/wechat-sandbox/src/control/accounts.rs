//! Accounts: making them, changing them, and what they granted to whom.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::views::{AccountPatch, AccountView, NewAccount};
use super::{Ask, Body, ControlError, Problem};
use crate::sandbox::Sandbox;

/// Registers an account.
#[utoipa::path(post, path = "/accounts", operation_id = "create_account", request_body = NewAccount,
    responses((status = 201, description = "the account", body = AccountView), (status = 400, description = "why not", body = Problem)))]
pub(crate) async fn create_account(
    State(sandbox): State<Sandbox>,
    Body(new): Body<NewAccount>,
) -> Result<(StatusCode, Json<AccountView>), ControlError> {
    Ok((StatusCode::CREATED, Json(sandbox.create_account(new)?)))
}

/// One account.
#[utoipa::path(get, path = "/accounts/{appid}", operation_id = "get_account", params(("appid" = String, Path)),
    responses((status = 200, description = "the account", body = AccountView), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn get_account(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
) -> Result<Json<AccountView>, ControlError> {
    Ok(Json(sandbox.account(&appid)?))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Verify {
    /// `false`: take the address without asking it.
    verify: Option<bool>,
}

/// Changes an account's settings; a new callback_url must answer the echostr.
#[utoipa::path(patch, path = "/accounts/{appid}", operation_id = "change_account", params(("appid" = String, Path), Verify),
    request_body = AccountPatch,
    responses((status = 200, description = "the account", body = AccountView), (status = 400, description = "why not", body = Problem)))]
pub(crate) async fn change_account(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Ask(ask): Ask<Verify>,
    Body(patch): Body<AccountPatch>,
) -> Result<Json<AccountView>, ControlError> {
    Ok(Json(sandbox.change_account(&appid, patch, ask.verify.unwrap_or(true)).await?))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Unauthorize {
    /// The sandbox's own platform, if not given.
    component_appid: Option<String>,
}

/// The owner takes an authorisation back.
#[utoipa::path(post, path = "/accounts/{appid}/unauthorize", operation_id = "unauthorize", params(("appid" = String, Path)),
    request_body = Unauthorize,
    responses((status = 204, description = "done"), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn unauthorize(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Body(body): Body<Unauthorize>,
) -> Result<StatusCode, ControlError> {
    sandbox.unauthorize(&appid, body.component_appid.as_deref())?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct OtherPlatform {
    component_appid: String,
    name: String,
    sets: Vec<u16>,
}

/// The owner authorises another supplier's platform: up to 15 in all, exclusive sets move to it.
#[utoipa::path(post, path = "/accounts/{appid}/authorize", operation_id = "authorize_other", params(("appid" = String, Path)),
    request_body = OtherPlatform,
    responses((status = 200, description = "the account", body = AccountView), (status = 409, description = "15 already", body = Problem)))]
pub(crate) async fn authorize_other(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Body(body): Body<OtherPlatform>,
) -> Result<Json<AccountView>, ControlError> {
    sandbox.authorize_other(&appid, &body.component_appid, &body.name, body.sets)?;
    Ok(Json(sandbox.account(&appid)?))
}
