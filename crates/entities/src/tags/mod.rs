//! The tenant's own tags, who carries them, and which of WeChat's tags they stand for.
//!
//! Slices get in by [`put`] and [`remove`], which record the event and may be repeated. Speaking to WeChat about
//! tags is the business of the tag mirror in `features/tags`; here is only what both sides have said.

mod model;
mod store;
mod wechat;

pub use model::{Mirrored, Tag, TagSource};
pub use store::{add, change, delete, find, list, name_of, named, put, put_many, remove, remove_many};
pub use wechat::{
    DOOMED, WechatTag, doom, forget_wechat, links, mirror, mirrored_accounts, set_wechat, want, wechat_tags,
};
