//! The tenant's own name and time zone. Days on the home page and reply hours follow the zone.

use axum::Json;
use entities::people::{Tenant, TenantName, TimeZone, store};
use kit::{
    Allowed, Body, Ctx, Error,
    capability::can::{SignedIn, TeamWrite},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_tenant, update_tenant))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TenantView {
    name: String,
    time_zone: TimeZone,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self { name: tenant.name, time_zone: tenant.time_zone }
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TenantPatch {
    name: Option<TenantName>,
    time_zone: Option<TimeZone>,
}

/// The tenant's settings.
#[utoipa::path(get, path = "/api/v1/tenant", operation_id = "get_tenant", tag = "team",
    responses((status = 200, description = "The settings", body = TenantView)))]
async fn get_tenant(mut work: Allowed<SignedIn>) -> Result<Json<TenantView>, Error> {
    Ok(Json(store::tenant(&mut work).await?.into()))
}

/// Change the tenant's name or time zone.
#[utoipa::path(patch, path = "/api/v1/tenant", operation_id = "update_tenant", tag = "team", request_body = TenantPatch,
    responses((status = 200, description = "As changed", body = TenantView), (status = 422, description = "A field is wrong", body = kit::Problem)))]
async fn update_tenant(
    mut work: Allowed<TeamWrite>,
    Body(patch): Body<TenantPatch>,
) -> Result<Json<TenantView>, Error> {
    let tenant = store::tenant(&mut work).await?;
    let name = patch.name.map_or(tenant.name, TenantName::into_string);
    store::set_tenant(&mut work, &name, patch.time_zone.unwrap_or(tenant.time_zone)).await?;
    let tenant = store::tenant(&mut work).await?;
    work.commit().await?;
    Ok(Json(tenant.into()))
}
