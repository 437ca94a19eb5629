//! Temporary media, and pictures for articles.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia>

use serde_json::json;

use super::answer::{Answer, Ctx};
use super::files::{MB, check_playtime, sniff, uploaded};
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::world::World;

/// POST /cgi-bin/media/upload?type=image|voice|video|thumb.
pub(super) fn upload(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let kind = ctx.query("type").to_owned();
    let (most, endings): (usize, &[&str]) = match kind.as_str() {
        "image" => (10 * MB, &["jpg", "png", "gif"]),
        "voice" => (2 * MB, &["amr", "mp3"]),
        "video" => (10 * MB, &["mp4"]),
        "thumb" => (64 << 10, &["jpg"]),
        _ => return Err(Refusal::INVALID_MEDIA_TYPE),
    };
    let upload = uploaded(ctx)?;
    let (content_type, ending) =
        sniff(&upload.bytes).filter(|(_, ending)| endings.contains(ending)).ok_or(Refusal::INVALID_FILE_TYPE)?;
    if upload.bytes.len() > most {
        return Err(if kind == "image" { Refusal::INVALID_IMAGE_SIZE } else { Refusal::MEDIA_TOO_LARGE });
    }
    // A file without a name and a type is not a file to WeChat.
    if upload.file_name.is_empty() || upload.content_type.is_empty() {
        return Err(Refusal::MISSING_MEDIA);
    }
    if kind == "voice" {
        check_playtime(ending, &upload.bytes)?;
    }
    let media = world.store(&ctx.appid, &kind, content_type, ending, upload.bytes.clone());
    let id = if kind == "thumb" { "thumb_media_id" } else { "media_id" };
    Ok(Answer::value(&json!({"type": kind, id: media.id, "created_at": media.created_ms / SECOND})))
}

/// GET /cgi-bin/media/get: the file; of a video, where it is. Material is got elsewhere.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let id = ctx.query("media_id");
    if id.is_empty() {
        return Err(Refusal::MISSING_MEDIA_ID);
    }
    let media = world.usable_media(&ctx.appid, id).filter(|media| !media.permanent).ok_or(Refusal::INVALID_MEDIA_ID)?;
    if media.kind == "video" {
        return Ok(Answer::value(&json!({"video_url": world.file_url(&media.id)})));
    }
    Ok(Answer::File {
        content_type: media.content_type.clone(),
        file_name: media.file_name.clone(),
        bytes: media.bytes.clone(),
    })
}

/// POST /cgi-bin/media/uploadimg: a picture of an article. Not a medium: it only has an address.
pub(super) fn upload_image(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let upload = uploaded(ctx)?;
    let fits = sniff(&upload.bytes).filter(|(_, ending)| matches!(*ending, "jpg" | "png"));
    let (content_type, ending) = fits.ok_or(Refusal::INVALID_FILE_TYPE)?;
    if upload.bytes.len() >= MB {
        return Err(Refusal::INVALID_IMAGE_SIZE);
    }
    let media = world.store(&ctx.appid, "url", content_type, ending, upload.bytes.clone());
    Ok(Answer::value(&json!({"url": world.file_url(&media.id)})))
}
