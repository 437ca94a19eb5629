use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use entities::{
    accounts,
    customers::{self, Field},
};
use kit::{AccountId, Allowed, Ctx, CustomerId, Error, Params, PathId, TenantId, capability::can};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::shelf::{self, Kept, Look, What};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_customer_avatar))
        .routes(routes!(get_account_avatar))
        .routes(routes!(get_wechat_picture))
}

/// A customer's picture at WeChat.
///
/// 404 when WeChat has told of none, or it cannot be had at the moment: draw a stand-in.
#[utoipa::path(get, path = "/api/v1/customers/{customer}/avatar", operation_id = "get_customer_avatar", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer.")),
    responses((status = 200, description = "PNG, JPEG, GIF or WebP.", content_type = "image/*", body = String),
        (status = 304, description = "The one whose ETag was given.")))]
async fn get_customer_avatar(
    State(ctx): State<Ctx>,
    mut work: Allowed<can::CustomersRead>,
    PathId((id,)): PathId<(CustomerId,)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let customer = customers::find(&mut work, id).await?;
    let (tenant, address) = (work.tenant(), customer.get(Field::AvatarUrl).map(str::to_owned));
    drop(work);
    picture(&ctx, tenant, address, What::Avatar, &headers).await
}

/// An account's own picture.
///
/// 404 when WeChat has told of none, or it cannot be had at the moment: draw a stand-in.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/avatar", operation_id = "get_account_avatar", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "PNG, JPEG, GIF or WebP.", content_type = "image/*", body = String),
        (status = 304, description = "The one whose ETag was given.")))]
async fn get_account_avatar(
    State(ctx): State<Ctx>,
    mut work: Allowed<can::AccountsRead>,
    PathId((id,)): PathId<(AccountId,)>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let account = accounts::find(&mut work, id).await?;
    let tenant = work.tenant();
    // Nothing is held while the picture is fetched.
    drop(work);
    picture(&ctx, tenant, account.avatar_url, What::Avatar, &headers).await
}

/// Which picture.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PictureQuery {
    /// Where WeChat has it.
    address: String,
}

/// A picture in an article, from where WeChat keeps it; from no other hosts.
///
/// 404 when it cannot be had at the moment.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/wechat_picture", operation_id = "get_wechat_picture", tag = "articles",
    params(("account" = AccountId, Path, description = "The account."), PictureQuery),
    responses((status = 200, description = "PNG, JPEG, GIF or WebP.", content_type = "image/*", body = String),
        (status = 304, description = "The one whose ETag was given.")))]
async fn get_wechat_picture(
    State(ctx): State<Ctx>,
    mut work: Allowed<can::RepliesRead>,
    PathId((id,)): PathId<(AccountId,)>,
    Params(query): Params<PictureQuery>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    accounts::find(&mut work, id).await?;
    let tenant = work.tenant();
    drop(work);
    if !ctx.pictures().allows(&query.address) {
        return Err(Error::NotFound);
    }
    picture(&ctx, tenant, Some(query.address), What::Article, &headers).await
}

async fn picture(
    ctx: &Ctx,
    tenant: TenantId,
    address: Option<String>,
    what: What,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let address = address.filter(|address| !address.is_empty()).ok_or(Error::NotFound)?;
    match shelf::look(ctx, tenant, &address, what).await {
        Look::Here(kept) => Ok(shown(&kept, headers)),
        Look::Nothing => Ok(([(header::CACHE_CONTROL, "private, max-age=600")], Error::NotFound).into_response()),
        Look::NotYet => Err(Error::NotFound),
    }
}

/// The address that leads here changes when WeChat's does, so a browser may keep what it got.
fn shown(kept: &Kept, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) == Some(kept.tag.as_str());
    let about = [
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        (header::ETAG, kept.tag.clone()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, [(header::CONTENT_TYPE, kept.picture.content_type)], kept.picture.bytes.clone()).into_response()
}
