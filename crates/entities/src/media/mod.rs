//! Files kept for sending, and the temporary ids WeChat has given for them.
//!
//! WeChat keeps a temporary file for three days and for one account; ours are kept for good and handed up
//! again when an id runs out. Uploading is the business of `features/media`.

mod model;
mod store;

pub use model::{Media, MediaKind, WechatMedia};
pub use store::{add, bytes, find, list, remember, remove, renewable, wechat_ids};
