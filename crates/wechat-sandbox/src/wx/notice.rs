//! Subscription notices: the library, the account's templates, and sending what a fan agreed to.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::form;
use super::refusal::Refusal;
use super::template::{TOLD_AFTER_MS, remove, typed_key};
use super::template_library::{CATEGORIES, Entry, Keyword, LIBRARY, notice_entry};
use crate::chance;
use crate::permute::url_letters;
use crate::world::chat::{FormLine, From};
use crate::world::forms::{Form, TEMPLATES, Told};
use crate::world::{ChatItem, Effect, World};

const PAGE: usize = 30;
const SCENE: usize = 15;
const ONCE_TITLE: usize = 15;
const ONCE_CONTENT: usize = 200;

/// GET getcategory.
pub(super) fn categories(_: &mut World, _: &Ctx) -> Result<Answer, Refusal> {
    let data: Vec<Value> = CATEGORIES.iter().map(|(id, name)| json!({"id": id, "name": name})).collect();
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "data": data})))
}

/// GET getpubtemplatetitles?ids=2,616&start=0&limit=30.
pub(super) fn titles(_: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let ids = ctx.query("ids").split(',').map(|id| id.trim().parse().ok()).collect::<Option<Vec<i64>>>();
    let ids = ids.ok_or(Refusal::NOTICE_CATEGORIES)?;
    if ids.iter().any(|id| !CATEGORIES.iter().any(|(known, _)| known == id)) {
        return Err(Refusal::NOTICE_CATEGORIES);
    }
    let start = ctx.query("start").parse::<usize>().map_err(|_| Refusal::NOTICE_START)?;
    let limit = ctx.query("limit").parse().ok().filter(|limit| (1..=PAGE).contains(limit));
    let limit = limit.ok_or(Refusal::NOTICE_LIMIT)?;
    let found: Vec<&Entry> = LIBRARY.iter().filter(|entry| ids.contains(&entry.category)).collect();
    let title = |entry: &&Entry| {
        let tid = entry.id.parse::<i64>().unwrap_or(0);
        json!({"tid": tid, "title": entry.title, "type": entry.kind, "categoryId": entry.category.to_string()})
    };
    let data: Vec<Value> = found.iter().skip(start).take(limit).map(title).collect();
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "count": found.len(), "data": data})))
}

/// GET getpubtemplatekeywords?tid=99.
pub(super) fn keywords(_: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let entry = notice_entry(ctx.query("tid")).ok_or(Refusal::NOTICE_TID)?;
    let keyword =
        |&(kid, name, rule, example): &Keyword| json!({"kid": kid, "name": name, "example": example, "rule": rule});
    let data: Vec<Value> = entry.keywords.iter().map(keyword).collect();
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "count": data.len(), "data": data})))
}

/// POST addtemplate.
pub(super) fn add(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let entry = notice_entry(&text(&body, "tid")).ok_or(Refusal::NOTICE_TID)?;
    let kids = body["kidList"].as_array().filter(|kids| (2..=5).contains(&kids.len())).ok_or(Refusal::NOTICE_KIDS)?;
    let keyword = |kid: &Value| {
        let kid = kid.as_u64().or_else(|| kid.as_str()?.parse().ok())?;
        entry.keywords.iter().find(|(known, ..)| u64::from(*known) == kid)
    };
    let chosen = kids.iter().map(keyword).collect::<Option<Vec<_>>>().ok_or(Refusal::NOTICE_KIDS)?;
    let scene = text(&body, "sceneDesc").into_owned();
    if scene.chars().count() > SCENE {
        return Err(Refusal::NOTICE_SCENE);
    }
    if ctx.account(world)?.forms.of_kind(true).count() >= TEMPLATES {
        return Err(Refusal::NOTICES_TOO_MANY);
    }
    let form = Form {
        template_id: url_letters(chance::any(), 43),
        short_id: entry.id.to_owned(),
        title: entry.title.to_owned(),
        keys: chosen.into_iter().map(typed_key).collect(),
        notice: true,
        kind: entry.kind,
        scene,
        ..Form::default()
    };
    let id = form.template_id.clone();
    ctx.account_mut(world)?.forms.list.push(form);
    world.effects.push(Effect::Account(ctx.appid.clone()));
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "priTmplId": id})))
}

