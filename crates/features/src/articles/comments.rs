//! What readers write below what is out. WeChat keeps it; each look asks there, and each act can be read back there.

use axum::{Json, extract::State, http::StatusCode};
use entities::{
    accounts::{self, Function},
    articles,
};
use kit::{Allowed, Body, Ctx, Error, Millis, Params, PathId, PublicationId, TenantId, Work, capability::can};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::{
    ErrCode,
    api::{
        Call,
        comment::{
            OfArticle, OfComment,
            add_reply::{self, AddReply},
            close_comment::CloseComment,
            delete_comment::DeleteComment,
            delete_reply::DeleteReply,
            list_comments::{self, ListComments},
            mark_elected::MarkElected,
            open_comment::OpenComment,
            unmark_elected::UnmarkElected,
        },
    },
};

use super::{decide, desk::Desk};

/// At a time.
const PAGE: i64 = 49;
const LONGEST_REPLY: usize = 600;
/// The comment was deleted before.
const DELETED: ErrCode = ErrCode(88004);

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_comments))
        .routes(routes!(switch_comments))
        .routes(routes!(elect_comment))
        .routes(routes!(reply_comment, delete_comment_reply))
        .routes(routes!(delete_comment))
}

/// A number WeChat gives comments; text, as all ids are.
#[derive(Debug, Clone, Copy)]
struct CommentNumber(i64);

impl std::str::FromStr for CommentNumber {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// What a reader wrote.
#[derive(Debug, Serialize, ToSchema)]
struct Comment {
    id: String,
    /// Absent when the reader did not write as a person of WeChat.
    openid: Option<String>,
    #[serde(rename = "at")]
    written_at: Millis,
    text: String,
    /// Readers see elected ones.
    elected: bool,
    /// The account's answer.
    reply: Option<String>,
    replied_at: Option<Millis>,
}

/// Some comments.
#[derive(Debug, Serialize, ToSchema)]
struct CommentPage {
    /// Of this kind, in all.
    total: u64,
    items: Vec<Comment>,
}

/// One publication's comments, at WeChat.
struct Below {
    desk: Desk,
    msg_data_id: i64,
}

async fn below(ctx: &Ctx, tenant: TenantId, id: PublicationId) -> Result<Below, Error> {
    let mut work = Work::reading(ctx, tenant);
    let one = articles::publication(&mut work, id).await?;
    accounts::find(&mut work, one.account_id).await?.may(Function::Broadcast)?;
    let msg_data_id = one.msg_data_id.as_deref().and_then(|id| id.parse().ok());
    let msg_data_id = msg_data_id.ok_or_else(|| {
        Error::conflict("no_comments", "WeChat did not tell by which number the comments of this are known")
    })?;
    Ok(Below { desk: Desk::new(ctx, tenant, one.account_id, 1), msg_data_id })
}

impl Below {
    fn article(&self, idx: i64) -> Result<OfArticle, Error> {
        if idx < 1 {
            return Err(Error::field("idx", "range", "pages count from 1"));
        }
        Ok(OfArticle { msg_data_id: self.msg_data_id, index: idx - 1 })
    }

    fn comment(&self, idx: i64, number: CommentNumber) -> Result<OfComment, Error> {
        let OfArticle { msg_data_id, index } = self.article(idx)?;
        Ok(OfComment { msg_data_id, index, user_comment_id: number.0 })
    }

    async fn done<C: Call>(&self, request: &C::Request) -> Result<StatusCode, Error> {
        match self.desk.call::<C>(request).await {
            Ok(_) => Ok(StatusCode::NO_CONTENT),
            Err(failure) if failure.errcode() == Some(DELETED) => Err(Error::NotFound),
            Err(failure) => Err(decide::refusal(failure)),
        }
    }
}

/// Which comments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CommentQuery {
    /// The page, from 1; the first when absent.
    idx: Option<i64>,
    /// Only these, or only the others; all when absent.
    elected: Option<bool>,
    /// How many to leave out, for the next page.
    begin: Option<i64>,
}

/// List the comments below a page, as WeChat has them now, 49 at a time.
#[utoipa::path(get, path = "/api/v1/publications/{publication}/comments", operation_id = "list_comments", tag = "articles",
    params(("publication" = PublicationId, Path, description = "The publication."), CommentQuery),
    responses((status = 200, description = "Comments.", body = CommentPage), (status = 409, description = "`no_comments`.")))]
