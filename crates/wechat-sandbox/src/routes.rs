//! Every address of the sandbox.

use std::time::{Duration, UNIX_EPOCH};

use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Router, middleware};

use crate::sandbox::Sandbox;
use crate::{article_page, control, once_page, pages, wx};

/// A film in a data URL.
const CONTROL_BODY: usize = 16 << 20;

pub(crate) fn router(sandbox: &Sandbox) -> Router {
    control::router()
        .layer(DefaultBodyLimit::max(CONTROL_BODY))
        .route("/", get(pages::index))
        .route("/authorize", get(pages::index))
        .route("/control", get(pages::index))
        .route("/assets/{*path}", get(pages::asset))
        .route("/favicon.ico", get(pages::asset))
        .route("/favicon.svg", get(pages::asset))
        .route("/sandbox/files/{id}", get(pages::file))
        .route("/cgi-bin/componentloginpage", get(pages::component_login))
        .route("/wxaopen/safe/bindcomponent", get(pages::component_login))
        .route("/safe/bindcomponent", get(pages::component_login))
        .route("/cgi-bin/showqrcode", get(pages::show_qrcode))
        .route("/cgi-bin/{*path}", any(wx::call))
        .route("/sns/{*path}", any(wx::call))
        .route("/customservice/{*path}", any(wx::call))
        .route("/datacube/{*path}", any(wx::call))
        .route("/s/{slug}", get(article_page::show).post(article_page::act))
        .route("/wxaapi/{*path}", any(wx::call))
        .route("/mp/subscribemsg", get(once_page::ask).post(once_page::answer))
        .layer(middleware::map_response_with_state(sandbox.clone(), dated))
        .with_state(sandbox.clone())
}

/// WeChat's answers say what time it is there.
async fn dated(State(sandbox): State<Sandbox>, mut response: Response) -> Response {
    let now = u64::try_from(sandbox.0.clock.now_ms()).unwrap_or(0);
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_millis(now));
    if let Ok(date) = date.parse() {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
