//! `Idempotency-Key`: a POST that is repeated with its key is done once and answered the same (P4).
//!
//! The key is claimed before the request is done and its answer kept for a day, sealed, because an answer may
//! hold a secret that is shown once. A request that dies halfway leaves its key claimed: whoever repeats it is
//! told that nobody knows what came of it, for doing it again could do it twice.

use std::{sync::Arc, time::Duration};

use ::store::FromRow;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use kit::{Authenticate, Ctx, Error, TenantId, Work, sql};
use sha2::{Digest, Sha256};

use crate::layers::RequestId;

/// Above the largest file that is taken.
const LARGEST: usize = 32 << 20;
/// In characters, all of them visible ASCII.
pub const LONGEST_KEY: usize = 200;
const KEPT_MS: i64 = 24 * 3600 * 1000;
/// How long a repeated request waits for the first one.
const PATIENCE: Duration = Duration::from_secs(25);

/// A key in its place.
struct Claim {
    tenant: TenantId,
    operation: String,
    key: String,
    body_hash: Vec<u8>,
}

/// Whether a key is looked at in a POST to this path: at all of the API but what is about signing in.
pub fn is_taken(path: &str) -> bool {
    path.starts_with("/api/v1/") && !matches!(path, "/api/v1/session" | "/api/v1/setup")
}

