//! Forms an account fills in for its fans: template messages and subscription notices. Its
//! templates, what its fans agreed to, and what is still to be told about those sent.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/template_message/Template_Message_Interface.html>

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::MINUTE;

/// The most templates of each kind.
pub(crate) const TEMPLATES: usize = 25;
/// A template message under the same client_msg_id is not sent again for so long.
pub(crate) const REMEMBERED_MS: i64 = 10 * MINUTE;

/// A key of a template, and what stands before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct FormKey {
    /// `thing2`, or any word in a historical template.
    pub key: String,
    /// `课程名称`; empty for `first` and `remark`.
    pub name: String,
    pub example: String,
}

/// A template in an account.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Form {
    pub template_id: String,
    /// The library's: `TM…`, or digits.
    pub short_id: String,
    pub title: String,
    pub keys: Vec<FormKey>,
    /// Of an industry, with keys without types; it cannot be added any more, but works.
    pub historical: bool,
    /// Taken by notices and not by template messages.
    pub notice: bool,
    /// One consent is for one notice (2), or for good (3).
    pub kind: i64,
    /// What the account says it is for.
    pub scene: String,
    /// Refused with 48011: WeChat has disabled it.
    pub disabled: bool,
}

impl Form {
    /// Its text, with places for the values.
    pub fn content(&self) -> String {
        self.write(|key| format!("{{{{{}.DATA}}}}", key.key))
    }

    pub fn example(&self) -> String {
        self.write(|key| key.example.clone())
    }

    fn write(&self, value: impl Fn(&FormKey) -> String) -> String {
        let line = |key: &FormKey| match key.name.as_str() {
            "" => format!("{}\n", value(key)),
            name => format!("{name}：{}\n", value(key)),
        };
        self.keys.iter().map(line).collect()
    }
}

/// What a fan agreed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Consent {
    /// Notices the account may still send.
    pub left: u32,
    /// For good, to a template of the long-term kind.
    pub lasting: bool,
}

impl Consent {
    pub fn is_given(self) -> bool {
        self.lasting || self.left > 0
    }
}

/// What is still to be told about something that was sent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Told {
    pub due_ms: i64,
    pub msg_id: u64,
    pub person: u64,
    /// Of a notice: its template. A template message has none.
    pub notice: Option<String>,
    /// As the event says it.
    pub status: String,
    pub code: i64,
}

/// A template message that is not sent again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Recent {
    pub msg_id: u64,
    pub at_ms: i64,
}

/// All of an account's.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Forms {
    pub industries: Option<(u8, u8)>,
    pub industries_month: i32,
    pub list: Vec<Form>,
    pub told: Vec<Told>,
    /// By person and client_msg_id; written out by itself, because there can be many.
    #[serde(skip)]
    pub recent: HashMap<String, Recent>,
    /// Somebody is waiting to tell what is due.
    #[serde(skip)]
    pub watched: bool,
}

impl Forms {
    pub fn find(&self, template_id: &str, notice: bool) -> Option<&Form> {
        self.list.iter().find(|form| form.template_id == template_id && form.notice == notice)
    }

    pub fn of_kind(&self, notice: bool) -> impl Iterator<Item = &Form> {
        self.list.iter().filter(move |form| form.notice == notice)
    }

    /// What was sent under a key in the last ten minutes.
    pub fn recent(&self, key: &str, now_ms: i64) -> Option<&Recent> {
        self.recent.get(key).filter(|recent| now_ms - recent.at_ms < REMEMBERED_MS)
    }

    pub fn remember(&mut self, key: String, recent: Recent) {
        if self.recent.len() > 100_000 {
            let now_ms = recent.at_ms;
            self.recent.retain(|_, recent| now_ms - recent.at_ms < REMEMBERED_MS);
        }
        self.recent.insert(key, recent);
    }
}
