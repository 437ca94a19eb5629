//! Broadcasts: taking them, asking after them, taking them offline, their speed.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_sendall.html>

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use super::answer::{Answer, Ctx, number, person_of, text};
use super::mass_content::{self, Content};
use super::refusal::Refusal;
use crate::clock::MINUTE;
use crate::world::articles::take_broadcast;
use crate::world::crowd::Crowd;
use crate::world::library::urls_of;
use crate::world::mass::{A_MONTH, Audience, CONFIRM_MS, Check, Mass, MassCounts, MassState};
use crate::world::{Effect, World};

/// Calls of all these together in a minute; counted under the folder they are in.
const FOLDER: &str = "/cgi-bin/message/mass";
const A_MINUTE: u32 = 60;
const OPENIDS: usize = 10_000;
/// Previews by WeChat id in a day.
const NAMED_PREVIEWS: u32 = 100;
/// The tag everybody's starred fans are in.
const STARRED: u32 = 2;

fn busy(world: &mut World, ctx: &Ctx) -> Result<(), Refusal> {
    ctx.account_mut(world)?.quotas.spend(FOLDER, 0, A_MINUTE, ctx.now_ms)
}

/// What a broadcast is known by when nobody says: a digest of audience and content.
fn digest(body: &Value) -> String {
    let mut body = body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("clientmsgid");
    }
    Sha1::digest(body.to_string().as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The clientmsgid, or what stands in its place.
pub(super) fn key(body: &Value) -> String {
    match &*text(body, "clientmsgid") {
        "" => digest(body),
        clientmsgid => clientmsgid.to_owned(),
    }
}

/// POST sendall: to everybody, or to those with a tag.
pub(super) fn send_all(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    busy(world, ctx)?;
    let body = ctx.value()?;
    again(world, ctx, &body)?;
    let filter = body.get("filter").filter(|filter| filter.is_object()).ok_or(Refusal::INVALID_ARGS)?;
    let audience = if filter["is_to_all"].as_bool().unwrap_or(false) {
        Audience::All
    } else {
        let id = number(filter, "tag_id").or_else(|| number(filter, "group_id")).ok_or(Refusal::INVALID_ARGS)?;
        let id = u32::try_from(id).map_err(|_| Refusal::TAG_ID)?;
        if id != STARRED && !ctx.account(world)?.tags.contains_key(&id) {
            return Err(Refusal::TAG_ID);
        }
        Audience::Tag(id)
    };
    take(world, ctx, &body, audience)
}

/// POST send: to a list of openids.
pub(super) fn send(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    busy(world, ctx)?;
    let body = ctx.value()?;
    again(world, ctx, &body)?;
    let list = match &body["touser"] {
        Value::Array(list) if list.is_empty() => return Err(Refusal::INVALID_OPENID_LIST),
        Value::Array(list) => list.as_slice(),
        Value::String(_) => return Err(Refusal::TOO_FEW_OPENIDS),
        _ => return Err(Refusal::INVALID_OPENID_LIST),
    };
    if list.len() > OPENIDS {
        return Err(Refusal::INVALID_LIST_SIZE);
    }
    let account = ctx.account(world)?;
    let person = |openid: &Value| person_of(account, openid.as_str().unwrap_or_default());
    let mut people = list.iter().map(person).collect::<Result<Vec<u64>, Refusal>>()?;
    people.sort_unstable();
    people.dedup();
    if people.len() < 2 {
        return Err(Refusal::TOO_FEW_OPENIDS);
    }
    take(world, ctx, &body, Audience::List(Crowd::of_sorted(people)))
}

/// Refuses a clientmsgid that is too long, and what was taken in the last 24 hours already.
fn again(world: &mut World, ctx: &Ctx, body: &Value) -> Result<(), Refusal> {
    let account = ctx.account_mut(world)?;
    if text(body, "clientmsgid").len() > account.mass.clientmsgid_bytes {
        return Err(Refusal::CLIENTMSGID_SIZE);
    }
    let Some(job) = account.masses.known(&key(body), ctx.now_ms) else { return Ok(()) };
    let too_fast = ctx.now_ms - job.asked_ms < MINUTE;
    job.asked_ms = ctx.now_ms;
    let msg_id = job.msg_id;
    world.keep_mass(&ctx.appid, msg_id);
    Err(if too_fast { Refusal::CLIENTMSGID_FAST } else { Refusal::CLIENTMSGID_EXISTS.of_job(msg_id) })
}

/// Takes a broadcast whose audience is good.
fn take(world: &mut World, ctx: &Ctx, body: &Value, audience: Audience) -> Result<Answer, Refusal> {
    let mut content = mass_content::read(world, ctx, body)?;
    let now_ms = ctx.now_ms;
    let account = ctx.account(world)?;
    if !account.mass.protocol_agreed {
        return Err(Refusal::MASS_PROTOCOL);
    }
    let all = audience == Audience::All;
    let used_up = if account.is_service() {
        all && account.masses.to_all_this_month(now_ms) >= A_MONTH
    } else {
        account.masses.of_today(now_ms) >= 1
    };
    if used_up {
        return Err(Refusal::NO_MASS_QUOTA);
    }
    let people = match &audience {
        Audience::All => account.fans.following(),
        Audience::Tag(id) => account.fans.tag_count(*id) as u64,
        Audience::List(people) => people.len(),
    };
    let (takes_ms, waits) = (account.mass.takes_ms(people), account.mass.protection && all);
    let msg_id = world.next_mass_id();
    let articles = std::mem::take(&mut content.articles);
    let msg_data_id = (!articles.is_empty()).then(|| take_broadcast(world, &ctx.appid, articles));
    if let Some(issue) = msg_data_id.and_then(|id| world.library.issue(&ctx.appid, id)) {
        content.lead_to(urls_of(world, issue));
    }
    let Content { msgtype, material, item, cards, .. } = content;
    let job = Mass {
        msg_id,
        msg_data_id,
        key: key(body),
        clientmsgid: Some(text(body, "clientmsgid").into_owned()).filter(|id| !id.is_empty()),
        audience,
        msgtype,
        material,
        item,
        cards,
        ignore_reprint: number(body, "send_ignore_reprint") == Some(1),
        at_ms: now_ms,
        asked_ms: now_ms,
        due_ms: now_ms + if waits { CONFIRM_MS } else { takes_ms },
        state: if waits { MassState::Waiting } else { MassState::Sending },
        status: String::new(),
        counts: MassCounts::default(),
        check: Check::default(),
        sent: Crowd::default(),
        ended_ms: None,
    };
    world.keep_mass(&ctx.appid, msg_id);
    world.effects.push(Effect::Mass { appid: ctx.appid.clone(), msg_id });
    let account = ctx.account_mut(world)?;
    account.masses.file(job);
    match account.mass.next_answer.take() {
        Some(45066) => Ok(Answer::DoneBut(Refusal::CLIENTMSGID_FAST)),
        Some(_) => Ok(Answer::DoneBut(Refusal::CLIENTMSGID_EXISTS.of_job(msg_id))),
        None => {
            let mut answer = json!({"errcode": 0, "errmsg": "send job submission success", "msg_id": msg_id});
            if let Some(msg_data_id) = msg_data_id {
                answer["msg_data_id"] = msg_data_id.into();
            }
            Ok(Answer::value(&answer))
        }
    }
}

/// POST preview: to one fan, at once. It counts in no quota of broadcasts.
pub(super) fn preview(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    busy(world, ctx)?;
    let body = ctx.value()?;
    let name = text(&body, "towxname");
    let person = if name.is_empty() {
        let openid = text(&body, "touser");
        if openid.is_empty() {
            return Err(Refusal::MISSING_OPENID);
        }
        ctx.person(world, &openid)?
    } else {
        let account = ctx.account_mut(world)?;
        account.quotas.spend("/cgi-bin/message/mass/preview by WeChat id", NAMED_PREVIEWS, 0, ctx.now_ms)?;
        let person = name.strip_prefix("wxid_").and_then(|number| number.parse().ok());
        person.filter(|&person| account.fans.knows(person)).ok_or(Refusal::INVALID_WECHAT_ID)?
    };
    if !ctx.account(world)?.fans.follows(person) {
        return Err(Refusal::REQUIRE_SUBSCRIBE);
    }
    let mut item = mass_content::read(world, ctx, &body)?.item;
    item.via = Some("preview".to_owned());
    world.hear(&ctx.appid, person, item);
    let msg_id = world.next_mass_id();
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "preview success", "msg_id": msg_id})))
}

