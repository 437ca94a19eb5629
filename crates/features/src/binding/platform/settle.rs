use std::time::Duration;

use entities::accounts::{
    self, Account, Encryption, Mode, NewAccount, Profile, VerificationSource,
    platform::{Component, find_refresh_token},
    secrets::{self, Field},
};
use jobs::{Job, Outcome};
use kit::{AccountId, Ctx, Error, TenantId, Work};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wechat::{
    Secret,
    api::component::get_authorizer_info::{self, AuthorizerInfo, GetAuthorizerInfo},
    rights::{AccountKind, VerifyType},
};
use wechat_client::{Failure, Next, TokenError};

use super::{GRANT_LEASE_MS, arrive, lease_name, opened, sealed, write_binding};
use crate::binding::{
    direct::{begin_import, random_word},
    model::{BindingState, Kind, unverified_params},
    store::{self, Grant, Waiting},
};

#[derive(Deserialize)]
struct Payload {
    app_id: String,
}

/// Tries this often before it gives up; with the pauses below, about an hour.
const TRIES: i64 = 12;

/// Goes on with a grant: exchanges its code if need be, asks who it is, and binds it for whoever waits.
pub async fn run_grant(ctx: Ctx, job: Job) -> Outcome {
    let Ok(Payload { app_id }) = serde_json::from_value(job.payload) else {
        return Outcome::GiveUp("the payload names no account".into());
    };
    let (problem, failed) = match step(&ctx, &app_id).await {
        Ok(Step::Done) => return Outcome::Done,
        Ok(Step::Busy) => return Outcome::Again { at: ctx.now() + 1000, problem: None },
        Err(Trouble::Later(why)) => (why, None),
        Err(Trouble::Never { code, why }) => (why, Some(code)),
    };
    if failed.is_none() && job.attempts < TRIES {
        let pause = 1000 << job.attempts.clamp(0, 9);
        return Outcome::Again { at: ctx.now() + pause, problem: Some(problem) };
    }
    if let Err(error) = fail(&ctx, &app_id, failed.unwrap_or("wechat_away")).await {
        tracing::error!(%error, "a binding that failed could not be marked so");
    }
    Outcome::GiveUp(problem)
}

enum Step {
    Done,
    /// Another is at it.
    Busy,
}

enum Trouble {
    Later(String),
    Never { code: &'static str, why: String },
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Later(match error {
            Error::Internal(why) | Error::Away(why) | Error::Broken { why, .. } => why,
            other => other.to_string(),
        })
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match (failure.next(), &failure) {
            (_, Failure::NoToken(TokenError::Away(_) | TokenError::Stopped { .. })) => Self::Later(failure.to_string()),
            (Next::Unauthorized, _) => Self::Never { code: "authorization_cancelled", why: failure.to_string() },
            _ => Self::Later(failure.to_string()),
        }
    }
}

async fn step(ctx: &Ctx, app_id: &str) -> Result<Step, Trouble> {
    let reading = ctx.store().read().await.map_err(Error::from)?;
    let grant = store::find_grant(&reading, app_id).await?;
    drop(reading);
    let Some(grant) = grant.filter(|grant| matches!(grant.state.as_str(), "heard" | "exchanged")) else {
        return Ok(Step::Done);
    };

    let name = lease_name(Some(app_id), grant.pre_auth_code.as_deref());
    let holder = ctx.new_id().to_string();
    let tx = ctx.store().write().await.map_err(Error::from)?;
    let mine = store::lease(&tx, &name, &holder, ctx.now(), ctx.now() + GRANT_LEASE_MS).await?;
    // Read again under the lease: the browser may have been quicker.
    let grant = store::find_grant(&tx, app_id).await?;
    tx.commit().await.map_err(Error::from)?;
    if !mine {
        return Ok(Step::Busy);
    }
    let done = match grant {
        Some(grant) => under_lease(ctx, grant).await,
        None => Ok(()),
    };
    let tx = ctx.store().write().await.map_err(Error::from)?;
    store::release(&tx, &name, &holder).await?;
    tx.commit().await.map_err(Error::from)?;
    done.map(|()| Step::Done)
}

