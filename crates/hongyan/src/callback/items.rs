use std::sync::Arc;

use entities::accounts::Door;
use kit::Millis;
use serde::{Deserialize, Serialize};
use wechat::{message::Message, reply::Reply};

/// A push that has been proved to be WeChat's.
#[derive(Clone)]
pub struct Item {
    pub door: Arc<Door>,
    pub message: Message,
    /// The document as it was signed; what the spool keeps.
    pub raw: Vec<u8>,
    pub received_at: Millis,
}

/// What a callback was answered; kept beside its key so that a repeated one hears the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAnswer {
    pub reply: Reply,
    /// `CreateTime` of the reply, in seconds.
    pub at: i64,
}
