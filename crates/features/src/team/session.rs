//! Signing in and out, and what people may change about themselves.

use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use entities::people::{Email, Language, Person, PersonName, TimeZone, store};
use kit::{Allowed, Body, Capability, Ctx, Error, PersonId, Role, TenantId, Work, capability::can::SignedIn};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::Secret;

use super::{
    attempts::{Attempts, ClientAddress},
    authenticate::{COOKIE, LONGEST_MS, refuse_other_sites},
    words::{self, Password, random_word, token_hash},
};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_session, create_session, update_session, delete_session))
        .routes(routes!(change_password))
}

/// Who is signed in, and what they may do.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    person: MyPerson,
    tenant: MyTenant,
    role: Role,
    capabilities: Vec<Capability>,
    /// Send it back as `x-csrf-token` with everything but GET.
    csrf_token: String,
    sandbox_url: Option<String>,
    /// Of the hub.
    version: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MyPerson {
    id: PersonId,
    name: String,
    email: String,
    language: Language,
    time_zone: TimeZone,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MyTenant {
    id: TenantId,
    name: String,
    time_zone: TimeZone,
}

/// E-mail and password.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInBody {
    email: String,
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// What people may change about themselves.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ProfileBody {
    name: Option<PersonName>,
    language: Option<Language>,
    time_zone: Option<TimeZone>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordBody {
    #[schema(value_type = String, format = Password)]
    current: Secret,
    new: Password,
}

/// Sign in.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "create_session", tag = "session", request_body = SignInBody,
    responses((status = 201, description = "Signed in; the cookie is set", body = Me),
              (status = 401, description = "The e-mail or the password is wrong; which of them is not said", body = kit::Problem),
              (status = 429, description = "Too many tries for this e-mail or from this address", body = kit::Problem)))]
async fn create_session(
    State(ctx): State<Ctx>,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Body(body): Body<SignInBody>,
) -> Result<Response, Error> {
    refuse_other_sites(&headers)?;
    let address = address.map(|Extension(address)| address);
    let email = body.email.trim().to_lowercase();
    let attempts = ctx.slot::<Attempts>();
    attempts.begin(&email, address, ctx.now())?;
    let known = match Email::try_from(email.clone()) {
        Ok(email) => store::sign_in(&ctx, email.as_str()).await?,
        Err(_) => None,
    };
    let right = words::verify(&body.password, known.as_ref().map(|known| known.password_hash.clone())).await?;
    let Some(known) = known.filter(|known| right && known.disabled_at.is_none()) else {
        return Err(Error::Unauthenticated);
    };
    attempts.right(&email, address, ctx.now());
    let mut work = Work::begin(&ctx, TenantId(known.tenant_id));
    let (me, cookie) = begin(&mut work, PersonId(known.id), known.version).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, [cookie], Json(me)).into_response())
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", operation_id = "get_session", tag = "session",
    responses((status = 200, description = "Who is signed in", body = Me), (status = 401, description = "Nobody is", body = kit::Problem)))]
async fn get_session(mut work: Allowed<SignedIn>) -> Result<Json<Me>, Error> {
    Ok(Json(me(&mut work).await?))
}

/// Change one's own name, language or time zone.
#[utoipa::path(patch, path = "/api/v1/session", operation_id = "update_session", tag = "session", request_body = ProfileBody,
    responses((status = 200, description = "As changed", body = Me), (status = 422, description = "A field is wrong", body = kit::Problem)))]
async fn update_session(mut work: Allowed<SignedIn>, Body(body): Body<ProfileBody>) -> Result<Json<Me>, Error> {
    let person = myself(&mut work).await?;
    let name = body.name.map_or(person.name, PersonName::into_string);
    store::set_profile(
        &mut work,
        person.id,
        &name,
        body.language.unwrap_or(person.language),
        body.time_zone.unwrap_or(person.time_zone),
    )
    .await?;
    let me = me(&mut work).await?;
    work.commit().await?;
    Ok(Json(me))
}

/// Change one's own password. Every other session of the person ends.
#[utoipa::path(put, path = "/api/v1/session/password", operation_id = "change_password", tag = "session", request_body = PasswordBody,
    responses((status = 204, description = "Changed"), (status = 422, description = "`current` is wrong, or `new` is too short", body = kit::Problem)))]
