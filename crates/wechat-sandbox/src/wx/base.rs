//! Addresses of WeChat's servers, and whether ours can be reached from them.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::answer::{Answer, Ctx, text};
use super::refusal::Refusal;
use crate::world::World;

/// GET /cgi-bin/get_api_domain_ip and /cgi-bin/getcallbackip: the sandbox is one machine, so both
/// name the address it is reached at.
pub(super) fn ip_list(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let own = url::Url::parse(&world.base_url)
        .ok()
        .and_then(|url| url.host_str().and_then(|host| host.parse::<IpAddr>().ok()));
    let own = own.unwrap_or(ctx.ip.to_canonical());
    Ok(Answer::value(&json!({"ip_list": [own.to_string()]})))
}

/// POST /cgi-bin/callback/check: what the account's address resolves to.
pub(super) fn callback_check(world: &mut World, ctx: &Ctx) -> Result<Answer, Refusal> {
    let body = ctx.value()?;
    let action = text(&body, "action");
    if !matches!(&*action, "dns" | "ping" | "all") {
        return Err(Refusal::INVALID_CHECK_ACTION);
    }
    let operator = text(&body, "check_operator");
    if !matches!(&*operator, "" | "CHINANET" | "UNICOM" | "CAP" | "DEFAULT") {
        return Err(Refusal::INVALID_CHECK_OPERATOR);
    }
    let account = ctx.account(world)?;
    let url = url::Url::parse(&account.callback_url).map_err(|_| Refusal::new(40201, "invalid check url"))?;
    // Names are not looked up: the sandbox does not wait while it holds the world.
    let ip = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.to_string(),
        Some(url::Host::Ipv6(ip)) => ip.to_string(),
        Some(url::Host::Domain("localhost")) => "127.0.0.1".to_owned(),
        _ => return Err(Refusal::new(40201, "invalid check url")),
    };
    let dns = json!([{"ip": ip, "real_operator": "DEFAULT"}]);
    let ping = json!([{"ip": ip, "from_operator": "DEFAULT", "package_loss": "0%", "time": "0.1ms"}]);
    let asked = |name: &str, list: Value| if action == "all" || action == name { list } else { json!([]) };
    Ok(Answer::value(&json!({"dns": asked("dns", dns), "ping": asked("ping", ping)})))
}
