//! Template messages of service accounts: filled-in forms about something the fan did.
//!
//! An answer of 0 means that WeChat took the message; whether it arrived comes as TEMPLATESENDJOBFINISH
//! ([`crate::message::Event::TemplateSendJobFinish`]).
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/template_message/Template_Message_Interface.html>

pub mod add_template;
pub mod delete_template;
pub mod get_industry;
pub mod get_templates;
pub mod send_template;
pub mod set_industry;

use serde::{Deserialize, Serialize};

/// The most templates of an account.
pub const MAX_TEMPLATES: usize = 25;
/// Of `client_msg_id`; a repetition within [`CLIENT_MSG_ID_MINUTES`] is not sent again.
pub const MAX_CLIENT_MSG_ID_CHARS: usize = 32;
pub const CLIENT_MSG_ID_MINUTES: i64 = 10;

/// What stands behind one key of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Datum {
    #[serde(deserialize_with = "crate::api::lenient::text")]
    pub value: String,
    /// `#rrggbb`. Accepted, and no longer shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

impl Datum {
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), color: None }
    }
}

/// Where a tap leads, in place of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MiniProgram {
    pub appid: String,
    /// Some pages call it `path`.
    #[serde(alias = "path")]
    pub pagepath: String,
}

/// The keys of a text such as `订单号：{{character_string1.DATA}}`, in order.
pub fn keys(content: &str) -> impl Iterator<Item = &str> {
    content.split("{{").skip(1).filter_map(|rest| {
        let (inside, _) = rest.split_once("}}")?;
        inside.trim().strip_suffix(".DATA").map(str::trim)
    })
}

/// The type of a key that has one: `thing` of `thing2`. `None` for keys of historical templates.
pub fn key_type(key: &str) -> Option<&'static str> {
    let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
    KEY_TYPES.iter().find(|known| **known == name && key.len() > name.len()).copied()
}

/// The types a key can have.
pub const KEY_TYPES: [&str; 15] = [
    "thing",
    "short_thing",
    "number",
    "letter",
    "symbol",
    "character_string",
    "time",
    "date",
    "amount",
    "phone_number",
    "car_number",
    "name",
    "phrase",
    "const",
    "enum",
];
