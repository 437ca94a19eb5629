//! Whether a menu is one that WeChat takes; everything that is wrong, at once, at its field.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu>

use std::collections::{BTreeSet, HashSet};

use entities::messages::check_content;
use kit::http::Faults;
use url::Url;
use wechat::api::menu::{
    MAX_BUTTONS, MAX_KEY_BYTES, MAX_NAME_BYTES, MAX_SUB_BUTTONS, MAX_SUB_NAME_BYTES, MAX_URL_BYTES,
};

use super::model::{Button, ButtonKind, each};

/// Addresses of so many different hosts, WeChat's own not counted (65316).
pub const MAX_HOSTS: usize = 3;

/// What a draft may not even be kept with: more places than a menu has, names and ids that cannot be.
pub fn check_shape(buttons: &[Button], faults: &mut Faults) {
    if buttons.len() > MAX_BUTTONS {
        faults.add("buttons", "count", format!("a menu has at most {MAX_BUTTONS} buttons"));
    }
    let mut ids = HashSet::new();
    let mut check = |button: &Button, place: &str, most: usize| {
        let sound = (1..=32).contains(&button.id.len())
            && button.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !button.id.is_empty() && !sound {
            faults.add(format!("{place}.id"), "id", "an id is 1 to 32 letters, digits, - or _");
        }
        if !button.id.is_empty() && !ids.insert(button.id.clone()) {
            faults.add(format!("{place}.id"), "duplicate", "two buttons have this id");
        }
        if button.buttons.len() > most {
            let (code, says) = if most == 0 {
                ("levels", "a menu has two levels")
            } else {
                ("count", "a button has at most 5 below it")
            };
            faults.add(format!("{place}.buttons"), code, says);
        }
        let longest = [&button.key, &button.url, &button.material, &button.article, &button.app_id, &button.page_path]
            .into_iter()
            .flatten()
            .chain([&button.name])
            .map(String::len)
            .max();
        if longest > Some(LONGEST) {
            faults.add(place, "too_long", format!("a text of a button has at most {LONGEST} bytes, also in a draft"));
        }
    };
    for (i, button) in buttons.iter().enumerate() {
        check(button, &format!("buttons[{i}]"), MAX_SUB_BUTTONS);
        for (j, below) in button.buttons.iter().enumerate() {
            check(below, &format!("buttons[{i}].buttons[{j}]"), 0);
        }
    }
}

const LONGEST: usize = 4096;

/// What WeChat would refuse. `own_host` is where counted links lead first.
pub fn check(buttons: &[Button], own_host: &str, faults: &mut Faults) {
    if buttons.is_empty() {
        faults.add("buttons", "empty", "a menu has at least one button");
    }
    if buttons.len() > MAX_BUTTONS {
        faults.add("buttons", "count", format!("a menu has at most {MAX_BUTTONS} buttons"));
    }
    for (i, button) in buttons.iter().enumerate() {
        let place = format!("buttons[{i}]");
        check_name(button, &place, MAX_NAME_BYTES, faults);
        if button.buttons.is_empty() {
            check_action(button, &place, faults);
            continue;
        }
        if button.buttons.len() > MAX_SUB_BUTTONS {
            faults.add(format!("{place}.buttons"), "count", format!("a button has at most {MAX_SUB_BUTTONS} below it"));
        }
        for (j, below) in button.buttons.iter().enumerate() {
            let place = format!("{place}.buttons[{j}]");
            check_name(below, &place, MAX_SUB_NAME_BYTES, faults);
            check_action(below, &place, faults);
            if !below.buttons.is_empty() {
                faults.add(format!("{place}.buttons"), "levels", "a menu has two levels");
            }
        }
    }
    let mut keys = HashSet::new();
    if !leaves(buttons)
        .filter(|button| button.kind.is_some_and(ButtonKind::has_key))
        .all(|button| keys.insert(button.event_key()))
    {
        faults.add("buttons", "duplicate", "two buttons have the same key, so that a tap would not say which it was");
    }
    if hosts(buttons, own_host).len() > MAX_HOSTS {
        faults.add("buttons", "domains", format!("links lead to more than {MAX_HOSTS} different hosts"));
    }
}

/// Buttons that do something themselves.
pub fn leaves(buttons: &[Button]) -> impl Iterator<Item = &Button> {
    each(buttons).filter(|button| button.buttons.is_empty())
}

/// The hosts that WeChat counts.
pub fn hosts(buttons: &[Button], own_host: &str) -> BTreeSet<String> {
    leaves(buttons)
        .filter(|button| button.kind == Some(ButtonKind::View))
        .filter_map(|button| match button.count_visits {
            true => Some(own_host.to_owned()),
            false => web(button.url.as_deref()?).and_then(|url| url.host_str().map(str::to_owned)),
        })
        .filter(|host| host != "qq.com" && !host.ends_with(".qq.com"))
        .collect()
}

/// An address a browser can be sent to, and nothing else.
pub fn web(text: &str) -> Option<Url> {
    let clean = text.len() <= MAX_URL_BYTES && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    Url::parse(text).ok().filter(|url| clean && matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

fn check_name(button: &Button, place: &str, most: usize, faults: &mut Faults) {
    let field = format!("{place}.name");
    if button.name.trim().is_empty() {
        faults.add(field, "empty", "a button has a name");
    } else if button.name.len() > most {
        let bytes = button.name.len();
        faults.add(field, "too_long", format!("the name has {bytes} bytes; WeChat takes at most {most}"));
    }
}

fn check_action(button: &Button, place: &str, faults: &mut Faults) {
    let Some(kind) = button.kind else {
        faults.add(format!("{place}.type"), "empty", "choose what the button does");
        return;
    };
    let mut needed = |name: &str, value: Option<&String>| {
        if value.is_none_or(|value| value.trim().is_empty()) {
            faults.add(format!("{place}.{name}"), "empty", format!("a button of this kind needs {name}"));
        }
    };
    match kind {
        ButtonKind::MediaId | ButtonKind::ViewLimited => needed("material", button.material.as_ref()),
        ButtonKind::ArticleId | ButtonKind::ArticleViewLimited => needed("article", button.article.as_ref()),
        ButtonKind::Miniprogram => {
            needed("app_id", button.app_id.as_ref());
            needed("page_path", button.page_path.as_ref());
        }
        ButtonKind::Console => {
            faults.add(format!("{place}.type"), "not_publishable", "WeChat's API cannot make a button of this kind");
        }
        _ => {}
    }
    if matches!(kind, ButtonKind::View | ButtonKind::Miniprogram) && button.url.as_deref().and_then(web).is_none() {
        let says = format!("must be an http or https address of at most {MAX_URL_BYTES} bytes");
        faults.add(format!("{place}.url"), "url", says);
    }
    if kind.has_key() {
        let key = button.event_key();
        if key.len() > MAX_KEY_BYTES || key.chars().any(char::is_control) {
            faults.add(format!("{place}.key"), "too_long", format!("a key has at most {MAX_KEY_BYTES} bytes"));
        }
        if let Some(answer) = &button.answer {
            check_content(answer, &format!("{place}.answer"), faults);
        }
    }
}
