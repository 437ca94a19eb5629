use axum::{Json, http::StatusCode};
use entities::{
    accounts::{self, Function},
    articles::{self, Article, ArticleState, Filter, Item, Wish},
    media::{self, MediaKind},
};
use kit::{
    AccountId, Allowed, ArticleId, Body, Ctx, Error, Page, PageQuery, Params, PathId, Work, capability::can,
    http::Faults,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    decide,
    desk::tell,
    html::{self, Src},
    jobs,
    sync::new_article,
    view::{self, ArticleLine, ArticleView},
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_articles, create_article))
        .routes(routes!(get_article, replace_article, delete_article))
        // Eight bodies of a megabyte.
        .layer(axum::extract::DefaultBodyLimit::max(10 << 20))
}

/// Which articles.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ArticleQuery {
    account: Option<AccountId>,
    /// A part of a title.
    query: Option<String>,
    state: Option<ArticleState>,
    /// How many at most, 1 to 200; 50 when absent.
    limit: Option<u64>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List articles, last changed first.
#[utoipa::path(get, path = "/api/v1/articles", operation_id = "list_articles", tag = "articles", params(ArticleQuery),
    responses((status = 200, description = "Articles.", body = Page<ArticleLine>)))]
async fn list_articles(
    mut work: Allowed<can::RepliesRead>,
    Params(query): Params<ArticleQuery>,
) -> Result<Json<Page<ArticleLine>>, Error> {
    if let Some(account) = query.account {
        accounts::find(&mut work, account).await?;
    }
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let filter = Filter { account: query.account, query: query.query, state: query.state };
    let found = articles::list(&mut work, &filter, &page).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for article in found.items {
        items.push(view::line(&mut work, article).await?);
    }
    Ok(Json(Page { items, next_cursor: found.next_cursor }))
}

/// A new article.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewArticle {
    account_id: AccountId,
    /// 1 to 8. They may be unfinished.
    items: Vec<Item>,
}

/// Write an article. WeChat has it once it is pushed.
#[utoipa::path(post, path = "/api/v1/articles", operation_id = "create_article", tag = "articles", request_body = NewArticle,
    responses((status = 201, description = "The article.", body = ArticleView)))]
async fn create_article(
    mut work: Allowed<can::RepliesWrite>,
    Body(body): Body<NewArticle>,
) -> Result<(StatusCode, Json<ArticleView>), Error> {
    let account = accounts::find(&mut work, body.account_id).await?;
    account.could(Function::Materials)?;
    let items = checked(&mut work, body.items).await?;
    let by = who(&work);
    let made = Article {
        made_by: by.clone(),
        updated_by: by,
        ..new_article(ArticleId(work.new_id()), account.id, items, work.now())
    };
    articles::add(&mut work, &made).await?;
    tell(&mut work, account.id, Some(made.id));
    let view = view::view(&mut work, &made).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// The name of the person or key behind this work.
pub fn who(work: &Work) -> Option<String> {
    work.caller().map(|caller| caller.name().to_owned())
}

/// Items as they are kept, when they may be.
pub async fn checked(work: &mut Work, items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let pictures = work.ctx().pictures().clone();
    let items = view::kept(&pictures, items);
    let mut faults = Faults::default();
    decide::check_written(&items, &mut faults);
    for (n, item) in items.iter().enumerate() {
        if let Some(id) = item.cover_media_id
            && !is_picture(work, id).await?
        {
            faults.add(format!("items[{n}].cover_media_id"), "not_found", "there is no such picture");
        }
        for src in html::pictures_in(&pictures, &item.html) {
            if let Src::Ours(id) = src
                && !is_picture(work, id).await?
            {
                faults.add(format!("items[{n}].html"), "not_found", format!("there is no picture {id}"));
            }
        }
    }
    faults.check()?;
    Ok(items)
}

async fn is_picture(work: &mut Work, id: kit::MediaId) -> Result<bool, Error> {
    match media::find(work, id).await {
        Ok(file) => Ok(matches!(file.kind, MediaKind::Image | MediaKind::Thumb)),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// One article, whole.
#[utoipa::path(get, path = "/api/v1/articles/{article}", operation_id = "get_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article.")),
    responses((status = 200, description = "The article.", body = ArticleView)))]
async fn get_article(
    mut work: Allowed<can::RepliesRead>,
    PathId((id,)): PathId<(ArticleId,)>,
) -> Result<Json<ArticleView>, Error> {
    let article = articles::find(&mut work, id).await?;
    Ok(Json(view::view(&mut work, &article).await?))
}

/// What it says now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ArticleBody {
    items: Vec<Item>,
    /// The revision that this was made from.
    revision: i64,
}

/// Write an article anew. WeChat has it once it is pushed.
#[utoipa::path(put, path = "/api/v1/articles/{article}", operation_id = "replace_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article.")), request_body = ArticleBody,
    responses((status = 200, description = "The article, as it is kept.", body = ArticleView),
        (status = 409, description = "`article_changed`: somebody else wrote it meanwhile; `article_busy`.")))]
async fn replace_article(
    mut work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(ArticleId,)>,
    Body(body): Body<ArticleBody>,
) -> Result<Json<ArticleView>, Error> {
    idle(&articles::find(&mut work, id).await?)?;
    let items = checked(&mut work, body.items).await?;
    let by = who(&work);
    let written = articles::rewrite(&mut work, id, &items, body.revision, by).await?;
    let article = articles::find(&mut work, id).await?;
    if !written {
        return Err(Error::Conflict {
            code: "article_changed",
            detail: format!("the article is at revision {}", article.revision),
            params: serde_json::json!({ "revision": article.revision, "updated_by": article.updated_by }),
        });
    }
    tell(&mut work, article.account, Some(id));
    let view = view::view(&mut work, &article).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// Nothing is under way with it.
pub fn idle(article: &Article) -> Result<(), Error> {
    match article.wish {
        Some(_) => {
            Err(Error::conflict("article_busy", "something is being done with the article; wait until it is done"))
        }
        None => Ok(()),
    }
}

/// What becomes of WeChat's draft.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DeleteQuery {
    /// Delete WeChat's draft too; else the next comparison brings it here again.
    at_wechat: Option<bool>,
}

/// Delete an article. What is published of it stays.
#[utoipa::path(delete, path = "/api/v1/articles/{article}", operation_id = "delete_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article."), DeleteQuery),
    responses((status = 204, description = "Deleted."), (status = 202, description = "It will be, once WeChat's draft is.")))]
async fn delete_article(
    mut work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(ArticleId,)>,
    Params(query): Params<DeleteQuery>,
) -> Result<StatusCode, Error> {
    let mut article = articles::find(&mut work, id).await?;
    idle(&article)?;
    if !articles::open_publications(&mut work, id).await?.is_empty() {
        return Err(Error::conflict("article_publishing", "the article is being published"));
    }
    let status = if query.at_wechat == Some(true) && article.media_id.is_some() {
        accounts::find(&mut work, article.account).await?.may(Function::Materials)?;
        article.wish = Some(Wish::Delete);
        articles::put(&mut work, &article).await?;
        jobs::work_on(&mut work, id).await?;
        StatusCode::ACCEPTED
    } else {
        articles::remove(&mut work, id).await?;
        StatusCode::NO_CONTENT
    };
    tell(&mut work, article.account, Some(id));
    work.commit().await?;
    Ok(status)
}
