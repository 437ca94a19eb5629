//! Founding a tenant with its first owner: by set-up in the browser, by the command line, by the demo.

use entities::people::{Email, Language, PersonName, TenantName, TimeZone, store};
use kit::{Ctx, Error, PersonId, Role, TenantId, Work};

use super::words::{self, Password};

/// A tenant before it exists.
pub struct NewTenant {
    pub tenant_name: TenantName,
    pub name: PersonName,
    pub email: Email,
    pub password: Password,
    pub language: Language,
    /// Only as long as there is no tenant at all.
    pub first: bool,
}

/// Writes the tenant and its owner, in a work of the new tenant that the caller commits.
pub async fn found_tenant(ctx: &Ctx, new: &NewTenant) -> Result<(Work, PersonId), Error> {
    let hash = words::hash(&new.password).await?;
    let mut work = Work::begin(ctx, TenantId(ctx.new_id()));
    if new.first && !store::claim_setup(&mut work).await? {
        return Err(set_up_already());
    }
    store::create_tenant(&mut work, new.tenant_name.as_str(), TimeZone::SHANGHAI).await?;
    let owner = store::NewPerson {
        email: new.email.as_str(),
        name: new.name.as_str(),
        role: Role::Owner,
        language: new.language,
        time_zone: TimeZone::SHANGHAI,
        password_hash: &hash,
    };
    let owner = store::create_person(&mut work, owner).await?.ok_or_else(email_taken)?;
    Ok((work, owner))
}

pub(super) fn set_up_already() -> Error {
    Error::conflict("set_up_already", "the hub is set up already; sign in")
}

pub(super) fn email_taken() -> Error {
    Error::conflict("email_taken", "somebody signs in with this e-mail already")
}
