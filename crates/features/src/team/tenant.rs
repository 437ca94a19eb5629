//! The tenant's own name, time zone and two-person rule. Days on the home page and reply hours follow the zone.

use axum::Json;
use entities::people::{Tenant, TenantName, TimeZone, store};
use kit::{
    Allowed, Body, Ctx, Error,
    capability::can::{SignedIn, TeamWrite},
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_tenant, update_tenant))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TenantView {
    name: String,
    time_zone: TimeZone,
    /// Broadcasts to more fans than this need a second person; `null`: never.
    approval_above: Option<i64>,
}

impl From<Tenant> for TenantView {
    fn from(tenant: Tenant) -> Self {
        Self { name: tenant.name, time_zone: tenant.time_zone, approval_above: tenant.approval_above }
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TenantPatch {
    name: Option<TenantName>,
    time_zone: Option<TimeZone>,
    /// `null` takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 0)]
    approval_above: Option<Option<i64>>,
}

/// What is given, though it be `null`; what is absent stays.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::<i64>::deserialize(deserializer).map(Some)
}

/// The tenant's settings.
#[utoipa::path(get, path = "/api/v1/tenant", operation_id = "get_tenant", tag = "team",
    responses((status = 200, description = "The settings", body = TenantView)))]
async fn get_tenant(mut work: Allowed<SignedIn>) -> Result<Json<TenantView>, Error> {
    Ok(Json(store::tenant(&mut work).await?.into()))
}

/// Change the tenant's name, time zone, or above how many fans broadcasts need a second person.
#[utoipa::path(patch, path = "/api/v1/tenant", operation_id = "update_tenant", tag = "team", request_body = TenantPatch,
    responses((status = 200, description = "As changed", body = TenantView), (status = 422, description = "A field is wrong", body = kit::Problem)))]
async fn update_tenant(
    mut work: Allowed<TeamWrite>,
    Body(patch): Body<TenantPatch>,
) -> Result<Json<TenantView>, Error> {
    let tenant = store::tenant(&mut work).await?;
    let name = patch.name.map_or(tenant.name, TenantName::into_string);
    store::set_tenant(&mut work, &name, patch.time_zone.unwrap_or(tenant.time_zone)).await?;
    if let Some(fans) = patch.approval_above {
        if fans.is_some_and(|fans| fans < 0) {
            return Err(Error::field("approval_above", "range", "approval_above must not be below 0"));
        }
        store::set_approval_above(&mut work, fans).await?;
    }
    let tenant = store::tenant(&mut work).await?;
    work.commit().await?;
    Ok(Json(tenant.into()))
}
