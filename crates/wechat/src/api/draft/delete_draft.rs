//! Deletes a draft for good.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_delete.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteDraft, Post, "/cgi-bin/draft/delete", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub media_id: String,
}

pub type Response = crate::api::Done;