async fn under_lease(ctx: &Ctx, grant: Grant) -> Result<(), Trouble> {
    let component = Component::of(ctx).ok_or_else(|| Trouble::Never {
        code: "platform_not_configured",
        why: "this hub has no platform any more".into(),
    })?;
    let grant = match grant.state.as_str() {
        "heard" => exchanged(ctx, &component, grant).await?,
        "exchanged" => grant,
        _ => return Ok(()),
    };
    let request = get_authorizer_info::Request {
        component_appid: component.app_id().to_owned(),
        authorizer_appid: grant.app_id.clone(),
    };
    let info = ctx.wechat().call_as::<GetAuthorizerInfo>(&component, &request).await?;
    let sets: Vec<i64> = info.authorization_info.sets().collect();
    let told =
        Told { info: info.authorizer_info, sets, refresh_token: info.authorization_info.authorizer_refresh_token };
    match settle(ctx, &grant, &told).await {
        // Somebody bound it between our look and our write; now there is an owner to see.
        Err(Error::Conflict { code: "account_taken", .. }) => Ok(settle(ctx, &grant, &told).await?),
        done => Ok(done?),
    }
}

/// Turns the code into a refresh token. One that WeChat does not take (any more) is looked up in its list instead:
/// we may have exchanged it and died.
async fn exchanged(ctx: &Ctx, component: &Component, grant: Grant) -> Result<Grant, Trouble> {
    let code = opened(ctx, &grant.app_id, "code", grant.sealed_code.as_deref().unwrap_or_default())?;
    let refresh_token = match arrive::exchange(ctx, &code).await {
        Ok(exchanged) if exchanged.app_id != grant.app_id => {
            return Err(Trouble::Never {
                code: "authorization_lost",
                why: "the code belongs to another account than the push".into(),
            });
        }
        Ok(exchanged) => exchanged.refresh_token,
        Err(Failure::Refused(refusal)) if refusal.next == Next::FixRequest => {
            let found = find_refresh_token(component, &grant.app_id).await?;
            Some(found.ok_or_else(|| Trouble::Never { code: "authorization_lost", why: refusal.to_string() })?)
        }
        Err(failure) => return Err(failure.into()),
    };
    let sealed_refresh_token =
        refresh_token.map(|token| sealed(ctx, &grant.app_id, "refresh_token", &token)).or(grant.sealed_refresh_token);
    let grant = Grant { sealed_code: None, sealed_refresh_token, state: "exchanged".into(), ..grant };
    let tx = ctx.store().write().await.map_err(Error::from)?;
    store::put_grant(&tx, grant.clone()).await?;
    tx.commit().await.map_err(Error::from)?;
    Ok(grant)
}

/// What WeChat tells of an account that authorised us.
struct Told {
    info: AuthorizerInfo,
    sets: Vec<i64>,
    refresh_token: Option<Secret>,
}

impl Told {
    fn profile(&self) -> Profile {
        let info = &self.info;
        Profile {
            nick_name: info.nick_name.clone(),
            alias: info.alias.clone(),
            principal_name: info.principal_name.clone(),
            avatar_url: Some(info.head_img.clone()).filter(|url| !url.is_empty()),
            service_type: info.service_type_info.id,
            verify_type: info.verify_type_info.id,
            verification_source: VerificationSource::Wechat,
        }
    }

    /// Why it cannot be bound.
    fn refusal(&self) -> Option<(&'static str, Json)> {
        let profile = self.profile();
        let kind = AccountKind::of_service_type(profile.service_type);
        match kind {
            Some(kind) if !self.info.is_mini_program() => {
                let verified = VerifyType(profile.verify_type).is_verified();
                (!verified).then(|| {
                    ("account_unverified", unverified_params(&profile.nick_name, Kind::from(kind), profile.verify_type))
                })
            }
            _ => Some(("not_official_account", json!({ "nick_name": profile.nick_name }))),
        }
    }
}

