//! The articles of one publication.
//!
//! <https://developers.weixin.qq.com/doc/service/api/public/api_freepublishgetarticle.html>

use serde::{Deserialize, Serialize};

use crate::api::draft::Article;

crate::api::call!(GetArticle, Post, "/cgi-bin/freepublish/getarticle", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub article_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub news_item: Vec<Article>,
}
