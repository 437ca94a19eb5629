//! Reads one material: the bytes of a picture, voice or thumb with a file name in
//! `Content-Disposition`; JSON for films and articles.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_getmaterial.html>

use serde::{Deserialize, Serialize};

use crate::api::draft::Article;

crate::api::call!(GetMaterial, Post, "/cgi-bin/material/get_material", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub media_id: String,
}

/// What is answered for films and articles; for all else the answer is not JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// Of articles.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub news_item: Vec<Article>,
    /// Of a film, like what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the film is; the address does not last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub down_url: Option<String>,
}
