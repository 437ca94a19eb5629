//! The sandbox at its doors: real HTTP on a free port, and a hub that does as it is told.
#![expect(clippy::disallowed_methods, reason = "the tests are the ones who call")]

mod allowance;
mod authorization;
mod control;
mod faults;
mod keeping;
mod mass;
mod mass_jobs;
mod media;
mod menus;
mod notices;
mod passive;
mod pushes;
mod quotas;
mod stage;
mod tags;
mod templates;
mod tokens;
mod users;
