//! What the control API shows and takes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wechat::crypto::EncodingAesKey;
use wechat::wire::Format;

use crate::act::AccountKind;
use crate::people::{self, Avatar};
use crate::world::account::{Account, Mode};
use crate::world::component::{Component, SETS};
use crate::world::fans::Allowance;
use crate::world::library::Publishing;
use crate::world::mass::{MassSettings, Originality};
use crate::world::quota::Counter;
use crate::world::{ChatItem, World};

/// An official account, with all its secrets: the sandbox keeps none from its user.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AccountView {
    pub appid: String,
    pub appsecret: String,
    pub original_id: String,
    pub nick_name: String,
    /// `subscription` or `service`.
    pub kind: String,
    /// 0 subscription, 1 subscription from a legacy account, 2 service.
    pub service_type: u8,
    /// -1 none, 0 WeChat, 1 and 2 Weibo, 3 to 5 qualification only.
    pub verify_type: i8,
    pub alias: String,
    pub principal: String,
    /// 1 normal, 14 cancelled, 16 banned, 18 warned, 19 frozen.
    pub status: u16,
    pub token: String,
    pub encoding_aes_key: String,
    pub mode: Mode,
    /// `xml` or `json`.
    pub format: String,
    pub callback_url: String,
    /// How many people follow.
    pub fans: u64,
    pub open_platform: bool,
    pub open_platform_no: u16,
    pub legacy_profile: bool,
    pub voice_recognition: bool,
    pub numeric_menuid: bool,
    pub publishing: Publishing,
    pub no_comments: bool,
    pub ip_whitelist: Vec<String>,
    pub authorizations: Vec<AuthorizationView>,
    pub allowance: Allowance,
    /// Only paths that have been called or set.
    pub quotas: BTreeMap<String, Counter>,
    /// How broadcasts go.
    pub mass: MassSettings,
}

/// What a platform was granted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AuthorizationView {
    pub component_appid: String,
    pub name: String,
    pub sets: Vec<u16>,
    pub auth_time_ms: i64,
}

impl AccountView {
    pub(crate) fn of(account: &Account) -> Self {
        let authorization = |held: &crate::world::account::Authorization| AuthorizationView {
            component_appid: held.component_appid.clone(),
            name: held.name.clone(),
            sets: held.sets.clone(),
            auth_time_ms: held.auth_ms,
        };
        Self {
            appid: account.appid.clone(),
            appsecret: account.secret.clone(),
            original_id: account.original_id.clone(),
            nick_name: account.nick_name.clone(),
            kind: account.kind().to_owned(),
            service_type: account.service_type,
            verify_type: account.verify_type,
            alias: account.alias.clone(),
            principal: account.principal.clone(),
            status: account.status,
            token: account.token.clone(),
            encoding_aes_key: account.encoding_aes_key.clone(),
            mode: account.mode,
            format: if account.format == Format::Json { "json" } else { "xml" }.to_owned(),
            callback_url: account.callback_url.clone(),
            fans: account.fans.following(),
            open_platform: account.open_platform,
            open_platform_no: account.open_platform_no,
            legacy_profile: account.legacy_profile,
            voice_recognition: account.voice_recognition,
            numeric_menuid: account.numeric_menuid,
            publishing: account.publishing.clone(),
            no_comments: account.no_comments,
            ip_whitelist: account.ip_whitelist.clone(),
            authorizations: account.authorizations.iter().map(authorization).collect(),
            allowance: account.allowance,
            quotas: account.quotas.paths.clone(),
            mass: account.mass.clone(),
        }
    }
}

/// A new account: what is left out is made up.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct NewAccount {
    pub kind: AccountKind,
    /// 1 for a subscription account that was upgraded from a legacy one.
    pub service_type: Option<u8>,
    pub nick_name: Option<String>,
    pub principal: Option<String>,
    pub alias: Option<String>,
    /// People who follow it from the start.
    pub fans: Option<u64>,
    #[serde(flatten)]
    pub settings: AccountPatch,
}

/// Settings to change.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct AccountPatch {
    pub nick_name: Option<String>,
    pub verify_type: Option<i8>,
    pub status: Option<u16>,
    pub token: Option<String>,
    pub encoding_aes_key: Option<String>,
    pub mode: Option<Mode>,
    pub format: Option<String>,
    pub callback_url: Option<String>,
    pub open_platform: Option<bool>,
    /// Under which Open Platform account: each has unionids of its own.
    pub open_platform_no: Option<u16>,
    pub legacy_profile: Option<bool>,
    pub voice_recognition: Option<bool>,
    /// addconditional answers menuid as a number.
    pub numeric_menuid: Option<bool>,
    /// How its publications end.
    pub publishing: Option<Publishing>,
    /// WeChat has not given it comments: 88000.
    pub no_comments: Option<bool>,
    pub ip_whitelist: Option<Vec<String>>,
    pub allowance: Option<Allowance>,
    /// By path.
    pub quotas: Option<BTreeMap<String, QuotaPatch>>,
    /// How broadcasts go.
    pub mass: Option<MassPatch>,
}

/// How broadcasts go, to change. What is `null` stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct MassPatch {
    pub protection: Option<bool>,
    pub protocol_agreed: Option<bool>,
    pub clientmsgid_bytes: Option<usize>,
    pub originality: Option<Originality>,
    pub checked_articles: Option<Vec<u32>>,
    /// `send fail`, `err(10001)` and the like; empty: nothing is wrong with the next one.
    pub next_status: Option<String>,
    /// 45065 or 45066; 0: it is answered as it should be.
    pub next_answer: Option<i64>,
    /// Negative: as long as the number of fans and the speed make it.
    pub delay_ms: Option<i64>,
}

