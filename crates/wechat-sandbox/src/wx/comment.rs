//! What readers wrote below articles, and what the account answers.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_listcomment>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::world::World;
use crate::world::library::{Comment, DONE, ELECTED, Out, Reply};

/// A page is shorter than this.
const PAGE: i64 = 50;
/// Characters of an answer.
const REPLY: usize = 600;

/// The issue and place of the article a body names. Accounts without comments have none: 88000.
fn place(world: &World, ctx: &Ctx, body: &Value) -> Result<(u64, usize), Refusal> {
    if ctx.account(world)?.no_comments {
        return Err(Refusal::NO_COMMENTS);
    }
    let id = number(body, "msg_data_id").and_then(|id| u64::try_from(id).ok()).ok_or(Refusal::NO_MSG_DATA)?;
    let index = usize::try_from(number(body, "index").unwrap_or(0)).map_err(|_| Refusal::NO_MSG_DATA)?;
    let issue = world.library.issue(&ctx.appid, id).filter(|issue| issue.status == DONE);
    let article = issue.and_then(|issue| issue.articles.get(index)).filter(|article| !article.deleted);
    article.map(|_| (id, index)).ok_or(Refusal::NO_MSG_DATA)
}

/// Changes the article a body names.
fn change<T>(
    world: &mut World,
    ctx: &Ctx,
    body: &Value,
    change: impl FnOnce(&mut Out) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let (id, index) = place(world, ctx, body)?;
    let done = world.change_issue(id, |issue| issue.articles.get_mut(index).map(change));
    done.flatten().ok_or(Refusal::NO_MSG_DATA)?
}

/// The comment a body names.
fn named<'c>(out: &'c mut Out, body: &Value) -> Result<&'c mut Comment, Refusal> {
    let id = number(body, "user_comment_id").and_then(|id| u64::try_from(id).ok()).unwrap_or(0);
    out.comments.iter_mut().find(|comment| comment.id == id).ok_or(Refusal::NO_COMMENT)
}

/// POST /cgi-bin/comment/open.
pub(super) fn open(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    change(world, ctx, &ctx.value()?, |out| {
        out.comments_open = true;
        Ok(Answer::ok())
    })
}

/// POST /cgi-bin/comment/close.
pub(super) fn close(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    change(world, ctx, &ctx.value()?, |out| {
        out.comments_open = false;
        Ok(Answer::ok())
    })
}

/// POST /cgi-bin/comment/list: newest first.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let (id, index) = place(world, ctx, &body)?;
    let begin = usize::try_from(number(&body, "begin").unwrap_or(0)).map_err(|_| Refusal::COMMENT_RANGE)?;
    let count = number(&body, "count").filter(|count| (1..PAGE).contains(count)).ok_or(Refusal::COMMENT_RANGE)?;
    let elected = match number(&body, "type").unwrap_or(0) {
        0 => None,
        1 => Some(false),
        2 => Some(true),
        _ => return Err(Refusal::INVALID_ARG),
    };
    let fans = &ctx.account(world)?.fans;
    let comments = world.library.issues.get(&id).and_then(|issue| issue.articles.get(index)).map(|out| &out.comments);
    let wanted = |comment: &&Comment| elected.is_none_or(|elected| comment.elected == elected);
    let all: Vec<&Comment> = comments.into_iter().flatten().rev().filter(wanted).collect();
    let one = |comment: &&Comment| {
        let mut shown = json!({
            "user_comment_id": comment.id, "openid": fans.ids.id(comment.person), "create_time": comment.at_ms / SECOND,
            "content": comment.content, "comment_type": i64::from(comment.elected),
        });
        if let Some(reply) = &comment.reply {
            shown["reply"] = json!({"content": reply.content, "create_time": reply.at_ms / SECOND});
        }
        shown
    };
    let page: Vec<Value> = all.iter().skip(begin).take(usize::try_from(count).unwrap_or(0)).map(one).collect();
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "total": all.len(), "comment": page})))
}

/// POST /cgi-bin/comment/markelect: up to a hundred.
pub(super) fn elect(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    change(world, ctx, &body, |out| {
        let full = out.comments.iter().filter(|comment| comment.elected).count() >= ELECTED;
        let comment = named(out, &body)?;
        if full && !comment.elected {
            return Err(Refusal::ELECTED_FULL);
        }
        comment.elected = true;
        Ok(Answer::ok())
    })
}

/// POST /cgi-bin/comment/unmarkelect.
pub(super) fn unelect(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    change(world, ctx, &body, |out| {
        named(out, &body)?.elected = false;
        Ok(Answer::ok())
    })
}

/// POST /cgi-bin/comment/delete.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    change(world, ctx, &body, |out| {
        let id = named(out, &body)?.id;
        out.comments.retain(|comment| comment.id != id);
        Ok(Answer::ok())
    })
}

/// POST /cgi-bin/comment/reply/add: once.
pub(super) fn reply(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let content = text(&body, "content").into_owned();
    let at_ms = ctx.now_ms;
    change(world, ctx, &body, |out| {
        let comment = named(out, &body)?;
        if comment.reply.is_some() {
            return Err(Refusal::REPLIED);
        }
        if content.trim().is_empty() || content.chars().count() > REPLY {
            return Err(Refusal::REPLY_LENGTH);
        }
        comment.reply = Some(Reply { content, at_ms });
        Ok(Answer::ok())
    })
}

/// POST /cgi-bin/comment/reply/delete.
pub(super) fn delete_reply(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    change(world, ctx, &body, |out| named(out, &body)?.reply.take().map(|_| Answer::ok()).ok_or(Refusal::NO_REPLY))
}
