//! WeChat's own library, the account's industries, and what one customer has agreed to.

use axum::Json;
use entities::{
    accounts::{self, Function, tokens::Keeper},
    customers,
    templates::{self, grants},
};
use kit::{AccountId, Allowed, Body, Ctx, CustomerId, Error, Params, PathId, Work, capability::can, http::Faults};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::api::{
    subscribe::{
        LONG_TERM, MAX_PAGE,
        get_keywords::{self, GetKeywords},
        get_titles::{self, GetTitles},
    },
    template::set_industry::{self, SetIndustry},
};

use super::{
    model::{
        CustomerNotice, CustomerNotices, Industries, KeywordsQuery, NoticeKeyword, NoticeKeywords, NoticeTitle,
        NoticeTitles, TemplateLibrary, TitlesQuery,
    },
    shelf::{library, refused},
    sync,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(set_template_industries))
        .routes(routes!(list_notice_titles))
        .routes(routes!(list_notice_keywords))
        .routes(routes!(list_customer_notices))
}

/// Set the account's two industries, at WeChat. It lets one do so once a month.
#[utoipa::path(put, path = "/api/v1/accounts/{account}/template_industries", operation_id = "set_template_industries", tag = "templates",
    params(("account" = AccountId, Path, description = "The account.")), request_body = Industries,
    responses((status = 200, description = "The library.", body = TemplateLibrary),
        (status = 409, description = "`industries_too_often`; `function_not_allowed` (R4).")))]
async fn set_template_industries(
    mut work: Allowed<can::AccountsWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(wanted): Body<Industries>,
) -> Result<Json<TemplateLibrary>, Error> {
    accounts::find(&mut work, account).await?.may(Function::Template)?;
    let mut faults = Faults::default();
    for (field, id) in [("primary", wanted.primary), ("secondary", wanted.secondary)] {
        if !(1..=41).contains(&id) {
            faults.add(field, "range", "an industry is 1 to 41");
        }
    }
    if wanted.primary == wanted.secondary {
        faults.add("secondary", "same", "the two industries are to be different");
    }
    faults.check()?;
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    drop(work);
    let request =
        set_industry::Request { industry_id1: wanted.primary.to_string(), industry_id2: wanted.secondary.to_string() };
    let keeper = Keeper::new(&ctx, tenant, account);
    ctx.wechat().call_as::<SetIndustry>(&keeper, &request).await.map_err(|failure| refused(&failure))?;
    let mut work = Work::begin(&ctx, tenant);
    templates::set_industries(&mut work, account).await?;
    work.commit().await?;
    if sync::compare(&ctx, tenant, account).await.is_err() {
        let mut work = Work::begin(&ctx, tenant);
        sync::ask(&mut work, account).await?;
        work.commit().await?;
    }
    Ok(Json(library(&mut Work::reading(&ctx, tenant), account).await?))
}

/// Look through WeChat's library of notices, thirty at a time.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/notice_titles", operation_id = "list_notice_titles", tag = "templates",
    params(("account" = AccountId, Path, description = "The account."), TitlesQuery),
    responses((status = 200, description = "Titles.", body = NoticeTitles),
        (status = 409, description = "`function_not_allowed` (R8).")))]
async fn list_notice_titles(
    mut work: Allowed<can::MessagesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<TitlesQuery>,
) -> Result<Json<NoticeTitles>, Error> {
    accounts::find(&mut work, account).await?.may(Function::Notice)?;
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    drop(work);
    let request = get_titles::Request { ids: query.category.to_string(), start: query.start.max(0), limit: MAX_PAGE };
    let answer = ctx.wechat().call_as::<GetTitles>(&Keeper::new(&ctx, tenant, account), &request).await;
    let answer = answer.map_err(|failure| refused(&failure))?;
    let title =
        |one: get_titles::Title| NoticeTitle { title_id: one.tid, title: one.title, lasting: one.kind == LONG_TERM };
    Ok(Json(NoticeTitles { items: answer.data.into_iter().map(title).collect(), total: answer.count }))
}

/// The keywords of a template of WeChat's library of notices.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/notice_keywords", operation_id = "list_notice_keywords", tag = "templates",
    params(("account" = AccountId, Path, description = "The account."), KeywordsQuery),
    responses((status = 200, description = "Keywords.", body = NoticeKeywords),
        (status = 409, description = "`function_not_allowed` (R8).")))]
async fn list_notice_keywords(
    mut work: Allowed<can::MessagesRead>,
    PathId((account,)): PathId<(AccountId,)>,
    Params(query): Params<KeywordsQuery>,
) -> Result<Json<NoticeKeywords>, Error> {
    accounts::find(&mut work, account).await?.may(Function::Notice)?;
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    drop(work);
    let request = get_keywords::Request { tid: query.title.to_string() };
    let answer = ctx.wechat().call_as::<GetKeywords>(&Keeper::new(&ctx, tenant, account), &request).await;
    let answer = answer.map_err(|failure| refused(&failure))?;
    let keyword = |one: get_keywords::Keyword| NoticeKeyword {
        keyword_id: one.kid,
        name: one.name,
        example: one.example,
        kind: one.rule,
    };
    Ok(Json(NoticeKeywords { items: answer.data.into_iter().map(keyword).collect() }))
}

/// What a customer has agreed to hear of: notices that may be sent to them.
#[utoipa::path(get, path = "/api/v1/customers/{customer}/notices", operation_id = "list_customer_notices", tag = "templates",
    params(("customer" = CustomerId, Path, description = "The customer.")),
    responses((status = 200, description = "By account and template.", body = CustomerNotices)))]
async fn list_customer_notices(
    mut work: Allowed<can::MessagesRead>,
    PathId((customer,)): PathId<(CustomerId,)>,
) -> Result<Json<CustomerNotices>, Error> {
    let group = customers::group(&mut work, customer).await?;
    let notice = |one: grants::Grant| CustomerNotice {
        account_id: one.account,
        openid: one.openid,
        wechat_id: one.template,
        title: one.title,
        left: one.left,
        lasting: one.lasting,
    };
    let items = grants::of_customers(&mut work, &group).await?.into_iter().map(notice).collect();
    Ok(Json(CustomerNotices { items }))
}
