//! Who may come in: first set-up, signing in and out, the people of a tenant, keys for programs.
//!
//! One gets in by [`router`], and by [`Authenticator`], which every other slice's requests pass (it is what
//! `kit::Allowed` asks). Passwords and tokens are kept as hashes only. There is no mail here: a person who
//! has forgotten the password asks an owner, and an owner asks whoever runs the machine.

pub mod words;

pub mod attempts;

pub mod authenticate;

pub mod found;

pub mod setup;

pub mod session;

pub mod people;

pub mod keys;

pub mod tenant;

#[cfg(test)]
mod tests;

use kit::Ctx;
use utoipa_axum::router::OpenApiRouter;

pub use attempts::ClientAddress;
pub use authenticate::{Authenticator, still_in, sweep_sessions};
pub use found::{NewTenant, found_tenant};

/// Everything the console and programs can ask of this slice.
pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .merge(setup::router())
        .merge(session::router())
        .merge(people::router())
        .merge(keys::router())
        .merge(tenant::router())
}