/// Binds, renews, or refuses, in one transaction.
async fn settle(ctx: &Ctx, grant: &Grant, told: &Told) -> Result<(), Error> {
    let reading = ctx.store().read().await?;
    let owner = accounts::owner_of_app(&reading, &grant.app_id).await?;
    let waiting = match &grant.pre_auth_code {
        Some(code) => store::binding_of_code(&reading, code).await?,
        None => None,
    }
    .filter(|waiting| !waiting.binding.state.is_over());
    drop(reading);
    match (owner, waiting) {
        (Some((tenant, id)), waiting) => renew(ctx, grant, told, tenant, id, waiting).await,
        (None, Some(waiting)) => bind(ctx, grant, told, waiting).await,
        // Kept until somebody claims it.
        (None, None) => Ok(()),
    }
}

/// The account is here already. Its owner here gets what is new, whoever asked; another tenant is refused (R14).
async fn renew(
    ctx: &Ctx,
    grant: &Grant,
    told: &Told,
    tenant: TenantId,
    id: AccountId,
    waiting: Option<Waiting>,
) -> Result<(), Error> {
    let mut work = Work::begin(ctx, tenant);
    let account = accounts::find(&mut work, id).await?;
    let theirs = waiting.as_ref().is_none_or(|waiting| waiting.tenant == tenant);
    if account.mode == Mode::Platform {
        keep_refresh_token(&mut work, grant, told, id).await?;
        accounts::set_profile(&mut work, id, &told.profile()).await?;
        accounts::set_permission_sets(&mut work, id, &told.sets).await?;
        if theirs && waiting.is_some() && !account.is_bound() && told.refusal().is_none() {
            accounts::set_status(&mut work, id, account.status.rebind()?).await?;
            begin_import(&mut work, id).await?;
        }
        claim(&mut work, grant, tenant).await?;
        accounts::tell(&mut work, id);
    }
    work.commit().await?;
    accounts::forget(ctx, &account).await;

    let Some(waiting) = waiting else { return Ok(()) };
    let mut work = Work::begin(ctx, waiting.tenant);
    let mut binding = waiting.binding;
    binding.state = BindingState::Refused;
    match told.refusal() {
        // Nothing is said of the other tenant, nor that there is one.
        _ if !theirs || account.mode == Mode::Direct => {
            binding.code = Some("account_taken".into());
            binding.params = json!({ "rule": "R14", "nick_name": told.info.nick_name, "own": theirs });
        }
        Some((code, params)) => {
            binding.code = Some(code.into());
            binding.params = params;
        }
        None => {
            binding.state = BindingState::Done;
            binding.account_id = Some(id);
        }
    }
    write_binding(&mut work, binding).await?;
    work.commit().await
}

/// A new account for the tenant that waits.
async fn bind(ctx: &Ctx, grant: &Grant, told: &Told, waiting: Waiting) -> Result<(), Error> {
    let mut work = Work::begin(ctx, waiting.tenant);
    let mut binding = waiting.binding;
    if let Some((code, params)) = told.refusal() {
        binding.state = BindingState::Refused;
        binding.code = Some(code.into());
        binding.params = params;
        store::put_grant(work.tx().await?, Grant { state: "refused".into(), ..grant.clone() }).await?;
        write_binding(&mut work, binding).await?;
        return work.commit().await;
    }
    let new = NewAccount {
        mode: Mode::Platform,
        app_id: grant.app_id.clone(),
        original_id: Some(told.info.user_name.clone()).filter(|name| !name.is_empty()),
        callback_key: random_word(),
        profile: told.profile(),
        encryption: Encryption::Safe,
        permission_sets: told.sets.clone(),
    };
    let id = accounts::insert(&mut work, &new).await?;
    keep_refresh_token(&mut work, grant, told, id).await?;
    claim(&mut work, grant, waiting.tenant).await?;
    let account = begin_import(&mut work, id).await?;
    binding.state = BindingState::Done;
    binding.account_id = Some(id);
    write_binding(&mut work, binding).await?;
    work.commit().await?;
    accounts::forget(ctx, &account).await;
    Ok(())
}

