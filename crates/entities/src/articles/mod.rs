//! Articles: one row is what WeChat calls a draft, 1 to 8 items that are written here, at WeChat, or both.
//!
//! [`sendable`] gives what a broadcast or a preview needs, or says what has to be done first; [`went_out`] is told
//! when a broadcast has taken a draft out of WeChat's box. The slice `articles` writes, compares and publishes.

mod model;
mod publications;
mod sendable;
mod store;
mod syncs;

pub use model::{
    Article, ArticleState, AtWechat, Comments, Item, Publication, PublicationSource, PublicationState, PublishedPage,
    SyncState, Syncing, Wish,
};
pub use publications::{
    NewPublication, add_publication, by_wechat_article, list_publications, newest_publication, open_of_account,
    open_publications, publication, put_publication, unanswered,
};
pub use sendable::{SendableArticle, sendable, went_out};
pub use store::{
    Filter, Given, PURPOSE_BODY, PURPOSE_COVER, PURPOSE_MATERIAL, add, being_added, by_draft, find, forget_given,
    given, in_box, known_drafts, list, media_behind, put, remember_given, remove, rewrite, unconnected, uses_of_file,
    with_wish,
};
pub use syncs::{all_synced, put_sync, sync};