async fn list_comments(
    State(ctx): State<Ctx>,
    work: Allowed<can::RepliesRead>,
    PathId((id,)): PathId<(PublicationId,)>,
    Params(query): Params<CommentQuery>,
) -> Result<Json<CommentPage>, Error> {
    let tenant = work.tenant();
    drop(work);
    let below = below(&ctx, tenant, id).await?;
    let OfArticle { msg_data_id, index } = below.article(query.idx.unwrap_or(1))?;
    let kind = match query.elected {
        None => 0,
        Some(false) => 1,
        Some(true) => 2,
    };
    let begin = query.begin.unwrap_or(0).max(0);
    let request = list_comments::Request { msg_data_id, index, begin, count: PAGE, kind };
    let found = below.desk.call::<ListComments>(&request).await.map_err(decide::refusal)?;
    let items = found.comment.into_iter().map(|one| Comment {
        id: one.user_comment_id.to_string(),
        openid: one.openid,
        written_at: one.create_time * 1000,
        text: one.content,
        elected: one.comment_type == 1,
        replied_at: one.reply.as_ref().map(|reply| reply.create_time * 1000),
        reply: one.reply.map(|reply| reply.content),
    });
    Ok(Json(CommentPage { total: found.total, items: items.collect() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SwitchBody {
    /// The page, from 1.
    idx: i64,
    open: bool,
}

/// Let readers comment on a page, or no longer.
#[utoipa::path(put, path = "/api/v1/publications/{publication}/comments/switch", operation_id = "switch_comments", tag = "articles",
    params(("publication" = PublicationId, Path, description = "The publication.")), request_body = SwitchBody,
    responses((status = 204, description = "Done.")))]
async fn switch_comments(
    State(ctx): State<Ctx>,
    work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(PublicationId,)>,
    Body(body): Body<SwitchBody>,
) -> Result<StatusCode, Error> {
    let tenant = work.tenant();
    drop(work);
    let below = below(&ctx, tenant, id).await?;
    let request = below.article(body.idx)?;
    if body.open { below.done::<OpenComment>(&request).await } else { below.done::<CloseComment>(&request).await }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ElectBody {
    /// The page, from 1.
    idx: i64,
    elected: bool,
}

/// Elect a comment, or no longer.
#[utoipa::path(put, path = "/api/v1/publications/{publication}/comments/{comment}/elected", operation_id = "elect_comment", tag = "articles",
    params(("publication" = PublicationId, Path, description = "The publication."), ("comment" = String, Path, description = "The comment.")),
    request_body = ElectBody, responses((status = 204, description = "Done.")))]
async fn elect_comment(
    State(ctx): State<Ctx>,
    work: Allowed<can::RepliesWrite>,
    PathId((id, number)): PathId<(PublicationId, CommentNumber)>,
    Body(body): Body<ElectBody>,
) -> Result<StatusCode, Error> {
    let tenant = work.tenant();
    drop(work);
    let below = below(&ctx, tenant, id).await?;
    let request = below.comment(body.idx, number)?;
    if body.elected { below.done::<MarkElected>(&request).await } else { below.done::<UnmarkElected>(&request).await }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplyBody {
    /// The page, from 1.
    idx: i64,
    text: String,
}

/// Answer a comment, once.
#[utoipa::path(put, path = "/api/v1/publications/{publication}/comments/{comment}/reply", operation_id = "reply_comment", tag = "articles",
    params(("publication" = PublicationId, Path, description = "The publication."), ("comment" = String, Path, description = "The comment.")),
    request_body = ReplyBody, responses((status = 204, description = "Done.")))]
async fn reply_comment(
    State(ctx): State<Ctx>,
    work: Allowed<can::MessagesWrite>,
    PathId((id, number)): PathId<(PublicationId, CommentNumber)>,
    Body(body): Body<ReplyBody>,
) -> Result<StatusCode, Error> {
    let tenant = work.tenant();
    drop(work);
    if body.text.trim().is_empty() || body.text.chars().count() > LONGEST_REPLY {
        return Err(Error::field("text", "too_long", "an answer has 1 to 600 characters"));
    }
    let below = below(&ctx, tenant, id).await?;
    let OfComment { msg_data_id, index, user_comment_id } = below.comment(body.idx, number)?;
    below.done::<AddReply>(&add_reply::Request { msg_data_id, index, user_comment_id, content: body.text }).await
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PageIdx {
    /// From 1; the first when absent.
    idx: Option<i64>,
}

/// Take an answer back.
#[utoipa::path(delete, path = "/api/v1/publications/{publication}/comments/{comment}/reply", operation_id = "delete_comment_reply", tag = "articles",
    params(("publication" = PublicationId, Path, description = "The publication."), ("comment" = String, Path, description = "The comment."), PageIdx),
    responses((status = 204, description = "Done.")))]
async fn delete_comment_reply(
    State(ctx): State<Ctx>,
    work: Allowed<can::RepliesWrite>,
    PathId((id, number)): PathId<(PublicationId, CommentNumber)>,
    Params(query): Params<PageIdx>,
) -> Result<StatusCode, Error> {
    let tenant = work.tenant();
    drop(work);
    let below = below(&ctx, tenant, id).await?;
    below.done::<DeleteReply>(&below.comment(query.idx.unwrap_or(1), number)?).await
}

/// Delete a comment.
#[utoipa::path(delete, path = "/api/v1/publications/{publication}/comments/{comment}", operation_id = "delete_comment", tag = "articles",
    params(("publication" = PublicationId, Path, description = "The publication."), ("comment" = String, Path, description = "The comment."), PageIdx),
    responses((status = 204, description = "Done.")))]
async fn delete_comment(
    State(ctx): State<Ctx>,
    work: Allowed<can::RepliesWrite>,
    PathId((id, number)): PathId<(PublicationId, CommentNumber)>,
    Params(query): Params<PageIdx>,
) -> Result<StatusCode, Error> {
    let tenant = work.tenant();
    drop(work);
    let below = below(&ctx, tenant, id).await?;
    below.done::<DeleteComment>(&below.comment(query.idx.unwrap_or(1), number)?).await
}
