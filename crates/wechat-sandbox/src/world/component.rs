//! The third-party platform the sandbox knows, and its codes and tickets.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use wechat::crypto::{EncodingAesKey, MsgCipher};

use super::quota::Quotas;
use super::tokens::Slot;
use crate::chance;
use crate::clock::{HOUR, MINUTE};
use crate::permute::{derive, hex, letters, url_letters};

/// A ticket can be used for so long, and a new one is pushed so often.
pub(crate) const TICKET_MS: i64 = 12 * HOUR;
pub(crate) const TICKET_EVERY_MS: i64 = 10 * MINUTE;
pub(crate) const PRE_AUTH_MS: i64 = 10 * MINUTE;
pub(crate) const AUTH_CODE_MS: i64 = HOUR;
/// An account may authorise so many platforms.
pub(crate) const PLATFORMS: usize = 15;
/// Only one platform may hold each of these.
pub(crate) const EXCLUSIVE: [u16; 4] = [4, 24, 34, 54];

/// A permission set: id, Chinese name, English name.
pub(crate) type Set = (u16, &'static str, &'static str);
/// <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/product/offical_account_authority.html>
pub(crate) const SETS: [Set; 28] = [
    (1, "消息管理权限", "Message management"),
    (2, "用户管理权限", "User management"),
    (3, "帐号服务权限", "Account service"),
    (4, "网页服务权限", "Web service"),
    (5, "微信小店权限", "WeChat shop"),
    (6, "微信多客服权限", "Multi customer service"),
    (7, "群发与通知权限", "Broadcast and notice"),
    (8, "微信卡券权限", "Cards and coupons"),
    (9, "微信扫一扫权限", "Scan products"),
    (10, "微信连WIFI权限", "WiFi"),
    (11, "素材管理权限", "Asset management"),
    (12, "微信摇周边权限", "Shake nearby"),
    (13, "微信门店权限", "Stores"),
    (15, "自定义菜单权限", "Custom menu"),
    (22, "城市服务接口权限", "City service"),
    (23, "广告管理权限", "Ads management"),
    (24, "开放平台帐号管理权限", "Open Platform account management"),
    (26, "微信电子发票权限", "E-invoice"),
    (27, "快速注册小程序权限", "Quick mini-program registration"),
    (33, "小程序管理权限", "Mini-program linking"),
    (34, "微信商品库权限", "Product library"),
    (44, "好物圈权限", "Good things circle"),
    (46, "一物一码权限", "One item, one code"),
    (47, "微信财政电子票据权限", "Fiscal e-bill"),
    (54, "服务号对话权限", "Service-account dialogue"),
    (66, "服务市场权限", "Service market"),
    (89, "服务号订阅通知权限", "Service-account subscription notice"),
    (100, "用户与素材权限", "Users and assets"),
];

/// What was asked for when an authorisation page was opened.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PreAuth {
    pub expires_ms: i64,
    pub used: bool,
    pub redirect_uri: String,
    pub auth_type: u8,
    pub biz_appid: String,
    /// Empty: all the component's sets.
    pub category_ids: Vec<u16>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AuthCode {
    pub appid: String,
    pub expires_ms: i64,
    pub used: bool,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Component {
    pub appid: String,
    pub name: String,
    pub secret: String,
    pub token: String,
    pub encoding_aes_key: String,
    pub event_url: String,
    pub message_url_template: String,
    pub launch_host: String,
    pub ip_whitelist: Vec<String>,
    pub released: bool,
    /// Original ids that may authorise before the release.
    pub test_list: Vec<String>,
    /// The sets the platform offers to serve.
    pub sets: Vec<u16>,
    /// Newest last, with when each was issued.
    pub tickets: VecDeque<(String, i64)>,
    pub slot: Slot,
    pub pre_auths: BTreeMap<String, PreAuth>,
    pub auth_codes: BTreeMap<String, AuthCode>,
    pub quotas: Quotas,
}

impl Component {
    pub fn new(seed: u64) -> Self {
        let part = |word: &str| derive(seed, word, 0);
        Self {
            appid: format!("wx{}", hex(part("component"), 16)),
            name: "鸿雁".to_owned(),
            secret: hex(part("component secret"), 32),
            token: letters(part("component token"), 16),
            encoding_aes_key: letters(part("component key"), 43),
            released: true,
            sets: vec![1, 2, 3, 4, 7, 8, 11, 15, 89],
            ..Self::default()
        }
    }

    pub fn cipher(&self) -> Option<MsgCipher> {
        Some(MsgCipher::new(&self.appid, EncodingAesKey::parse(&self.encoding_aes_key).ok()?, None))
    }

    /// A fresh ticket; each push carries another.
    pub fn issue_ticket(&mut self, now_ms: i64) -> String {
        let ticket = format!("ticket@@@{}", url_letters(chance::any(), 86));
        self.tickets.retain(|(_, issued_ms)| now_ms - issued_ms < 2 * TICKET_MS);
        self.tickets.push_back((ticket.clone(), now_ms));
        ticket
    }

    pub fn issue_auth_code(&mut self, appid: &str, now_ms: i64) -> String {
        let code = format!("queryauthcode@@@{}", url_letters(chance::any(), 60));
        self.auth_codes.retain(|_, code| now_ms - code.expires_ms < 24 * HOUR);
        self.auth_codes
            .insert(code.clone(), AuthCode { appid: appid.to_owned(), expires_ms: now_ms + AUTH_CODE_MS, used: false });
        code
    }

    /// Where an authorised account's messages go.
    pub fn message_url(&self, appid: &str) -> Option<String> {
        (!self.message_url_template.is_empty()).then(|| self.message_url_template.replace("$APPID$", appid))
    }
}
