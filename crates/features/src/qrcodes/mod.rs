//! QR codes with parameters: made at WeChat, drawn here, and what happens when somebody scans one.
//!
//! Three doors lead in: [`router`] from the console; [`prepare`] from the callback, which takes its turn before the
//! replies so that [`Prepared::scanned`] is a pure choice for each message, and [`note`], which writes what was
//! chosen and leaves the counting to [`tally`]; and the job [`run_batch`], which makes the codes of a table one
//! after the other. Pictures are drawn from the address WeChat gives, so none is ever fetched. What a scan starts
//! later reads `qrcode_id` on the events `follow` and `scan`.

pub mod model;

pub mod check;

pub mod decide;

pub mod store;

pub mod tagged;

pub mod counts;

pub mod batches;

pub mod table;

pub mod draw;

pub mod pack;

pub mod make;

pub mod needs;

pub mod turn;

pub mod tally;

pub mod stats;

mod jobs;

mod api;

mod batch_api;

#[cfg(test)]
mod tests;

pub use api::router;
pub use jobs::{nudge_batches, run_batch};
pub use turn::{Noted, Prepared, Scanned, note, prepare};
