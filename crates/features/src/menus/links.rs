//! Counted links: an address of ours that leads to one that the menu's author wrote, and nowhere else (P28).
//!
//! The word in the address is drawn by lot; where it leads stands in the database. A visitor is counted, and not
//! asked who they are.

use std::collections::HashMap;

use ::store::FromRow;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kit::{AccountId, Ctx, Error, TenantId, Work, sql};

use super::{
    check,
    model::{Button, ButtonKind, each},
    numbers::QUARTER_MS,
};

/// `/r/{token}`.
pub fn router() -> Router<Ctx> {
    Router::new().route("/r/{token}", routing::get(follow))
}

/// The addresses of all counted links of these buttons, by button; made where they are new. One that led elsewhere
/// before goes on leading there: phones keep the old menu for a while.
pub async fn make(work: &mut Work, account: AccountId, buttons: &[Button]) -> Result<HashMap<String, String>, Error> {
    let mut out = HashMap::new();
    for button in each(buttons).filter(|button| button.kind == Some(ButtonKind::View) && button.count_visits) {
        let Some(url) = button.url.as_deref() else { continue };
        let token = match known(work, account, &button.id, url).await? {
            Some(token) => token,
            None => {
                let token = URL_SAFE_NO_PAD.encode(work.ctx().random());
                add(work, account, &token, &button.id, url).await?;
                token
            }
        };
        out.insert(button.id.clone(), address(work.ctx(), &token));
    }
    Ok(out)
}

fn address(ctx: &Ctx, token: &str) -> String {
    format!("{}/r/{token}", ctx.public().url)
}

async fn known(work: &mut Work, account: AccountId, button: &str, url: &str) -> Result<Option<String>, Error> {
    let query = sql("select token from menu_links where tenant_id = ? and account_id = ? and button = ? and url = ? order by made_at, token limit 1")
        .bind(work.tenant())
        .bind(account)
        .bind(button)
        .bind(url);
    work.scalar(query).await
}

async fn add(work: &mut Work, account: AccountId, token: &str, button: &str, url: &str) -> Result<(), Error> {
    let query =
        sql("insert into menu_links (tenant_id, token, account_id, button, url, made_at) values (?, ?, ?, ?, ?, ?)")
            .bind(work.tenant())
            .bind(token)
            .bind(account)
            .bind(button)
            .bind(url)
            .bind(work.now());
    work.execute(query).await?;
    Ok(())
}

#[derive(FromRow)]
struct Link {
    tenant_id: i64,
    account_id: i64,
    button: String,
    url: String,
}

/// Whoever's it is: a visitor brings nothing but the word.
async fn find(ctx: &Ctx, token: &str) -> Result<Option<Link>, Error> {
    let query =
        sql("select tenant_id, account_id, button, url from menu_links where tenant_id is not null and token = ?")
            .bind(token);
    Ok(ctx.store().read().await?.one(query).await?)
}

async fn count(work: &mut Work, link: &Link) -> Result<(), Error> {
    let query = sql("insert into menu_visits (tenant_id, account_id, quarter, button, visits) values (?, ?, ?, ?, 1)
         on conflict (tenant_id, account_id, quarter, button) do update set visits = menu_visits.visits + 1")
    .bind(work.tenant())
    .bind(link.account_id)
    .bind(work.now() / QUARTER_MS)
    .bind(link.button.as_str());
    work.execute(query).await?;
    Ok(())
}

async fn follow(State(ctx): State<Ctx>, method: Method, Path(token): Path<String>) -> Response {
    match lead(&ctx, &token, method == Method::GET).await {
        Ok(Some(response)) => response,
        Ok(None) => absent(),
        Err(error) => error.into_response(),
    }
}

async fn lead(ctx: &Ctx, token: &str, counts: bool) -> Result<Option<Response>, Error> {
    if token.len() > 64 {
        return Ok(None);
    }
    let Some(link) = find(ctx, token).await? else { return Ok(None) };
    // Checked when it was written, and once more: this is the one place that sends strangers anywhere.
    let target = check::web(&link.url).and_then(|url| HeaderValue::from_str(url.as_str()).ok());
    let Some(target) = target else { return Ok(None) };
    if counts {
        let mut work = Work::begin(ctx, TenantId(link.tenant_id));
        let counted = async {
            count(&mut work, &link).await?;
            work.commit().await
        };
        // A visitor is not kept from where they want to go because we cannot count.
        if let Err(error) = counted.await {
            tracing::warn!(%error, "a visit could not be counted");
        }
    }
    let headers = [
        (header::LOCATION, target),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok(Some((StatusCode::FOUND, headers).into_response()))
}

/// For people: they tapped a button in a chat, and may not have the language of the console.
fn absent() -> Response {
    let page = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
        <title>404</title><h1>链接已失效</h1><p>请回到公众号，重新点击菜单。</p>\
        <p lang=\"en\">This link leads nowhere any more. Go back to the chat and tap the menu again.</p></html>";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ];
    (StatusCode::NOT_FOUND, headers, page).into_response()
}
