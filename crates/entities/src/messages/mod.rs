//! What fans sent us and what we send them: the inbox keys and the send ledger.
//!
//! The callback door gets in by [`inbound`]; whoever wants to say something by [`sends::queue`]; the sender
//! by [`sends::claim`] and [`sends::settle`]; whoever looks by [`ledger`]. The states of a send go one way: what has begun is never
//! queued again, and what nobody knows is `unknown`, never guessed.

mod content;
pub mod inbound;
pub mod ledger;
pub mod sends;

pub use content::{Content, LONGEST_TEXT, Via, check_content};
