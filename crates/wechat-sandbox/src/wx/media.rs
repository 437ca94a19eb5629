//! Temporary media, and pictures for articles.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia>

use serde_json::json;

use super::answer::{Answer, Ctx, Upload};
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::world::World;

const MB: usize = 1 << 20;

/// What a file is, by its first bytes: its type and usual ending.
fn sniff(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(("image/jpeg", "jpg")),
        [0x89, b'P', b'N', b'G', ..] => Some(("image/png", "png")),
        [b'G', b'I', b'F', b'8', ..] => Some(("image/gif", "gif")),
        [b'#', b'!', b'A', b'M', b'R', ..] => Some(("audio/amr", "amr")),
        [b'I', b'D', b'3', ..] | [0xff, 0xe0..=0xff, ..] => Some(("audio/mpeg", "mp3")),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(("video/mp4", "mp4")),
        _ => None,
    }
}

fn uploaded(ctx: &Ctx) -> Result<&Upload, Refusal> {
    if ctx.body.is_empty() {
        return Err(Refusal::EMPTY_BODY);
    }
    ctx.upload.as_ref().filter(|upload| !upload.bytes.is_empty()).ok_or(Refusal::MISSING_MEDIA)
}

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
    let media = world.store(&ctx.appid, &kind, content_type, ending, upload.bytes.clone());
    let id = if kind == "thumb" { "thumb_media_id" } else { "media_id" };
    Ok(Answer::value(&json!({"type": kind, id: media.id, "created_at": media.created_ms / SECOND})))
}

/// GET /cgi-bin/media/get: the file; of a video, where it is.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let id = ctx.query("media_id");
    if id.is_empty() {
        return Err(Refusal::MISSING_MEDIA_ID);
    }
    let media = world.usable_media(&ctx.appid, id).ok_or(Refusal::INVALID_MEDIA_ID)?;
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
    if upload.bytes.len() > MB {
        return Err(Refusal::INVALID_IMAGE_SIZE);
    }
    let media = world.store(&ctx.appid, "url", content_type, ending, upload.bytes.clone());
    Ok(Answer::value(&json!({"url": world.file_url(&media.id)})))
}
