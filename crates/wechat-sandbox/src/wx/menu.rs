//! Custom menus, the default one and those for some fans only.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu>

use serde_json::{Map, Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::menu_check::{buttons, check_rule};
use super::refusal::Refusal;
use crate::world::account::{Conditional, Menus};
use crate::world::{Effect, World};

fn next_menuid(world: &mut World) -> u64 {
    world.counters.menu += 1;
    world.dirty.whole();
    world.counters.menu
}

/// POST /cgi-bin/menu/create: the default menu; conditional ones stay.
pub(super) fn create(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let button = buttons(world, &ctx.appid, &ctx.value()?, false)?;
    let menuid = next_menuid(world);
    let menus = &mut ctx.account_mut(world)?.menus;
    (menus.button, menus.menuid) = (button, menuid);
    world.effects.push(Effect::Account(ctx.appid.clone()));
    Ok(Answer::ok())
}

/// Buttons as reading gives them: each has its `sub_button`, if only an empty one.
pub(crate) fn trim_buttons(buttons: &[Value]) -> Value {
    let trim = |button: &Value| {
        let mut button = button.clone();
        if let Some(fields) = button.as_object_mut() {
            let below = fields.remove("sub_button").unwrap_or_else(|| json!([]));
            fields.insert("sub_button".to_owned(), trim_buttons(below.as_array().map_or(&[], Vec::as_slice)));
        }
        button
    };
    buttons.iter().map(trim).collect()
}

/// GET /cgi-bin/menu/get.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let menus = &ctx.account(world)?.menus;
    if menus.button.is_empty() {
        return Err(Refusal::NO_MENU);
    }
    let mut menu = json!({"button": trim_buttons(&menus.button)});
    if menus.conditional.is_empty() {
        return Ok(Answer::value(&json!({"menu": menu})));
    }
    menu["menuid"] = menus.menuid.into();
    let one = |menu: &Conditional| json!({"button": trim_buttons(&menu.button), "matchrule": menu.matchrule, "menuid": menu.menuid});
    let conditional: Vec<Value> = menus.conditional.iter().rev().map(one).collect();
    Ok(Answer::value(&json!({"menu": menu, "conditionalmenu": conditional})))
}

/// GET /cgi-bin/menu/delete: all of them.
pub(super) fn delete(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    ctx.account_mut(world)?.menus = Menus::default();
    world.effects.push(Effect::Account(ctx.appid.clone()));
    Ok(Answer::ok())
}

/// POST /cgi-bin/menu/addconditional.
pub(super) fn add_conditional(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    if ctx.account(world)?.menus.button.is_empty() {
        return Err(Refusal::MENU_NO_DEFAULT);
    }
    let button = buttons(world, &ctx.appid, &body, true)?;
    let rule: Map<String, Value> = body["matchrule"].as_object().cloned().unwrap_or_default();
    let matchrule = Value::Object(rule.into_iter().filter(|(_, value)| !value.is_null() && value != "").collect());
    if matchrule.as_object().is_none_or(Map::is_empty) {
        return Err(Refusal::MENU_NO_RULE);
    }
    check_rule(ctx.account(world)?, &matchrule)?;
    let menuid = next_menuid(world);
    let account = ctx.account_mut(world)?;
    account.menus.conditional.push(Conditional { menuid, button, matchrule });
    let numeric = account.numeric_menuid;
    world.effects.push(Effect::Account(ctx.appid.clone()));
    Ok(Answer::value(&if numeric { json!({"menuid": menuid}) } else { json!({"menuid": menuid.to_string()}) }))
}

/// POST /cgi-bin/menu/delconditional.
pub(super) fn delete_conditional(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let menuid = number(&body, "menuid").and_then(|id| u64::try_from(id).ok()).ok_or(Refusal::MENU_NOT_FOUND)?;
    let menus = &mut ctx.account_mut(world)?.menus;
    let before = menus.conditional.len();
    menus.conditional.retain(|menu| menu.menuid != menuid);
    if menus.conditional.len() == before {
        return Err(Refusal::MENU_NOT_FOUND);
    }
    world.effects.push(Effect::Account(ctx.appid.clone()));
    Ok(Answer::ok())
}

/// POST /cgi-bin/menu/trymatch: the menu a fan sees.
pub(super) fn try_match(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let person = ctx.person(world, &text(&body, "user_id")).map_err(|_| Refusal::MENU_NO_USER)?;
    let (button, _) = ctx.account(world)?.menu_of(person).ok_or(Refusal::NO_MENU)?;
    Ok(Answer::value(&json!({"button": trim_buttons(button)})))
}

/// GET /cgi-bin/get_current_selfmenu_info: here the buttons below are an object with a `list`.
pub(super) fn current(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let menus = &ctx.account(world)?.menus;
    if menus.button.is_empty() {
        return Ok(Answer::value(&json!({"is_menu_open": 0, "selfmenu_info": {"button": []}})));
    }
    let wrap = |button: &Value| {
        let mut button = button.clone();
        if let Some(fields) = button.as_object_mut() {
            match fields.remove("sub_button") {
                Some(Value::Array(below)) if !below.is_empty() => {
                    fields.insert("sub_button".to_owned(), json!({"list": below}));
                }
                _ => {}
            }
        }
        button
    };
    let button: Vec<Value> = menus.button.iter().map(wrap).collect();
    Ok(Answer::value(&json!({"is_menu_open": 1, "selfmenu_info": {"button": button}})))
}
