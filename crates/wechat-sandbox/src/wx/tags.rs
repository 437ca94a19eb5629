//! Tags of fans, and the blacklist, which is kept much like one.
//!
//! <https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_batchtagging>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, person_of, text};
use super::refusal::Refusal;
use super::users::page;
use crate::world::World;

const TAGS: usize = 100;
const TAGS_A_FAN: usize = 20;
const NAME_BYTES: usize = 30;
const BATCH: usize = 50;
const BLOCK_BATCH: usize = 20;
const PAGE: usize = 10_000;
/// A tag with more people cannot be deleted.
const DELETABLE: usize = 100_000;
/// The system's own tag of starred fans. 0, 1 and 2 are reserved.
const STARRED: u32 = 2;

fn checked_name(world: &World, ctx: &Ctx, tag: &Value, except: Option<u32>) -> Result<String, Refusal> {
    let name = text(tag, "name").into_owned();
    if name.len() > NAME_BYTES {
        return Err(Refusal::TAG_NAME_LONG);
    }
    let taken = ctx.account(world)?.tags.iter().any(|(id, known)| *known == name && Some(*id) != except);
    if name.trim().is_empty() || taken || name == "星标组" {
        return Err(Refusal::TAG_NAME);
    }
    Ok(name)
}

fn checked_id(world: &World, ctx: &Ctx, id: Option<i64>) -> Result<u32, Refusal> {
    let id = id.and_then(|id| u32::try_from(id).ok()).ok_or(Refusal::TAG_ID)?;
    if id <= STARRED {
        return Err(Refusal::TAG_SYSTEM);
    }
    if ctx.account(world)?.tags.contains_key(&id) { Ok(id) } else { Err(Refusal::TAG_ID) }
}

/// POST /cgi-bin/tags/create.
pub(super) fn create(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let name = checked_name(world, ctx, &body["tag"], None)?;
    let account = ctx.account_mut(world)?;
    if account.tags.len() >= TAGS {
        return Err(Refusal::TAGS_TOO_MANY);
    }
    let id = account.tags.last_key_value().map_or(100, |(id, _)| id + 1);
    account.tags.insert(id, name.clone());
    Ok(Answer::value(&json!({"tag": {"id": id, "name": name}})))
}

/// GET /cgi-bin/tags/get.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let account = ctx.account(world)?;
    let entry = |id: u32, name: &str| json!({"id": id, "name": name, "count": account.fans.tag_count(id)});
    let mut tags = vec![entry(STARRED, "星标组")];
    tags.extend(account.tags.iter().map(|(id, name)| entry(*id, name)));
    Ok(Answer::value(&json!({"tags": tags})))
}

/// POST /cgi-bin/tags/update.
pub(super) fn update(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let id = checked_id(world, ctx, number(&body["tag"], "id"))?;
    let name = checked_name(world, ctx, &body["tag"], Some(id))?;
    ctx.account_mut(world)?.tags.insert(id, name);
    Ok(Answer::ok())
}

/// POST /cgi-bin/tags/delete.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let id = checked_id(world, ctx, number(&body["tag"], "id"))?;
    let people = ctx.account(world)?.fans.tag_people(id);
    if people.len() > DELETABLE {
        return Err(Refusal::TAG_TOO_BIG);
    }
    for &person in &people {
        world.dirty.fan(&ctx.appid, person);
    }
    let account = ctx.account_mut(world)?;
    account.tags.remove(&id);
    for person in people {
        account.fans.change(person, |fan| fan.tags.retain(|&tag| tag != id));
    }
    Ok(Answer::ok())
}

/// GET or POST /cgi-bin/user/tag/get: who carries a tag.
pub(super) fn people(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = if ctx.body.is_empty() {
        json!({"tagid": ctx.query("tagid"), "next_openid": ctx.query("next_openid")})
    } else {
        ctx.value()?
    };
    let id = number(&body, "tagid").and_then(|id| u32::try_from(id).ok()).ok_or(Refusal::TAG_ID)?;
    let account = ctx.account(world)?;
    if id != STARRED && !account.tags.contains_key(&id) {
        return Err(Refusal::TAG_ID);
    }
    let after = match &*text(&body, "next_openid") {
        "" => None,
        openid => Some(person_of(account, openid)?),
    };
    Ok(page(account.fans.ids.clone(), account.fans.tag_page(id, after, PAGE), None))
}

