//! Hands a draft in for publishing. The answer says that it was accepted, not that it is out.
//!
//! <https://developers.weixin.qq.com/doc/service/api/public/api_freepublish_submit.html>

use serde::{Deserialize, Serialize};

crate::api::call!(SubmitPublish, Post, "/cgi-bin/freepublish/submit", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Of a draft.
    pub media_id: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub publish_id: String,
    /// What comments and statistics call it.
    #[serde(default, deserialize_with = "crate::api::lenient::text")]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub msg_data_id: String,
}
