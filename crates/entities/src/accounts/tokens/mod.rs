//! The token keeper: the one place that fetches access tokens.
//!
//! A token is a row; a refresh writes only over the version that was seen. Inside this process one task at a
//! time fetches for an account, between nodes a lease decides, and at most two tokens are fetched in ten
//! minutes (P16): after that, somebody else keeps replacing them, and a person is told.
//! One gets in by [`Keeper`], with which every call for an account is made.

mod fetch;
mod store;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use kit::{
    AccountId, Ctx, Error, Millis, TenantId, Work,
    drill::{self, Mistake},
    keyring::Unopened,
};
use wechat::Secret;
use wechat_client::{Token, TokenError, TokenSource};

use super::{Account, Mode, Status, lost, platform, secrets, tell};
use fetch::{Fetched, NotFetched};

/// A token with less to live than this is replaced. In its last five minutes WeChat hands out the next one, and both work.
pub(super) const MARGIN_MS: Millis = 4 * 60_000;
/// Two fetches in any such stretch of time, no more.
pub(super) const LIMIT_WINDOW_MS: Millis = 10 * 60_000;
/// Longer than a call can take.
pub(super) const FETCH_LEASE_MS: Millis = 30_000;
/// How often one looks whether another node has come to an end, and the rest between.
pub(super) const PATIENCE: u32 = 500;
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// WeChat gives no token for the account: the secret is wrong, or our address is not on its list.
pub const PROBLEM_REFUSED: &str = "token_refused";
/// Somebody else keeps replacing the account's token.
pub const PROBLEM_CONTESTED: &str = "token_contested";

pub(super) fn away(error: Error) -> TokenError {
    TokenError::Away(match error {
        Error::Away(why) | Error::Internal(why) | Error::Broken { why, .. } => why,
        other => other.to_string(),
    })
}

pub(super) fn sealed_away(error: Unopened) -> TokenError {
    TokenError::Away(error.to_string())
}

/// The source of one account's token.
#[derive(Clone)]
pub struct Keeper {
    ctx: Ctx,
    tenant: TenantId,
    account: AccountId,
}

impl Keeper {
    pub fn new(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Self {
        Self { ctx: ctx.clone(), tenant, account }
    }
}

impl TokenSource for Keeper {
    async fn token(&self) -> Result<Token, TokenError> {
        token(&self.ctx, self.tenant, self.account).await
    }

