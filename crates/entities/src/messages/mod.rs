//! What fans sent us and what we send them: the inbox keys and the send ledger.
//!
//! The callback door gets in by [`inbound`]; whoever wants to say something by [`sends::queue`]; the sender
//! by [`claim`] and [`settle`], which do what [`machine`] says; whoever looks by [`ledger`]. The states of a send go one way: what has
//! begun is never queued again unless WeChat has certainly done nothing, and what nobody knows is `unknown`, never guessed.

mod content;
pub mod inbound;
pub mod machine;
pub mod sends;
pub mod gates;
pub mod claim;
pub mod settle;
pub mod ledger;
pub mod restore;

pub use content::{Content, LONGEST_TEXT, Message, MiniProgram, NoticeMessage, TemplateMessage, Via, check_content, passive};
pub use machine::Service;
