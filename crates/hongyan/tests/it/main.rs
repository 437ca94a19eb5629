//! The whole program, against a WeChat that listens beside it: what users and WeChat can see, on both databases.

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
