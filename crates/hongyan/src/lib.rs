//! The program: configuration, the command line, and the three lists — routes ([`routes`]), the turns of a
//! callback ([`callback`]), jobs and schedules ([`jobs`]).
//!
//! One gets in by [`App::start`], which serves a hub from a [`Config`] until it is told to stop; several may
//! run in one process. What a request means is for the slices.

pub mod config;

mod clock;

mod ids;

mod key_file;

pub mod app;

pub mod routes;

pub mod access;

pub mod callback;

pub mod background;

pub mod jobs;

mod layers;

mod idempotency;

mod stream;

mod web;

mod docs;

mod health;

pub mod cli;

mod serve;

mod sandbox;

mod demo;

mod doctor;

/// The description of the API (OpenAPI 3.1), as `hongyan openapi` prints it and `/api/openapi.json` serves it.
pub fn document_text() -> String {
    docs::text(&routes::document())
}

pub use app::{App, Login, Overrides, Running, StartError};
pub use config::Config;
