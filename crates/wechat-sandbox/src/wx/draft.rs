//! The draft box.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add>

use std::collections::HashSet;

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::clean::{clean, digest, files_in, plain};
use super::material::page;
use super::refusal::Refusal;
use crate::chance;
use crate::clock::SECOND;
use crate::permute::url_letters;
use crate::world::World;
use crate::world::library::{Draft, Issue, Written, consume_draft};

const ARTICLES: usize = 8;
const TITLE: usize = 32;
const AUTHOR: usize = 16;
const DIGEST: usize = 128;
/// A body has fewer characters and bytes than these.
const CONTENT: usize = 20_000;
const CONTENT_BYTES: usize = 1 << 20;
const SOURCE_BYTES: usize = 1024;
/// Pictures of a picture message.
const IMAGES: usize = 20;

/// POST /cgi-bin/draft/add.
pub(super) fn add(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let articles = articles(world, &ctx.appid, &ctx.value()?)?;
    let media_id = put(world, &ctx.appid, articles, false);
    Ok(Answer::value(&json!({"media_id": media_id})))
}

/// Puts articles into the box, or among the news of the console.
pub(crate) fn put(world: &mut World, appid: &str, articles: Vec<Written>, news: bool) -> String {
    let now_ms = world.now_ms();
    let media_id = url_letters(chance::any(), 64);
    let draft = Draft {
        media_id: media_id.clone(),
        appid: appid.to_owned(),
        news,
        articles,
        created_ms: now_ms,
        updated_ms: now_ms,
    };
    world.library.drafts.insert(media_id.clone(), draft);
    world.dirty.draft(&media_id);
    media_id
}

/// The articles of a body, checked and cleaned: 1 to 8.
pub(crate) fn articles(world: &World, appid: &str, body: &Value) -> Result<Vec<Written>, Refusal> {
    let articles = body["articles"].as_array().filter(|articles| !articles.is_empty()).ok_or(Refusal::EMPTY_NEWS)?;
    if articles.len() > ARTICLES {
        return Err(Refusal::ARTICLES_TOO_MANY);
    }
    let single = articles.len() == 1;
    articles.iter().map(|article| written(world, appid, article, single)).collect()
}

fn fits(text: &str, most: usize, refusal: Refusal) -> Result<String, Refusal> {
    if text.chars().count() > most { Err(refusal) } else { Ok(text.to_owned()) }
}

/// Whether it is one a link may have.
pub(super) fn is_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn written(world: &World, appid: &str, article: &Value, single: bool) -> Result<Written, Refusal> {
    let article_type = match &*text(article, "article_type") {
        "" | "news" => "news",
        "newspic" => "newspic",
        _ => return Err(Refusal::INVALID_ARG),
    };
    let pictures = article_type == "newspic";
    let title = text(article, "title");
    if title.trim().is_empty() {
        return Err(Refusal::TITLE_TOO_LONG);
    }
    let content = text(article, "content");
    if content.trim().is_empty() && !pictures {
        return Err(Refusal::EMPTY_CONTENT);
    }
    if content.chars().count() >= CONTENT || content.len() >= CONTENT_BYTES {
        return Err(Refusal::CONTENT_TOO_LONG);
    }
    let source = text(article, "content_source_url");
    if source.len() > SOURCE_BYTES || !(source.is_empty() || is_address(&source)) {
        return Err(Refusal::URL_TOO_LONG);
    }
    let thumb = text(article, "thumb_media_id");
    if (!pictures || !thumb.is_empty()) && world.material(appid, &thumb, &["image", "thumb"]).is_none() {
        return Err(Refusal::INVALID_MEDIA_ID);
    }
    let images = if pictures { images(world, appid, article)? } else { Vec::new() };
    let need_open_comment = flag(article, "need_open_comment")?;
    if need_open_comment && world.account(appid).is_some_and(|account| account.no_comments) {
        return Err(Refusal::NO_COMMENTS);
    }
    let cleaned = if pictures { plain(&content) } else { clean(&content, ours(world, appid, &content)) };
    let mut summary = fits(&text(article, "digest"), DIGEST, Refusal::DIGEST_TOO_LONG)?;
    if summary.is_empty() && single {
        summary = digest(&content);
    }
    Ok(Written {
        article_type: article_type.to_owned(),
        title: fits(&title, TITLE, Refusal::TITLE_TOO_LONG)?,
        author: fits(&text(article, "author"), AUTHOR, Refusal::AUTHOR_TOO_LONG)?,
        digest: summary,
        content: cleaned,
        content_source_url: source.into_owned(),
        thumb_media_id: thumb.into_owned(),
        need_open_comment,
        only_fans_can_comment: flag(article, "only_fans_can_comment")?,
        pic_crop_235_1: crop(article, "pic_crop_235_1")?,
        pic_crop_1_1: crop(article, "pic_crop_1_1")?,
        images,
    })
}

