//! The people of a tenant: who is in, as what.

use axum::{Json, extract::State, http::StatusCode};
use entities::people::{self, Email, Person, PersonName, store};
use kit::{
    Allowed, Body, Ctx, Error, Millis, Page, PathId, PersonId, Role, Work,
    capability::can::{TeamRead, TeamWrite},
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    found::email_taken,
    words::{self, Password},
};

pub(super) fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(list_people, create_person)).routes(routes!(update_person, delete_person))
}

/// A person as others see them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PersonView {
    id: PersonId,
    name: String,
    email: String,
    role: Role,
    disabled_at: Option<Millis>,
    last_seen_at: Option<Millis>,
    created_at: Millis,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        let Person { id, name, email, role, disabled_at, last_seen_at, created_at, .. } = person;
        Self { id, name, email, role, disabled_at, last_seen_at, created_at }
    }
}

/// A new colleague, with a password to hand over.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPersonBody {
    name: PersonName,
    email: Email,
    role: Role,
    password: Password,
}

/// What an owner may change about somebody.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonPatch {
    name: Option<PersonName>,
    role: Option<Role>,
    disabled: Option<bool>,
    password: Option<Password>,
}

/// List the tenant's people, oldest first.
#[utoipa::path(get, path = "/api/v1/people", operation_id = "list_people", tag = "team",
    responses((status = 200, description = "Everybody", body = Page<PersonView>)))]
async fn list_people(mut work: Allowed<TeamRead>) -> Result<Json<Page<PersonView>>, Error> {
    Ok(Json(Page::whole(store::people(&mut work).await?).map(PersonView::from)))
}

/// Add a person.
#[utoipa::path(post, path = "/api/v1/people", operation_id = "create_person", tag = "team", request_body = NewPersonBody,
    responses((status = 201, description = "Added", body = PersonView), (status = 409, description = "`email_taken`", body = kit::Problem),
              (status = 422, description = "A field is wrong", body = kit::Problem)))]
async fn create_person(
    mut work: Allowed<TeamWrite>,
    Body(body): Body<NewPersonBody>,
) -> Result<(StatusCode, Json<PersonView>), Error> {
    let hash = words::hash(&body.password).await?;
    let person = add(&mut work, &body, &hash).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(person.into())))
}

/// Change somebody's name, role or password, or shut them out. Whatever touches their rights ends their sessions.
#[utoipa::path(patch, path = "/api/v1/people/{person}", operation_id = "update_person", tag = "team", request_body = PersonPatch,
    params(("person" = PersonId, Path, description = "Whom")),
    responses((status = 200, description = "As changed", body = PersonView), (status = 404, description = "Nobody here has this id", body = kit::Problem),
              (status = 409, description = "`last_owner`: somebody has to be left who may do everything", body = kit::Problem),
              (status = 422, description = "A field is wrong", body = kit::Problem)))]
async fn update_person(
    State(ctx): State<Ctx>,
    work: Allowed<TeamWrite>,
    PathId((id,)): PathId<(PersonId,)>,
    Body(patch): Body<PersonPatch>,
) -> Result<Json<PersonView>, Error> {
    let tenant = work.tenant();
    drop(work);
    // Absence is found out before a password is hashed, and for every id in the same way.
    store::person(&mut Work::reading(&ctx, tenant), id).await?;
    let hash = match &patch.password {
        Some(password) => Some(words::hash(password).await?),
        None => None,
    };
    let mut work = Work::begin(&ctx, tenant);
    let person = change(&mut work, id, patch, hash).await?;
    work.commit().await?;
    Ok(Json(person.into()))
}

/// Remove a person for good. What they did keeps their name.
#[utoipa::path(delete, path = "/api/v1/people/{person}", operation_id = "delete_person", tag = "team",
    params(("person" = PersonId, Path, description = "Whom")),
    responses((status = 204, description = "Removed, and signed out everywhere"), (status = 404, description = "Nobody here has this id", body = kit::Problem),
              (status = 409, description = "`last_owner`", body = kit::Problem)))]
async fn delete_person(mut work: Allowed<TeamWrite>, PathId((id,)): PathId<(PersonId,)>) -> Result<StatusCode, Error> {
    remove(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add(work: &mut Work, body: &NewPersonBody, hash: &str) -> Result<Person, Error> {
    let tenant = people::tenant(work).await?;
    let language = match work.caller().and_then(|caller| caller.person()) {
        Some(adder) => store::person(work, adder).await?.language,
        None => people::Language::Chinese,
    };
    let new = store::NewPerson {
        email: body.email.as_str(),
        name: body.name.as_str(),
        role: body.role,
        language,
        time_zone: tenant.time_zone,
        password_hash: hash,
    };
    let id = store::create_person(work, new).await?.ok_or_else(email_taken)?;
    store::person(work, id).await
}

async fn change(work: &mut Work, id: PersonId, patch: PersonPatch, hash: Option<String>) -> Result<Person, Error> {
    // Two owners who demote each other at once must not both succeed.
    store::lock_tenant(work).await?;
    let person = store::person(work, id).await?;
    let now = work.now();
    let role = patch.role.unwrap_or(person.role);
    let disabled_at = match patch.disabled {
        Some(true) => person.disabled_at.or(Some(now)),
        Some(false) => None,
        None => person.disabled_at,
    };
    if role != person.role || disabled_at != person.disabled_at {
        keep_an_owner(work, &person, role == Role::Owner && disabled_at.is_none()).await?;
        store::set_rights(work, id, role, disabled_at).await?;
        store::delete_sessions_of(work, id).await?;
    }
    if let Some(name) = patch.name {
        store::set_profile(work, id, name.as_str(), person.language, person.time_zone).await?;
    }
    if let Some(hash) = hash {
        store::set_password(work, id, &hash).await?;
        store::delete_sessions_of(work, id).await?;
    }
    store::person(work, id).await
}

async fn remove(work: &mut Work, id: PersonId) -> Result<(), Error> {
    store::lock_tenant(work).await?;
    let person = store::person(work, id).await?;
    keep_an_owner(work, &person, false).await?;
    store::delete_person(work, id).await
}

/// Refuses what would leave the tenant without anybody who may do everything.
async fn keep_an_owner(work: &mut Work, person: &Person, stays_owner: bool) -> Result<(), Error> {
    let is_owner = person.role == Role::Owner && person.disabled_at.is_none();
    if is_owner && !stays_owner && store::other_owners(work, person.id).await? == 0 {
        return Err(Error::conflict("last_owner", "this is the last owner; make somebody else an owner first"));
    }
    Ok(())
}
