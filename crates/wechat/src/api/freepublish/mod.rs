//! Publishing: articles get a page of their own, and nobody is told. Unlike broadcasts it costs no quota of fans.
//!
//! Only verified accounts since July 2025. A publication is accepted first and done later; the event
//! `PUBLISHJOBFINISH` says how it ended.

pub mod batch_get_articles;
pub mod delete_article;
pub mod get_article;
pub mod get_publish;
pub mod submit_publish;

/// What `publish_status` says.
pub mod status {
    pub const DONE: i64 = 0;
    pub const UNDER_WAY: i64 = 1;
    /// The originality check failed.
    pub const NOT_ORIGINAL: i64 = 2;
    pub const FAILED: i64 = 3;
    /// WeChat's review refused it.
    pub const REFUSED: i64 = 4;
    /// The owner has deleted all of it since.
    pub const DELETED: i64 = 5;
    /// WeChat has banned all of it since.
    pub const BANNED: i64 = 6;
}

/// The most items of one page.
pub const MAX_PAGE: usize = 20;
