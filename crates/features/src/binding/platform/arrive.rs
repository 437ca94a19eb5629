use entities::accounts::platform::Component;
use kit::{BindingId, Caller, Ctx, Error, Work};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use wechat::{
    Secret,
    api::component::query_auth::{self, QueryAuth},
};
use wechat_client::Failure;

use super::{GRANT_LEASE_MS, begin::digest, go_on, lease_name, mark_granted, sealed};
use crate::binding::{
    model::BindingState,
    store::{self, Grant, Waiting},
};

/// What WeChat's page adds to the way back, and what we had put there.
#[derive(Debug, Deserialize)]
pub struct Returned {
    pub binding: BindingId,
    pub state: Secret,
    pub auth_code: Secret,
}

/// The browser is back with a code. It must be the session that began, with the state it was given.
///
/// What fails at WeChat here is not an error: the push brings a code of its own.
pub async fn come_back(ctx: &Ctx, caller: &Caller, returned: Returned) -> Result<(), Error> {
    let mut reading = Work::reading(ctx, caller.tenant);
    let waiting = store::find_binding(&mut reading, returned.binding).await?;
    drop(reading);
    let session = caller.session.as_deref().map(digest).unwrap_or_default();
    let ours =
        digest(returned.state.expose().as_bytes()).ct_eq(&waiting.state_hash) & session.ct_eq(&waiting.session_hash);
    if !bool::from(ours) {
        return Err(Error::conflict("binding_session", "this is not the browser that began the binding"));
    }
    if !matches!(waiting.binding.state, BindingState::Waiting | BindingState::Granted) {
        return Ok(());
    }
    let name = lease_name(None, Some(&waiting.pre_auth_code));
    let holder = ctx.new_id().to_string();
    let mut work = Work::begin(ctx, caller.tenant);
    let now = work.now();
    let mine = store::lease(work.tx().await?, &name, &holder, now, now + GRANT_LEASE_MS).await?;
    mark_granted(&mut work, waiting.binding.clone()).await?;
    work.commit().await?;
    if !mine {
        // The push is being worked on.
        return Ok(());
    }
    let exchanged = exchange(ctx, &returned.auth_code).await;
    let mut work = Work::begin(ctx, caller.tenant);
    match exchanged {
        Ok(exchanged) => keep(&mut work, &waiting, exchanged).await?,
        Err(failure) => {
            tracing::warn!(%failure, binding.id = waiting.binding.id.0, "the browser's code could not be exchanged; waiting for the push")
        }
    }
    store::release(work.tx().await?, &name, &holder).await?;
    work.commit().await
}

/// What a code is worth.
pub(super) struct Exchanged {
    pub app_id: String,
    pub refresh_token: Option<Secret>,
}

/// Exchanges a code, which can be done once.
pub(super) async fn exchange(ctx: &Ctx, code: &Secret) -> Result<Exchanged, Failure> {
    let component = Component::of(ctx).ok_or_else(|| Failure::NotSent("this hub has no platform".into()))?;
    let request =
        query_auth::Request { component_appid: component.app_id().to_owned(), authorization_code: code.clone() };
    let info = ctx.wechat().call_as::<QueryAuth>(&component, &request).await?.authorization_info;
    Ok(Exchanged {
        app_id: info.authorizer_appid,
        refresh_token: info.authorizer_refresh_token.filter(|token| !token.is_empty()),
    })
}

/// The refresh token is durable before it is used (P17). One that did not come never replaces one that did.
async fn keep(work: &mut Work, waiting: &Waiting, exchanged: Exchanged) -> Result<(), Error> {
    let ctx = work.ctx().clone();
    let before = store::find_grant(work.tx().await?, &exchanged.app_id).await?;
    let sealed_refresh_token = match &exchanged.refresh_token {
        Some(token) => Some(sealed(&ctx, &exchanged.app_id, "refresh_token", token)),
        None => before.as_ref().and_then(|before| before.sealed_refresh_token.clone()),
    };
    let grant = Grant {
        app_id: exchanged.app_id.clone(),
        pre_auth_code: Some(waiting.pre_auth_code.clone()),
        sealed_code: None,
        sealed_refresh_token,
        tenant_id: Some(waiting.tenant.0),
        state: "exchanged".into(),
        heard_at: before.map_or(0, |before| before.heard_at),
    };
    store::put_grant(work.tx().await?, grant).await?;
    go_on(work, &exchanged.app_id, &waiting.binding.id.to_string()).await
}
