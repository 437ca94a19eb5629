//! The fans of an account: the list, one, many, remarks.
//!
//! The list and the batch are what importing a large account consists of; they
//! are written into one buffer by hand, the list after the world is let go.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_batchuserinfo>

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Deserialize;

use super::answer::{Answer, Ctx, check_text, text};
use super::refusal::Refusal;
use crate::clock::SECOND;
use crate::people;
use crate::permute::Ids;
use crate::world::fans::generated_scene;
use crate::world::{Account, World};

const PAGE: usize = 10_000;
const BATCH: usize = 100;
/// Remarks are shorter than 30 characters.
const REMARK: usize = 30;

/// GET /cgi-bin/user/get: who follows, 10,000 at a time.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let account = ctx.account(world)?;
    let after = match ctx.query("next_openid") {
        "" => None,
        openid => Some(ctx.person(world, openid)?),
    };
    let people = account.fans.page(after, PAGE);
    Ok(page(account.fans.ids.clone(), people, Some(account.fans.following())))
}

/// A page of openids as all the lists write it. An empty one has no `data`.
pub(super) fn page(ids: Ids, people: Vec<u64>, total: Option<u64>) -> Answer {
    Answer::Later(Box::new(move || {
        let mut out = Vec::with_capacity(100 + people.len() * 31);
        out.push(b'{');
        if let Some(total) = total {
            out.extend_from_slice(format!("\"total\":{total},").as_bytes());
        }
        out.extend_from_slice(format!("\"count\":{}", people.len()).as_bytes());
        if !people.is_empty() {
            out.extend_from_slice(b",\"data\":{\"openid\":[");
            for &person in &people {
                out.push(b'"');
                ids.write(person, &mut out);
                out.extend_from_slice(b"\",");
            }
            out.pop();
            out.extend_from_slice(b"]}");
        }
        out.extend_from_slice(b",\"next_openid\":\"");
        if let Some(&last) = people.last() {
            ids.write(last, &mut out);
        }
        out.extend_from_slice(b"\"}");
        String::from_utf8(out).unwrap_or_default()
    }))
}

/// GET /cgi-bin/user/info.
pub(super) fn info(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let openid = ctx.query("openid");
    if openid.is_empty() {
        return Err(Refusal::MISSING_OPENID);
    }
    let person = ctx.person(world, openid)?;
    let mut out = String::with_capacity(400);
    write_fan(&mut out, world, ctx.account(world)?, person, openid);
    Ok(Answer::Json(out))
}

#[derive(Deserialize)]
struct Batch<'a> {
    #[serde(borrow)]
    user_list: Vec<Asked<'a>>,
}

#[derive(Deserialize)]
struct Asked<'a> {
    #[serde(borrow)]
    openid: Cow<'a, str>,
}

/// POST /cgi-bin/user/info/batchget: up to 100, answered in the order they were asked.
pub(super) fn batch(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    check_text(&ctx.body)?;
    let body: Batch<'_> = serde_json::from_slice(&ctx.body).map_err(|_| Refusal::BAD_JSON)?;
    if body.user_list.is_empty() || body.user_list.len() > BATCH {
        return Err(Refusal::INVALID_LIST_SIZE);
    }
    let account = ctx.account(world)?;
    let mut out = String::with_capacity(30 + body.user_list.len() * 340);
    out.push_str("{\"user_info_list\":[");
    for asked in &body.user_list {
        let person = super::answer::person_of(account, &asked.openid)?;
        write_fan(&mut out, world, account, person, &asked.openid);
        out.push(',');
    }
    out.pop();
    out.push_str("]}");
    Ok(Answer::Json(out))
}

/// One fan as `user/info` shows them. Those who left show little.
fn write_fan(out: &mut String, world: &World, account: &Account, person: u64, openid: &str) {
    let fan = account.fans.get(person);
    let unionid = |out: &mut String| {
        if account.open_platform {
            out.push_str(",\"unionid\":\"");
            let mut id = Vec::with_capacity(28);
            world.unionids.write(account.union_person(person), &mut id);
            out.push_str(std::str::from_utf8(&id).unwrap_or_default());
            out.push('"');
        }
    };
    if !account.fans.follows(person) {
        let _ = write!(out, "{{\"subscribe\":0,\"openid\":\"{openid}\"");
        unionid(out);
        out.push_str(",\"tagid_list\":[]}");
        return;
    }
    let _ = write!(out, "{{\"subscribe\":1,\"openid\":\"{openid}\",");
    if account.legacy_profile {
        let known = people::person(person);
        let _ = write!(
            out,
            "\"nickname\":{},\"sex\":{},\"language\":\"zh_CN\",\"city\":\"{}\",\"province\":\"{}\",\"country\":\"中国\",\"headimgurl\":\"{}\"",
            serde_json::Value::from(known.name),
            known.sex,
            known.city,
            known.province,
            world.file_url(&format!("avatar-{person}.jpg")),
        );
    } else {
        out.push_str(
            "\"nickname\":\"\",\"sex\":0,\"language\":\"zh_CN\",\"city\":\"\",\"province\":\"\",\"country\":\"\",\"headimgurl\":\"\"",
        );
    }
    let subscribe_ms = fan.map_or_else(|| account.fans.generated_ms(person), |fan| fan.subscribe_ms);
    let _ = write!(out, ",\"subscribe_time\":{}", subscribe_ms / SECOND);
    unionid(out);
    match fan {
        None => {
            let scene = generated_scene(person);
            let _ = write!(
                out,
                ",\"remark\":\"\",\"groupid\":0,\"tagid_list\":[],\"subscribe_scene\":\"{scene}\",\"qr_scene\":0,\"qr_scene_str\":\"\"}}"
            );
        }
        Some(fan) => {
            let remark = serde_json::Value::from(fan.remark.as_str());
            let group = fan.tags.first().copied().unwrap_or(0);
            let tags = serde_json::Value::from(fan.tags.clone());
            let scene_str = serde_json::Value::from(fan.qr_scene_str.as_str());
            let _ = write!(
                out,
                ",\"remark\":{remark},\"groupid\":{group},\"tagid_list\":{tags},\"subscribe_scene\":\"{}\",\"qr_scene\":{},\"qr_scene_str\":{scene_str}}}",
                fan.scene, fan.qr_scene,
            );
        }
    }
}

/// POST /cgi-bin/user/info/updateremark.
pub(super) fn remark(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let person = ctx.person(world, &text(&body, "openid"))?;
    let remark = text(&body, "remark").into_owned();
    if remark.chars().count() >= REMARK {
        return Err(Refusal::INVALID_REMARK);
    }
    world.dirty.fan(&ctx.appid, person);
    ctx.account_mut(world)?.fans.change(person, |fan| fan.remark = remark);
    Ok(Answer::ok())
}
