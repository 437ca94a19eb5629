use axum::{Json, http::StatusCode};
use entities::{
    customers,
    messages::ledger::{self, Filter},
};
use kit::{
    AccountId, Allowed, Body, Ctx, CustomerId, Error, Millis, Page, PageQuery, Params, PathId, SendId, capability::can,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    held,
    model::{Decided, HeldSends, NewMessage, SendView, SendsQuery},
    say,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_held_sends))
        .routes(routes!(release_held_sends))
        .routes(routes!(cancel_held_sends))
        .routes(routes!(create_message))
        .routes(routes!(list_sends))
        .routes(routes!(get_send))
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

/// Say something to a customer: a customer-service message, which WeChat takes for a while after they did something.
///
/// It is in the ledger when this is answered, and goes out at once. Ask for the send, or look at the timeline, to see
/// what became of it.
#[utoipa::path(post, path = "/api/v1/customers/{customer}/messages", operation_id = "create_message", tag = "messages",
    params(("customer" = CustomerId, Path, description = "The customer.")), request_body = NewMessage,
    responses((status = 201, description = "The send, in line.", body = SendView),
        (status = 409, description = "`not_reachable`, with the reason, the rule and words for it; `not_a_fan` of that account.")))]
async fn create_message(
    mut work: Allowed<can::MessagesWrite>,
    PathId((customer,)): PathId<(CustomerId,)>,
    Body(new): Body<NewMessage>,
) -> Result<(StatusCode, Json<SendView>), Error> {
    let by = work.caller().name().to_owned();
    let send = say::say(&mut work, customer, new.account_id, new.content, &by).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(send.into())))
}

/// List what was, is or will be said, newest first: the ledger.
#[utoipa::path(get, path = "/api/v1/sends", operation_id = "list_sends", tag = "messages", params(SendsQuery, PageQuery),
    responses((status = 200, description = "One page.", body = Page<SendView>)))]
async fn list_sends(
    mut work: Allowed<can::MessagesRead>,
    Params(query): Params<SendsQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<SendView>>, Error> {
    let limit = paging.limit()?;
    let customers = match query.customer {
        Some(customer) => Some(customers::group(&mut work, customer).await?),
        None => None,
    };
    let filter = Filter { state: query.state, account: query.account, customers };
    let found = ledger::list(&mut work, &filter, paging.after::<(Millis, i64)>()?, limit + 1).await?;
    Ok(Json(Page::cut(found, limit, |send| (send.due_at, send.id.0)).map(SendView::from)))
}

/// One send, and what is known of it.
#[utoipa::path(get, path = "/api/v1/sends/{send}", operation_id = "get_send", tag = "messages",
    params(("send" = SendId, Path, description = "The send.")),
    responses((status = 200, description = "The send.", body = SendView)))]
async fn get_send(
    mut work: Allowed<can::MessagesRead>,
    PathId((send,)): PathId<(SendId,)>,
) -> Result<Json<SendView>, Error> {
    Ok(Json(ledger::find(&mut work, send).await?.into()))
}
