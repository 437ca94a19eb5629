//! The third-party platform's calls: its tokens, its codes, its accounts.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/ThirdParty/token/component_access_token.html>

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, number, text};
use super::gate::listed;
use super::refusal::Refusal;
use crate::chance;
use crate::clock::SECOND;
use crate::permute::url_letters;
use crate::world::account::{Account, Authorization};
use crate::world::component::{PRE_AUTH_MS, PreAuth, TICKET_MS};
use crate::world::tokens::{Bearer, GRACE_MS};
use crate::world::{Effect, World};

/// A refresh token, as long as the real ones.
pub(crate) fn new_refresh_token() -> String {
    format!("refreshtoken@@@{}", url_letters(chance::any(), 43))
}

/// The component these open, called from where it may be called.
pub(super) fn component_secret(world: &World, appid: &str, secret: &str, ctx: &Ctx) -> Result<(), Refusal> {
    match (appid, secret) {
        ("", _) => Err(Refusal::MISSING_COMPONENT_APPID),
        (appid, _) if appid != world.component.appid => Err(Refusal::INVALID_COMPONENT),
        (_, "") => Err(Refusal::MISSING_COMPONENT_SECRET),
        (_, secret) if secret != world.component.secret => Err(Refusal::INVALID_SECRET),
        _ if !listed(&world.component.ip_whitelist, ctx.ip) => Err(Refusal::COMPONENT_IP),
        _ => Ok(()),
    }
}

/// POST api_component_token.
pub(super) fn component_token(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    component_secret(world, &text(&body, "component_appid"), &text(&body, "component_appsecret"), ctx)?;
    world.component.quotas.spend("/cgi-bin/component/api_component_token", 2000, 0, ctx.now_ms)?;
    let ticket = text(&body, "component_verify_ticket");
    if ticket.is_empty() {
        return Err(Refusal::MISSING_COMPONENT_TICKET);
    }
    let (_, issued_ms) =
        world.component.tickets.iter().find(|(known, _)| *known == ticket).ok_or(Refusal::TICKET_INVALID)?;
    if ctx.now_ms - issued_ms >= TICKET_MS {
        return Err(Refusal::TICKET_EXPIRED);
    }
    let World { tokens, component, dirty, .. } = world;
    dirty.whole();
    let (token, expires_in) = tokens.mint(&mut component.slot, Bearer::Component, ctx.now_ms, ctx.now_ms + GRACE_MS);
    Ok(Answer::value(&json!({"component_access_token": token, "expires_in": expires_in})))
}

/// POST api_start_push_ticket: the pushing begins again, with one at once.
pub(super) fn start_push_ticket(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    component_secret(world, &text(&body, "component_appid"), &text(&body, "component_secret"), ctx)?;
    world.effects.push(Effect::PushTicket);
    Ok(Answer::ok())
}

/// The body of a call that names the component, which must be the token's.
fn own_body(world: &World, ctx: &Ctx) -> Result<Value, Refusal> {
    let body = ctx.value()?;
    match &*text(&body, "component_appid") {
        "" => Err(Refusal::MISSING_COMPONENT_APPID),
        appid if appid != world.component.appid => Err(Refusal::INVALID_COMPONENT),
        _ => Ok(body),
    }
}

/// POST api_create_preauthcode.
pub(super) fn create_preauthcode(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    own_body(world, ctx)?;
    let code = format!("preauthcode@@@{}", url_letters(chance::any(), 50));
    world.component.pre_auths.retain(|_, pre_auth| ctx.now_ms - pre_auth.expires_ms < PRE_AUTH_MS);
    let pre_auth = PreAuth { expires_ms: ctx.now_ms + PRE_AUTH_MS, ..PreAuth::default() };
    world.component.pre_auths.insert(code.clone(), pre_auth);
    world.dirty.whole();
    Ok(Answer::value(&json!({"pre_auth_code": code, "expires_in": PRE_AUTH_MS / SECOND})))
}

