//! The console's files, from the binary, under a strict content policy. Nothing is fetched from elsewhere.

use std::borrow::Cow;

use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use features::team::words::random_word;
use kit::Error;
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/console/dist"]
#[allow_missing = true]
struct Console;

const NONCE_MARK: &str = "__CSP_NONCE__";

/// Whatever no route took: a file of the console, or its page.
pub async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") || path.starts_with("/wx/") || path.starts_with("/metrics") {
        return Error::NotFound.into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Error::NotFound.into_response();
    }
    let name = path.trim_start_matches('/');
    match Console::get(name) {
        Some(file) if name != "index.html" => serve(&request, name, file),
        // A file that is missing must not be answered with a page: the browser would run it as a script.
        None if name.starts_with("assets/") => Error::NotFound.into_response(),
        _ => page(),
    }
}

fn serve(request: &Request, name: &str, file: EmbeddedFile) -> Response {
    let tag: String =
        file.metadata.sha256_hash().iter().take(12).fold(String::from("\""), |tag, byte| tag + &format!("{byte:02x}"))
            + "\"";
    // Vite writes a hash into the names of what it builds.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "public, max-age=600" };
    let known =
        request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) == Some(tag.as_str());
    let headers = [(header::CACHE_CONTROL, cache.to_owned()), (header::ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let body: Cow<'static, [u8]> = file.data;
    let kind = [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())];
    (headers, kind, body.into_owned()).into_response()
}

/// The console's page, with a nonce of its own.
fn page() -> Response {
    let Some(file) = Console::get("index.html") else {
        let text = "The console is not in this binary: build it with `npm run build --workspace web/console` and compile again. The API is at /api/docs.\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let nonce = random_word(18);
    html(String::from_utf8_lossy(&file.data).replace(NONCE_MARK, &nonce), &nonce)
}

/// A page of ours under the policy. Styles that libraries put into the page carry the nonce; style *attributes*
/// are set through the DOM, which no policy forbids, so `unsafe-inline` is not needed.
pub fn html(text: String, nonce: &str) -> Response {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; connect-src 'self'; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    );
    let mut response =
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], text)
            .into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}
