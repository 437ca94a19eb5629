//! Automatic replies: on follow, by keyword, and the default for what no keyword caught.
//!
//! Two doors lead in: [`api::router`] from the console, and [`prepare`] from the callback, which loads what a
//! batch of messages needs, so that [`Prepared::decide`] is a pure choice for each of them; [`note`] then
//! writes what was chosen, and leaves the counting to [`tally`]. Nothing here speaks to WeChat.

pub mod model;

pub mod fold;

pub mod decide;

pub mod conflict;

pub mod check;

pub mod book;

pub mod store;

pub mod unmatched;

pub mod tally;

pub mod turn;

pub mod api;

#[cfg(test)]
mod tests;

pub use api::router;
pub use turn::{Decision, Noted, Prepared, Turn, note, prepare};