/// The pictures of a picture message: 1 to 20, all of them material.
fn images(world: &World, appid: &str, article: &Value) -> Result<Vec<String>, Refusal> {
    let list =
        article["image_info"]["image_list"].as_array().filter(|list| !list.is_empty()).ok_or(Refusal::EMPTY_LIST)?;
    if list.len() > IMAGES {
        return Err(Refusal::ARTICLES_TOO_MANY);
    }
    let one = |image: &Value| {
        let id = text(image, "image_media_id").into_owned();
        world.material(appid, &id, &["image"]).map(|_| id).ok_or(Refusal::INVALID_MEDIA_ID)
    };
    list.iter().map(one).collect()
}

/// The pictures a body shows that `uploadimg` gave this account.
pub(super) fn ours(world: &World, appid: &str, content: &str) -> HashSet<String> {
    let known = |id: &&str| world.media.get(*id).is_some_and(|media| media.kind == "url" && media.appid == appid);
    files_in(content).filter(known).map(str::to_owned).collect()
}

fn flag(article: &Value, name: &str) -> Result<bool, Refusal> {
    match number(article, name).unwrap_or(0) {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Refusal::INVALID_ARG),
    }
}

/// `x1_y1_x2_y2`, from 0 to 1, the second corner behind the first.
fn crop(article: &Value, name: &str) -> Result<String, Refusal> {
    let crop = text(article, name);
    if crop.is_empty() {
        return Ok(String::new());
    }
    let corners: Vec<f64> = crop.split('_').filter_map(|part| part.parse().ok()).collect();
    match corners.as_slice() {
        [x1, y1, x2, y2]
            if corners.iter().all(|at| (0.0..=1.0).contains(at))
                && x1 < x2
                && y1 < y2
                && crop.split('_').count() == 4 =>
        {
            Ok(crop.into_owned())
        }
        _ => Err(Refusal::CROP),
    }
}

/// An article as reading gives it, before where it can be read.
fn article(world: &World, written: &Written, with_content: bool) -> Value {
    let number = |is: bool| i64::from(is);
    let mut shown = json!({
        "article_type": written.article_type, "title": written.title, "author": written.author, "digest": written.digest,
        "content_source_url": written.content_source_url, "thumb_media_id": written.thumb_media_id,
        "show_cover_pic": 0, "need_open_comment": number(written.need_open_comment),
        "only_fans_can_comment": number(written.only_fans_can_comment), "thumb_url": world.cover_url(written),
    });
    if with_content {
        shown["content"] = written.content.clone().into();
    }
    for (name, crop) in [("pic_crop_235_1", &written.pic_crop_235_1), ("pic_crop_1_1", &written.pic_crop_1_1)] {
        if !crop.is_empty() {
            shown[name] = crop.clone().into();
        }
    }
    if !written.images.is_empty() {
        let list: Vec<Value> = written.images.iter().map(|id| json!({"image_media_id": id})).collect();
        shown["image_info"] = json!({"image_list": list});
    }
    shown
}

