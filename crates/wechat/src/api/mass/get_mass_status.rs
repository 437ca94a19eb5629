//! How a broadcast stands. Answers nothing about counts; those come with MASSSENDJOBFINISH.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/message/api_massmsgget.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetMassStatus, Post, "/cgi-bin/message/mass/get", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// Written as a string.
    #[serde(deserialize_with = "crate::api::lenient::big", serialize_with = "crate::api::lenient::as_text")]
    pub msg_id: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    #[serde(deserialize_with = "crate::api::lenient::big")]
    pub msg_id: u64,
    /// See [`SendStatus::of`].
    pub msg_status: String,
}

/// `msg_status`, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendStatus {
    Sending,
    Success,
    Fail,
    Deleted,
    Other(String),
}

impl SendStatus {
    pub fn of(status: &str) -> Self {
        match status.trim().to_ascii_uppercase().as_str() {
            "SENDING" => SendStatus::Sending,
            "SEND_SUCCESS" => SendStatus::Success,
            "SEND_FAIL" => SendStatus::Fail,
            "DELETE" => SendStatus::Deleted,
            _ => SendStatus::Other(status.to_owned()),
        }
    }
}
