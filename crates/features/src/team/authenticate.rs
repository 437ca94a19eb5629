//! Finds out who a request comes from, anew on every request, so that a change of rights holds at once (P29).

use axum::http::{HeaderMap, Method, header, request::Parts};
use entities::people::store;
use futures::future::BoxFuture;
use kit::{Actor, Authenticate, Caller, Ctx, Error, Millis, PersonId, Role, TenantId, Work};
use subtle::ConstantTimeEq;

use super::words::token_hash;

/// The cookie that holds a session's token.
pub const COOKIE: &str = "hy_session";
/// A session ends this long after it began…
pub const LONGEST_MS: Millis = 30 * 24 * 3600 * 1000;
/// … or after it was last used.
pub const IDLE_MS: Millis = 7 * 24 * 3600 * 1000;
/// Being about is written down this often at most.
const NOTED_MS: Millis = 60 * 1000;

/// Checks sessions and API keys.
#[derive(Debug, Default)]
pub struct Authenticator;

impl Authenticate for Authenticator {
    fn caller<'a>(&'a self, ctx: &'a Ctx, parts: &'a Parts) -> BoxFuture<'a, Result<Caller, Error>> {
        Box::pin(async move {
            if let Some(key) = bearer(&parts.headers) {
                return by_key(ctx, &token_hash(key)).await;
            }
            let token = cookie(&parts.headers).ok_or(Error::Unauthenticated)?;
            let hash = token_hash(token);
            let (caller, csrf_token) = by_session(ctx, &hash).await?;
            if !matches!(parts.method, Method::GET | Method::HEAD) {
                check_csrf(&parts.headers, &csrf_token)?;
            }
            Ok(caller)
        })
    }
}

/// Whether a caller who was let in would be let in still. For answers that go on for a long time.
pub async fn still_in(ctx: &Ctx, headers: &HeaderMap) -> bool {
    let found = match (bearer(headers), cookie(headers)) {
        (Some(key), _) => by_key(ctx, &token_hash(key)).await.map(|_| ()),
        (None, Some(token)) => by_session(ctx, &token_hash(token)).await.map(|_| ()),
        (None, None) => Err(Error::Unauthenticated),
    };
    found.is_ok()
}

async fn by_session(ctx: &Ctx, hash: &[u8]) -> Result<(Caller, String), Error> {
    let row = store::session(ctx, hash).await?.ok_or(Error::Unauthenticated)?;
    let now = ctx.now();
    let over = row.expires_at <= now
        || now - row.used_at > IDLE_MS
        || row.person_version != row.version
        || row.disabled_at.is_some();
    if over {
        return Err(Error::Unauthenticated);
    }
    let role =
        Role::parse(&row.role).ok_or_else(|| Error::broken("people", row.person_id, "its role makes no sense"))?;
    let (tenant, person) = (TenantId(row.tenant_id), PersonId(row.person_id));
    if now - row.used_at > NOTED_MS {
        note(ctx, tenant, async |work| {
            store::session_used(work, hash).await?;
            store::person_seen(work, person).await
        })
        .await;
    }
    let actor = Actor::Person { id: person, name: row.name, role };
    Ok((Caller { tenant, actor, session: Some(hash.to_vec()) }, row.csrf_token))
}

async fn by_key(ctx: &Ctx, hash: &[u8]) -> Result<Caller, Error> {
    let (tenant, key) = store::key(ctx, hash).await?.ok_or(Error::Unauthenticated)?;
    if key.last_used_at.is_none_or(|at| ctx.now() - at > NOTED_MS) {
        note(ctx, tenant, async |work| store::key_used(work, key.id).await).await;
    }
    Ok(Caller { tenant, actor: Actor::Key { id: key.id, name: key.name, scopes: key.scopes }, session: None })
}

/// Writes down that somebody is about. That it fails is no reason to turn them away.
async fn note(ctx: &Ctx, tenant: TenantId, write: impl AsyncFnOnce(&mut Work) -> Result<(), Error>) {
    let mut work = Work::begin(ctx, tenant);
    let noted = match write(&mut work).await {
        Ok(()) => work.commit().await,
        Err(error) => Err(error),
    };
    if let Err(error) = noted {
        tracing::warn!(%error, "the last use of a session or key could not be written down");
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// The session's token from the `Cookie` headers.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

fn check_csrf(headers: &HeaderMap, expected: &str) -> Result<(), Error> {
    let given = headers.get("x-csrf-token").map(|value| value.as_bytes()).unwrap_or_default();
    if bool::from(given.ct_eq(expected.as_bytes())) { Ok(()) } else { Err(Error::Csrf) }
}

/// Signing in needs no token yet, so other sites' pages are turned away by what browsers say of themselves.
pub(super) fn refuse_other_sites(headers: &HeaderMap) -> Result<(), Error> {
    match headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        Some("cross-site" | "same-site") => Err(Error::Csrf),
        _ => Ok(()),
    }
}

/// Sweeps sessions that time has ended. For the program's schedule.
pub async fn sweep_sessions(ctx: Ctx) -> Result<(), Error> {
    let mut work = Work::begin(&ctx, TenantId(0));
    let idle_since = work.now() - IDLE_MS;
    store::delete_expired_sessions(&mut work, idle_since).await?;
    work.commit().await
}
