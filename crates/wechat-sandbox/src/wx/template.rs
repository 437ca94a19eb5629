//! Template messages of service accounts, the industries, and the account's templates.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::form;
use super::refusal::Refusal;
use super::template_library::{Entry, INDUSTRIES, Keyword, message_entry};
use crate::chance;
use crate::clock::month;
use crate::permute::url_letters;
use crate::world::forms::{Form, FormKey, Recent, TEMPLATES, Told};
use crate::world::{Effect, World};

const ID: usize = 43;
const CLIENT_MSG_ID: usize = 32;
/// How soon it is told what became of a message.
pub(super) const TOLD_AFTER_MS: i64 = 300;

/// POST api_set_industry, once a month.
pub(super) fn set_industry(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let id = |name: &str| {
        let id = number(&body, name).and_then(|id| u8::try_from(id).ok());
        id.filter(|id| (1..=INDUSTRIES.len()).contains(&usize::from(*id))).ok_or(Refusal::INDUSTRY)
    };
    let industries = (id("industry_id1")?, id("industry_id2")?);
    let now = month(ctx.now_ms);
    let forms = &mut ctx.account_mut(world)?.forms;
    if forms.industries.is_some() && forms.industries_month == now {
        return Err(Refusal::INDUSTRY_TOO_OFTEN);
    }
    (forms.industries, forms.industries_month) = (Some(industries), now);
    Ok(Answer::ok())
}

/// GET get_industry: by name.
pub(super) fn industry(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let named = |id: u8| {
        let (first, second) = INDUSTRIES.get(usize::from(id).wrapping_sub(1)).copied().unwrap_or_default();
        json!({"first_class": first, "second_class": second})
    };
    Ok(Answer::value(&match ctx.account(world)?.forms.industries {
        None => json!({}),
        Some((first, second)) => json!({"primary_industry": named(first), "secondary_industry": named(second)}),
    }))
}

/// POST api_add_template: of an industry as it is, of a category with the keywords one chooses.
pub(super) fn add(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let entry = message_entry(&text(&body, "template_id_short")).ok_or(Refusal::TEMPLATE_ID)?;
    let forms = &ctx.account(world)?.forms;
    let keys = if entry.industry > 0 {
        let industry = |(first, second): (u8, u8)| entry.industry == first || entry.industry == second;
        if !forms.industries.is_some_and(industry) {
            return Err(Refusal::TEMPLATE_INDUSTRY);
        }
        historical_keys(entry)
    } else {
        let names = body["keyword_name_list"].as_array().filter(|names| !names.is_empty()).ok_or(Refusal::KEYWORDS)?;
        let keyword = |name: &Value| entry.keywords.iter().find(|(_, known, ..)| name.as_str() == Some(known));
        let chosen = names.iter().map(keyword).collect::<Option<Vec<_>>>().ok_or(Refusal::KEYWORDS)?;
        chosen.into_iter().map(typed_key).collect()
    };
    if forms.of_kind(false).count() >= TEMPLATES {
        return Err(Refusal::TEMPLATES_TOO_MANY);
    }
    let form = Form {
        template_id: url_letters(chance::any(), ID),
        short_id: entry.id.to_owned(),
        title: entry.title.to_owned(),
        keys,
        historical: entry.industry > 0,
        ..Form::default()
    };
    let template_id = form.template_id.clone();
    ctx.account_mut(world)?.forms.list.push(form);
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "template_id": template_id})))
}

/// A key of a category's template: its type and the number of the keyword.
pub(super) fn typed_key(&(number, name, kind, example): &Keyword) -> FormKey {
    FormKey { key: format!("{kind}{number}"), name: name.to_owned(), example: example.to_owned() }
}

/// `first`, the keywords, and `remark`, which are not shown any more.
fn historical_keys(entry: &Entry) -> Vec<FormKey> {
    let around =
        |key: &str, example: &str| FormKey { key: key.to_owned(), name: String::new(), example: example.to_owned() };
    let keyword = |&(number, name, _, example): &Keyword| FormKey {
        key: format!("keyword{number}"),
        name: name.to_owned(),
        example: example.to_owned(),
    };
    let mut keys = vec![around("first", "您好。")];
    keys.extend(entry.keywords.iter().map(keyword));
    keys.push(around("remark", "感谢您的关注。"));
    keys
}

