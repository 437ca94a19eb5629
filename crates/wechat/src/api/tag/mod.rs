//! Tags on fans: an account has up to 100, a fan up to 20.
//!
//! Ids 0, 1 and 2 are WeChat's own; an account's begin at about 100.

pub mod create_tag;
pub mod delete_tag;
pub mod get_tags;
pub mod get_user_tags;
pub mod list_tag_users;
pub mod tag_users;
pub mod untag_users;
pub mod update_tag;

/// The most tags an account has.
pub const MAX_TAGS: usize = 100;
/// The most tags a fan has.
pub const MAX_TAGS_OF_USER: usize = 20;
/// The longest name, in bytes of UTF-8.
pub const MAX_NAME_BYTES: usize = 30;
/// The most fans in one call of tagging or untagging.
pub const MAX_USERS: usize = 50;
