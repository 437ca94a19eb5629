//! Answers a comment, once: 88005.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_replycomment.html>

use serde::{Deserialize, Serialize};

crate::api::call!(AddReply, Post, "/cgi-bin/comment/reply/add", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub msg_data_id: i64,
    /// The article's place, from 0.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub index: i64,
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub user_comment_id: i64,
    pub content: String,
}

pub type Response = crate::api::Done;