/// GET gettemplate.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let view = |form: &Form| {
        json!({
            "priTmplId": form.template_id, "title": form.title, "content": form.content(), "example": form.example(),
            "type": form.kind,
        })
    };
    let data: Vec<Value> = ctx.account(world)?.forms.of_kind(true).map(view).collect();
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "data": data})))
}

/// POST deltemplate.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    remove(world, ctx, &text(&body, "priTmplId"), true)
}

/// POST /cgi-bin/message/subscribe/bizsend: uses a consent up, unless it was given for good.
pub(super) fn send(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let openid = text(&body, "touser");
    if openid.is_empty() {
        return Err(Refusal::MISSING_OPENID);
    }
    let person = ctx.person(world, &openid)?;
    let id = text(&body, "template_id");
    let account = ctx.account(world)?;
    let form = account.forms.find(&id, true).ok_or(Refusal::TEMPLATE_ID)?;
    if form.disabled {
        return Err(Refusal::TEMPLATE_DISABLED);
    }
    let mut item = form::item("notice", form, form::lines(form, &body["data"])?);
    form::lead(&mut item, &body, "page", &Refusal::INVALID_PAGE)?;
    let fan = account.fans.view(person);
    if !fan.consents.get(&*id).is_some_and(|consent| consent.is_given()) {
        return Err(Refusal::REFUSED_BY_FAN);
    }
    let failing = fan.failing;
    world.counters.template += 1;
    let msg_id = world.counters.template;
    world.dirty.whole();
    use_up(world, ctx, person, &id)?;
    let (status, code) = if failing { ("system failed", -1) } else { ("success", 0) };
    if failing {
        (item.kind, item.from) = ("undelivered".to_owned(), From::System);
        item.reason = Some(status.to_owned());
    }
    world.hear(&ctx.appid, person, item);
    let due_ms = ctx.now_ms + TOLD_AFTER_MS;
    let notice = Some(id.into_owned());
    let told = Told { due_ms, msg_id, person, notice, status: status.to_owned(), code };
    ctx.account_mut(world)?.forms.told.push(told);
    world.effects.push(Effect::Form(ctx.appid.clone()));
    Ok(Answer::Json(format!(r#"{{"errcode":0,"errmsg":"ok","msgid":{msg_id}}}"#)))
}

fn use_up(world: &mut World, ctx: &Ctx, person: u64, id: &str) -> Result<(), Refusal> {
    world.dirty.fan(&ctx.appid, person);
    ctx.account_mut(world)?.fans.change(person, |fan| {
        if let Some(consent) = fan.consents.get_mut(id) {
            consent.left = consent.left.saturating_sub(1);
        }
    });
    Ok(())
}

/// POST /cgi-bin/message/template/subscribe: the one message somebody agreed to, follower or not.
pub(super) fn send_once(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let openid = text(&body, "touser");
    let account = ctx.account(world)?;
    let person = account.fans.ids.person(&openid).ok_or(Refusal::INVALID_OPENID)?;
    if text(&body, "template_id") != account.once_template_id() {
        return Err(Refusal::TEMPLATE_ID);
    }
    let scene = number(&body, "scene").filter(|scene| (0..=10_000).contains(scene));
    let scene = scene.ok_or_else(|| Refusal::new(47003, "argument invalid! scene invalid"))?;
    let (title, content) = (text(&body, "title"), text(&body["data"]["content"], "value"));
    if title.is_empty() || title.chars().count() > ONCE_TITLE {
        return Err(Refusal::new(47003, "argument invalid! title invalid"));
    }
    if content.is_empty() || content.chars().count() > ONCE_CONTENT {
        return Err(Refusal::new(47003, "argument invalid! data.content.value invalid"));
    }
    let mut item = ChatItem {
        title: Some(title.into_owned()),
        lines: Some(vec![FormLine { name: String::new(), value: content.into_owned() }]),
        via: Some("notice".to_owned()),
        ..ChatItem::new(From::Account, "notice")
    };
    form::lead(&mut item, &body, "url", &Refusal::TEMPLATE_LINK)?;
    let consent = format!("once {scene}");
    if !account.fans.view(person).consents.get(&consent).is_some_and(|consent| consent.is_given()) {
        return Err(Refusal::REFUSED_BY_FAN);
    }
    use_up(world, ctx, person, &consent)?;
    world.hear(&ctx.appid, person, item);
    Ok(Answer::ok())
}
