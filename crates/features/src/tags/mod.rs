//! The tenant's tags, and their mirror at WeChat.
//!
//! The console gets in by [`router`]; [`run_mirror`] is the reconciler that keeps an account's tags at WeChat
//! and ours the same: both sides may change them, and what both agreed on last (kept on the fan's row) tells
//! which side did. Only differences are sent; WeChat's own tags 0, 1 and 2 are never touched.

mod model;

mod decide;

mod store;

mod names;

mod members;

mod mirror;

mod api;

#[cfg(test)]
mod tests;

pub use api::router;
pub use mirror::{run_mirror, sync_all};
