use axum::Json;
use kit::{AccountId, Allowed, Ctx, Error, PathId, capability::can};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    held,
    model::{Decided, HeldSends},
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_held_sends))
        .routes(routes!(release_held_sends))
        .routes(routes!(cancel_held_sends))
}

/// What waits for a person since the account's authorisation ended.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/held_sends", operation_id = "get_held_sends", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "In numbers; zero when nothing waits.", body = HeldSends)))]
async fn get_held_sends(
    mut work: Allowed<can::AccountsRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<HeldSends>, Error> {
    Ok(Json(held::look(&mut work, account).await?.into()))
}

/// Send what was held. Messages whose window is over end as refused.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/held_sends/release", operation_id = "release_held_sends", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "So many are on their way.", body = Decided),
        (status = 409, description = "`function_not_allowed`: the account is not bound, listens only, or may not send messages.")))]
async fn release_held_sends(
    mut work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Decided>, Error> {
    let messages = held::release(&mut work, account).await?;
    work.commit().await?;
    Ok(Json(Decided { messages }))
}

/// Never send what was held.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/held_sends/cancel", operation_id = "cancel_held_sends", tag = "accounts",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "So many were cancelled.", body = Decided)))]
async fn cancel_held_sends(
    mut work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Decided>, Error> {
    let by = work.caller().name().to_owned();
    let messages = held::cancel(&mut work, account, &by).await?;
    work.commit().await?;
    Ok(Json(Decided { messages }))
}