/// A quota to change.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct QuotaPatch {
    pub used: Option<u32>,
    pub daily_limit: Option<u32>,
    pub minute_limit: Option<u32>,
}

/// The third-party platform.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ComponentView {
    pub appid: String,
    pub name: String,
    pub appsecret: String,
    pub token: String,
    pub encoding_aes_key: String,
    pub event_url: String,
    pub message_url_template: String,
    pub launch_host: String,
    pub released: bool,
    pub ip_whitelist: Vec<String>,
    /// Original ids that may authorise before the release.
    pub test_list: Vec<String>,
    /// Permission sets the platform asks for.
    pub sets: Vec<u16>,
}

impl ComponentView {
    pub(crate) fn of(component: &Component) -> Self {
        Self {
            appid: component.appid.clone(),
            name: component.name.clone(),
            appsecret: component.secret.clone(),
            token: component.token.clone(),
            encoding_aes_key: component.encoding_aes_key.clone(),
            event_url: component.event_url.clone(),
            message_url_template: component.message_url_template.clone(),
            launch_host: component.launch_host.clone(),
            released: component.released,
            ip_whitelist: component.ip_whitelist.clone(),
            test_list: component.test_list.clone(),
            sets: component.sets.clone(),
        }
    }
}

/// The platform's settings to change.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ComponentPatch {
    pub name: Option<String>,
    pub event_url: Option<String>,
    /// With `$APPID$` in it.
    pub message_url_template: Option<String>,
    pub launch_host: Option<String>,
    pub token: Option<String>,
    pub encoding_aes_key: Option<String>,
    pub ip_whitelist: Option<Vec<String>>,
    pub released: Option<bool>,
    pub test_list: Option<Vec<String>>,
    pub sets: Option<Vec<u16>>,
}

impl ComponentPatch {
    pub(crate) fn apply(self, component: &mut Component) -> Result<(), String> {
        if self.encoding_aes_key.as_deref().is_some_and(|key| EncodingAesKey::parse(key).is_err()) {
            return Err("encoding_aes_key is 43 letters and digits".to_owned());
        }
        if self.message_url_template.as_deref().is_some_and(|url| !url.is_empty() && !url.contains("/$APPID$")) {
            return Err("message_url_template contains /$APPID$".to_owned());
        }
        if self.test_list.as_ref().is_some_and(|list| list.len() > 10) {
            return Err("test_list has at most 10 original ids".to_owned());
        }
        if self.sets.iter().flatten().any(|set| !SETS.iter().any(|(id, ..)| id == set)) {
            return Err("sets names a permission set that does not exist".to_owned());
        }
        fn set<T>(slot: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *slot = value;
            }
        }
        set(&mut component.name, self.name);
        set(&mut component.event_url, self.event_url);
        set(&mut component.message_url_template, self.message_url_template);
        set(&mut component.launch_host, self.launch_host);
        set(&mut component.token, self.token);
        set(&mut component.encoding_aes_key, self.encoding_aes_key);
        set(&mut component.ip_whitelist, self.ip_whitelist);
        set(&mut component.released, self.released);
        set(&mut component.test_list, self.test_list);
        set(&mut component.sets, self.sets);
        Ok(())
    }
}

/// A person as one account's fan.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FanView {
    pub openid: String,
    pub person: u64,
    pub name: String,
    pub avatar: Avatar,
    pub city: String,
    pub unionid: Option<String>,
    pub following: bool,
    pub subscribe_time_ms: Option<i64>,
    pub blacklisted: bool,
    pub muted: bool,
    pub tags: Vec<u32>,
    pub remark: String,
    /// `None`: no customer-service message may be sent.
    pub window: Option<WindowView>,
    pub unread: u32,
    /// Nothing reaches their phone, though WeChat tries.
    pub failing: bool,
    /// Broadcasts they have had this month.
    pub broadcasts: usize,
}

/// The customer-service messages still allowed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WindowView {
    /// `None`: without limit.
    pub remaining: Option<u32>,
    pub deadline_ms: i64,
}

impl FanView {
    pub(crate) fn of(world: &World, account: &Account, person: u64) -> Self {
        let known = people::person(person);
        let fan = account.fans.view(person);
        let window = fan.window.filter(|window| window.deadline_ms > world.now_ms());
        Self {
            openid: account.fans.ids.id(person),
            person,
            name: known.name,
            avatar: known.avatar,
            city: known.city.to_owned(),
            unionid: account.open_platform.then(|| world.unionids.id(account.union_person(person))),
            following: fan.following,
            subscribe_time_ms: (fan.subscribe_ms > 0).then_some(fan.subscribe_ms),
            blacklisted: fan.blacklisted,
            muted: fan.muted,
            tags: fan.tags.clone(),
            remark: fan.remark.clone(),
            window: window.map(|window| WindowView { remaining: window.left, deadline_ms: window.deadline_ms }),
            unread: account.unread(person),
            failing: fan.failing,
            broadcasts: account.masses.had(person, world.now_ms()),
        }
    }
}

/// A person, whoever they follow.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonView {
    pub person: u64,
    pub name: String,
    pub avatar: Avatar,
    pub city: String,
}

impl PersonView {
    pub(crate) fn of(person: u64) -> Self {
        let known = people::person(person);
        Self { person, name: known.name, avatar: known.avatar, city: known.city.to_owned() }
    }
}

/// A person's chat with one account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChatRow {
    pub appid: String,
    pub openid: String,
    pub nick_name: String,
    pub kind: String,
    pub following: bool,
    pub last: Option<ChatItem>,
    pub unread: u32,
}
