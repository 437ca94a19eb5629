use axum::{Json, http::StatusCode};
use entities::{
    customers,
    messages::ledger::{self, Filter},
};
use kit::{
    AccountId, Allowed, Body, Ctx, CustomerId, Error, Millis, Page, PageQuery, Params, PathId, SendId, Work,
    capability::can,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    doubt, held, listed,
    model::{
        Decided, HeldSends, ListedSend, NewMessage, NewSubscriptionNotice, NewTemplateMessage, OpenGate, Resend,
        SendCounts, SendView, Sending, SendsQuery,
    },
    say, say_filled,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_held_sends))
        .routes(routes!(release_held_sends))
        .routes(routes!(cancel_held_sends))
        .routes(routes!(create_message))
        .routes(routes!(create_template_message))
        .routes(routes!(create_subscription_notice))
        .routes(routes!(list_sends))
        .routes(routes!(count_sends))
        .routes(routes!(get_send))
        .routes(routes!(leave_send))
        .routes(routes!(resend_send))
        .routes(routes!(get_sending))
        .routes(routes!(resume_sending))
        .routes(routes!(open_gate))
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

/// Send a template message to a customer. It is in the ledger when this is answered; WeChat's report comes later.
///
/// The values of `message.data` may hold variables: of the customer, as in campaigns (`{{customer.name}}`, `phone`,
/// `email`, `city`, `province`, `birthday`), and of `event` (`{{event.<name>}}`). After a bar stands what is said when
/// there is no value: `{{customer.name|朋友}}`. They are filled at once, and the ledger keeps what is said. A variable
/// without a value and without anything behind a bar refuses the whole request, and so does a name that means nothing;
/// an empty value is none.
///
/// What is said in the end has to fit the type of its key (a `thing` has at most 20 characters) and the template as the
/// account's library has it: every field that has a type, and no other keys. A template that WeChat has no more is
/// refused, and so is one that is not in a library which was compared with WeChat's. Before the first comparison the
/// fields are not known: only the types of the keys are checked then, and WeChat has the last word. A request that is
/// refused leaves nothing behind.
#[utoipa::path(post, path = "/api/v1/template-messages", operation_id = "create_template_message", tag = "messages",
    request_body = NewTemplateMessage,
    responses((status = 201, description = "The send, in line.", body = SendView),
        (status = 409, description = "`function_not_allowed` (R4); `not_reachable`, with the reason; `not_a_fan` of that account."),
        (status = 422, description = "`invalid`; of its `errors`, at `message.data.<key>`: `missing_value` and `variable`, whose message names the variable, `empty`, `too_long`, `characters`, `shape`, `no_such_key`; at `message.template_id`: `template_gone`, `not_found`; at `message.url`: `url`; at `event`: `range`, `name`.")))]
async fn create_template_message(
    mut work: Allowed<can::MessagesWrite>,
    Body(new): Body<NewTemplateMessage>,
) -> Result<(StatusCode, Json<SendView>), Error> {
    let by = work.caller().name().to_owned();
    let send = say_filled::say_filled(&mut work, new.into(), &by).await?;
    work.commit().await?;
    kit::drill::place("message.accepted");
    Ok((StatusCode::CREATED, Json(send.into())))
}

/// Send a subscription notice to a customer who has agreed to it: one notice for each time they did. It is in the ledger when
/// this is answered; WeChat's report comes later, and uses up what they agreed to.
///
/// The values of `message.data` are filled in and checked as those of template messages are, against the notices of the
/// account's library. What is on its way to them is taken off what they agreed to. WeChat does not know a notice
/// again: one whose answer was lost is `unknown`, and is never repeated by itself.
#[utoipa::path(post, path = "/api/v1/subscription-notices", operation_id = "create_subscription_notice", tag = "messages",
    request_body = NewSubscriptionNotice,
    responses((status = 201, description = "The send, in line.", body = SendView),
        (status = 409, description = "`function_not_allowed` (R8); `not_reachable`, with the reason: `not_agreed` when they have agreed to no such notice, or all of them went out or will; `not_a_fan` of that account."),
        (status = 422, description = "`invalid`; its `errors` are those of template messages.")))]
async fn create_subscription_notice(
    mut work: Allowed<can::MessagesWrite>,
    Body(new): Body<NewSubscriptionNotice>,
) -> Result<(StatusCode, Json<SendView>), Error> {
    let by = work.caller().name().to_owned();
    let send = say_filled::say_filled(&mut work, new.into(), &by).await?;
    work.commit().await?;
    kit::drill::place("message.accepted");
    Ok((StatusCode::CREATED, Json(send.into())))
}

/// List what was, is or will be said, newest first: the ledger.
#[utoipa::path(get, path = "/api/v1/sends", operation_id = "list_sends", tag = "messages", params(SendsQuery, PageQuery),
    responses((status = 200, description = "One page.", body = Page<ListedSend>)))]
