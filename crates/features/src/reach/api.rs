use axum::{Json, http::StatusCode};
use entities::{
    customers, fans,
    reach::{
        OptOut, OptOutWay, ReachSettings, settings,
        wishes::{self, Word},
    },
};
use kit::{AccountId, Actor, Allowed, Body, Caller, Ctx, CustomerId, Error, Page, PathId, capability::can};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::blacklist;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_reach_settings, replace_reach_settings))
        .routes(routes!(list_opt_outs, create_opt_out))
        .routes(routes!(withdraw_opt_out))
        .routes(routes!(block_fan, unblock_fan))
}

/// When nothing is said unasked, and how often at most.
#[utoipa::path(get, path = "/api/v1/reach_settings", operation_id = "get_reach_settings", tag = "messages",
    responses((status = 200, description = "The settings; what is absent is not set.", body = ReachSettings)))]
async fn get_reach_settings(mut work: Allowed<can::MessagesRead>) -> Result<Json<ReachSettings>, Error> {
    Ok(Json(settings::read(&mut work).await?))
}

/// Change them. Holds for what is in line already, too.
#[utoipa::path(put, path = "/api/v1/reach_settings", operation_id = "replace_reach_settings", tag = "messages", request_body = ReachSettings,
    responses((status = 200, description = "As they are now.", body = ReachSettings)))]
async fn replace_reach_settings(
    mut work: Allowed<can::AccountsWrite>,
    Body(wanted): Body<ReachSettings>,
) -> Result<Json<ReachSettings>, Error> {
    wanted.check()?;
    let by = work.caller().name().to_owned();
    settings::write(&mut work, &wanted, &by).await?;
    work.commit().await?;
    Ok(Json(wanted))
}

/// What a customer does not want to be told, and has not wanted before, newest first.
#[utoipa::path(get, path = "/api/v1/customers/{customer}/opt_outs", operation_id = "list_opt_outs", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer.")),
    responses((status = 200, description = "All of them, with their withdrawals.", body = Page<OptOut>)))]
async fn list_opt_outs(
    mut work: Allowed<can::MessagesRead>,
    PathId((customer,)): PathId<(CustomerId,)>,
) -> Result<Json<Page<OptOut>>, Error> {
    let group = customers::group(&mut work, customer).await?;
    Ok(Json(Page::whole(wishes::list(&mut work, &group).await?)))
}

/// What they do not want.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOptOut {
    #[schema(inline)]
    way: OptOutWay,
    /// How they said it, at most 200 characters, for people: `by phone`, `answered 退订`.
    #[serde(default)]
    note: Option<String>,
}

/// What they do want after all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    #[schema(inline)]
    way: OptOutWay,
}

/// Note that a customer does not want to be told anything unasked in this way. Nothing of the kind that is in line goes out any
/// more; answers to what they write are still given. Said twice, it is noted once.
#[utoipa::path(post, path = "/api/v1/customers/{customer}/opt_outs", operation_id = "create_opt_out", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer.")), request_body = NewOptOut,
    responses((status = 201, description = "All of theirs, newest first.", body = Page<OptOut>)))]
async fn create_opt_out(
    mut work: Allowed<can::MessagesWrite>,
    PathId((customer,)): PathId<(CustomerId,)>,
    Body(NewOptOut { way, note }): Body<NewOptOut>,
) -> Result<(StatusCode, Json<Page<OptOut>>), Error> {
    let note = note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > 200) {
        return Err(Error::field("note", "too_long", "at most 200 characters"));
    }
    let caller = work.caller().clone();
    wishes::opt_out(&mut work, customer, way, word(&caller), note).await?;
    let group = customers::group(&mut work, customer).await?;
    let all = wishes::list(&mut work, &group).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(Page::whole(all))))
}

/// Note that a customer wants to be told again. The opt-out stays in the list, with its end.
#[utoipa::path(post, path = "/api/v1/customers/{customer}/opt_outs/withdraw", operation_id = "withdraw_opt_out", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer.")), request_body = Withdrawal,
    responses((status = 200, description = "All of theirs, newest first.", body = Page<OptOut>)))]
async fn withdraw_opt_out(
    mut work: Allowed<can::MessagesWrite>,
    PathId((customer,)): PathId<(CustomerId,)>,
    Body(Withdrawal { way }): Body<Withdrawal>,
) -> Result<Json<Page<OptOut>>, Error> {
    let caller = work.caller().clone();
    wishes::withdraw(&mut work, customer, way, word(&caller)).await?;
    let group = customers::group(&mut work, customer).await?;
    let all = wishes::list(&mut work, &group).await?;
    work.commit().await?;
    Ok(Json(Page::whole(all)))
}

fn word(caller: &Caller) -> Word<'_> {
    let source = match caller.actor {
        Actor::Person { .. } => "person",
        Actor::Key { .. } => "api",
    };
    Word { source, by: caller.name() }
}

/// Put a fan on the account's blacklist at WeChat: neither side hears of the other any more.
#[utoipa::path(put, path = "/api/v1/accounts/{account}/blacklist/{openid}", operation_id = "block_fan", tag = "messages",
    params(("account" = AccountId, Path, description = "The account."), ("openid" = String, Path, description = "A fan of it.")),
    responses((status = 204, description = "WeChat has done it.")))]
async fn block_fan(
    work: Allowed<can::MessagesWrite>,
    PathId((account, openid)): PathId<(AccountId, String)>,
) -> Result<StatusCode, Error> {
    set_blocked(work, account, &openid, true).await
}

/// Take a fan off the account's blacklist at WeChat.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/blacklist/{openid}", operation_id = "unblock_fan", tag = "messages",
    params(("account" = AccountId, Path, description = "The account."), ("openid" = String, Path, description = "A fan of it.")),
    responses((status = 204, description = "WeChat has done it.")))]
async fn unblock_fan(
    work: Allowed<can::MessagesWrite>,
    PathId((account, openid)): PathId<(AccountId, String)>,
) -> Result<StatusCode, Error> {
    set_blocked(work, account, &openid, false).await
}

async fn set_blocked(
    mut work: Allowed<can::MessagesWrite>,
    account: AccountId,
    openid: &str,
    blocked: bool,
) -> Result<StatusCode, Error> {
    fans::find(&mut work, account, openid).await?.ok_or(Error::NotFound)?;
    let (ctx, caller) = (work.ctx().clone(), work.caller().clone());
    // WeChat is asked while nothing is open.
    drop(work);
    blacklist::set(&ctx, &caller, account, openid, blocked).await?;
    Ok(StatusCode::NO_CONTENT)
}
