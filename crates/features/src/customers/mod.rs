//! The customers a tenant sees: lists, search, one customer's page and story, and what a person changes there.
//!
//! One gets in by [`router`]. How values outrank each other and who is whom is decided in `entities::customers`.

mod model;

mod check;

mod page;

mod timeline;

mod merges;

mod api;

pub use api::router;
