use entities::accounts::{self, Mode, platform::keep_ticket};
use kit::{Ctx, Error, Work};
use wechat::message::{ComponentPush, ComponentPushKind, component::Authorization, release_test::is_test_account};

use super::{NOBODY, go_on, is_settled, mark_granted, sealed};
use crate::binding::store::{self, Grant};

/// A push to the platform, proved and opened. What it changes is durable when this returns; calls to WeChat that
/// follow from it are a job's.
pub async fn push(ctx: &Ctx, push: ComponentPush) -> Result<(), Error> {
    let at = push.create_time;
    match push.kind {
        ComponentPushKind::VerifyTicket { ticket } => keep_ticket(ctx, &ticket, at).await,
        // WeChat's own test accounts are nobody's.
        ComponentPushKind::Authorized(authorization) | ComponentPushKind::UpdateAuthorized(authorization)
            if is_test_account(authorization.authorizer_appid.as_str()) =>
        {
            Ok(())
        }
        ComponentPushKind::Authorized(authorization) | ComponentPushKind::UpdateAuthorized(authorization) => {
            authorized(ctx, authorization, at).await
        }
        ComponentPushKind::Unauthorized { authorizer_appid } => unauthorized(ctx, authorizer_appid.as_str(), at).await,
        ComponentPushKind::Unknown(unknown) => {
            tracing::info!(push.kind = unknown.info_type, "a push to the platform of a kind that is not acted on");
            Ok(())
        }
    }
}

/// An owner agreed, or changed what we may do. Kept until somebody claims it.
async fn authorized(ctx: &Ctx, authorization: Authorization, create_time: i64) -> Result<(), Error> {
    let app_id = authorization.authorizer_appid.as_str().to_owned();
    let pre_auth_code = authorization.pre_auth_code.as_ref().map(|code| code.expose().to_owned());
    let heard_at = create_time.saturating_mul(1000);

    let reading = ctx.store().read().await?;
    let waiting = match &pre_auth_code {
        Some(code) => store::binding_of_code(&reading, code).await?,
        None => None,
    };
    let owner = accounts::owner_of_app(&reading, &app_id).await?;
    drop(reading);

    let tenant = waiting.as_ref().map(|waiting| waiting.tenant).or(owner.map(|(tenant, _)| tenant));
    let mut work = Work::begin(ctx, tenant.unwrap_or(NOBODY));
    let before = store::find_grant(work.tx().await?, &app_id).await?;
    if let Some(before) = &before {
        if before.heard_at > heard_at {
            // Overtaken by a later push.
            return Ok(());
        }
        if is_settled(before, pre_auth_code.as_deref()) {
            // The browser was first: its code was for the same consent.
            store::put_grant(work.tx().await?, Grant { heard_at, ..before.clone() }).await?;
            return work.commit().await;
        }
    }
    let grant = Grant {
        sealed_code: Some(sealed(ctx, &app_id, "code", &authorization.authorization_code)),
        sealed_refresh_token: before.and_then(|before| before.sealed_refresh_token),
        app_id: app_id.clone(),
        pre_auth_code,
        tenant_id: tenant.map(|tenant| tenant.0),
        state: "heard".into(),
        heard_at,
    };
    store::put_grant(work.tx().await?, grant).await?;
    if let Some(waiting) = waiting {
        mark_granted(&mut work, waiting.binding).await?;
    }
    go_on(&mut work, &app_id, &create_time.to_string()).await?;
    work.commit().await
}

/// The owner cancelled: unbound at once, in the transaction that hears it (R17, P8).
async fn unauthorized(ctx: &Ctx, app_id: &str, create_time: i64) -> Result<(), Error> {
    let heard_at = create_time.saturating_mul(1000);
    let owner = accounts::owner_of_app(&ctx.store().read().await?, app_id).await?;
    let mut work = Work::begin(ctx, owner.map_or(NOBODY, |(tenant, _)| tenant));
    let before = store::find_grant(work.tx().await?, app_id).await?;
    if before.as_ref().is_some_and(|before| before.heard_at > heard_at) {
        // The owner has agreed again since.
        return Ok(());
    }
    let grant = Grant {
        app_id: app_id.to_owned(),
        pre_auth_code: None,
        sealed_code: None,
        sealed_refresh_token: None,
        tenant_id: owner.map(|(tenant, _)| tenant.0),
        state: "gone".into(),
        heard_at,
    };
    store::put_grant(work.tx().await?, grant).await?;
    let mut gone = None;
    if let Some((_, id)) = owner {
        let account = accounts::find(&mut work, id).await?;
        // A direct account's own secret goes on working.
        if account.mode == Mode::Platform {
            accounts::lost(&mut work, id, "authorization_cancelled").await?;
            gone = Some(account);
        }
    }
    work.commit().await?;
    if let Some(account) = gone {
        accounts::forget(ctx, &account).await;
    }
    Ok(())
}
