//! Whether a menu is one: counts, lengths, types, and what each type needs.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu>

use std::collections::BTreeSet;

use serde_json::Value;

use super::answer::text;
use super::refusal::Refusal;
use crate::world::{Account, World};

const BUTTONS: usize = 3;
const SUB_BUTTONS: usize = 5;
const NAME_BYTES: usize = 16;
const SUB_NAME_BYTES: usize = 60;
const KEY_BYTES: usize = 128;
const URL_BYTES: usize = 1024;
const DOMAINS: usize = 3;

/// A menu that is being looked at.
struct Menu<'a> {
    world: &'a World,
    appid: &'a str,
    conditional: bool,
    /// Hosts outside WeChat that its pages are on.
    domains: BTreeSet<String>,
}

/// The buttons of a body, checked. A conditional menu has some codes of its own.
pub(super) fn buttons(world: &World, appid: &str, body: &Value, conditional: bool) -> Result<Vec<Value>, Refusal> {
    let mut menu = Menu { world, appid, conditional, domains: BTreeSet::new() };
    let buttons = body["button"].as_array().map(Vec::as_slice).unwrap_or_default();
    if buttons.is_empty() && conditional {
        return Err(Refusal::MENU_EMPTY);
    }
    if buttons.is_empty() || buttons.len() > BUTTONS {
        return Err(Refusal::INVALID_BUTTON_COUNT);
    }
    for button in buttons {
        let name = text(button, "name");
        if name.is_empty() || name.len() > NAME_BYTES {
            return Err(Refusal::INVALID_BUTTON_NAME);
        }
        match below(button) {
            [] => menu.check(button, false)?,
            _ if !text(button, "type").is_empty() => return Err(Refusal::INVALID_BUTTON_TYPE),
            below if below.len() > SUB_BUTTONS => return Err(Refusal::INVALID_SUB_BUTTON_COUNT),
            below => below.iter().try_for_each(|button| menu.check_item(button))?,
        }
    }
    if menu.domains.len() > DOMAINS {
        return Err(Refusal::MENU_DOMAINS);
    }
    Ok(buttons.to_vec())
}

fn below(button: &Value) -> &[Value] {
    button["sub_button"].as_array().map(Vec::as_slice).unwrap_or_default()
}

impl Menu<'_> {
    /// A button below another: there is no third level.
    fn check_item(&mut self, button: &Value) -> Result<(), Refusal> {
        let name = text(button, "name");
        if name.is_empty() || name.len() > SUB_NAME_BYTES {
            return Err(Refusal::INVALID_SUB_BUTTON_NAME);
        }
        if !below(button).is_empty() {
            return Err(Refusal::INVALID_SUB_BUTTON_LEVEL);
        }
        self.check(button, true)
    }

    /// A button that does something.
    fn check(&mut self, button: &Value, item: bool) -> Result<(), Refusal> {
        let of = |top: Refusal, sub: Refusal| Err(if item { sub } else { top });
        let filled = |name: &str| !text(button, name).is_empty();
        match &*text(button, "type") {
            "click" | "scancode_push" | "scancode_waitmsg" | "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin"
            | "location_select" => {
                if !filled("key") || text(button, "key").len() > KEY_BYTES {
                    return of(Refusal::INVALID_BUTTON_KEY, Refusal::INVALID_SUB_BUTTON_KEY);
                }
            }
            kind @ ("view" | "miniprogram") => {
                let url = text(button, "url");
                let parsed = url::Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
                if url.len() > URL_BYTES || url.is_empty() {
                    return of(Refusal::INVALID_BUTTON_URL, Refusal::INVALID_SUB_BUTTON_URL);
                }
                let Some(host) = parsed.as_ref().and_then(|url| url.host_str()) else {
                    let plain = if item { Refusal::INVALID_SUB_BUTTON_URL } else { Refusal::INVALID_BUTTON_URL };
                    return Err(if self.conditional { Refusal::MENU_URL } else { plain });
                };
                if kind == "view" && host != "qq.com" && !host.ends_with(".qq.com") {
                    self.domains.insert(host.to_owned());
                }
                if kind == "miniprogram" && !(filled("appid") && filled("pagepath")) {
                    return Err(Refusal::INVALID_ARGS);
                }
            }
            "media_id" => {
                let id = text(button, "media_id");
                let there = self.world.material(self.appid, &id, &["image", "voice", "video"]).is_some();
                if !there && self.world.library.draft(self.appid, &id, true).is_none() {
                    return Err(Refusal::INVALID_MEDIA_ID);
                }
            }
            "view_limited" => {
                let news = self.world.library.draft(self.appid, &text(button, "media_id"), true);
                news.ok_or(Refusal::INVALID_MEDIA_ID)?;
            }
            "article_id" | "article_view_limited" => {
                let published = self.world.library.published(self.appid, &text(button, "article_id"));
                published.ok_or(Refusal::ARTICLE_ID)?;
            }
            "" if self.conditional => return Err(Refusal::MENU_SILENT),
            _ => return of(Refusal::INVALID_BUTTON_TYPE, Refusal::INVALID_SUB_BUTTON_TYPE),
        }
        Ok(())
    }
}

/// Whether a rule can match anybody. Places are still read, and want what they lie in.
pub(super) fn check_rule(account: &Account, rule: &Value) -> Result<(), Refusal> {
    let filled = |name: &str| !text(rule, name).is_empty();
    if filled("province") && !filled("country") {
        return Err(Refusal::MENU_COUNTRY);
    }
    if filled("city") && !filled("province") {
        return Err(Refusal::MENU_PROVINCE);
    }
    if filled("client_platform_type") && !matches!(&*text(rule, "client_platform_type"), "1" | "2" | "3") {
        return Err(Refusal::MENU_PLATFORM);
    }
    for name in ["tag_id", "group_id"] {
        // 0 to 2 are WeChat's own.
        let known = |tag: u32| tag <= 2 || account.tags.contains_key(&tag);
        if filled(name) && !text(rule, name).parse().is_ok_and(known) {
            return Err(Refusal::TAG_ID);
        }
    }
    Ok(())
}
