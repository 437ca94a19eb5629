//! access_token: the plain call and the stable one.
//!
//! <https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken>

use serde::Deserialize;

use super::answer::{Answer, Ctx};
use super::gate::listed;
use super::refusal::Refusal;
use crate::world::tokens::{Bearer, GRACE_MS};
use crate::world::{Account, World};

pub(crate) const DAILY: u32 = 2000;
pub(crate) const STABLE_DAILY: u32 = 500_000;
const STABLE_MINUTELY: u32 = 10_000;

/// GET /cgi-bin/token: every call makes a new token; the former works for five minutes more.
pub(super) fn plain(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    if ctx.query("grant_type") != "client_credential" {
        return Err(Refusal::INVALID_GRANT_TYPE);
    }
    let World { tokens, accounts, dirty, .. } = world;
    let account = credentials(accounts, ctx.query("appid"), ctx.query("secret"), ctx)?;
    account.quotas.spend("/cgi-bin/token", DAILY, 0, ctx.now_ms)?;
    dirty.account(&account.appid);
    dirty.whole();
    let bearer = Bearer::Account { appid: account.appid.clone() };
    Ok(answer(tokens.mint(&mut account.plain, bearer, ctx.now_ms, ctx.now_ms + GRACE_MS)))
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Stable {
    grant_type: String,
    appid: String,
    secret: String,
    force_refresh: bool,
}

/// POST /cgi-bin/stable_token: the same token until it is nearly over, or forced.
pub(super) fn stable(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body: Stable = ctx.json()?;
    if body.grant_type != "client_credential" {
        return Err(Refusal::INVALID_GRANT_TYPE);
    }
    let World { tokens, accounts, dirty, .. } = world;
    let account = credentials(accounts, &body.appid, &body.secret, ctx)?;
    account.quotas.spend("/cgi-bin/stable_token", STABLE_DAILY, STABLE_MINUTELY, ctx.now_ms)?;
    dirty.account(&account.appid);
    dirty.whole();
    let bearer = Bearer::Account { appid: account.appid.clone() };
    tokens.stable(&mut account.stable, &mut account.forces, bearer, ctx.now_ms, body.force_refresh).map(answer)
}

fn answer((token, expires_in): (String, i64)) -> Answer {
    Answer::value(&serde_json::json!({"access_token": token, "expires_in": expires_in}))
}

/// The account these open, called from where it may be called.
pub(super) fn credentials<'a>(
    accounts: &'a mut std::collections::BTreeMap<String, Account>,
    appid: &str,
    secret: &str,
    ctx: &Ctx,
) -> Result<&'a mut Account, Refusal> {
    if appid.is_empty() {
        return Err(Refusal::MISSING_APPID);
    }
    let account = accounts.get_mut(appid).ok_or(Refusal::INVALID_APPID)?;
    if secret.is_empty() {
        return Err(Refusal::MISSING_SECRET);
    }
    if secret != account.secret {
        return Err(Refusal::INVALID_SECRET);
    }
    if !listed(&account.ip_whitelist, ctx.ip) {
        let ip = ctx.ip.to_canonical();
        return Err(Refusal::new(40164, format!("invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist")));
    }
    if account.is_barred() {
        return Err(Refusal::FORBIDDEN_API);
    }
    Ok(account)
}

/// Somebody else has just taken a token from the slot this call's token is of: the caller's is dead.
pub(super) fn steal(world: &mut World, ctx: &Ctx) {
    let token = Some(ctx.query("access_token"))
        .filter(|token| !token.is_empty())
        .unwrap_or_else(|| ctx.query("component_access_token"));
    let now_ms = ctx.now_ms;
    let Some(bearer) = world.tokens.bearer(token).cloned() else { return };
    let World { tokens, accounts, component, dirty, .. } = world;
    let slot = match &bearer {
        Bearer::Component => Some(&mut component.slot),
        Bearer::Account { appid } => accounts.get_mut(appid).map(|account| {
            if account.stable.current() == Some(token) { &mut account.stable } else { &mut account.plain }
        }),
        Bearer::Authorizer { appid, component } => {
            accounts.get_mut(appid).and_then(|account| account.authorization_mut(component)).map(|held| &mut held.slot)
        }
    };
    if let Some(slot) = slot.filter(|slot| slot.current() == Some(token)) {
        tokens.mint(slot, bearer, now_ms, now_ms);
        dirty.whole();
    }
}
