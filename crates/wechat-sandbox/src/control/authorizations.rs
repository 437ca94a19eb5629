//! The platform's settings, the authorisation page's own calls, and the release test.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::{ComponentPatch, ComponentView};
use super::{Body, ControlError, Problem};
use crate::act::authorize::{PushOrder, Role, live_code, offered};
use crate::people;
use crate::release_test::ReleaseReport;
use crate::sandbox::Sandbox;
use crate::world::component::{EXCLUSIVE, SETS};

/// Changes the platform's settings.
#[utoipa::path(patch, path = "/component", operation_id = "change_component", request_body = ComponentPatch,
    responses((status = 200, description = "the platform", body = ComponentView), (status = 400, description = "why not", body = Problem)))]
pub(crate) async fn change_component(
    State(sandbox): State<Sandbox>,
    Body(patch): Body<ComponentPatch>,
) -> Result<Json<ComponentView>, ControlError> {
    Ok(Json(sandbox.change_component(patch)?))
}

/// Pushes a ticket now.
#[utoipa::path(post, path = "/component/push_ticket", operation_id = "push_ticket", responses((status = 202, description = "on its way")))]
pub(crate) async fn push_ticket(State(sandbox): State<Sandbox>) -> StatusCode {
    crate::push::component::push_ticket(&sandbox);
    StatusCode::ACCEPTED
}

/// What an authorisation page shows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Request {
    component_appid: String,
    name: String,
    asked_sets: Vec<SetView>,
    auth_type: u8,
    expires_ms: i64,
    redirect_uri: String,
    /// Who may hold the phone: an administrator and an operator of every account.
    scanners: Vec<Scanner>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetView {
    id: u16,
    name_zh: &'static str,
    name_en: &'static str,
    exclusive: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Scanner {
    id: String,
    name: String,
    role: Role,
    appid: String,
    nick_name: String,
}

/// What is asked for with a pre_auth_code.
#[utoipa::path(get, path = "/authorizations/{pre_auth_code}", operation_id = "get_authorization", params(("pre_auth_code" = String, Path)),
    responses((status = 200, description = "the request", body = Request), (status = 409, description = "used or expired", body = Problem)))]
pub(crate) async fn get_authorization(
    State(sandbox): State<Sandbox>,
    Path(code): Path<String>,
) -> Result<Json<Request>, ControlError> {
    let world = sandbox.world();
    let pre_auth = live_code(&world, &code)?;
    let set = |id: u16| {
        let (_, name_zh, name_en) = SETS.into_iter().find(|(known, ..)| *known == id)?;
        Some(SetView { id, name_zh, name_en, exclusive: EXCLUSIVE.contains(&id) })
    };
    let accounts = world.order.iter().filter_map(|appid| world.account(appid));
    let choosable = accounts.filter(|account| pre_auth.biz_appid.is_empty() || pre_auth.biz_appid == account.appid);
    let scanners = choosable.enumerate().flat_map(|(i, account)| {
        [Role::Administrator, Role::Operator].map(|role| Scanner {
            id: format!("{}-{}", account.appid, if role == Role::Administrator { "administrator" } else { "operator" }),
            name: people::person(1_000_000 + 2 * i as u64 + u64::from(role == Role::Operator)).name,
            role,
            appid: account.appid.clone(),
            nick_name: account.nick_name.clone(),
        })
    });
    Ok(Json(Request {
        component_appid: world.component.appid.clone(),
        name: world.component.name.clone(),
        asked_sets: offered(&world, pre_auth).into_iter().filter_map(set).collect(),
        auth_type: pre_auth.auth_type,
        expires_ms: pre_auth.expires_ms,
        redirect_uri: pre_auth.redirect_uri.clone(),
        scanners: scanners.collect(),
    }))
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Confirm {
    appid: String,
    role: Role,
    sets: Vec<u16>,
    /// Where the browser goes, when the page itself was never opened.
    #[serde(default)]
    redirect_uri: Option<String>,
    /// When the push to the event URL comes.
    #[serde(default)]
    push: PushOrder,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Confirmed {
    redirect: String,
}

/// Somebody confirms on their phone.
#[utoipa::path(post, path = "/authorizations/{pre_auth_code}/confirm", operation_id = "confirm_authorization",
    params(("pre_auth_code" = String, Path)), request_body = Confirm,
    responses((status = 200, description = "where the browser goes", body = Confirmed),
        (status = 403, description = "not an administrator", body = Problem)))]
pub(crate) async fn confirm_authorization(
    State(sandbox): State<Sandbox>,
    Path(code): Path<String>,
    Body(body): Body<Confirm>,
) -> Result<Json<Confirmed>, ControlError> {
    let redirect = sandbox.confirm(&code, &body.appid, body.role, body.sets, body.redirect_uri, body.push).await?;
    Ok(Json(Confirmed { redirect }))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct ReleaseSet {
    /// One of the five pairs of test accounts; drawn if not given.
    set: Option<u8>,
}

/// Runs the full-network release test against the platform.
#[utoipa::path(post, path = "/release-test", operation_id = "release_test", request_body = ReleaseSet,
    responses((status = 200, description = "what passed", body = ReleaseReport), (status = 400, description = "why not", body = Problem)))]
pub(crate) async fn release_test(
    State(sandbox): State<Sandbox>,
    Body(body): Body<ReleaseSet>,
) -> Result<Json<ReleaseReport>, ControlError> {
    Ok(Json(sandbox.release_test(body.set).await?))
}
