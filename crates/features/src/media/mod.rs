//! Files for answers: kept here for good, handed up to WeChat for each account that needs them.
//!
//! Doors: [`api::router`] from the console, and the job [`jobs::upload_media`], which compares the files an
//! account's rules name with what WeChat knows, and hands up what is missing or about to be forgotten.

pub mod decide;

pub mod duration;

pub mod store;

pub mod api;

pub mod jobs;

pub use api::router;
pub use jobs::{renew, upload_media};
