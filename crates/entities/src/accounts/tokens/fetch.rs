use kit::{Ctx, Work};
use wechat::{
    Secret,
    api::{
        component::get_authorizer_token::{self, GetAuthorizerToken},
        token::{
            get_stable_token::{self, GetStableToken},
            get_token::GRANT_TYPE,
        },
    },
};
use wechat_client::{Failure, Next, TokenError};

use super::{Intent, away};
use crate::accounts::{
    Mode,
    platform::{Component, find_refresh_token},
    secrets::{self, Field},
};

pub struct Fetched {
    pub token: Secret,
    /// Seconds.
    pub expires_in: i64,
    /// Whatever refresh token came back.
    pub refresh_token: Option<Secret>,
}

pub struct NotFetched {
    pub error: TokenError,
    /// Certainly no token was made, so that the try does not count.
    pub nothing_was_given: bool,
}

impl From<TokenError> for NotFetched {
    fn from(error: TokenError) -> Self {
        Self { error, nothing_was_given: true }
    }
}

impl From<Failure> for NotFetched {
    fn from(failure: Failure) -> Self {
        let nothing_was_given = failure.is_definite();
        let error = match failure {
            Failure::Refused(refusal) if refusal.next == Next::Unauthorized => TokenError::Unauthorized,
            Failure::Refused(refusal) if refusal.next == Next::Unclear => TokenError::Away(refusal.to_string()),
            Failure::Refused(refusal) => {
                TokenError::Refused { errcode: refusal.body.errcode.0, errmsg: refusal.body.errmsg }
            }
            Failure::NoToken(error) => error,
            Failure::NotSent(_) | Failure::Unclear(_) => TokenError::Away(failure.to_string()),
        };
        Self { error, nothing_was_given }
    }
}

/// Asks WeChat for a token, once.
pub async fn fetch(ctx: &Ctx, intent: &Intent) -> Result<Fetched, NotFetched> {
    match intent.account.mode {
        Mode::Direct => stable(ctx, intent).await,
        Mode::Platform => authorizer(ctx, intent).await,
    }
}

/// The stable token: asking again gives the same, so that nodes and other programs do not disturb each other.
async fn stable(ctx: &Ctx, intent: &Intent) -> Result<Fetched, NotFetched> {
    let secret = intent.secret.clone().ok_or_else(|| TokenError::Away("the account has no app secret".into()))?;
    let request = get_stable_token::Request {
        grant_type: GRANT_TYPE.to_owned(),
        appid: intent.account.app_id.clone(),
        secret,
        force_refresh: false,
    };
    let response = match ctx.wechat().call::<GetStableToken>(None, &request).await {
        Ok(response) => response,
        // The direct account's owner cannot cancel what was never granted: whatever is refused here, a person puts right.
        Err(Failure::Refused(refusal)) if refusal.next != Next::Unclear => {
            return Err(TokenError::Refused { errcode: refusal.body.errcode.0, errmsg: refusal.body.errmsg }.into());
        }
        Err(failure) => return Err(failure.into()),
    };
    Ok(Fetched { token: response.access_token, expires_in: response.expires_in, refresh_token: None })
}

const REFRESH_TOKEN_INVALID: i64 = 61023;

async fn authorizer(ctx: &Ctx, intent: &Intent) -> Result<Fetched, NotFetched> {
    let component = Component::of(ctx).ok_or_else(|| TokenError::Away("this hub has no platform any more".into()))?;
    let ours = match &intent.secret {
        Some(ours) => ours.clone(),
        None => recovered(ctx, intent, &component).await?.ok_or(TokenError::Unauthorized)?,
    };
    match refresh(ctx, intent, &component, &ours).await {
        Err(Failure::Refused(refusal)) if refusal.body.errcode.0 == REFRESH_TOKEN_INVALID => {
            let theirs = recovered(ctx, intent, &component)
                .await?
                .filter(|theirs| *theirs != ours)
                .ok_or(TokenError::Unauthorized)?;
            Ok(refresh(ctx, intent, &component, &theirs).await?)
        }
        done => Ok(done?),
    }
}

async fn refresh(
    ctx: &Ctx,
    intent: &Intent,
    component: &Component,
    refresh_token: &Secret,
) -> Result<Fetched, Failure> {
    let request = get_authorizer_token::Request {
        component_appid: component.app_id().to_owned(),
        authorizer_appid: intent.account.app_id.clone(),
        authorizer_refresh_token: refresh_token.clone(),
    };
    let response = ctx.wechat().call_as::<GetAuthorizerToken>(component, &request).await?;
    let refresh_token = Some(response.authorizer_refresh_token).filter(|token| !token.is_empty());
    Ok(Fetched { token: response.authorizer_access_token, expires_in: response.expires_in, refresh_token })
}

/// The refresh token as WeChat knows it, durable before it is used.
async fn recovered(ctx: &Ctx, intent: &Intent, component: &Component) -> Result<Option<Secret>, NotFetched> {
    let Some(found) = find_refresh_token(component, &intent.account.app_id).await? else { return Ok(None) };
    let mut work = Work::begin(ctx, intent.tenant);
    secrets::put(&mut work, intent.account.id, Field::RefreshToken, &found).await.map_err(away)?;
    work.commit().await.map_err(away)?;
    tracing::info!(account.id = intent.account.id.0, "a lost refresh token was found in WeChat's list");
    Ok(Some(found))
}