/// POST get.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    busy(world, ctx)?;
    let body = ctx.value()?;
    let job = number(&body, "msg_id")
        .and_then(|id| ctx.account(world).ok()?.masses.jobs.get(&id.cast_unsigned()))
        .ok_or(Refusal::INVALID_MSG_ID)?;
    let status = match job.state {
        MassState::Waiting | MassState::Sending => "SENDING",
        MassState::Success => "SEND_SUCCESS",
        MassState::Failed => "SEND_FAIL",
        MassState::Deleted => "DELETE",
    };
    Ok(Answer::value(&json!({"msg_id": job.msg_id, "msg_status": status})))
}

/// POST delete: the pages of one article or of all, wherever the same material was broadcast. Cards stay.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    busy(world, ctx)?;
    let body = ctx.value()?;
    let masses = &mut ctx.account_mut(world)?.masses;
    let (job, index) = match number(&body, "msg_id") {
        Some(id) => {
            let job = masses.jobs.get(&id.cast_unsigned()).ok_or(Refusal::INVALID_MSG_ID)?;
            (job, number(&body, "article_idx").unwrap_or(0))
        }
        None => {
            let url = text(&body, "url");
            let at = |job: &Mass| job.cards.iter().position(|card| card.url == url);
            let found = masses.jobs.values().find_map(|job| Some((job, at(job)?)));
            let (job, at) = found.filter(|_| !url.is_empty()).ok_or(Refusal::INVALID_MSG_ID)?;
            (job, at as i64 + 1)
        }
    };
    // Texts, pictures and voices cannot be taken back, nor what has not arrived.
    if !matches!(&*job.msgtype, "mpnews" | "mpvideo") || !matches!(job.state, MassState::Success | MassState::Deleted) {
        return Err(Refusal::INVALID_MSG_ID);
    }
    let index = usize::try_from(index).map_err(|_| Refusal::INVALID_ARTICLE_IDX)?;
    if index > job.cards.len().max(1) {
        return Err(Refusal::INVALID_ARTICLE_IDX);
    }
    let material = job.material.clone();
    let mut changed = Vec::new();
    for job in masses.jobs.values_mut().filter(|job| job.material == material && job.state == MassState::Success) {
        for (at, card) in job.cards.iter_mut().enumerate() {
            card.deleted |= index == 0 || index == at + 1;
        }
        if job.cards.iter().all(|card| card.deleted) {
            job.state = MassState::Deleted;
        }
        changed.push((job.msg_id, job.msg_data_id));
    }
    for (msg_id, msg_data_id) in changed {
        world.keep_mass(&ctx.appid, msg_id);
        if let Some(msg_data_id) = msg_data_id {
            world.change_issue(msg_data_id, |issue| {
                for (at, out) in issue.articles.iter_mut().enumerate() {
                    out.deleted |= index == 0 || index == at + 1;
                }
            });
        }
    }
    world.effects.push(Effect::Account(ctx.appid.clone()));
    Ok(Answer::ok())
}

/// POST speed/get.
pub(super) fn speed(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    busy(world, ctx)?;
    let mass = &ctx.account(world)?.mass;
    Ok(Answer::value(&json!({"speed": mass.speed, "realspeed": mass.realspeed()})))
}

/// POST speed/set.
pub(super) fn set_speed(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    busy(world, ctx)?;
    let speed = number(&ctx.value()?, "speed").ok_or(Refusal::NO_SPEED)?;
    let speed = u8::try_from(speed).ok().filter(|speed| *speed <= 4).ok_or(Refusal::SPEED_RANGE)?;
    ctx.account_mut(world)?.mass.speed = speed;
    Ok(Answer::ok())
}
