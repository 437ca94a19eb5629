//! What happens around every request: its id, its line in the log, its counters, and the headers that every
//! answer carries. A panic below becomes a problem like any other.

use std::{
    any::Any,
    net::{IpAddr, SocketAddr},
    time::Instant,
};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use features::team::{ClientAddress, words::random_word};
use kit::Error;
use metrics::{counter, histogram};
use tracing::Instrument;

/// The id of a request, also in the header `x-request-id` of its answer and the `trace_id` of a problem.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The outermost layer.
pub async fn around(State(behind_proxy): State<bool>, mut request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(|| random_word(12));
    let address = client_address(&request, behind_proxy);
    request.extensions_mut().insert(RequestId(id.clone()));
    if let Some(address) = address {
        request.extensions_mut().insert(ClientAddress(address));
    }
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let span = tracing::info_span!("request", request.id = %id, http.method = %method, http.route = %route);
    let began = Instant::now();
    let mut response = kit::http::with_trace_id(id.clone(), next.run(request).instrument(span.clone())).await;
    let (status, took) = (response.status(), began.elapsed());
    span.in_scope(|| match status.as_u16() {
        500.. => tracing::warn!(http.status = status.as_u16(), duration_ms = took.as_millis() as u64, "answered"),
        _ => tracing::debug!(http.status = status.as_u16(), duration_ms = took.as_millis() as u64, "answered"),
    });
    let class = format!("{}xx", status.as_u16() / 100);
    counter!("hongyan_http_requests_total", "method" => method.to_string(), "route" => route.clone(), "status" => class).increment(1);
    histogram!("hongyan_http_seconds", "route" => route).record(took);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        // The rest of the body is not read, so nothing can follow it on this connection.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    stamp(response.headers_mut());
    response
}

/// Headers of every answer.
pub fn stamp(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // WeChat's authorisation page opens only for a link that stood on the platform's own domain, which it sees by the
    // Referer. Other sites learn the origin and nothing of the path.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // What does not say otherwise is for this reader and this moment only.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// A caller's own id is kept if it is short and plain.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!id.is_empty() && id.len() <= 64 && id.chars().all(plain)).then(|| id.to_owned())
}

/// Behind a proxy, the last address it added is the one it saw; those before are claims.
fn client_address(request: &Request, behind_proxy: bool) -> Option<IpAddr> {
    let forwarded = || {
        request
            .headers()
            .get_all("x-forwarded-for")
            .iter()
            .next_back()?
            .to_str()
            .ok()?
            .rsplit(',')
            .next()?
            .trim()
            .parse()
            .ok()
    };
    let peer = || request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if behind_proxy { forwarded().or_else(peer) } else { peer() }
}

/// A panic as a problem. Its text goes to the log only.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no text");
    Error::Internal(format!("a panic: {said}")).into_response()
}

/// A path that exists, asked in a way that does not.
pub async fn method_not_allowed() -> Response {
    let mut response = Error::NotFound.into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}
