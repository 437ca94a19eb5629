//! Permanent material: files that stay until they are deleted, and the news of the console.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_addmaterial>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::draft::shown;
use super::files::{MB, check_playtime, ending, sniff, uploaded};
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::world::library::{IMAGES, OTHERS};
use crate::world::{Media, World};

/// The kinds with files.
const KINDS: [&str; 4] = ["image", "voice", "video", "thumb"];
/// Items of one page.
const PAGE: i64 = 20;

/// POST /cgi-bin/material/add_material?type=image|voice|video|thumb.
pub(super) fn add(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let kind = ctx.query("type");
    let (most, endings, too_large): (usize, &[&str], _) = match kind {
        "image" => (10 * MB, &["bmp", "png", "jpeg", "jpg", "gif"], Refusal::INVALID_IMAGE_SIZE),
        "voice" => (2 * MB, &["mp3", "wma", "wav", "amr"], Refusal::MEDIA_TOO_LARGE),
        "video" => (10 * MB, &["mp4"], Refusal::MEDIA_TOO_LARGE),
        "thumb" => (64 << 10, &["jpg", "jpeg"], Refusal::MEDIA_TOO_LARGE),
        _ => return Err(Refusal::INVALID_MEDIA_TYPE),
    };
    let upload = uploaded(ctx)?;
    if upload.file_name.is_empty() || upload.content_type.is_empty() {
        return Err(Refusal::MISSING_MEDIA);
    }
    if !endings.contains(&&*ending(&upload.file_name)) {
        return Err(Refusal::UNSUPPORTED_FILE);
    }
    let found = sniff(&upload.bytes).filter(|(_, ending)| endings.contains(ending));
    let (content_type, found) =
        found.ok_or(if kind == "image" { Refusal::INVALID_IMAGE } else { Refusal::INVALID_FILE_TYPE })?;
    if upload.bytes.len() > most {
        return Err(too_large);
    }
    if kind == "voice" {
        check_playtime(found, &upload.bytes)?;
    }
    let (title, introduction) =
        if kind == "video" { description(upload.field("description"))? } else { Default::default() };
    let stock = if kind == "image" { IMAGES } else { OTHERS };
    if world.library.material(&ctx.appid, kind).len() >= stock {
        return Err(Refusal::MATERIAL_FULL);
    }
    let made = world.new_media(&ctx.appid, kind, content_type, found, upload.bytes.clone());
    let media = world.keep_material(Media { name: upload.file_name.clone(), title, introduction, ..made });
    let mut answer = json!({"media_id": media.id});
    if matches!(kind, "image" | "thumb") {
        answer["url"] = world.file_url(&media.id).into();
    }
    Ok(Answer::value(&answer))
}

/// What stands beside a film.
fn description(part: Option<&str>) -> Result<(String, String), Refusal> {
    let part: Value = serde_json::from_str(part.ok_or(Refusal::INVALID_ARG)?).map_err(|_| Refusal::BAD_JSON)?;
    let title = text(&part, "title");
    if title.is_empty() || title.chars().count() > 30 {
        return Err(Refusal::TITLE_TOO_LONG);
    }
    Ok((title.into_owned(), text(&part, "introduction").into_owned()))
}

fn asked_id(ctx: &Ctx) -> Result<String, Refusal> {
    Some(text(&ctx.value()?, "media_id").into_owned()).filter(|id| !id.is_empty()).ok_or(Refusal::MISSING_MEDIA_ID)
}

/// POST /cgi-bin/material/get_material: the file; of a film where it is; of news its articles.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let id = asked_id(ctx)?;
    if let Some(news) = world.library.draft(&ctx.appid, &id, true) {
        let items: Vec<Value> = (0..news.articles.len()).map(|index| shown(world, news, index, true)).collect();
        return Ok(Answer::value(&json!({"news_item": items})));
    }
    let media = world.material(&ctx.appid, &id, &KINDS).ok_or(Refusal::INVALID_MEDIA_ID)?;
    if media.kind == "video" {
        let down_url = world.file_url(&media.id);
        return Ok(Answer::value(
            &json!({"title": media.title, "description": media.introduction, "down_url": down_url}),
        ));
    }
    Ok(Answer::File {
        content_type: media.content_type.clone(),
        file_name: media.name.clone(),
        bytes: media.bytes.clone(),
    })
}

/// Where a page begins and how long it is: 1 to 20.
pub(super) fn page(body: &Value) -> Result<(usize, usize), Refusal> {
    let offset = number(body, "offset").unwrap_or(0);
    let count = number(body, "count").unwrap_or(PAGE);
    if offset < 0 || !(1..=PAGE).contains(&count) {
        return Err(Refusal::INVALID_ARGS);
    }
    Ok((usize::try_from(offset).unwrap_or(0), usize::try_from(count).unwrap_or(0)))
}

/// POST /cgi-bin/material/batchget_material: newest first.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let kind = text(&body, "type");
    let (offset, count) = page(&body)?;
    if kind == "news" {
        let all = world.library.drafts_of(&ctx.appid, true);
        let items: Vec<Value> =
            all.iter().skip(offset).take(count).map(|news| super::draft::listed(world, news, true)).collect();
        return Ok(Answer::value(&json!({"total_count": all.len(), "item_count": items.len(), "item": items})));
    }
    if !matches!(&*kind, "image" | "voice" | "video") {
        return Err(Refusal::INVALID_MEDIA_TYPE);
    }
    let ids = world.library.material(&ctx.appid, &kind);
    let one = |media: &Media| {
        let mut item = json!({"media_id": media.id, "name": media.name, "update_time": media.created_ms / SECOND});
        match media.kind.as_str() {
            "image" => item["url"] = world.file_url(&media.id).into(),
            "video" => item["name"] = media.title.clone().into(),
            _ => {}
        }
        item
    };
    let page = ids.iter().rev().skip(offset).take(count);
    let items: Vec<Value> = page.filter_map(|id| world.media.get(id)).map(one).collect();
    Ok(Answer::value(&json!({"total_count": ids.len(), "item_count": items.len(), "item": items})))
}

/// GET /cgi-bin/material/get_materialcount.
pub(super) fn count(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let of = |kind: &str| world.library.material(&ctx.appid, kind).len();
    let news = world.library.drafts_of(&ctx.appid, true).len();
    Ok(Answer::value(&json!({
        "voice_count": of("voice"), "video_count": of("video"), "image_count": of("image"), "news_count": news,
    })))
}

/// POST /cgi-bin/material/del_material: not while a menu shows it.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let id = asked_id(ctx)?;
    let news = world.library.draft(&ctx.appid, &id, true).is_some();
    if !news && world.material(&ctx.appid, &id, &KINDS).is_none() {
        return Err(Refusal::INVALID_MEDIA_ID);
    }
    if ctx.account(world)?.menus.all_buttons().any(|button| button["media_id"] == *id) {
        return Err(Refusal::MATERIAL_IN_USE);
    }
    if news {
        world.library.drafts.remove(&id);
        world.dirty.draft(&id);
    } else {
        world.drop_material(&id);
    }
    Ok(Answer::ok())
}

/// What drafts have taken the place of: `add_news`, `update_news`, `uploadnews`.
pub(super) fn obsolete(_: &mut World, _: &Ctx) -> Result<Answer, Refusal> {
    Err(Refusal::UNSUPPORTED_API)
}
