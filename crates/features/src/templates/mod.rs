//! The library of templates: what WeChat has of each account, what is added and deleted there from here, and what fans
//! agree to hear of.
//!
//! The console gets in by [`router`]; [`run_sync`] compares the library with WeChat's, when asked and every day by
//! [`sync_all`]; the callback hands over what fans agreed to by [`take_consents`]. What is written with a template is a
//! campaign's business.

mod model;

mod store;

mod sync;

mod consents;

mod shelf;

mod api;

mod library_api;

pub use api::router;
pub use consents::take_consents;
pub use sync::{run_sync, sync_all};
