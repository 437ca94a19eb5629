//! The first minute of an installation: the first tenant and its owner.

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use entities::people::{Email, Language, PersonName, TenantName, store};
use kit::{Body, Ctx, Error};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    authenticate::refuse_other_sites,
    found::{NewTenant, found_tenant, set_up_already},
    session::{self, Me},
    words::Password,
};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_setup, create_setup))
}

/// Whether somebody has to set the hub up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SetupState {
    needed: bool,
    /// This hub talks to a sandbox, not to WeChat.
    demo: bool,
}

/// The first tenant and its owner.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SetupBody {
    tenant_name: TenantName,
    name: PersonName,
    email: Email,
    password: Password,
    language: Language,
}

/// Whether the hub waits to be set up.
#[utoipa::path(get, path = "/api/v1/setup", operation_id = "get_setup", tag = "session",
    responses((status = 200, description = "Whether set-up is needed", body = SetupState)))]
async fn get_setup(State(ctx): State<Ctx>) -> Result<Json<SetupState>, Error> {
    let needed = store::tenants(&ctx).await?.is_empty();
    Ok(Json(SetupState { needed, demo: ctx.public().demo }))
}

/// Set the hub up: the first tenant, and its owner signed in. Once.
#[utoipa::path(post, path = "/api/v1/setup", operation_id = "create_setup", tag = "session", request_body = SetupBody,
    responses((status = 201, description = "Set up and signed in; the cookie is set", body = Me),
              (status = 409, description = "`set_up_already`", body = kit::Problem),
              (status = 422, description = "A field is wrong", body = kit::Problem)))]
async fn create_setup(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    Body(body): Body<SetupBody>,
) -> Result<Response, Error> {
    refuse_other_sites(&headers)?;
    // Asked first so that a stranger cannot make an installed hub hash passwords.
    if !store::tenants(&ctx).await?.is_empty() {
        return Err(set_up_already());
    }
    let SetupBody { tenant_name, name, email, password, language } = body;
    let (mut work, owner) =
        found_tenant(&ctx, &NewTenant { tenant_name, name, email, password, language, first: true }).await?;
    let (me, cookie) = session::begin(&mut work, owner, 1).await?;
    work.commit().await?;
    Ok((axum::http::StatusCode::CREATED, [cookie], Json(me)).into_response())
}