/// The people of an `openid_list`, all of them good: one bad openid fails the call.
fn listed(world: &World, ctx: &Ctx, body: &Value, most: usize) -> Result<Vec<u64>, Refusal> {
    let list = body["openid_list"].as_array().ok_or(Refusal::INVALID_LIST_SIZE)?;
    if list.is_empty() || list.len() > most {
        return Err(Refusal::INVALID_LIST_SIZE);
    }
    let account = ctx.account(world)?;
    let person = |openid: &Value| {
        let openid = openid.as_str().ok_or(Refusal::INVALID_OPENID)?;
        let foreign = || world.accounts.values().any(|other| person_of(other, openid).is_ok());
        person_of(account, openid).map_err(|refusal| if foreign() { Refusal::FOREIGN_OPENID } else { refusal })
    };
    list.iter().map(person).collect()
}

/// POST /cgi-bin/tags/members/batchtagging.
pub(super) fn tag(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let people = listed(world, ctx, &body, BATCH)?;
    let id = checked_id(world, ctx, number(&body, "tagid"))?;
    let fans = &ctx.account(world)?.fans;
    let full =
        |&person: &u64| fans.get(person).is_some_and(|fan| fan.tags.len() >= TAGS_A_FAN && !fan.tags.contains(&id));
    if people.iter().any(full) {
        return Err(Refusal::TAGS_PER_FAN);
    }
    change_tags(world, ctx, &people, |tags| {
        if !tags.contains(&id) {
            tags.push(id);
        }
    })
}

/// POST /cgi-bin/tags/members/batchuntagging.
pub(super) fn untag(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let people = listed(world, ctx, &body, BATCH)?;
    let id = checked_id(world, ctx, number(&body, "tagid"))?;
    change_tags(world, ctx, &people, |tags| tags.retain(|&tag| tag != id))
}

fn change_tags(
    world: &mut World,
    ctx: &Ctx,
    people: &[u64],
    change: impl Fn(&mut Vec<u32>),
) -> Result<Answer, Refusal> {
    for &person in people {
        world.dirty.fan(&ctx.appid, person);
        ctx.account_mut(world)?.fans.change(person, |fan| change(&mut fan.tags));
    }
    Ok(Answer::ok())
}

/// POST /cgi-bin/tags/getidlist.
pub(super) fn of_fan(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let person = ctx.person(world, &text(&body, "openid"))?;
    let tags = ctx.account(world)?.fans.get(person).map(|fan| fan.tags.clone()).unwrap_or_default();
    Ok(Answer::value(&json!({"tagid_list": tags})))
}

/// POST /cgi-bin/tags/members/getblacklist.
pub(super) fn blacklist(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let account = ctx.account(world)?;
    let start = match &*text(&body, "begin_openid") {
        "" => 0,
        openid => person_of(account, openid)? + 1,
    };
    let people = account.fans.blacklist.range(start..).take(PAGE).copied().collect();
    Ok(page(account.fans.ids.clone(), people, Some(account.fans.blacklist.len() as u64)))
}

/// POST /cgi-bin/tags/members/batchblacklist.
pub(super) fn block(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    set_blacklisted(world, ctx, true)
}

/// POST /cgi-bin/tags/members/batchunblacklist.
pub(super) fn unblock(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    set_blacklisted(world, ctx, false)
}

fn set_blacklisted(world: &mut World, ctx: &Ctx, blacklisted: bool) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    for person in listed(world, ctx, &body, BLOCK_BATCH)? {
        world.dirty.fan(&ctx.appid, person);
        ctx.account_mut(world)?.fans.change(person, |fan| fan.blacklisted = blacklisted);
    }
    Ok(Answer::ok())
}