async fn list_sends(
    mut work: Allowed<can::MessagesRead>,
    Params(query): Params<SendsQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<ListedSend>>, Error> {
    let limit = paging.limit()?;
    let filter = filter(&mut work, query).await?;
    let found = ledger::list(&mut work, &filter, paging.after::<(Millis, i64)>()?, limit + 1).await?;
    let page = Page::cut(found, limit, |send| (send.due_at, send.id.0));
    let items = listed::with_customers(&mut work, page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// How many sends there are in each state.
#[utoipa::path(get, path = "/api/v1/sends/counts", operation_id = "count_sends", tag = "messages", params(SendsQuery),
    responses((status = 200, description = "Of those that are wanted.", body = SendCounts)))]
async fn count_sends(
    mut work: Allowed<can::MessagesRead>,
    Params(query): Params<SendsQuery>,
) -> Result<Json<SendCounts>, Error> {
    let filter = filter(&mut work, query).await?;
    let (counts, more) = ledger::count(&mut work, &filter).await?;
    Ok(Json(SendCounts { states: counts.into_iter().map(|(state, n)| (state.as_str(), n)).collect(), more }))
}

async fn filter(work: &mut Work, query: SendsQuery) -> Result<Filter, Error> {
    let SendsQuery { state, account, customer, service, campaign, due_after, due_before, undecided } = query;
    let customers = match customer {
        Some(customer) => Some(customers::group(work, customer).await?),
        None => None,
    };
    Ok(Filter { state, account, service, due_after, due_before, undecided, customers, campaign })
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

/// Leave a send that is in doubt as it is: it is no longer in the list of what a person has to look at.
#[utoipa::path(post, path = "/api/v1/sends/{send}/leave", operation_id = "leave_send", tag = "messages",
    params(("send" = SendId, Path, description = "The send.")),
    responses((status = 200, description = "The send.", body = SendView),
        (status = 409, description = "`not_in_doubt`: it is not unknown, or somebody has decided about it.")))]
async fn leave_send(
    mut work: Allowed<can::MessagesWrite>,
    PathId((send,)): PathId<(SendId,)>,
) -> Result<Json<SendView>, Error> {
    let by = work.caller().name().to_owned();
    let send = doubt::leave(&mut work, send, &by).await?;
    work.commit().await?;
    Ok(Json(send.into()))
}

/// Say again what is in doubt, although it may have arrived. One at a time: most sends in doubt did arrive.
#[utoipa::path(post, path = "/api/v1/sends/{send}/resend", operation_id = "resend_send", tag = "messages",
    params(("send" = SendId, Path, description = "The send.")), request_body = Resend,
    responses((status = 201, description = "The send that says it again.", body = SendView),
        (status = 409, description = "`not_in_doubt`: it is not unknown, or somebody has decided about it; `not_reachable`.")))]
async fn resend_send(
    mut work: Allowed<can::MessagesWrite>,
    PathId((send,)): PathId<(SendId,)>,
    Body(word): Body<Resend>,
) -> Result<(StatusCode, Json<SendView>), Error> {
    let by = work.caller().name().to_owned();
    let send = doubt::resend(&mut work, send, word.may_arrive_twice, &by).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(send.into())))
}

/// What keeps messages from going out: a pause, closed ways, and how much is in doubt.
#[utoipa::path(get, path = "/api/v1/sending", operation_id = "get_sending", tag = "messages",
    responses((status = 200, description = "How it stands.", body = Sending)))]
async fn get_sending(mut work: Allowed<can::MessagesRead>) -> Result<Json<Sending>, Error> {
    Ok(Json(doubt::look(&mut work).await?))
}

/// Let messages go out again after the database was put back from a backup.
#[utoipa::path(post, path = "/api/v1/sending/resume", operation_id = "resume_sending", tag = "messages",
    responses((status = 200, description = "How it stands now.", body = Sending)))]
async fn resume_sending(mut work: Allowed<can::AccountsWrite>) -> Result<Json<Sending>, Error> {
    let by = work.caller().name().to_owned();
    let sending = doubt::resume(&mut work, &by).await?;
    work.commit().await?;
    Ok(Json(sending))
}

/// Try a way that is closed, without waiting for its time.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/gates/open", operation_id = "open_gate", tag = "messages",
    params(("account" = AccountId, Path, description = "The account.")), request_body = OpenGate,
    responses((status = 200, description = "How it stands now.", body = Sending)))]
async fn open_gate(
    mut work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(gate): Body<OpenGate>,
) -> Result<Json<Sending>, Error> {
    let sending = doubt::open(&mut work, account, gate.service).await?;
    work.commit().await?;
    Ok(Json(sending))
}
