//! An official account: what its owner set, what it was granted, and its fans.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wechat::crypto::{EncodingAesKey, MsgCipher};
use wechat::wire::Format;

use super::fans::{Allowance, Fans, Interaction};
use super::forms::Forms;
use super::library::Publishing;
use super::mass::{MassSettings, Masses};
use super::quota::Quotas;
use super::tokens::{Forces, Slot};
use crate::permute::{derive, hex, letters, mix, url_letters};

/// How pushes to the account's own address are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    #[default]
    Plain,
    /// The plain fields and the ciphertext side by side.
    Compatible,
    Safe,
}

/// A platform the account has granted sets to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Authorization {
    pub component_appid: String,
    pub name: String,
    pub sets: Vec<u16>,
    pub auth_ms: i64,
    pub refresh_token: String,
    pub slot: Slot,
    /// The platform has exchanged a code; before that the list does not give it the refresh token.
    pub queried: bool,
}

/// A menu for the fans a rule matches.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Conditional {
    pub menuid: u64,
    pub button: Vec<Value>,
    pub matchrule: Value,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Menus {
    pub button: Vec<Value>,
    pub menuid: u64,
    /// Oldest first.
    pub conditional: Vec<Conditional>,
}

impl Menus {
    /// Every button of every menu, those with items and those below them.
    pub fn all_buttons(&self) -> impl Iterator<Item = &Value> {
        let tops = self.button.iter().chain(self.conditional.iter().flat_map(|menu| &menu.button));
        tops.flat_map(|button| std::iter::once(button).chain(button["sub_button"].as_array().into_iter().flatten()))
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Account {
    pub appid: String,
    pub secret: String,
    pub original_id: String,
    pub nick_name: String,
    /// 0 subscription, 1 subscription upgraded from a legacy account, 2 service.
    pub service_type: u8,
    pub verify_type: i8,
    pub alias: String,
    pub principal: String,
    pub signature: String,
    /// 1 normal, 14 cancelled, 16 banned, 18 warned, 19 frozen.
    pub status: u16,
    pub token: String,
    pub encoding_aes_key: String,
    pub mode: Mode,
    pub format: Format,
    pub callback_url: String,
    pub open_platform: bool,
    /// Under which Open Platform account, when there are several: each has unionids of its own.
    pub open_platform_no: u16,
    pub legacy_profile: bool,
    pub voice_recognition: bool,
    pub location_report: u8,
    pub customer_service: bool,
    /// Empty: not checked.
    pub ip_whitelist: Vec<String>,
    pub allowance: Allowance,
    pub created_ms: i64,
    pub fan_count: u64,
    pub plain: Slot,
    pub stable: Slot,
    pub forces: Forces,
    pub quotas: Quotas,
    pub authorizations: Vec<Authorization>,
    pub tags: BTreeMap<u32, String>,
    pub menus: Menus,
    /// `conditional` menus answer their id as a number instead of a string.
    pub numeric_menuid: bool,
    pub publishing: Publishing,
    /// WeChat has not given it comments, as it does to few new accounts.
    pub no_comments: bool,
    pub mass: MassSettings,
    /// Title and description of films that can be broadcast, by media_id.
    pub mass_videos: BTreeMap<String, (String, String)>,
    pub forms: Forms,
    #[serde(skip)]
    pub fans: Fans,
    #[serde(skip)]
    pub masses: Masses,
}

impl Account {
    /// The number a person's unionid is made of: another one under each Open Platform account.
    pub fn union_person(&self, person: u64) -> u64 {
        person ^ (u64::from(self.open_platform_no) << 48)
    }

    /// The `index`-th account of a sandbox: its names and secrets follow from the seed.
    pub fn new(seed: u64, index: u64, now_ms: i64) -> Self {
        let part = |word: &str| derive(seed, word, index);
        Self {
            appid: format!("wx{}", hex(part("appid"), 16)),
            secret: hex(part("secret"), 32),
            original_id: format!("gh_{}", hex(part("original"), 12)),
            alias: format!("a{}", letters(part("alias"), 8).to_lowercase()),
            verify_type: 0,
            status: 1,
            token: letters(part("token"), 16),
            encoding_aes_key: letters(part("key"), 43),
            customer_service: true,
            created_ms: now_ms,
            ..Self::default()
        }
    }

    /// The template of messages somebody agrees to once: there is one, and the console shows it.
    pub fn once_template_id(&self) -> String {
        url_letters(derive(mix(self.created_ms.unsigned_abs()), &self.appid, 1), 43)
    }

    pub fn is_service(&self) -> bool {
        self.service_type == 2
    }

    /// Qualification alone unlocks the API; a Weibo verification does not.
    pub fn is_verified(&self) -> bool {
        matches!(self.verify_type, 0 | 3 | 4 | 5)
    }

    /// Cancelled, banned or frozen accounts may call nothing.
    pub fn is_barred(&self) -> bool {
        matches!(self.status, 14 | 16 | 19)
    }

    pub fn kind(&self) -> &'static str {
        if self.is_service() { "service" } else { "subscription" }
    }

    pub fn authorization(&self, component_appid: &str) -> Option<&Authorization> {
        self.authorizations.iter().find(|held| held.component_appid == component_appid)
    }

    pub fn authorization_mut(&mut self, component_appid: &str) -> Option<&mut Authorization> {
        self.authorizations.iter_mut().find(|held| held.component_appid == component_appid)
    }

    /// What seals the account's own pushes; `None` when its key is no key.
    pub fn cipher(&self) -> Option<MsgCipher> {
        Some(MsgCipher::new(&self.appid, EncodingAesKey::parse(&self.encoding_aes_key).ok()?, None))
    }

    /// The fan did something: the window opens, and typing may be shown for a while.
    pub fn touch(&mut self, person: u64, interaction: Interaction, now_ms: i64) {
        let allowance = self.allowance;
        self.fans.change(person, |fan| {
            fan.window = Some(allowance.after(fan.window, interaction, now_ms));
            fan.touched_ms = now_ms;
        });
    }

    /// The menu a fan sees: the newest conditional one that matches, or the default.
    pub fn menu_of(&self, person: u64) -> Option<(&[Value], u64)> {
        if self.menus.button.is_empty() {
            return None;
        }
        let fan = self.fans.view(person);
        let fits = |menu: &&Conditional| rule_fits(&menu.matchrule, &fan.tags, person);
        match self.menus.conditional.iter().rev().find(fits) {
            Some(menu) => Some((&menu.button, menu.menuid)),
            None => Some((&self.menus.button, self.menus.menuid)),
        }
    }
}

/// Rules that are still in force: the tag, and the kind of phone. Withdrawn ones (sex, place,
/// language) are read and match nobody.
fn rule_fits(rule: &Value, tags: &[u32], person: u64) -> bool {
    let text = |name: &str| match rule.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let tag = Some(text("tag_id")).filter(|tag| !tag.is_empty()).unwrap_or_else(|| text("group_id"));
    let withdrawn = ["sex", "country", "province", "city", "language"].iter().any(|name| !text(name).is_empty());
    let platform = text("client_platform_type");
    !withdrawn
        && (tag.is_empty() || tag.parse().is_ok_and(|tag| tags.contains(&tag)))
        && (platform.is_empty() || platform == phone_platform(person))
}

/// 1 iOS, 2 Android: every third person holds an iPhone.
fn phone_platform(person: u64) -> &'static str {
    if person.is_multiple_of(3) { "1" } else { "2" }
}
