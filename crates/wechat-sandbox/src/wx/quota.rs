//! Reading quotas and having them forgotten; looking up refused calls.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/dev/api/limit>

use serde_json::json;

use super::answer::{Answer, Ctx, text};
use super::refusal::Refusal;
use super::table::find;
use super::token::credentials;
use crate::clock::SECOND;
use crate::world::World;
use crate::world::quota::Quotas;
use crate::world::tokens::Bearer;

/// Refused calls are remembered for seven days.
const RID_S: i64 = 7 * 24 * 3600;

/// The counters of whoever is calling.
fn counters<'w>(world: &'w mut World, ctx: &Ctx) -> Result<&'w mut Quotas, Refusal> {
    world.dirty.whole();
    match ctx.bearer {
        Some(Bearer::Component) => Ok(&mut world.component.quotas),
        _ => Ok(&mut ctx.account_mut(world)?.quotas),
    }
}

/// POST /cgi-bin/clear_quota: all counters of the token's account.
pub(super) fn clear(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    if text(&body, "appid") != ctx.appid {
        return Err(Refusal::INVALID_APPID);
    }
    counters(world, ctx)?.clear(None, ctx.now_ms)?;
    Ok(Answer::ok())
}

/// POST /cgi-bin/clear_quota/v2: the same by secret, in the body or, as some send it, in the query.
pub(super) fn clear_by_secret(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let (appid, secret) = if ctx.query("appid").is_empty() {
        let body = ctx.value()?;
        (text(&body, "appid").into_owned(), text(&body, "appsecret").into_owned())
    } else {
        (ctx.query("appid").to_owned(), ctx.query("appsecret").to_owned())
    };
    let account = credentials(&mut world.accounts, &appid, &secret, ctx)?;
    account.quotas.clear(None, ctx.now_ms)?;
    world.dirty.account(&appid);
    Ok(Answer::ok())
}

/// POST /cgi-bin/component/clear_quota/v2: the component's own, or with `appid` those of an account it serves.
pub(super) fn component_clear(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    super::component::component_secret(world, &text(&body, "component_appid"), &text(&body, "appsecret"), ctx)?;
    let component = world.component.appid.clone();
    let appid = text(&body, "appid");
    world.dirty.whole();
    if appid.is_empty() {
        world.component.quotas.clear(None, ctx.now_ms)?;
        return Ok(Answer::ok());
    }
    world.dirty.account(&appid);
    let account = world.account_mut(&appid).ok_or(Refusal::INVALID_APPID)?;
    account.authorization(&component).ok_or(Refusal::NOT_AUTHORIZED)?;
    account.quotas.clear(None, ctx.now_ms)?;
    Ok(Answer::ok())
}

/// The row of the path a body names.
fn path_of(ctx: &Ctx) -> Result<(&'static str, u32), Refusal> {
    let body = ctx.value()?;
    let path = text(&body, "cgi_path");
    if path.starts_with("/sns/") {
        return Err(Refusal::QUOTA_NOT_YOURS);
    }
    if !path.starts_with('/') {
        return Err(Refusal::QUOTA_PATH);
    }
    let api = find(&path).ok_or(Refusal::QUOTA_NO_PATH)?;
    let component_path = api.path.starts_with("/cgi-bin/component/");
    if component_path != (ctx.bearer == Some(Bearer::Component)) {
        return Err(Refusal::QUOTA_NOT_YOURS);
    }
    Ok((api.path, api.daily))
}

/// POST /cgi-bin/openapi/quota/get.
pub(super) fn get(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let (path, daily) = path_of(ctx)?;
    let (limit, used) = counters(world, ctx)?.read(path, daily, ctx.now_ms);
    let quota = json!({"daily_limit": limit, "used": used, "remain": limit.saturating_sub(used)});
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "quota": quota})))
}

/// POST /cgi-bin/openapi/quota/clear: one path; it costs one of the ten.
pub(super) fn clear_one(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let (path, _) = path_of(ctx)?;
    counters(world, ctx)?.clear(Some(path), ctx.now_ms)?;
    Ok(Answer::ok())
}

/// POST /cgi-bin/openapi/rid/get: what a refused call of this account was.
pub(super) fn rid(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let wanted = text(&body, "rid");
    let now_s = ctx.now_ms / SECOND;
    let found =
        world.rids.iter().find(|rid| rid.rid == wanted && rid.appid == ctx.appid && now_s - rid.invoke_s < RID_S);
    let rid = found.ok_or(Refusal::RID_NOT_FOUND)?;
    let request = json!({
        "invoke_time": rid.invoke_s, "cost_in_ms": rid.cost_ms, "request_url": rid.url,
        "request_body": rid.request, "response_body": rid.response, "client_ip": rid.ip,
    });
    Ok(Answer::value(&json!({"errcode": 0, "errmsg": "ok", "request": request})))
}
