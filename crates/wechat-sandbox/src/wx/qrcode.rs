//! QR codes with parameters, and their pictures.
//!
//! <https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/api_createqrcode>

use fast_qr::QRBuilder;
use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};
use serde_json::json;

use super::answer::{Answer, Ctx, number, text};
use super::refusal::Refusal;
use crate::chance;
use crate::clock::SECOND;
use crate::permute::url_letters;
use crate::world::World;
use crate::world::things::{CODE_DEFAULT_S, CODE_MAX_S, PERMANENT_CODES, Qr};

/// From so many codes on, those that have expired are forgotten.
const REMEMBERED: usize = 200_000;
/// Pixels of the sides of a picture, about.
const SIDE: usize = 430;

/// POST /cgi-bin/qrcode/create.
pub(super) fn create(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let action_name = text(&body, "action_name").into_owned();
    let scene = &body["action_info"]["scene"];
    let permanent = action_name.starts_with("QR_LIMIT_");
    let (scene_id, scene_str) = match action_name.as_str() {
        "QR_SCENE" | "QR_LIMIT_SCENE" => {
            let most = if permanent { 100_000 } else { i64::from(u32::MAX) };
            let id = number(scene, "scene_id").filter(|id| (1..=most).contains(id)).ok_or(Refusal::INVALID_SCENE)?;
            (u32::try_from(id).unwrap_or(0), String::new())
        }
        "QR_STR_SCENE" | "QR_LIMIT_STR_SCENE" => {
            let scene = text(scene, "scene_str").into_owned();
            if !(1..=64).contains(&scene.chars().count()) {
                return Err(Refusal::INVALID_SCENE);
            }
            (0, scene)
        }
        _ => return Err(Refusal::INVALID_ACTION_INFO),
    };
    let seconds = number(&body, "expire_seconds").unwrap_or(CODE_DEFAULT_S);
    if !permanent && !(1..=CODE_MAX_S).contains(&seconds) {
        return Err(Refusal::INVALID_ARGS);
    }
    let mut of_account = world.qrs.values().filter(|qr| permanent && qr.appid == ctx.appid && qr.expires_ms.is_none());
    if let Some(known) = of_account.clone().find(|qr| qr.scene_id == scene_id && qr.scene_str == scene_str) {
        return Ok(answer(known));
    }
    if of_account.nth(PERMANENT_CODES - 1).is_some() {
        return Err(Refusal::QR_LIMIT);
    }
    let qr = Qr {
        ticket: format!("gQ{}", url_letters(chance::any(), 94)),
        appid: ctx.appid.clone(),
        action_name,
        scene_id,
        scene_str,
        url: format!("http://weixin.qq.com/q/02{}", url_letters(chance::any(), 20)),
        created_ms: ctx.now_ms,
        expires_ms: (!permanent).then_some(ctx.now_ms + seconds * SECOND),
    };
    if world.qrs.len() >= REMEMBERED {
        world.qrs.retain(|_, qr| qr.is_live(ctx.now_ms));
    }
    if world.dirty.on {
        world.dirty.qrs.push(qr.ticket.clone());
    }
    let answer = answer(&qr);
    world.qrs.insert(qr.ticket.clone(), qr);
    Ok(answer)
}

fn answer(qr: &Qr) -> Answer {
    let mut answer = json!({"ticket": qr.ticket, "url": qr.url});
    if let Some(seconds) = qr.expire_seconds() {
        answer["expire_seconds"] = seconds.into();
    }
    Answer::value(&answer)
}

/// A text as the JPEG of a QR code.
pub(crate) fn picture(text: &str) -> Option<Vec<u8>> {
    let qr = QRBuilder::new(text).build().ok()?;
    // Four modules of quiet around it, as the standard wants.
    let modules = qr.size + 8;
    let scale = (SIDE / modules).max(1);
    let side = modules * scale;
    let mut pixels = vec![255; side * side];
    for row in 0..qr.size {
        for column in 0..qr.size {
            if qr[row][column].value() {
                for y in (row + 4) * scale..(row + 5) * scale {
                    pixels[y * side + (column + 4) * scale..y * side + (column + 5) * scale].fill(0);
                }
            }
        }
    }
    let side = u32::try_from(side).ok()?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 90).write_image(&pixels, side, side, ExtendedColorType::L8).ok()?;
    Some(jpeg)
}
