//! The articles of a draft.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_getdraft.html>

use serde::{Deserialize, Serialize};

use super::Article;

crate::api::call!(GetDraft, Post, "/cgi-bin/draft/get", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub media_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub news_item: Vec<Article>,
}