/// The middleware. Only POSTs that carry a key which is taken pass through it.
pub async fn once(
    State((ctx, authenticate)): State<(Ctx, Arc<dyn Authenticate>)>,
    request: Request,
    next: Next,
) -> Response {
    let key = request.headers().get("idempotency-key").cloned();
    let applies = request.method() == Method::POST && is_taken(request.uri().path());
    match key {
        Some(key) if applies => {
            guarded(ctx, authenticate, key, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn guarded(
    ctx: Ctx,
    authenticate: Arc<dyn Authenticate>,
    key: HeaderValue,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY).map(str::to_owned);
    let key = key
        .ok_or_else(|| Error::field("Idempotency-Key", "shape", "the key must be 1 to 200 visible ASCII characters"))?;
    let (parts, body) = request.into_parts();
    let caller = authenticate.caller(&ctx, &parts).await?;
    let body = to_bytes(body, LARGEST).await.map_err(|_| Error::TooLarge)?;
    let claim = Claim {
        tenant: caller.tenant,
        operation: format!("{} {}", parts.method, parts.uri.path()),
        key,
        body_hash: hash(&parts.headers, &body),
    };
    if !take(&ctx, &claim).await? {
        return repeated(&ctx, &claim).await;
    }
    let id = parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let request = Request::from_parts(parts, Body::from(body));
    // In a task of its own: a browser that hangs up must not stop what it will ask for again.
    let doing = tokio::spawn(kit::http::with_trace_id(id, do_once(ctx, claim, request, next)));
    doing.await.map_err(Error::internal)?
}

/// What two bodies that are the same have in common. A form is parted by a word that its sender draws anew each time.
fn hash(headers: &HeaderMap, body: &Bytes) -> Vec<u8> {
    let Some(boundary) = boundary(headers) else { return Sha256::digest(body).to_vec() };
    let mut hash = Sha256::new();
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(boundary.as_bytes()) {
            Some(rest) => {
                hash.update(b"--");
                hash.update(rest);
            }
            None => hash.update(line),
        }
    }
    hash.finalize().to_vec()
}

/// How lines begin that part a form; none when the body is no form.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let mut parameters = content_type.split(';').map(str::trim);
    parameters.next().filter(|kind| kind.eq_ignore_ascii_case("multipart/form-data"))?;
    let word = parameters.find_map(|parameter| parameter.strip_prefix("boundary="))?.trim_matches('"');
    (!word.is_empty()).then(|| format!("--{word}"))
}

async fn do_once(ctx: Ctx, claim: Claim, request: Request, next: Next) -> Result<Response, Error> {
    let (parts, body) = next.run(request).await.into_parts();
    let body = to_bytes(body, LARGEST).await.map_err(Error::internal)?;
    if parts.status.is_success() {
        keep(&ctx, &claim, parts.status, &parts.headers, &body).await?;
    } else {
        // Nothing was done, so the key is free for a better try.
        release(&ctx, &claim).await?;
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// What the first request was answered, once it is.
async fn repeated(ctx: &Ctx, claim: &Claim) -> Result<Response, Error> {
    let began = tokio::time::Instant::now();
    loop {
        let Some(kept) = look(ctx, claim).await? else {
            return Err(Error::conflict("idempotency_failed", "the first request with this key failed; try again"));
        };
        if kept.body_hash != claim.body_hash {
            return Err(Error::unacceptable("idempotency_reused", "this Idempotency-Key was used with another body"));
        }
        if kept.status != 0 {
            return answer(ctx, claim, &kept);
        }
        if began.elapsed() > PATIENCE {
            return Err(Error::conflict(
                "idempotency_unknown",
                "the first request with this key has not been answered; look what came of it before trying with another key",
            ));
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

fn answer(ctx: &Ctx, claim: &Claim, kept: &Kept) -> Result<Response, Error> {
    let sealed = STANDARD.decode(&kept.answer).map_err(Error::internal)?;
    let text = ctx.keyring().open(&place(claim), &sealed).map_err(Error::internal)?;
    let (content_type, body) =
        text.expose().split_once('\n').ok_or_else(|| Error::internal("a kept answer has no type"))?;
    let status =
        u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    let mut response = (status, body.to_owned()).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if let Ok(value) = HeaderValue::from_str(content_type)
        && !content_type.is_empty()
    {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    Ok(response)
}

fn place(claim: &Claim) -> String {
    format!("idempotency_keys|{}|{}|{}|answer", claim.tenant, claim.operation, claim.key)
}

#[derive(FromRow)]
struct Kept {
    body_hash: Vec<u8>,
    status: i64,
    answer: String,
}

async fn take(ctx: &Ctx, claim: &Claim) -> Result<bool, Error> {
    let mut work = Work::begin(ctx, claim.tenant);
    let now = work.now();
    let taken = work
        .execute(
            sql("insert into idempotency_keys (tenant_id, operation, key, body_hash, status, answer, created_at) values (?, ?, ?, ?, 0, '', ?) on conflict do nothing")
                .bind(claim.tenant)
                .bind(claim.operation.as_str())
                .bind(claim.key.as_str())
                .bind(claim.body_hash.clone())
                .bind(now),
        )
        .await?;
    work.commit().await?;
    Ok(taken == 1)
}

async fn look(ctx: &Ctx, claim: &Claim) -> Result<Option<Kept>, Error> {
    let mut work = Work::reading(ctx, claim.tenant);
    work.one(
        sql("select body_hash, status, answer from idempotency_keys where tenant_id = ? and operation = ? and key = ?")
            .bind(claim.tenant)
            .bind(claim.operation.as_str())
            .bind(claim.key.as_str()),
    )
    .await
}

async fn keep(ctx: &Ctx, claim: &Claim, status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Result<(), Error> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let text = format!("{content_type}\n{}", String::from_utf8_lossy(body));
    let sealed = STANDARD.encode(ctx.keyring().seal(&place(claim), &text));
    let mut work = Work::begin(ctx, claim.tenant);
    work.execute(
        sql("update idempotency_keys set status = ?, answer = ? where tenant_id = ? and operation = ? and key = ?")
            .bind(i64::from(status.as_u16()))
            .bind(sealed)
            .bind(claim.tenant)
            .bind(claim.operation.as_str())
            .bind(claim.key.as_str()),
    )
    .await?;
    work.commit().await
}

async fn release(ctx: &Ctx, claim: &Claim) -> Result<(), Error> {
    let mut work = Work::begin(ctx, claim.tenant);
    work.execute(
        sql("delete from idempotency_keys where tenant_id = ? and operation = ? and key = ?")
            .bind(claim.tenant)
            .bind(claim.operation.as_str())
            .bind(claim.key.as_str()),
    )
    .await?;
    work.commit().await
}

/// Forgets the keys of more than a day ago, of all tenants.
pub async fn sweep(ctx: Ctx) -> Result<(), Error> {
    let tx = ctx.store().write().await?;
    tx.execute(
        sql("delete from idempotency_keys where tenant_id is not null and created_at < ?").bind(ctx.now() - KEPT_MS),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
