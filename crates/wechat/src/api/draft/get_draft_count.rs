//! How many drafts there are.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_count.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetDraftCount, Get, "/cgi-bin/draft/count", Account);

pub type Request = crate::api::Nothing;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub total_count: u64,
}
