//! The home page, the palette's search, and how the platform is: what a person sees before they click.
//!
//! One gets in by [`router`]. The figures are counted from the rows each time, and kept for as long as counting
//! takes to pay off; nothing here is a record.

mod model;

mod days;

mod store;

mod figures;

mod needs;

mod api;

#[cfg(test)]
mod tests;

pub use api::router;
