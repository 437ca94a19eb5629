//! Takes the articles or the film of a broadcast offline. Cards in chats stay, and lead nowhere.
//! Every broadcast of the same material goes with it.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_deletemassmsg.html>

use serde::{Deserialize, Serialize};

crate::api::call!(DeleteMass, Post, "/cgi-bin/message/mass/delete", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::big_or_none", skip_serializing_if = "Option::is_none")]
    pub msg_id: Option<u64>,
    /// From 1; absent or 0 for all.
    #[serde(deserialize_with = "crate::api::lenient::id", skip_serializing_if = "Option::is_none")]
    pub article_idx: Option<i64>,
    /// Of the article, in place of a `msg_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

pub type Response = crate::api::Done;
