//! Articles: what is out, what people do with it, and what the owner makes in WeChat's own console.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Ask, Body, ControlError, List, PageQuery, Problem, limit};
use crate::act::article::Reading;
use crate::act::{ActError, not_found};
use crate::sandbox::Sandbox;
use crate::world::World;
use crate::world::library::{DONE, Issue};
use crate::wx::draft;

/// An article with a page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ArticleView {
    msg_data_id: u64,
    /// From 1.
    idx: usize,
    /// Of publications; broadcasts have none.
    article_id: Option<String>,
    title: String,
    author: String,
    digest: String,
    cover_url: String,
    url: String,
    out_ms: i64,
    broadcast: bool,
    deleted: bool,
    comments_open: bool,
    /// How often its page was opened, and by how many.
    reads: u64,
    readers: u64,
    /// Newest first.
    comments: Vec<CommentView>,
}

/// What a person wrote below an article.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CommentView {
    user_comment_id: u64,
    person: u64,
    name: String,
    at_ms: i64,
    content: String,
    elected: bool,
    reply: Option<String>,
}

fn views(world: &World, issue: &Issue) -> Vec<ArticleView> {
    let one = |(index, out): (usize, &crate::world::library::Out)| {
        let (reads, readers) = world.reads_of(&issue.appid, &issue.msgid(index));
        let comment = |comment: &crate::world::library::Comment| CommentView {
            user_comment_id: comment.id,
            person: comment.person,
            name: crate::people::person(comment.person).name,
            at_ms: comment.at_ms,
            content: comment.content.clone(),
            elected: comment.elected,
            reply: comment.reply.as_ref().map(|reply| reply.content.clone()),
        };
        ArticleView {
            msg_data_id: issue.msg_data_id,
            idx: index + 1,
            article_id: Some(issue.article_id.clone()).filter(|id| !id.is_empty()),
            title: out.written.title.clone(),
            author: out.written.author.clone(),
            digest: out.written.digest.clone(),
            cover_url: world.cover_url(&out.written),
            url: world.article_url(&out.slug),
            out_ms: issue.out_ms,
            broadcast: issue.broadcast,
            deleted: out.deleted,
            comments_open: out.comments_open,
            reads,
            readers,
            comments: out.comments.iter().rev().map(comment).collect(),
        }
    };
    issue.articles.iter().enumerate().map(one).collect()
}

/// The articles of an account that are out, newest first.
#[utoipa::path(get, path = "/accounts/{appid}/articles", operation_id = "list_articles", params(("appid" = String, Path), PageQuery),
    responses((status = 200, description = "articles", body = List<ArticleView>), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn list_articles(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Ask(page): Ask<PageQuery>,
) -> Result<Json<List<ArticleView>>, ControlError> {
    let world = sandbox.world();
    world.account(&appid).ok_or_else(|| not_found("account"))?;
    let mut out: Vec<&Issue> =
        world.library.issues.values().filter(|issue| issue.appid == appid && issue.status == DONE).collect();
    out.sort_by_key(|issue| std::cmp::Reverse((issue.out_ms, issue.msg_data_id)));
    let total = out.iter().map(|issue| issue.articles.len() as u64).sum();
    let items = out.into_iter().flat_map(|issue| views(&world, issue)).skip(page.offset).take(limit(page.limit));
    Ok(Json(List { items: items.collect(), total: Some(total) }))
}

/// News as the owner writes them in WeChat's console.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct News {
    /// As `draft/add` takes them.
    #[schema(value_type = Vec<Object>)]
    articles: Vec<Value>,
}

/// What they are called.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Made {
    media_id: String,
}

/// The owner makes news in WeChat's console. The API has no call for it any more, but lists and shows them.
#[utoipa::path(post, path = "/accounts/{appid}/news", operation_id = "make_news", params(("appid" = String, Path)), request_body = News,
    responses((status = 201, description = "made", body = Made), (status = 400, description = "why not", body = Problem)))]
pub(crate) async fn make_news(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Body(news): Body<News>,
) -> Result<(StatusCode, Json<Made>), ControlError> {
    let mut world = sandbox.world();
    world.account(&appid).ok_or_else(|| not_found("account"))?;
    let articles = draft::articles(&world, &appid, &serde_json::json!({"articles": news.articles}))
        .map_err(|refusal| ActError::Invalid(format!("{} {}", refusal.code, refusal.message)))?;
    let media_id = draft::put(&mut world, &appid, articles, true);
    Ok((StatusCode::CREATED, Json(Made { media_id })))
}

/// What a person does with an article.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct WithArticle {
    /// Its address.
    url: String,
    #[serde(flatten)]
    reading: Reading,
}

/// The number of a comment, if that is what was made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Did {
    user_comment_id: Option<u64>,
}

/// A person reads an article, goes on to its original, passes it on, keeps it, or comments on it.
#[utoipa::path(post, path = "/people/{n}/article", operation_id = "read_article", params(("n" = u64, Path)), request_body = WithArticle,
    responses((status = 200, description = "done", body = Did), (status = 404, description = "no such article", body = Problem),
        (status = 409, description = "it is deleted, or takes no comments", body = Problem)))]
pub(crate) async fn read_article(
    State(sandbox): State<Sandbox>,
    Path(n): Path<u64>,
    Body(body): Body<WithArticle>,
) -> Result<Json<Did>, ControlError> {
    let user_comment_id = sandbox.read_article(n, &body.url, &body.reading)?;
    Ok(Json(Did { user_comment_id }))
}
