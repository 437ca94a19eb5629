//! Keeps a file as permanent material.
//!
//! Images to 10 MB (BMP, PNG, JPEG, GIF), voice to 2 MB and 60 s (MP3, WMA, WAV, AMR), video to 10 MB (MP4),
//! thumbs to 64 KB (JPEG). Films have a title and an introduction in a part of their own.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_addmaterial.html>

use serde::{Deserialize, Serialize};

use crate::api::{Call, Method, Sends, TokenUse};

#[derive(Clone, Copy, Debug)]
pub struct AddMaterial;

impl Call for AddMaterial {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/cgi-bin/material/add_material";
    const TOKEN: TokenUse = TokenUse::Account;
    const SENDS: Sends = Sends::Multipart;
    const FORM: &'static [&'static str] = &["description"];
    type Request = Request;
    type Response = Response;
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// `image`, `voice`, `video` or `thumb`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Of a video: a [`Description`] as JSON, see [`Request::video`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

impl Request {
    /// A picture, a voice or a thumb.
    pub fn of_kind(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), description: String::new() }
    }

    /// A film, with what is shown beside it.
    pub fn video(description: &Description) -> Self {
        // Two strings are always written.
        let description = serde_json::to_string(description).unwrap_or_default();
        Self { kind: "video".to_owned(), description }
    }
}

/// What is shown beside a film.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Description {
    pub title: String,
    pub introduction: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub media_id: String,
    /// Of pictures: their address, which works inside WeChat only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
