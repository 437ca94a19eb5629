//! Fans whose messages WeChat keeps from the account, and who cannot be written to.

pub mod block_users;
pub mod get_blacklist;
pub mod unblock_users;

/// The most fans in one call of blocking or unblocking.
pub const MAX_USERS: usize = 20;
