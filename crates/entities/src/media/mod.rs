//! Files kept for sending, and the temporary ids WeChat has given for them.
//!
//! WeChat keeps a temporary file for three days and for one account; ours are kept for good and handed up
//! again when an id runs out. [`upload`] does it.

mod model;
mod store;
mod upload;

pub use model::{Media, MediaKind, WechatMedia};
pub use store::{add, bytes, find, list, remember, remove, renewable, wechat_ids};
pub use upload::{UploadFailure, upload};
