//! Binding by AppID and secret, and what can be changed of such a binding afterwards.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entities::{
    accounts::{
        self, Account, Function, Mode, NewAccount, Profile, VerificationSource,
        secrets::{self, Field},
        tokens,
    },
    imports,
};
use kit::{AccountId, Ctx, Error, TenantId, Work, http::Faults};
use rand::RngCore;
use wechat::{AppId, Secret, crypto::EncodingAesKey, rights::VerifyType};

use super::{
    model::{AccountPatch, AccountView, Kind, NewAccountBody, cancel_params, unverified_params},
    probe, view,
};

/// Unguessable, and short enough for an address.
#[expect(
    clippy::disallowed_methods,
    reason = "the secret part of a callback address must be unguessable, also in tests"
)]
pub fn random_word() -> String {
    let mut bytes = [0u8; 24];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn check_token(faults: &mut Faults, token: &Secret) {
    let fits =
        (3..=32).contains(&token.expose().len()) && token.expose().bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !fits {
        faults.add("token", "token", "token must be 3 to 32 letters and digits");
    }
}

fn check_key(faults: &mut Faults, key: &Secret) {
    faults.take("encoding_aes_key", "encoding_aes_key", EncodingAesKey::parse(key.expose()));
}

fn check_secret(faults: &mut Faults, secret: &Secret) {
    let fits =
        (1..=128).contains(&secret.expose().len()) && secret.expose().bytes().all(|byte| byte.is_ascii_graphic());
    if !fits {
        faults.add("app_secret", "app_secret", "app_secret must be visible ASCII characters");
    }
}

fn check_name(faults: &mut Faults, name: &str) {
    if name.trim().is_empty() || name.chars().count() > 60 {
        faults.add("nick_name", "length", "nick_name must be 1 to 60 characters");
    }
}

fn check(body: &NewAccountBody) -> Result<(), Error> {
    let mut faults = Faults::default();
    if body.mode != Mode::Direct {
        faults.add("mode", "mode", "only direct accounts are made here; for platform accounts begin a binding");
    }
    faults.take("app_id", "app_id", AppId::try_from(body.app_id.trim()));
    check_secret(&mut faults, &body.app_secret);
    check_token(&mut faults, &body.token);
    check_key(&mut faults, &body.encoding_aes_key);
    if let Some(name) = &body.nick_name {
        check_name(&mut faults, name);
    }
    if body.verify_type.is_some_and(|verify| !(-1..=5).contains(&verify)) {
        faults.add("verify_type", "range", "verify_type must be -1 to 5");
    }
    faults.check()
}

/// Binds an account: WeChat takes the secret, the account is verified, and nobody has it yet.
pub async fn bind(ctx: &Ctx, tenant: TenantId, body: NewAccountBody) -> Result<AccountView, Error> {
    check(&body)?;
    let app_id = body.app_id.trim().to_owned();
    refuse_taken(ctx, &app_id).await?;
    let token = probe::first_token(ctx, &app_id, &body.app_secret).await?;
    let nick_name = body.nick_name.as_deref().map_or(app_id.as_str(), str::trim).to_owned();
    let profile = profile(ctx, &token.access_token, &body, nick_name).await?;

    let mut work = Work::begin(ctx, tenant);
    let new = NewAccount {
        mode: Mode::Direct,
        app_id,
        original_id: None,
        callback_key: random_word(),
        profile,
        encryption: body.encryption,
        permission_sets: Vec::new(),
    };
    let id = accounts::insert(&mut work, &new).await?;
    secrets::put(&mut work, id, Field::AppSecret, &body.app_secret).await?;
    secrets::put(&mut work, id, Field::Token, &body.token).await?;
    secrets::put(&mut work, id, Field::EncodingAesKey, &body.encoding_aes_key).await?;
    tokens::keep_first(&mut work, id, &token.access_token, token.expires_in).await?;
    let account = begin_import(&mut work, id).await?;
    let view = view::of(&mut work, account.clone()).await?;
    work.commit().await?;
    accounts::forget(ctx, &account).await;
    Ok(view)
}

/// Before WeChat is asked; two at once meet at the database's constraint all the same.
async fn refuse_taken(ctx: &Ctx, app_id: &str) -> Result<(), Error> {
    match accounts::owner_of_app(&ctx.store().read().await?, app_id).await? {
        Some(_) => Err(accounts::taken()),
        None => Ok(()),
    }
}

/// What is known of the account: WeChat's word where it can be had, the person's where not.
async fn profile(ctx: &Ctx, token: &Secret, body: &NewAccountBody, nick_name: String) -> Result<Profile, Error> {
    let given = body.verify_type.map(|verify| VerifyType(verify).is_verified());
    let seen = probe::is_verified(ctx, token).await;
    let verified = seen
        .or(given)
        .ok_or_else(|| Error::WeChatAway("WeChat did not let us see whether the account is verified".into()))?;
    let verify_type = match (body.verify_type, verified) {
        (Some(verify), verified) if VerifyType(verify).is_verified() == verified => verify,
        (_, true) => 0,
        (_, false) => -1,
    };
    if !verified {
        let params = unverified_params(&nick_name, body.kind.unwrap_or(Kind::Subscription), verify_type);
        return Err(unverified(params));
    }
    let (kind, source) = match body.kind {
        Some(kind) if given.is_some() => (kind, VerificationSource::Given),
        Some(kind) => (kind, VerificationSource::Probe),
        None => {
            let kind = probe::kind(ctx, token).await.ok_or_else(|| {
                Error::field(
                    "kind",
                    "unknown",
                    "WeChat did not let us see whether this is a subscription or a service account; say which",
                )
            })?;
            (kind, VerificationSource::Probe)
        }
    };
    Ok(Profile {
        nick_name,
        alias: String::new(),
        principal_name: String::new(),
        avatar_url: None,
        service_type: kind.service_type(),
        verify_type,
        verification_source: source,
    })
}

/// R6.
pub fn unverified(params: serde_json::Value) -> Error {
    Error::Unacceptable {
        code: "account_unverified",
        detail: "an account that is not verified by WeChat cannot be bound".into(),
        params,
    }
}

/// Its fans become customers (R15), as far as it may list them.
pub async fn begin_import(work: &mut Work, id: AccountId) -> Result<Account, Error> {
    let account = accounts::find(work, id).await?;
    if account.may(Function::FanImport).is_ok() {
        imports::start(work, id).await?;
    }
    accounts::tell(work, id);
    Ok(account)
}

/// Changes an account. A new secret is tried at WeChat first.
pub async fn update(ctx: &Ctx, tenant: TenantId, id: AccountId, patch: AccountPatch) -> Result<AccountView, Error> {
    let mut reading = Work::reading(ctx, tenant);
    let account = accounts::find(&mut reading, id).await?;
    drop(reading);
    check_patch(&account, &patch)?;
    let token = match &patch.app_secret {
        Some(secret) => Some(probe::first_token(ctx, &account.app_id, secret).await?),
        None => None,
    };

    let mut work = Work::begin(ctx, tenant);
    let account = accounts::find(&mut work, id).await?;
    let fields = [
        (Field::AppSecret, &patch.app_secret),
        (Field::Token, &patch.token),
        (Field::EncodingAesKey, &patch.encoding_aes_key),
    ];
    for (field, secret) in fields {
        if let Some(secret) = secret {
            secrets::put(&mut work, id, field, secret).await?;
        }
    }
    if let Some(token) = token {
        tokens::keep_first(&mut work, id, &token.access_token, token.expires_in).await?;
        accounts::clear_problem(&mut work, id, &[tokens::PROBLEM_REFUSED, tokens::PROBLEM_CONTESTED]).await?;
    }
    let nick_name = patch.nick_name.as_deref().map_or(account.nick_name.as_str(), str::trim);
    accounts::set_settings(
        &mut work,
        id,
        nick_name,
        patch.encryption.unwrap_or(account.encryption),
        patch.listen_only.unwrap_or(account.listen_only),
        patch.allowance.unwrap_or(account.allowance),
    )
    .await?;
    accounts::tell(&mut work, id);
    let view = view::find(&mut work, id).await?;
    work.commit().await?;
    accounts::forget(ctx, &account).await;
    Ok(view)
}

fn check_patch(account: &Account, patch: &AccountPatch) -> Result<(), Error> {
    let mut faults = Faults::default();
    if account.mode == Mode::Platform {
        let own = [
            ("nick_name", patch.nick_name.is_some()),
            ("app_secret", patch.app_secret.is_some()),
            ("token", patch.token.is_some()),
            ("encoding_aes_key", patch.encoding_aes_key.is_some()),
            ("encryption", patch.encryption.is_some()),
        ];
        for (field, _) in own.into_iter().filter(|(_, given)| *given) {
            faults.add(field, "platform_account", "this account authorised the platform; WeChat gives this");
        }
    }
    if let Some(name) = &patch.nick_name {
        check_name(&mut faults, name);
    }
    if let Some(secret) = &patch.app_secret {
        check_secret(&mut faults, secret);
    }
    if let Some(token) = &patch.token {
        check_token(&mut faults, token);
    }
    if let Some(key) = &patch.encoding_aes_key {
        check_key(&mut faults, key);
    }
    faults.check()
}

/// Unbinds a directly bound account. One that authorised the platform is cancelled at WeChat, by its owner alone (R18).
pub async fn unbind(work: &mut Work, id: AccountId) -> Result<Account, Error> {
    let account = accounts::find(work, id).await?;
    if account.mode == Mode::Platform && account.is_bound() {
        return Err(still_bound(&account));
    }
    accounts::unbind(work, id).await?;
    accounts::find(work, id).await
}

/// The refusal of what needs an account that is not bound.
pub fn still_bound(account: &Account) -> Error {
    let (detail, params) = match account.mode {
        Mode::Platform => ("cancel the authorisation at WeChat first", cancel_params()),
        Mode::Direct => ("unbind the account first", serde_json::Value::Null),
    };
    Error::Conflict { code: "account_bound", detail: detail.into(), params }
}

/// Binds a directly bound account again, with the secret it had. Its customers are as they were, and the import
/// catches up with what happened meanwhile (R20). What was held stays held until a person decides (P8).
pub async fn rebind(ctx: &Ctx, tenant: TenantId, id: AccountId) -> Result<AccountView, Error> {
    let mut reading = Work::reading(ctx, tenant);
    let account = accounts::find(&mut reading, id).await?;
    if account.mode == Mode::Platform {
        return Err(Error::conflict(
            "scan_needed",
            "this account authorised the platform; its administrator must scan again",
        ));
    }
    let secret = secrets::current(&mut reading, id, Field::AppSecret)
        .await?
        .ok_or_else(|| Error::broken("account_secrets", id.0, "no app secret"))?;
    drop(reading);
    let token = probe::first_token(ctx, &account.app_id, &secret).await?;
    if probe::is_verified(ctx, &token.access_token).await == Some(false) {
        return Err(unverified(unverified_params(&account.nick_name, account.kind().into(), -1)));
    }

    let mut work = Work::begin(ctx, tenant);
    let account = accounts::find(&mut work, id).await?;
    if !account.is_bound() {
        accounts::set_status(&mut work, id, account.status.rebind()?).await?;
        tokens::keep_first(&mut work, id, &token.access_token, token.expires_in).await?;
        begin_import(&mut work, id).await?;
    }
    let view = view::find(&mut work, id).await?;
    work.commit().await?;
    accounts::forget(ctx, &account).await;
    Ok(view)
}
