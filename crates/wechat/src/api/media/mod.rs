//! Temporary media, kept three days, and pictures for articles, kept for ever.

pub mod get_media;
pub mod upload_image;
pub mod upload_media;
