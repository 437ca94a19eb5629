//! Turns the draft box on, which cannot be undone, or only asks whether it is on.
//!
//! <https://developers.weixin.qq.com/doc/service/api/draftbox/draftmanage/api_draft_switch.html>

use serde::{Deserialize, Serialize};

use crate::api::{Call, Method, Sends, TokenUse};

#[derive(Clone, Copy, Debug)]
pub struct SwitchDraft;

/// A POST without a body: `checkonly` goes in the query.
impl Call for SwitchDraft {
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/cgi-bin/draft/switch";
    const TOKEN: TokenUse = TokenUse::Account;
    const SENDS: Sends = Sends::Query;
    type Request = Request;
    type Response = Response;
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    /// 1: only ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkonly: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    /// 0 or 1; answered to who only asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_open: Option<i64>,
}
