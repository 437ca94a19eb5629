//! The phone's pages, files, QR pictures, and the door of the authorisation page.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::act::authorize::Opened;
use crate::people;
use crate::portrait;
use crate::sandbox::Sandbox;
use crate::wx::picture;

/// What `npm run build` made of web/phone; absent until then.
#[derive(RustEmbed)]
#[folder = "../../web/phone/dist"]
#[allow_missing = true]
struct Phone;

/// The one page the phone's own router takes on from.
pub(crate) async fn index(State(sandbox): State<Sandbox>) -> Response {
    match Phone::get("index.html").filter(|_| sandbox.0.phone_files) {
        Some(page) => Html(page.data.into_owned()).into_response(),
        None => {
            (StatusCode::NOT_FOUND, "The phone's pages are not part of this build. The control API is at /sandbox/api.")
                .into_response()
        }
    }
}

/// Anything else that was built: scripts, styles, pictures.
pub(crate) async fn asset(State(sandbox): State<Sandbox>, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    match Phone::get(path).filter(|_| sandbox.0.phone_files) {
        Some(file) => {
            let kind = file.metadata.mimetype().to_owned();
            // Names under assets carry a digest of what is in them.
            (
                [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=31536000, immutable".to_owned())],
                file.data.into_owned(),
            )
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// GET /cgi-bin/componentloginpage, and its twins for phones: the authorisation page, or WeChat's
/// error page.
pub(crate) async fn component_login(
    State(sandbox): State<Sandbox>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let text = |name: &str| query.get(name).cloned().unwrap_or_default();
    let opened = Opened {
        component_appid: text("component_appid"),
        pre_auth_code: text("pre_auth_code"),
        redirect_uri: text("redirect_uri"),
        auth_type: text("auth_type").parse().ok(),
        biz_appid: text("biz_appid"),
        category_ids: text("category_id_list").split('|').filter_map(|id| id.parse().ok()).collect(),
    };
    let referer = headers.get(header::REFERER).and_then(|referer| referer.to_str().ok());
    match sandbox.open_page(opened, referer) {
        Ok(()) => index(State(sandbox)).await,
        Err(error) => {
            let why = error.to_string().replace('&', "&amp;").replace('<', "&lt;");
            let page = format!(
                "<!doctype html><meta charset=\"utf-8\"><title>授权失败</title><main><h1>授权失败</h1><p id=\"error\">{why}</p></main>"
            );
            Html(page).into_response()
        }
    }
}

/// GET /cgi-bin/showqrcode: the picture of a code; 404 once it has expired.
pub(crate) async fn show_qrcode(
    State(sandbox): State<Sandbox>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let url = {
        let world = sandbox.world();
        let now_ms = world.now_ms();
        query
            .get("ticket")
            .and_then(|ticket| world.qrs.get(ticket))
            .filter(|qr| qr.is_live(now_ms))
            .map(|qr| qr.url.clone())
    };
    match url.and_then(|url| picture(&url)) {
        Some(jpeg) => ([(header::CONTENT_TYPE, "image/jpg")], jpeg).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// GET /sandbox/files/{id}: media, avatars of people, heads and cards of accounts.
pub(crate) async fn file(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    let named = |prefix: &str, suffix: &str| id.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix));
    let jpeg = |bytes: Vec<u8>| ([(header::CONTENT_TYPE, "image/jpeg")], bytes).into_response();
    if let Some(number) = named("avatar-", ".jpg").and_then(|number| number.parse().ok()) {
        return jpeg(portrait::person(people::person(number).avatar.hue));
    }
    let world = sandbox.world();
    if let Some(account) = named("head-", ".jpg").and_then(|appid| world.account(appid)) {
        return jpeg(portrait::account(&format!("{}{}", account.appid, account.nick_name)));
    }
    if let Some(account) = named("card-", ".jpg").and_then(|appid| world.account(appid)) {
        let text = format!("http://weixin.qq.com/r/{}", account.original_id);
        return match picture(&text) {
            Some(card) => jpeg(card),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    match world.media.get(&id) {
        Some(media) => ([(header::CONTENT_TYPE, media.content_type.clone())], media.bytes.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
