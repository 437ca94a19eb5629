//! The doctor: one line for each thing that can be wrong with an account, found by trying it.

use std::collections::BTreeMap;

use entities::accounts::{
    self, Account, Encryption, Mode, Status, platform,
    secrets::{self, Field},
    tokens::Keeper,
};
use kit::{AccountId, Ctx, Error, TenantId, Work};
use serde_json::{Value as Json, json};
use wechat_client::{TokenError, TokenSource};

use super::{
    model::{CheckLine, Checks, Light, sets_of},
    probe, view,
};

fn line(
    check: &'static str,
    state: Light,
    code: &'static str,
    params: impl IntoIterator<Item = (&'static str, Json)>,
) -> CheckLine {
    CheckLine { check, state, code, params: params.into_iter().collect::<BTreeMap<_, _>>() }
}

/// Tries everything that can be tried without being noticed.
pub async fn run(ctx: &Ctx, tenant: TenantId, id: AccountId) -> Result<Checks, Error> {
    let mut work = Work::reading(ctx, tenant);
    let account = accounts::find(&mut work, id).await?;
    let secret = match account.mode {
        Mode::Direct => secrets::current(&mut work, id, Field::AppSecret).await?,
        Mode::Platform => None,
    };
    drop(work);
    let mut items = vec![status(&account)];
    if account.is_bound() {
        let tried = match (account.mode, secret) {
            (Mode::Direct, Some(secret)) => probe::first_token(ctx, &account.app_id, &secret).await.map(|_| ()),
            (Mode::Direct, None) => Err(Error::broken("account_secrets", id.0, "no app secret")),
            (Mode::Platform, _) => Keeper::new(ctx, tenant, id).token().await.map(|_| ()).map_err(of_token),
        };
        items.extend(token(&account, tried)?);
    }
    items.push(callback(ctx, &account));
    match account.mode {
        Mode::Direct => items.push(encryption(&account)),
        Mode::Platform => {
            items.push(permissions(&account));
            items.push(ticket(ctx).await?);
        }
    }
    Ok(Checks { items })
}

fn of_token(error: TokenError) -> Error {
    match error {
        TokenError::Refused { errcode, errmsg } => Error::WeChatRefused { errcode, errmsg },
        other => Error::WeChatAway(other.to_string()),
    }
}

fn status(account: &Account) -> CheckLine {
    match account.status {
        Status::Bound if !account.is_verified() => {
            line("status", Light::Error, "account_unverified", [("verify_type", json!(account.verify_type))])
        }
        Status::Bound => line("status", Light::Ok, "bound", []),
        Status::Unbound | Status::Deleted => {
            line("status", Light::Error, "unbound", [("unbound_at", json!(account.unbound_at))])
        }
    }
}

/// Our address is not on the account's list, or not on the platform's.
const NOT_ON_THE_LIST: [i64; 2] = [40164, 61004];

/// The secret and the list of addresses are tried by one call; WeChat says which of them is wrong.
fn token(account: &Account, tried: Result<(), Error>) -> Result<Vec<CheckLine>, Error> {
    Ok(match tried {
        Ok(()) => vec![line("token", Light::Ok, "token_ok", []), line("ip_whitelist", Light::Ok, "ip_allowed", [])],
        Err(Error::WeChatRefused { errcode, errmsg }) if NOT_ON_THE_LIST.contains(&errcode) => {
            let ip = address_in(&errmsg);
            vec![line(
                "ip_whitelist",
                Light::Error,
                "ip_not_allowed",
                [("errcode", json!(errcode)), ("ip", json!(ip)), ("platform", json!(account.mode == Mode::Platform))],
            )]
        }
        Err(Error::WeChatRefused { errcode, errmsg }) => {
            vec![line("token", Light::Error, "token_refused", [("errcode", json!(errcode)), ("errmsg", json!(errmsg))])]
        }
        Err(Error::WeChatAway(why)) => vec![line("token", Light::Warning, "wechat_away", [("why", json!(why))])],
        Err(error) => return Err(error),
    })
}

/// The address WeChat saw us come from, out of `invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist`.
/// The sentence is for people, so nothing but this hint hangs on it.
fn address_in(errmsg: &str) -> Option<String> {
    errmsg
        .split(|c: char| c.is_whitespace() || c == ',')
        .find(|word| word.parse::<std::net::IpAddr>().is_ok())
        .map(str::to_owned)
}

fn callback(ctx: &Ctx, account: &Account) -> CheckLine {
    let url = ("url", json!(view::callback_url(ctx, account)));
    match (account.last_callback_at, account.callback_verified_at) {
        (Some(at), _) => line("callback_url", Light::Ok, "callbacks_arrive", [url, ("last_callback_at", json!(at))]),
        (None, Some(at)) => line("callback_url", Light::Ok, "callback_verified", [url, ("verified_at", json!(at))]),
        (None, None) => line("callback_url", Light::Warning, "callback_unverified", [url]),
    }
}

/// Without encryption the signature covers nothing of the message: whoever sees one address can forge any.
fn encryption(account: &Account) -> CheckLine {
    match account.encryption {
        Encryption::Plain => line("encryption", Light::Warning, "encryption_plain", []),
        Encryption::Compatible => line("encryption", Light::Ok, "encryption_compatible", []),
        Encryption::Safe => line("encryption", Light::Ok, "encryption_safe", []),
    }
}

fn permissions(account: &Account) -> CheckLine {
    let missing: Vec<i64> = sets_of(account).into_iter().filter(|set| !set.granted).map(|set| set.id).collect();
    if missing.is_empty() {
        line("permissions", Light::Ok, "all_granted", [])
    } else {
        line("permissions", Light::Warning, "sets_missing", [("sets", json!(missing))])
    }
}

async fn ticket(ctx: &Ctx) -> Result<CheckLine, Error> {
    let status = platform::status(ctx).await?;
    let age = status.ticket_at.map(|at| (ctx.now() - at).max(0) / 1000);
    let params = [("ticket_at", json!(status.ticket_at)), ("age_seconds", json!(age))];
    Ok(match status.problem.as_deref() {
        None => line("ticket", Light::Ok, "ticket_ok", params),
        Some("ticket_late") => line("ticket", Light::Warning, "ticket_late", params),
        Some("ticket_expired") => line("ticket", Light::Error, "ticket_expired", params),
        Some("not_configured") => line("ticket", Light::Error, "platform_not_configured", params),
        Some(_) => line("ticket", Light::Error, "ticket_missing", params),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_out_of_wechats_sentence() {
        let said = "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist hint: [x] rid: 5f70354c-2d5f3f07-6aa065ff";
        assert_eq!(address_in(said).as_deref(), Some("203.0.113.9"));
        assert_eq!(
            address_in("access clientip is not registered requestIP: 2001:db8::7 rid: x").as_deref(),
            Some("2001:db8::7")
        );
        assert_eq!(address_in("access clientip is not registered"), None);
    }
}
