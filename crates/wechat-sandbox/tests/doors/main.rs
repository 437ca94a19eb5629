//! The sandbox at its doors: real HTTP on a free port, and a hub that does as it is told.
#![expect(clippy::disallowed_methods, reason = "the tests are the ones who call")]

mod allowance;
mod authorization;
mod control;
mod datacube;
mod drafts;
mod faults;
mod keeping;
mod mass;
mod mass_jobs;
mod materials;
mod media;
mod menus;
mod notices;
mod passive;
mod publishing;
mod pushes;
mod quotas;
mod shelf;
mod stage;
mod tags;
mod templates;
mod tokens;
mod users;
