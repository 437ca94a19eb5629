//! The fans of an account, brought in and kept true: the import after binding, the daily comparison with
//! WeChat's list, and what WeChat tells of a single fan.
//!
//! Jobs lead in ([`run_import`], [`run_reconcile`], [`run_info`]), and the console's buttons by [`router`]. All
//! three hand what WeChat said to one function (`write::take_in`), which is where a fan becomes a customer. How
//! far an import has come is kept in `entities::imports`, in the transaction of the rows it is about.

mod openids;

mod model;

mod decide;

mod store;

mod fetch;

mod write;

mod jobs;

mod reconcile;

mod info;

mod api;

#[cfg(test)]
mod tests;

pub use api::router;
pub use info::run_info;
pub use jobs::{nudge_imports, run_import};
pub use reconcile::{reconcile_all, run_reconcile};
