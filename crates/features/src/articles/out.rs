//! What is published: the list, and taking pages back.

use axum::{Json, extract::State};
use entities::{
    accounts::{self, Function},
    articles::{self, Publication, PublicationState},
};
use kit::{
    AccountId, Allowed, Ctx, Error, Page, PageQuery, Params, PathId, PublicationId, TenantId, Work, capability::can,
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::api::freepublish::delete_article::{self, DeleteArticle};

use super::{
    decide,
    desk::{Desk, tell_publication},
    publish::state_of,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(list_publications)).routes(routes!(unpublish))
}

/// Which publications.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PublicationQuery {
    account: Option<AccountId>,
    /// How many at most, 1 to 200; 50 when absent.
    limit: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List publications, newest first: also those that a comparison found at WeChat.
#[utoipa::path(get, path = "/api/v1/publications", operation_id = "list_publications", tag = "articles", params(PublicationQuery),
    responses((status = 200, description = "Publications.", body = Page<Publication>)))]
async fn list_publications(
    mut work: Allowed<can::RepliesRead>,
    Params(query): Params<PublicationQuery>,
) -> Result<Json<Page<Publication>>, Error> {
    if let Some(account) = query.account {
        accounts::find(&mut work, account).await?;
    }
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    Ok(Json(articles::list_publications(&mut work, query.account, &page).await?))
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct IdxQuery {
    /// From 1; all of them when absent.
    idx: Option<i64>,
}

/// Delete a published page at WeChat, or all of a publication. Cannot be undone.
#[utoipa::path(delete, path = "/api/v1/publications/{publication}", operation_id = "unpublish", tag = "articles",
    params(("publication" = PublicationId, Path, description = "The publication."), IdxQuery),
    responses((status = 200, description = "As it is now.", body = Publication),
        (status = 409, description = "`publication_not_out`.")))]
async fn unpublish(
    State(ctx): State<Ctx>,
    work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(PublicationId,)>,
    Params(query): Params<IdxQuery>,
) -> Result<Json<Publication>, Error> {
    let tenant = work.tenant();
    drop(work);
    let mut reading = Work::reading(&ctx, tenant);
    let one = articles::publication(&mut reading, id).await?;
    accounts::find(&mut reading, one.account_id).await?.may(Function::Broadcast)?;
    drop(reading);
    let (PublicationState::Published, Some(article_id)) = (one.state, one.wechat_article_id.clone()) else {
        return Err(Error::conflict("publication_not_out", "only what was published as pages can be deleted"));
    };
    let index = query.idx.unwrap_or(0);
    if query.idx.is_some() && !one.pages.iter().any(|page| page.idx == index) {
        return Err(Error::field("idx", "range", "there is no such page"));
    }
    let desk = Desk::new(&ctx, tenant, one.account_id, 1);
    let request = delete_article::Request { article_id: article_id.clone(), index };
    let done = desk.call::<DeleteArticle>(&request).await;
    // Deleting is harmless to repeat, and what WeChat shows afterwards is the truth, whatever the answer was.
    let now = match (desk.pages_now(&article_id).await, done) {
        (Ok(pages), _) if is_deleted(&pages, query.idx) => pages,
        (_, Err(failure)) => return Err(decide::refusal(failure)),
        // All of it is gone: WeChat knows it no more.
        (_, Ok(_)) => deleted(&one, query.idx),
    };
    write_pages(&ctx, tenant, id, now).await.map(Json)
}

fn is_deleted(pages: &[articles::PublishedPage], idx: Option<i64>) -> bool {
    pages.iter().filter(|page| idx.is_none_or(|idx| page.idx == idx)).all(|page| page.deleted)
}

fn deleted(one: &Publication, idx: Option<i64>) -> Vec<articles::PublishedPage> {
    let mark = |page: &articles::PublishedPage| articles::PublishedPage {
        deleted: page.deleted || idx.is_none_or(|idx| page.idx == idx),
        ..page.clone()
    };
    one.pages.iter().map(mark).collect()
}

async fn write_pages(
    ctx: &Ctx,
    tenant: TenantId,
    id: PublicationId,
    pages: Vec<articles::PublishedPage>,
) -> Result<Publication, Error> {
    let mut work = Work::begin(ctx, tenant);
    let mut one = articles::publication(&mut work, id).await?;
    let before = one.state;
    one.state = state_of(&pages);
    one.pages = pages;
    articles::put_publication(&mut work, &one, before).await?;
    tell_publication(&mut work, one.account_id, one.article_id, id);
    work.commit().await?;
    Ok(one)
}
