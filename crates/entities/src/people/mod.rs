//! Tenants and the people who use the console, their sessions, and the keys of programs.
//!
//! `features::team` gets in by [`store`]; everybody else only reads [`tenant`]. Signing in starts before a
//! tenant is known, so three look-ups ([`store::sign_in`], [`store::session`], [`store::key`]) go by a value
//! that is unique in the whole installation and *give* the tenant. Passwords are hashed elsewhere.

pub mod model;

pub mod store;

pub use model::{Email, Language, Person, PersonName, Tenant, TenantName, TimeZone};
pub use store::tenant;
