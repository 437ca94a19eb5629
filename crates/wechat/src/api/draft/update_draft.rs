//! Replaces one article of a draft.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_update.html>

use serde::{Deserialize, Serialize};

use super::Article;

crate::api::call!(UpdateDraft, Post, "/cgi-bin/draft/update", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub media_id: String,
    /// Which article, from 0.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub index: i64,
    /// One article, in spite of the name.
    pub articles: Article,
}

pub type Response = crate::api::Done;
