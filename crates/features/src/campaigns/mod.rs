//! The same by template to many: written, checked, tried on one, started or put on the clock, watched, stopped.
//!
//! The console gets in by [`router`]. That it begins, fills the ledger and ends is `sending`'s loop; what is said to each is
//! a line of the ledger, and every number here is counted from those lines. What may be wrong with a campaign is found in
//! [`decide`].

mod model;

pub mod decide;

mod body;

mod store;

mod check;

mod view;

mod api;

#[cfg(test)]
mod tests;

pub use api::router;
