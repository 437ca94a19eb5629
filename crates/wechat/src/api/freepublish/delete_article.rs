//! Deletes a published article, or all of its publication. Cannot be undone.
//!
//! <https://developers.weixin.qq.com/doc/service/api/public/api_freepublishdelete.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteArticle, Post, "/cgi-bin/freepublish/delete", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub article_id: String,
    /// Which one, from 1; 0 is all.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub index: i64,
}

pub type Response = crate::api::Done;
