//! The sender: takes what the ledger holds, says it to WeChat once, and writes what came of it.
//!
//! One gets in by [`Sender::run`], which the program keeps running, and by [`Sender::send_due`] in tests. The
//! intent is committed before the first byte leaves; an answer that is lost ends in `unknown` and is never
//! repeated, for WeChat has no way to know a customer-service message again.

pub mod decide;

pub mod jobs;

pub use jobs::Sender;