/// An article of a draft: its page is a preview.
pub(super) fn shown(world: &World, draft: &Draft, index: usize, with_content: bool) -> Value {
    let mut shown = draft.articles.get(index).map_or(Value::Null, |written| article(world, written, with_content));
    shown["url"] = world.preview_url(&draft.media_id, index).into();
    shown
}

/// An article that is out.
pub(super) fn shown_out(world: &World, issue: &Issue, index: usize, with_content: bool) -> Value {
    let Some(out) = issue.articles.get(index) else { return Value::Null };
    let mut shown = article(world, &out.written, with_content);
    shown["url"] = world.article_url(&out.slug).into();
    shown["is_deleted"] = out.deleted.into();
    shown
}

/// A draft in a list.
pub(super) fn listed(world: &World, draft: &Draft, with_content: bool) -> Value {
    let items: Vec<Value> = (0..draft.articles.len()).map(|index| shown(world, draft, index, with_content)).collect();
    let (created, updated) = (draft.created_ms / SECOND, draft.updated_ms / SECOND);
    json!({
        "media_id": draft.media_id, "update_time": updated,
        "content": {"news_item": items, "create_time": created, "update_time": updated},
    })
}

fn asked<'w>(world: &'w World, ctx: &Ctx, body: &Value) -> Result<&'w Draft, Refusal> {
    let id = text(body, "media_id");
    if id.is_empty() {
        return Err(Refusal::MISSING_MEDIA_ID);
    }
    world.library.draft(&ctx.appid, &id, false).ok_or(Refusal::INVALID_MEDIA_ID)
}

/// POST /cgi-bin/draft/get.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let draft = asked(world, ctx, &ctx.value()?)?;
    let items: Vec<Value> = (0..draft.articles.len()).map(|index| shown(world, draft, index, true)).collect();
    Ok(Answer::value(&json!({"news_item": items})))
}

/// POST /cgi-bin/draft/update: one article, in spite of the name of its field.
pub(super) fn update(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let draft = asked(world, ctx, &body)?;
    let (media_id, count) = (draft.media_id.clone(), draft.articles.len());
    let index = number(&body, "index").unwrap_or(0);
    let index = usize::try_from(index).ok().filter(|&index| index < count).ok_or(Refusal::ARTICLE_INDEX)?;
    if !body["articles"].is_object() {
        return Err(Refusal::EMPTY_NEWS);
    }
    let written = written(world, &ctx.appid, &body["articles"], count == 1)?;
    let now_ms = ctx.now_ms;
    if let Some(draft) = world.library.drafts.get_mut(&media_id) {
        if let Some(slot) = draft.articles.get_mut(index) {
            *slot = written;
        }
        draft.updated_ms = now_ms;
    }
    world.dirty.draft(&media_id);
    Ok(Answer::ok())
}

/// POST /cgi-bin/draft/batchget: newest first.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let (offset, count) = page(&body)?;
    let with_content = number(&body, "no_content") != Some(1);
    let all = world.library.drafts_of(&ctx.appid, false);
    let items: Vec<Value> =
        all.iter().skip(offset).take(count).map(|draft| listed(world, draft, with_content)).collect();
    Ok(Answer::value(&json!({"total_count": all.len(), "item_count": items.len(), "item": items})))
}

/// GET /cgi-bin/draft/count.
pub(super) fn count(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    Ok(Answer::value(&json!({"total_count": world.library.drafts_of(&ctx.appid, false).len()})))
}

/// POST /cgi-bin/draft/delete.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let media_id = asked(world, ctx, &ctx.value()?)?.media_id.clone();
    consume_draft(world, &ctx.appid, &media_id);
    Ok(Answer::ok())
}

/// POST /cgi-bin/draft/switch: every account has had the box since 2022, and cannot give it back.
pub(super) fn switch(_: &mut World, _: &Ctx) -> Result<Answer, Refusal> {
    Ok(Answer::Json(r#"{"errcode":0,"errmsg":"ok","is_open":1}"#.to_owned()))
}
