use axum::Json;
use entities::{
    customers::{self, ListFilter, Source},
    events::{Event, Filter},
    reach,
};
use kit::{Actor, Allowed, Body, Ctx, CustomerId, Error, Page, PageQuery, Params, PathId, capability::can};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    check, merges,
    model::{CustomerPage, CustomerPatch, ListQuery, Listed, Reach, ReachQuery, TimelineQuery},
    page, timeline,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_customers))
        .routes(routes!(get_customer, update_customer))
        .routes(routes!(list_timeline))
        .routes(routes!(get_reach))
        .merge(merges::router())
}

/// List customers, newest first, or find them.
///
/// A page may be shorter than asked and still have a next one, when few of very many customers fit.
#[utoipa::path(get, path = "/api/v1/customers", operation_id = "list_customers", tag = "customers", params(ListQuery, PageQuery),
    responses((status = 200, description = "One page.", body = Page<Listed>)))]
async fn list_customers(
    mut work: Allowed<can::CustomersRead>,
    Params(query): Params<ListQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<Listed>>, Error> {
    let filter = ListFilter {
        account: query.account,
        status: query.status,
        tag: query.tag,
        seen_after: query.seen_after,
        seen_before: query.seen_before,
        sort: query.sort.unwrap_or_default(),
    };
    let page = match query.query.as_deref().map(str::trim).filter(|query| !query.is_empty()) {
        Some(query) => {
            Page::whole(customers::search(&mut work, query, &filter, paging.limit()?).await?).map(Listed::from)
        }
        None => customers::list(&mut work, &filter, &paging).await?.map(Listed::from),
    };
    Ok(Json(page))
}

/// One customer, with all that is known and from whom.
#[utoipa::path(get, path = "/api/v1/customers/{customer}", operation_id = "get_customer", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer. An id that was merged leads to the one they turned out to be.")),
    responses((status = 200, description = "The customer.", body = CustomerPage)))]
async fn get_customer(
    mut work: Allowed<can::CustomersRead>,
    PathId((customer,)): PathId<(CustomerId,)>,
) -> Result<Json<CustomerPage>, Error> {
    Ok(Json(page::page(&mut work, customer).await?))
}

/// Change what is known of a customer. It then outranks what WeChat tells.
#[utoipa::path(patch, path = "/api/v1/customers/{customer}", operation_id = "update_customer", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer.")), request_body = CustomerPatch,
    responses((status = 200, description = "The customer.", body = CustomerPage)))]
async fn update_customer(
    mut work: Allowed<can::CustomersWrite>,
    PathId((customer,)): PathId<(CustomerId,)>,
    Body(patch): Body<CustomerPatch>,
) -> Result<Json<CustomerPage>, Error> {
    let changes = check::changes(patch)?;
    let caller = work.caller().clone();
    let source = match caller.actor {
        Actor::Person { .. } => Source::Person,
        Actor::Key { .. } => Source::Api,
    };
    customers::set_fields(&mut work, customer, &changes, source, Some(caller.name())).await?;
    let page = page::page(&mut work, customer).await?;
    work.commit().await?;
    Ok(Json(page))
}

/// A customer's story, newest first, with the broadcasts that they have had.
#[utoipa::path(get, path = "/api/v1/customers/{customer}/timeline", operation_id = "list_timeline", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer."), TimelineQuery, PageQuery),
    responses((status = 200, description = "One page.", body = Page<Event>)))]
async fn list_timeline(
    mut work: Allowed<can::CustomersRead>,
    PathId((customer,)): PathId<(CustomerId,)>,
    Params(query): Params<TimelineQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<Event>>, Error> {
    let group = customers::group(&mut work, customer).await?;
    let filter = Filter { channel: query.channel, kinds: query.kind.into_iter().collect(), account: None };
    Ok(Json(timeline::page(&mut work, &group, &filter, &paging).await?))
}

/// Whether the customer can be spoken to: by which account, in which way, until when, and if not, why.
///
/// With `at`, the same for an instant to come, by what is known now: windows that are over by then, quiet hours, the
/// frequency cap, and the allowance of that day or month. What they or the account will have done until then is not known.
#[utoipa::path(get, path = "/api/v1/customers/{customer}/reach", operation_id = "get_reach", tag = "customers",
    params(("customer" = CustomerId, Path, description = "The customer."), ReachQuery),
    responses((status = 200, description = "One line for each account whose fan they are.", body = Reach),
        (status = 422, description = "`invalid`: `at` is no instant, or has passed.")))]
async fn get_reach(
    mut work: Allowed<can::MessagesRead>,
    PathId((customer,)): PathId<(CustomerId,)>,
    Params(query): Params<ReachQuery>,
) -> Result<Json<Reach>, Error> {
    let at = query.instant(work.now())?;
    let accounts = reach::in_every_way(&mut work, customer, at).await?;
    Ok(Json(Reach { at, accounts }))
}