/// POST api_query_auth: a code becomes the account's tokens, once.
pub(super) fn query_auth(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = own_body(world, ctx)?;
    let code =
        world.component.auth_codes.get_mut(&*text(&body, "authorization_code")).ok_or(Refusal::AUTH_CODE_INVALID)?;
    if code.used {
        return Err(Refusal::AUTH_CODE_INVALID);
    }
    if ctx.now_ms >= code.expires_ms {
        return Err(Refusal::AUTH_CODE_EXPIRED);
    }
    let appid = code.appid.clone();
    let World { tokens, component, accounts, dirty, .. } = world;
    let held = accounts
        .get_mut(&appid)
        .and_then(|account| account.authorization_mut(&component.appid))
        .ok_or(Refusal::NOT_AUTHORIZED)?;
    if let Some(code) = component.auth_codes.get_mut(&*text(&body, "authorization_code")) {
        code.used = true;
    }
    held.queried = true;
    let bearer = Bearer::Authorizer { appid: appid.clone(), component: component.appid.clone() };
    let (token, expires_in) = tokens.mint(&mut held.slot, bearer, ctx.now_ms, ctx.now_ms + GRACE_MS);
    dirty.whole();
    dirty.account(&appid);
    let mut info = json!({
        "authorizer_appid": appid, "authorizer_access_token": token, "expires_in": expires_in,
        "authorizer_refresh_token": held.refresh_token,
    });
    info["func_info"] = func_info(&held.sets);
    Ok(Answer::value(&json!({"authorization_info": info})))
}

fn func_info(sets: &[u16]) -> Value {
    let entry = |&set: &u16| match set {
        8 => {
            json!({"funcscope_category": {"id": set}, "confirm_info": {"need_confirm": 0, "already_confirm": 0, "can_confirm": 0}})
        }
        _ => json!({"funcscope_category": {"id": set}}),
    };
    sets.iter().map(entry).collect()
}

/// The account a body names, and what it granted this component.
fn authorized<'w>(world: &'w World, body: &Value) -> Result<(&'w Account, &'w Authorization), Refusal> {
    let account = world.account(&text(body, "authorizer_appid")).ok_or(Refusal::INVALID_APPID)?;
    let held = account.authorization(&world.component.appid).ok_or(Refusal::NOT_AUTHORIZED)?;
    Ok((account, held))
}

/// POST api_authorizer_token.
pub(super) fn authorizer_token(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = own_body(world, ctx)?;
    let (account, held) = authorized(world, &body)?;
    if text(&body, "authorizer_refresh_token") != held.refresh_token {
        return Err(Refusal::REFRESH_TOKEN);
    }
    let appid = account.appid.clone();
    let World { tokens, component, accounts, dirty, .. } = world;
    let held = accounts
        .get_mut(&appid)
        .and_then(|account| account.authorization_mut(&component.appid))
        .ok_or(Refusal::NOT_AUTHORIZED)?;
    let bearer = Bearer::Authorizer { appid: appid.clone(), component: component.appid.clone() };
    let (token, expires_in) = tokens.mint(&mut held.slot, bearer, ctx.now_ms, ctx.now_ms + GRACE_MS);
    dirty.whole();
    dirty.account(&appid);
    Ok(Answer::value(&json!({
        "authorizer_access_token": token, "expires_in": expires_in, "authorizer_refresh_token": held.refresh_token,
    })))
}

