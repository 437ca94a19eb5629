//! Publishing: articles get pages, and nobody is told.
//!
//! <https://developers.weixin.qq.com/doc/service/api/public/api_freepublish_submit>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::draft::shown_out;
use super::material::page;
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::world::library::{DELETED, DONE, Issue, Out, UNDER_WAY, articles_of, urls_of};
use crate::world::{Effect, World};

/// POST /cgi-bin/freepublish/submit: accepted; how it ended comes as an event.
pub(super) fn submit(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let media_id = text(&ctx.value()?, "media_id").into_owned();
    if media_id.is_empty() {
        return Err(Refusal::MISSING_MEDIA_ID);
    }
    let articles = articles_of(world, &ctx.appid, &media_id)?;
    let under_way = |issue: &Issue| issue.appid == ctx.appid && issue.draft == media_id && issue.status == UNDER_WAY;
    if world.library.issues.values().any(under_way) {
        return Err(Refusal::PUBLISH_TOO_FREQUENT);
    }
    // What a cover was made of may have been deleted since the draft was written.
    if articles.iter().any(|article| world.material(&ctx.appid, article.cover(), &["image", "thumb"]).is_none()) {
        return Err(Refusal::DRAFT_CHECK);
    }
    let seconds = ctx.account(world)?.publishing.seconds;
    let msg_data_id = world.next_msg_data_id();
    let issue = Issue {
        msg_data_id,
        appid: ctx.appid.clone(),
        draft: media_id,
        status: UNDER_WAY,
        articles: articles.into_iter().map(Out::new).collect(),
        created_ms: ctx.now_ms,
        out_ms: ctx.now_ms + i64::from(seconds) * SECOND,
        ..Issue::default()
    };
    world.library.file(issue);
    world.dirty.issue(msg_data_id);
    world.effects.push(Effect::Publish(msg_data_id));
    let id = msg_data_id.to_string();
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "publish_id": id, "msg_data_id": id})))
}

/// POST /cgi-bin/freepublish/get: how a publication stands.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let id = number(&ctx.value()?, "publish_id").and_then(|id| u64::try_from(id).ok());
    let issue = id.and_then(|id| world.library.issue(&ctx.appid, id)).filter(|issue| !issue.broadcast);
    let issue = issue.ok_or(Refusal::PUBLISH_ID)?;
    let mut answer = json!({
        "publish_id": issue.msg_data_id.to_string(), "publish_status": issue.status, "fail_idx": issue.fail_idx,
    });
    if !issue.article_id.is_empty() {
        let items: Vec<Value> = urls_of(world, issue)
            .into_iter()
            .enumerate()
            .map(|(index, url)| json!({"idx": index + 1, "article_url": url}))
            .collect();
        answer["article_id"] = issue.article_id.clone().into();
        answer["article_detail"] = json!({"count": items.len(), "item": items});
    }
    Ok(Answer::value(&answer))
}

fn asked<'w>(world: &'w World, ctx: &Ctx, body: &Value) -> Result<&'w Issue, Refusal> {
    world.library.published(&ctx.appid, &text(body, "article_id")).ok_or(Refusal::ARTICLE_ID)
}

/// POST /cgi-bin/freepublish/getarticle.
pub(super) fn get_article(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let issue = asked(world, ctx, &ctx.value()?)?;
    let items: Vec<Value> = (0..issue.articles.len()).map(|index| shown_out(world, issue, index, true)).collect();
    Ok(Answer::value(&json!({"news_item": items})))
}

/// POST /cgi-bin/freepublish/batchget: newest first.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let (offset, count) = page(&body)?;
    let with_content = number(&body, "no_content") != Some(1);
    let all = world.library.published_of(&ctx.appid);
    let one = |issue: &&Issue| {
        let items: Vec<Value> =
            (0..issue.articles.len()).map(|index| shown_out(world, issue, index, with_content)).collect();
        let (created, updated) = (issue.created_ms / SECOND, issue.out_ms / SECOND);
        json!({
            "article_id": issue.article_id, "update_time": updated,
            "content": {"news_item": items, "create_time": created, "update_time": updated},
        })
    };
    let items: Vec<Value> = all.iter().skip(offset).take(count).map(one).collect();
    Ok(Answer::value(&json!({"total_count": all.len(), "item_count": items.len(), "item": items})))
}

/// POST /cgi-bin/freepublish/delete: one article, from 1, or all of them.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let issue = asked(world, ctx, &body)?;
    let (msg_data_id, count) = (issue.msg_data_id, issue.articles.len());
    let index = usize::try_from(number(&body, "index").unwrap_or(0)).map_err(|_| Refusal::ARTICLE_INDEX)?;
    if index > count {
        return Err(Refusal::ARTICLE_INDEX);
    }
    world.change_issue(msg_data_id, |issue| {
        for (at, article) in issue.articles.iter_mut().enumerate() {
            article.deleted |= index == 0 || at + 1 == index;
        }
        let all_gone = issue.status == DONE && issue.articles.iter().all(|article| article.deleted);
        if all_gone {
            issue.status = DELETED;
        }
    });
    Ok(Answer::ok())
}
