//! Puts articles into the draft box.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_add.html>

use serde::{Deserialize, Serialize};

use super::Article;

crate::api::call!(AddDraft, Post, "/cgi-bin/draft/add", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// 1 to [`super::MAX_ARTICLES`].
    pub articles: Vec<Article>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub media_id: String,
}
