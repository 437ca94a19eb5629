//! What fans sent us and what we send them: the inbox keys and the send ledger.
//!
//! The callback door gets in by [`inbound`]; whoever wants to say something by [`sends::queue`]; the sender
//! by [`claim`] and [`settle`], which do what [`machine`] says; whoever looks by [`ledger`]. The states of a send go one way: what has
//! begun is never queued again unless WeChat has certainly done nothing, and what nobody knows is `unknown`, never guessed.

pub mod claim;
mod content;
pub mod gates;
pub mod inbound;
pub mod ledger;
pub mod machine;
pub mod places;
pub mod restore;
pub mod sends;
pub mod settle;

pub use content::{
    Content, LONGEST_TEXT, Message, MiniProgram, NoticeMessage, TemplateMessage, Via, check_content, passive,
};
pub use machine::Service;
