//! The keywords of a template of the library, of which an account chooses some.
//!
//! <https://developers.weixin.qq.com/doc/service/api/notify/notify/api_getpubtemplatekeywords.html>

use serde::{Deserialize, Serialize};

crate::api::call!(GetKeywords, Get, "/wxaapi/newtmpl/getpubtemplatekeywords", Account);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub tid: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Response {
    pub count: i64,
    pub data: Vec<Keyword>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keyword {
    pub kid: i64,
    pub name: String,
    pub example: String,
    /// Its type: `thing`, `time`, ….
    pub rule: String,
}
