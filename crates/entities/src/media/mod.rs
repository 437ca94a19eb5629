//! Files kept for sending, and the temporary ids WeChat has given for them.
//!
//! WeChat keeps a temporary file for three days and for one account; ours are kept for good and handed up
//! again when an id runs out. [`upload`] does it.

mod model;
pub mod pictures;
mod store;
mod upload;

pub use model::{Media, MediaKind, NewMedia, WechatMedia};
pub use store::{
    Copy, Folder, MediaFilter, add, bytes, copies, find, folders, list, remember, remove, renewable, update, wechat_ids,
};
pub use upload::{UploadFailure, upload};