    async fn refused(&self, version: i64) -> Result<(), TokenError> {
        refused(&self.ctx, self.tenant, self.account, version).await
    }
}

/// Who is fetching, in this process.
#[derive(Default)]
struct Flights(Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<()>>>>);

/// The account's token, fetched when the one in the row is about to run out.
pub async fn token(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Result<Token, TokenError> {
    let token = match usable(ctx, tenant, account).await? {
        Some((token, Life::Long)) => return Ok(token),
        Some((token, Life::Short)) => Some(token),
        None => None,
    };
    let flight = {
        let flights = ctx.slot::<Flights>();
        let mut flights = flights.0.lock().unwrap_or_else(PoisonError::into_inner);
        flights.entry(account).or_default().clone()
    };
    let _alone = match (flight.try_lock(), token) {
        (Ok(alone), _) => alone,
        // Somebody is at it, and this one is good for a little while.
        (Err(_), Some(token)) => return Ok(token),
        (Err(_), None) => flight.lock().await,
    };
    let holder = ctx.new_id().to_string();
    for _ in 0..PATIENCE {
        match begin(ctx, tenant, account, &holder).await? {
            Begun::Ready(token) => return Ok(token),
            Begun::Wait => tokio::time::sleep(PAUSE).await,
            Begun::Fetch(intent) => {
                drill::place("token.noted");
                let fetched = fetch::fetch(ctx, &intent).await;
                drill::place("token.received");
                let kept = end(ctx, &intent, fetched).await;
                drill::place("token.stored");
                return kept;
            }
        }
    }
    Err(TokenError::Away("another node is fetching this account's token and does not come to an end".into()))
}

/// WeChat refused the token of this version: it is used no more, by no node.
pub async fn refused(ctx: &Ctx, tenant: TenantId, account: AccountId, version: i64) -> Result<(), TokenError> {
    let mut work = Work::begin(ctx, tenant);
    store::expire(&mut work, account, version).await.map_err(away)?;
    work.commit().await.map_err(away)
}

/// A token that came with the account's binding. It counts as fetched.
pub async fn keep_first(work: &mut Work, account: AccountId, token: &Secret, expires_in: i64) -> Result<(), Error> {
    let now = work.now();
    let sealed = work.ctx().keyring().seal(&place(work.tenant(), account), token.expose());
    store::put_first(work, account, sealed, now + expires_in * 1000).await
}

/// The right to fetch once, written down before the call.
pub(super) struct Intent {
    pub tenant: TenantId,
    pub account: Account,
    /// The version that will be replaced.
    seen: i64,
    /// When the two fetches before this one were, to give the right back.
    fetches: (Millis, Millis),
    holder: String,
    /// The app secret of a direct account, or the refresh token of one that authorised us.
    pub secret: Option<Secret>,
}

enum Begun {
    Ready(Token),
    Wait,
    Fetch(Box<Intent>),
}

fn place(tenant: TenantId, account: AccountId) -> String {
    format!("account_tokens|{tenant}|{account}|token")
}

fn lease_name(tenant: TenantId, account: AccountId) -> String {
    format!("token:{tenant}:{account}")
}

fn opened(ctx: &Ctx, tenant: TenantId, account: AccountId, row: &store::Row) -> Result<Token, TokenError> {
    let secret = ctx.keyring().open(&place(tenant, account), &row.sealed).map_err(sealed_away)?;
    Ok(Token { secret, version: row.version })
}

/// How long a token is still good for.
enum Life {
    Long,
    /// It works, and should be replaced.
    Short,
}

/// The token in the row, when it has life left.
async fn usable(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Result<Option<(Token, Life)>, TokenError> {
    let mut work = Work::reading(ctx, tenant);
    let found = store::find_with_status(&mut work, account).await.map_err(away)?.ok_or(TokenError::Unauthorized)?;
    if found.status != Status::Bound.as_str() {
        return Err(TokenError::Unauthorized);
    }
    let now = ctx.now();
    let Some(row) = found.token.filter(|row| row.expires_at > now) else { return Ok(None) };
    let life = if row.expires_at > now + MARGIN_MS { Life::Long } else { Life::Short };
    Ok(Some((opened(ctx, tenant, account, &row)?, life)))
}

/// Finds a token that somebody fetched meanwhile, or takes the right to fetch.
async fn begin(ctx: &Ctx, tenant: TenantId, id: AccountId, holder: &str) -> Result<Begun, TokenError> {
    let mut work = Work::begin(ctx, tenant);
    let now = work.now();
    let account = match super::store::find(&mut work, id).await {
        Ok(account) if account.status == Status::Bound => account,
        Ok(_) | Err(Error::NotFound) => return Err(TokenError::Unauthorized),
        Err(error) => return Err(away(error)),
    };
    store::ensure(&mut work, id).await.map_err(away)?;
    let row = store::find(&mut work, id)
        .await
        .map_err(away)?
        .ok_or_else(|| TokenError::Away("a token's row was made and is gone".into()))?;
    if row.expires_at > now + MARGIN_MS {
        return Ok(Begun::Ready(opened(ctx, tenant, id, &row)?));
    }
    let alive = if row.expires_at > now { Some(opened(ctx, tenant, id, &row)?) } else { None };
    let until_ms = row.window_start + LIMIT_WINDOW_MS;
    if row.window_start > 0 && now < until_ms && !drill::is_made(Mistake::FetchTokensAtWill) {
        if let Some(token) = alive {
            return Ok(Begun::Ready(token));
        }
        if super::store::set_problem(&mut work, id, PROBLEM_CONTESTED, None).await.map_err(away)? {
            tell(&mut work, id);
        }
        work.commit().await.map_err(away)?;
        return Err(TokenError::Stopped { until_ms });
    }
    let leased =
        platform::lease(work.tx().await.map_err(away)?, &lease_name(tenant, id), holder, now, now + FETCH_LEASE_MS)
            .await
            .map_err(away)?;
    if !leased {
        return Ok(alive.map_or(Begun::Wait, Begun::Ready));
    }
    let field = if account.mode == Mode::Direct { secrets::Field::AppSecret } else { secrets::Field::RefreshToken };
    let secret = secrets::current(&mut work, id, field).await.map_err(away)?;
    store::note_fetch(&mut work, id, now, row.fetched_at).await.map_err(away)?;
    work.commit().await.map_err(away)?;
    let fetches = (row.fetched_at, row.window_start);
    Ok(Begun::Fetch(Box::new(Intent {
        tenant,
        account,
        seen: row.version,
        fetches,
        holder: holder.to_owned(),
        secret,
    })))
}

/// Writes what came of it, and gives the lease back.
async fn end(ctx: &Ctx, intent: &Intent, fetched: Result<Fetched, NotFetched>) -> Result<Token, TokenError> {
    let id = intent.account.id;
    let mut work = Work::begin(ctx, intent.tenant);
    let written = async {
        match &fetched {
            Ok(fetched) => {
                let sealed = ctx.keyring().seal(&place(intent.tenant, id), fetched.token.expose());
                store::replace(&mut work, id, intent.seen, sealed, ctx.now() + fetched.expires_in * 1000).await?;
                if let Some(refresh_token) = &fetched.refresh_token {
                    secrets::put(&mut work, id, secrets::Field::RefreshToken, refresh_token).await?;
                }
                if super::store::clear_problem(&mut work, id, &[PROBLEM_REFUSED, PROBLEM_CONTESTED]).await? {
                    tell(&mut work, id);
                }
            }
            Err(NotFetched { error, nothing_was_given }) => {
                if *nothing_was_given {
                    store::note_fetch(&mut work, id, intent.fetches.0, intent.fetches.1).await?;
                }
                match error {
                    TokenError::Unauthorized => lost(&mut work, id, "authorization_cancelled").await?,
                    TokenError::Refused { errcode, .. } => {
                        if super::store::set_problem(&mut work, id, PROBLEM_REFUSED, Some(*errcode)).await? {
                            tell(&mut work, id);
                        }
                    }
                    TokenError::Stopped { .. } | TokenError::Away(_) => {}
                }
            }
        }
        platform::release(work.tx().await?, &lease_name(intent.tenant, id), &intent.holder).await?;
        store::find(&mut work, id).await
    };
    let row = written.await.map_err(away)?;
    work.commit().await.map_err(away)?;
    fetched.map_err(|not| not.error)?;
    // What the row holds now, which is another node's when ours took too long.
    let row = row.ok_or(TokenError::Unauthorized)?;
    opened(ctx, intent.tenant, id, &row)
}
