//! The sender: takes what the ledger holds, says it to WeChat once, and writes what came of it.
//!
//! One gets in by [`Sender::run`], which the program keeps running, and by [`Sender::send_due`] in tests; a person by
//! [`router`], to decide on what was held. The intent is committed before the first byte leaves; an answer that is
//! lost ends in `unknown` and is never repeated, for WeChat has no way to know a customer-service message again.

mod model;

pub mod decide;

mod hand;

mod held;

mod say;

mod api;

pub mod jobs;

pub use api::router;
pub use jobs::Sender;
