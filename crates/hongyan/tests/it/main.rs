//! The whole program, against a WeChat that listens beside it: what users and WeChat can see, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]
#![expect(clippy::disallowed_methods, reason = "tests bring their own client")]

mod hub;

mod binding;
mod callbacks;
mod replies;
mod sends;
mod customers;
mod fan_import;
mod tags;
mod idempotency;
mod team;
mod doors;
mod tenants;
mod home;
