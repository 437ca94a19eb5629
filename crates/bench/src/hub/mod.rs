//! The hub as a process of its own, and the API it is spoken to by.
//!
//! `process` writes the configuration and starts it; `api` asks; `prepare` sets up a tenant with an account.

mod api;
mod prepare;
mod process;

pub use api::{Api, text};
pub use prepare::{Bound, prepare};
pub use process::{Choice, Hub, Kind, Place};
