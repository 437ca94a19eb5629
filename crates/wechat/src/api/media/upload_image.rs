//! Uploads a picture for the body of an article: JPEG or PNG under 1 MB. Not counted as material.
//!
//! <https://developers.weixin.qq.com/doc/service/api/material/permanent/api_uploadimage.html>

use serde::{Deserialize, Serialize};

crate::api::call!(UploadImage, Post, "/cgi-bin/media/uploadimg", Account, Multipart);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The only kind of address that article bodies may show pictures from.
    pub url: String,
}
