//! Keys for programs: shown once, kept as a hash, allowed only what their scopes say.

use axum::{Json, http::StatusCode};
use entities::people::{model::ApiKey, store};
use kit::{
    Allowed, ApiKeyId, Body, Capability, Ctx, Error, Millis, Page, PathId, Work,
    capability::can::{TeamRead, TeamWrite},
    text_type,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::Secret;

use super::words::{random_word, token_hash};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(list_api_keys, create_api_key)).routes(routes!(delete_api_key))
}

text_type!(/** What a key is for. */ KeyName, "the name", 1..=60, str::trim);

/// A key, without the key.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ApiKeyView {
    id: ApiKeyId,
    name: String,
    /// How the key begins.
    prefix: String,
    scopes: Vec<Capability>,
    created_at: Millis,
    last_used_at: Option<Millis>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        let ApiKey { id, name, prefix, scopes, created_at, last_used_at } = key;
        Self { id, name, prefix, scopes, created_at, last_used_at }
    }
}

/// A new key. This is the only time that it is shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct NewApiKey {
    #[serde(flatten)]
    view: ApiKeyView,
    #[schema(value_type = String)]
    key: Secret,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewApiKeyBody {
    name: KeyName,
    scopes: Vec<Capability>,
}

/// List the tenant's API keys, oldest first.
#[utoipa::path(get, path = "/api/v1/api_keys", operation_id = "list_api_keys", tag = "team",
    responses((status = 200, description = "Every key", body = Page<ApiKeyView>)))]
async fn list_api_keys(mut work: Allowed<TeamRead>) -> Result<Json<Page<ApiKeyView>>, Error> {
    Ok(Json(Page::whole(store::keys(&mut work).await?).map(ApiKeyView::from)))
}

/// Make an API key. Nobody can give a key more than they may do themselves.
#[utoipa::path(post, path = "/api/v1/api_keys", operation_id = "create_api_key", tag = "team", request_body = NewApiKeyBody,
    responses((status = 201, description = "Made; `key` is shown this once", body = NewApiKey), (status = 422, description = "A field is wrong", body = kit::Problem)))]
async fn create_api_key(
    mut work: Allowed<TeamWrite>,
    Body(body): Body<NewApiKeyBody>,
) -> Result<(StatusCode, Json<NewApiKey>), Error> {
    if let Some(beyond) = body.scopes.iter().find(|scope| !work.caller().may(**scope)) {
        return Err(Error::Forbidden(*beyond));
    }
    let created_by = work.caller().person();
    let key = make(&mut work, body.name.as_str(), &body.scopes, created_by).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(key)))
}

/// End an API key at once.
#[utoipa::path(delete, path = "/api/v1/api_keys/{key}", operation_id = "delete_api_key", tag = "team",
    params(("key" = ApiKeyId, Path, description = "Which")),
    responses((status = 204, description = "Ended"), (status = 404, description = "No such key here", body = kit::Problem)))]
async fn delete_api_key(mut work: Allowed<TeamWrite>, PathId((id,)): PathId<(ApiKeyId,)>) -> Result<StatusCode, Error> {
    if !store::delete_key(&mut work, id).await? {
        return Err(Error::NotFound);
    }
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn make(
    work: &mut Work,
    name: &str,
    scopes: &[Capability],
    created_by: Option<kit::PersonId>,
) -> Result<NewApiKey, Error> {
    if scopes.is_empty() {
        return Err(Error::field("scopes", "empty", "a key without a scope can do nothing"));
    }
    let mut scopes = scopes.to_vec();
    scopes.sort_by_key(|scope| scope.as_str());
    scopes.dedup();
    let key = Secret::from(format!("hy_{}", random_word(32)));
    let prefix: String = key.expose().chars().take(9).collect();
    let new = store::NewKey { name, prefix: &prefix, key_hash: &token_hash(key.expose()), scopes: &scopes, created_by };
    let id = store::create_key(work, new).await?;
    let view = ApiKeyView { id, name: name.to_owned(), prefix, scopes, created_at: work.now(), last_used_at: None };
    Ok(NewApiKey { view, key })
}
