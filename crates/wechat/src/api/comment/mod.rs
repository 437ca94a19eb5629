//! What readers write below an article, and what the account answers. An account must have been granted comments: 88000.
//!
//! An article is named by the `msg_data_id` of its broadcast or publication, and its place there.

pub mod add_reply;
pub mod close_comment;
pub mod delete_comment;
pub mod delete_reply;
pub mod list_comments;
pub mod mark_elected;
pub mod open_comment;
pub mod unmark_elected;

use serde::{Deserialize, Serialize};

/// A page of comments is shorter than this.
pub const PAGE: u64 = 50;

/// Which article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfArticle {
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub msg_data_id: i64,
    /// From 0.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub index: i64,
}

/// Which comment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfComment {
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub msg_data_id: i64,
    /// The article's place, from 0.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub index: i64,
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub user_comment_id: i64,
}
