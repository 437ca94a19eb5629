//! A page of the comments on an article.
//!
//! <https://developers.weixin.qq.com/doc/service/api/leaving/api_listcomment.html>

use serde::{Deserialize, Serialize};

crate::api::call!(ListComments, Post, "/cgi-bin/comment/list", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub msg_data_id: i64,
    /// The article's place, from 0.
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub index: i64,
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub begin: i64,
    /// Fewer than [`super::PAGE`].
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub count: i64,
    /// 0 all, 1 those not elected, 2 those elected.
    #[serde(rename = "type", deserialize_with = "crate::api::lenient::number")]
    pub kind: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// Of the kind asked for, in all.
    pub total: u64,
    pub comment: Vec<Comment>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Comment {
    #[serde(deserialize_with = "crate::api::lenient::number")]
    pub user_comment_id: i64,
    /// Absent when the reader did not write as a person of WeChat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openid: Option<String>,
    /// Seconds.
    pub create_time: i64,
    pub content: String,
    /// 1: elected.
    pub comment_type: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply>,
}

/// The account's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reply {
    pub content: String,
    /// Seconds.
    pub create_time: i64,
}
