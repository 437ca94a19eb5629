//! Files that fans sent: what WeChat calls them, and our copy once it has been fetched.
//!
//! A file is expected ([`expect`]) as soon as its message is known, and fetched once by a job of the inbox: WeChat
//! forgets it after three days. Nothing here speaks to WeChat.

mod model;
mod store;

pub use model::{Expected, FileKind, FileState, ReceivedFile, content_type, is_shown};
pub use store::{bytes, expect, find, keep, lose, of_messages};

/// WeChat keeps what fans send for three days.
pub const KEPT_BY_WECHAT_MS: kit::Millis = 3 * 86_400_000;