/// GET get_all_private_template.
pub(super) fn list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let view = |form: &Form| {
        let industry = message_entry(&form.short_id).map_or(0, |entry| entry.industry);
        let (first, second) = INDUSTRIES.get(usize::from(industry).wrapping_sub(1)).copied().unwrap_or_default();
        json!({
            "template_id": form.template_id, "title": form.title, "primary_industry": first, "deputy_industry": second,
            "content": form.content(), "example": form.example(),
        })
    };
    let list: Vec<Value> = ctx.account(world)?.forms.of_kind(false).map(view).collect();
    Ok(Answer::value(&json!({"template_list": list})))
}

/// POST del_private_template.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    remove(world, ctx, &text(&body, "template_id"), false)
}

pub(super) fn remove(world: &mut World, ctx: &Ctx, id: &str, notice: bool) -> Result<Answer, Refusal> {
    let list = &mut ctx.account_mut(world)?.forms.list;
    let at = list.iter().position(|form| form.template_id == id && form.notice == notice);
    list.remove(at.ok_or(Refusal::TEMPLATE_ID)?);
    Ok(Answer::ok())
}

/// POST /cgi-bin/message/template/send.
pub(super) fn send(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let openid = text(&body, "touser");
    if openid.is_empty() {
        return Err(Refusal::MISSING_OPENID);
    }
    let person = ctx.person(world, &openid)?;
    let id = text(&body, "template_id");
    if id.len() != ID {
        return Err(Refusal::TEMPLATE_ID_SIZE);
    }
    let client_msg_id = text(&body, "client_msg_id");
    if client_msg_id.chars().count() > CLIENT_MSG_ID {
        return Err(Refusal::new(47003, "argument invalid! client_msg_id invalid"));
    }
    let known = format!("{person} {client_msg_id}");
    let account = ctx.account(world)?;
    if let Some(sent) = account.forms.recent(&known, ctx.now_ms).filter(|_| !client_msg_id.is_empty()) {
        return Ok(Answer::Repeated(ok(sent.msg_id)));
    }
    let form = account.forms.find(&id, false).ok_or(Refusal::TEMPLATE_ID)?;
    if form.disabled {
        return Err(Refusal::TEMPLATE_DISABLED);
    }
    let mut item = form::item("template", form, form::lines(form, &body["data"])?);
    form::lead(&mut item, &body, "url", &Refusal::TEMPLATE_LINK)?;
    let fan = account.fans.view(person);
    if fan.blacklisted {
        return Err(Refusal::BLACKLISTED);
    }
    if !fan.following {
        return Err(Refusal::REQUIRE_SUBSCRIBE);
    }
    let status = match (fan.muted, fan.failing) {
        (true, _) => "failed:user block",
        (_, true) => "failed: system failed",
        _ => "success",
    };
    world.counters.template += 1;
    let msg_id = world.counters.template;
    world.dirty.whole();
    if status != "success" {
        item.kind = "undelivered".to_owned();
        item.from = crate::world::chat::From::System;
        item.reason = Some(status.to_owned());
    }
    world.hear(&ctx.appid, person, item);
    if world.dirty.on && !client_msg_id.is_empty() {
        world.dirty.recents.push((ctx.appid.clone(), known.clone()));
    }
    let now_ms = ctx.now_ms;
    let forms = &mut ctx.account_mut(world)?.forms;
    if !client_msg_id.is_empty() {
        forms.remember(known, Recent { msg_id, at_ms: now_ms });
    }
    let due_ms = now_ms + TOLD_AFTER_MS;
    forms.told.push(Told { due_ms, msg_id, person, notice: None, status: status.to_owned(), code: 0 });
    world.effects.push(Effect::Form(ctx.appid.clone()));
    Ok(Answer::Json(ok(msg_id)))
}

fn ok(msg_id: u64) -> String {
    format!(r#"{{"errcode":0,"errmsg":"ok","msgid":{msg_id}}}"#)
}