/// POST api_get_authorizer_info.
pub(super) fn authorizer_info(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = own_body(world, ctx)?;
    let (account, held) = authorized(world, &body)?;
    let info = json!({
        "nick_name": account.nick_name,
        "head_img": world.file_url(&format!("head-{}.jpg", account.appid)),
        "service_type_info": {"id": account.service_type},
        "verify_type_info": {"id": account.verify_type},
        "user_name": account.original_id,
        "alias": account.alias,
        "qrcode_url": world.file_url(&format!("card-{}.jpg", account.appid)),
        "business_info": {"open_pay": 0, "open_shake": 0, "open_scan": 0, "open_card": 0, "open_store": 0},
        "idc": 1,
        "principal_name": account.principal,
        "signature": account.signature,
        "account_status": account.status,
        "basic_config": {"is_phone_configured": true, "is_email_configured": true},
    });
    let mut authorization = json!({"authorizer_appid": account.appid, "func_info": func_info(&held.sets)});
    if held.queried {
        authorization["authorizer_refresh_token"] = held.refresh_token.clone().into();
    }
    Ok(Answer::value(&json!({"authorizer_info": info, "authorization_info": authorization})))
}

/// POST api_get_authorizer_list: oldest authorisation first.
pub(super) fn authorizer_list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = own_body(world, ctx)?;
    let offset = number(&body, "offset").and_then(|n| usize::try_from(n).ok()).ok_or(Refusal::INVALID_ARG)?;
    let count = number(&body, "count").and_then(|n| usize::try_from(n).ok()).filter(|count| (1..=500).contains(count));
    let count = count.ok_or(Refusal::INVALID_ARG)?;
    let component = &world.component.appid;
    let held = |account: &Account| {
        account.authorization(component).map(|held| (held.auth_ms, account.appid.clone(), held.clone()))
    };
    let mut all: Vec<_> = world.accounts.values().filter_map(held).collect();
    all.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let entry = |(auth_ms, appid, held): &(i64, String, Authorization)| {
        let mut entry = json!({"authorizer_appid": appid, "auth_time": auth_ms / SECOND});
        if held.queried {
            entry["refresh_token"] = held.refresh_token.clone().into();
        }
        entry
    };
    let list: Vec<Value> = all.iter().skip(offset).take(count).map(entry).collect();
    Ok(Answer::value(&json!({"total_count": all.len(), "list": list})))
}

/// The account an option is about: the authoriser's token names it, the component's body does.
fn option_account(world: &World, ctx: &Ctx, body: &Value) -> Result<String, Refusal> {
    match &ctx.bearer {
        Some(Bearer::Component) => Ok(authorized(world, body)?.0.appid.clone()),
        _ => Ok(ctx.appid.clone()),
    }
}

/// POST api_get_authorizer_option, and get_authorizer_option.
pub(super) fn get_option(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let appid = option_account(world, ctx, &body)?;
    let account = world.account(&appid).ok_or(Refusal::INVALID_APPID)?;
    let name = text(&body, "option_name");
    let value = match &*name {
        "location_report" => account.location_report,
        "voice_recognize" => u8::from(account.voice_recognition),
        "customer_service" => u8::from(account.customer_service),
        _ => return Err(Refusal::OPTION_NAME),
    };
    Ok(Answer::value(&json!({"authorizer_appid": appid, "option_name": name, "option_value": value.to_string()})))
}

/// POST api_set_authorizer_option, and set_authorizer_option.
pub(super) fn set_option(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let appid = option_account(world, ctx, &body)?;
    world.dirty.account(&appid);
    world.effects.push(Effect::Account(appid.clone()));
    let account = world.account_mut(&appid).ok_or(Refusal::INVALID_APPID)?;
    let value = text(&body, "option_value");
    match (&*text(&body, "option_name"), &*value) {
        ("location_report", "0" | "1" | "2") => account.location_report = value.parse().unwrap_or(0),
        ("voice_recognize", "0" | "1") => account.voice_recognition = value == "1",
        ("customer_service", "1") => account.customer_service = true,
        ("customer_service", "0") => return Err(Refusal::READ_ONLY_OPTION),
        ("location_report" | "voice_recognize" | "customer_service", _) => return Err(Refusal::OPTION_VALUE),
        _ => return Err(Refusal::OPTION_NAME),
    }
    Ok(Answer::ok())
}
