//! The draft box: articles that are written but not yet out. One draft holds 1 to 8 of them.
//!
//! A draft leaves the box once it is published or broadcast: 40007 from then on.

pub mod add_draft;
pub mod batch_get_drafts;
pub mod delete_draft;
pub mod get_draft;
pub mod get_draft_count;
pub mod switch_draft;
pub mod update_draft;

use serde::{Deserialize, Serialize};

/// The most articles of a draft.
pub const MAX_ARTICLES: usize = 8;
pub const MAX_TITLE_CHARS: usize = 32;
pub const MAX_AUTHOR_CHARS: usize = 16;
pub const MAX_DIGEST_CHARS: usize = 128;
/// A body has fewer characters than this, and fewer bytes than [`CONTENT_BYTES`].
pub const CONTENT_CHARS: usize = 20_000;
pub const CONTENT_BYTES: usize = 1 << 20;
pub const MAX_SOURCE_URL_BYTES: usize = 1024;
/// The most items of one page.
pub const MAX_PAGE: usize = 20;
/// The most pictures of a picture message.
pub const MAX_IMAGES: usize = 20;

/// An article, as it is written and as it is read. What only reading gives stands last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Article {
    /// `news`, which empty means too, or `newspic`: pictures with a plain text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub article_type: String,
    /// At most [`MAX_TITLE_CHARS`] characters.
    pub title: String,
    /// At most [`MAX_AUTHOR_CHARS`] characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub author: String,
    /// At most [`MAX_DIGEST_CHARS`] characters; empty: the first 54 of the body, when it is the only article.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// HTML without scripts, pictures only from `uploadimg`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub content: String,
    /// Where "read the original" leads.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub content_source_url: String,
    /// The cover: permanent material. Not needed for a picture message.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub thumb_media_id: String,
    /// 0 or 1.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub need_open_comment: i64,
    /// 0 or 1.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub only_fans_can_comment: i64,
    /// `x1_y1_x2_y2`, each from 0 to 1: the wide part of the cover.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pic_crop_235_1: String,
    /// The square part of the cover.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pic_crop_1_1: String,
    /// Of a picture message: what it shows, the first picture being the cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_info: Option<ImageInfo>,
    /// Always 0 by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_cover_pic: Option<i64>,
    /// The article's page; of a draft a preview that does not last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb_url: Option<String>,
    /// Of what was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_deleted: Option<bool>,
}

/// The pictures of a picture message, 1 to [`MAX_IMAGES`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageInfo {
    pub image_list: Vec<Image>,
}

/// A picture: permanent material.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Image {
    pub image_media_id: String,
}

/// The articles of one draft or publication, in lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    pub news_item: Vec<Article>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<i64>,
    /// Seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update_time: Option<i64>,
}

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Page {
    pub offset: u64,
    /// 1 to [`MAX_PAGE`].
    pub count: u64,
    /// 1: leave the bodies out.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub no_content: i64,
}