async fn change_password(
    State(ctx): State<Ctx>,
    work: Allowed<SignedIn>,
    Body(body): Body<PasswordBody>,
) -> Result<StatusCode, Error> {
    let caller = work.caller().clone();
    let (Some(person), Some(session)) = (caller.person(), caller.session.clone()) else {
        return Err(Error::Unauthenticated);
    };
    drop(work);
    let mut reading = Work::reading(&ctx, caller.tenant);
    let email = store::person(&mut reading, person).await?.email;
    let stored = store::password_hash(&mut reading, person).await?;
    // Hashing takes long; no transaction stays open over it.
    drop(reading);
    let attempts = ctx.slot::<Attempts>();
    attempts.begin(&email, None, ctx.now())?;
    if !words::verify(&body.current, Some(stored)).await? {
        return Err(Error::field("current", "wrong_password", "that is not the password"));
    }
    attempts.right(&email, None, ctx.now());
    let hash = words::hash(&body.new).await?;
    let mut work = Work::begin(&ctx, caller.tenant);
    let version = store::set_password(&mut work, person, &hash).await?;
    store::renew_session(&mut work, &session, version).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/session", operation_id = "delete_session", tag = "session", responses((status = 204, description = "Signed out; the cookie is cleared")))]
async fn delete_session(mut work: Allowed<SignedIn>) -> Result<Response, Error> {
    if let Some(session) = work.caller().session.clone() {
        store::delete_session(&mut work, &session).await?;
    }
    let cookie = set_cookie(work.ctx(), "", 0)?;
    work.commit().await?;
    Ok((StatusCode::NO_CONTENT, [cookie]).into_response())
}

/// Begins a session: what to answer, and the cookie's header.
pub(super) async fn begin(
    work: &mut Work,
    person: PersonId,
    person_version: i64,
) -> Result<(Me, (HeaderName, HeaderValue)), Error> {
    let (token, csrf_token) = (random_word(32), random_word(24));
    let session = store::NewSession {
        token_hash: &token_hash(&token),
        person,
        person_version,
        csrf_token: &csrf_token,
        expires_at: work.now() + LONGEST_MS,
    };
    store::create_session(work, session).await?;
    store::person_seen(work, person).await?;
    let person = store::person(work, person).await?;
    let cookie = set_cookie(work.ctx(), &token, LONGEST_MS / 1000)?;
    Ok((describe(work, person, csrf_token).await?, cookie))
}

async fn me(work: &mut Allowed<SignedIn>) -> Result<Me, Error> {
    let person = myself(work).await?;
    let session = work.caller().session.clone().ok_or(Error::Unauthenticated)?;
    let csrf_token = store::csrf_token(work, &session).await?;
    describe(work, person, csrf_token).await
}

/// The person behind a request. A key is nobody.
async fn myself(work: &mut Allowed<SignedIn>) -> Result<Person, Error> {
    let id = work.caller().person().ok_or(Error::Unauthenticated)?;
    store::person(work, id).await
}

async fn describe(work: &mut Work, person: Person, csrf_token: String) -> Result<Me, Error> {
    let tenant = store::tenant(work).await?;
    Ok(Me {
        role: person.role,
        capabilities: Capability::ALL.into_iter().filter(|capability| person.role.allows(*capability)).collect(),
        person: MyPerson {
            id: person.id,
            name: person.name,
            email: person.email,
            language: person.language,
            time_zone: person.time_zone,
        },
        tenant: MyTenant { id: tenant.id, name: tenant.name, time_zone: tenant.time_zone },
        csrf_token,
        sandbox_url: work.ctx().public().sandbox_url.clone(),
        version: env!("CARGO_PKG_VERSION"),
    })
}

fn set_cookie(ctx: &Ctx, token: &str, seconds: i64) -> Result<(HeaderName, HeaderValue), Error> {
    let secure = if ctx.public().secure_cookies { "; Secure" } else { "" };
    let line = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    Ok((header::SET_COOKIE, HeaderValue::from_str(&line).map_err(Error::internal)?))
}