async fn keep_refresh_token(work: &mut Work, grant: &Grant, told: &Told, id: AccountId) -> Result<(), Error> {
    let ctx = work.ctx().clone();
    let token = match &grant.sealed_refresh_token {
        Some(sealed) => Some(opened(&ctx, &grant.app_id, "refresh_token", sealed)?),
        None => told.refresh_token.clone(),
    };
    if let Some(token) = token {
        secrets::put(work, id, Field::RefreshToken, &token).await?;
    }
    Ok(())
}

/// The account holds the refresh token now; the grant needs it no more.
async fn claim(work: &mut Work, grant: &Grant, tenant: TenantId) -> Result<(), Error> {
    let claimed = Grant {
        state: "claimed".into(),
        sealed_refresh_token: None,
        sealed_code: None,
        tenant_id: Some(tenant.0),
        ..grant.clone()
    };
    store::put_grant(work.tx().await?, claimed).await
}

/// Nothing will come of this grant; whoever waits is told.
async fn fail(ctx: &Ctx, app_id: &str, code: &'static str) -> Result<(), Error> {
    let reading = ctx.store().read().await?;
    let grant = store::find_grant(&reading, app_id).await?;
    let waiting = match grant.as_ref().and_then(|grant| grant.pre_auth_code.as_deref()) {
        Some(code) => store::binding_of_code(&reading, code).await?,
        None => None,
    };
    drop(reading);
    let Some(waiting) = waiting.filter(|waiting| !waiting.binding.state.is_over()) else { return Ok(()) };
    let mut work = Work::begin(ctx, waiting.tenant);
    let mut binding = waiting.binding;
    binding.state = BindingState::Failed;
    binding.code = Some(code.into());
    write_binding(&mut work, binding).await?;
    work.commit().await
}

/// Compares what we hold of each authorised account with what WeChat says: sets, verification, or that the
/// authorisation is gone. For the schedule, daily: pushes get lost.
pub async fn reread_accounts(ctx: Ctx) -> Result<(), Error> {
    let Some(component) = Component::of(&ctx) else { return Ok(()) };
    for (tenant, id) in store::platform_accounts(&ctx.store().read().await?).await? {
        let mut reading = Work::reading(&ctx, tenant);
        let account = match accounts::find(&mut reading, id).await {
            Ok(account) => account,
            Err(Error::NotFound) => continue,
            Err(error) => return Err(error),
        };
        drop(reading);
        reread(&ctx, &component, tenant, &account).await?;
        // Nobody waits for this; it must not crowd out what is urgent.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

async fn reread(ctx: &Ctx, component: &Component, tenant: TenantId, account: &Account) -> Result<(), Error> {
    let request = get_authorizer_info::Request {
        component_appid: component.app_id().to_owned(),
        authorizer_appid: account.app_id.clone(),
    };
    let answer = ctx.wechat().call_as::<GetAuthorizerInfo>(component, &request).await;
    let mut work = Work::begin(ctx, tenant);
    match answer {
        Ok(answer) => {
            let told = Told {
                sets: answer.authorization_info.sets().collect(),
                info: answer.authorizer_info,
                refresh_token: None,
            };
            accounts::set_profile(&mut work, account.id, &told.profile()).await?;
            accounts::set_permission_sets(&mut work, account.id, &told.sets).await?;
            accounts::tell(&mut work, account.id);
        }
        Err(failure) if failure.next() == Next::Unauthorized => {
            accounts::lost(&mut work, account.id, "authorization_cancelled").await?
        }
        Err(failure) => {
            tracing::warn!(%failure, account.id = account.id.0, "an account could not be read again");
            return Ok(());
        }
    }
    work.commit().await?;
    accounts::forget(ctx, account).await;
    Ok(())
}
