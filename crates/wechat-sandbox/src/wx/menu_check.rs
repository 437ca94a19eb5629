//! Whether a menu is one: counts, lengths, types, and what each type needs.
//!
//! <https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu>

use std::collections::BTreeSet;

use serde_json::Value;

use super::answer::text;
use super::refusal::Refusal;

const BUTTONS: usize = 3;
const SUB_BUTTONS: usize = 5;
const NAME_BYTES: usize = 16;
const SUB_NAME_BYTES: usize = 60;
const KEY_BYTES: usize = 128;
const URL_BYTES: usize = 1024;
const DOMAINS: usize = 3;

/// The buttons of a body, checked.
pub(super) fn buttons(body: &Value) -> Result<Vec<Value>, Refusal> {
    let buttons = body["button"].as_array().ok_or(Refusal::INVALID_BUTTON_COUNT)?;
    if buttons.is_empty() || buttons.len() > BUTTONS {
        return Err(Refusal::INVALID_BUTTON_COUNT);
    }
    let mut domains = BTreeSet::new();
    for button in buttons {
        let name = text(button, "name");
        if name.is_empty() || name.len() > NAME_BYTES {
            return Err(Refusal::INVALID_BUTTON_NAME);
        }
        match button["sub_button"].as_array().filter(|below| !below.is_empty()) {
            None => check_leaf(button, &mut domains, false)?,
            Some(_) if !text(button, "type").is_empty() => return Err(Refusal::INVALID_BUTTON_TYPE),
            Some(below) if below.len() > SUB_BUTTONS => return Err(Refusal::INVALID_SUB_BUTTON_COUNT),
            Some(below) => {
                for button in below {
                    let name = text(button, "name");
                    if name.is_empty() || name.len() > SUB_NAME_BYTES {
                        return Err(Refusal::INVALID_SUB_BUTTON_NAME);
                    }
                    check_leaf(button, &mut domains, true)?;
                }
            }
        }
    }
    if domains.len() > DOMAINS {
        return Err(Refusal::MENU_DOMAINS);
    }
    Ok(buttons.clone())
}

fn check_leaf(button: &Value, domains: &mut BTreeSet<String>, below: bool) -> Result<(), Refusal> {
    let filled = |name: &str| !text(button, name).is_empty();
    match &*text(button, "type") {
        "click" | "scancode_push" | "scancode_waitmsg" | "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin"
        | "location_select" => {
            if !filled("key") || text(button, "key").len() > KEY_BYTES {
                return Err(Refusal::INVALID_BUTTON_KEY);
            }
        }
        kind @ ("view" | "miniprogram") => {
            let url = text(button, "url");
            let parsed = url::Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            let Some(parsed) = parsed.filter(|_| url.len() <= URL_BYTES) else {
                return Err(if below { Refusal::INVALID_SUB_BUTTON_URL } else { Refusal::INVALID_BUTTON_URL });
            };
            let host = parsed.host_str().unwrap_or_default();
            if kind == "view" && !host.ends_with(".qq.com") {
                domains.insert(host.to_owned());
            }
            if kind == "miniprogram" && !(filled("appid") && filled("pagepath")) {
                return Err(Refusal::INVALID_ARGS);
            }
        }
        // The sandbox holds no permanent material or published article for a button to show.
        "media_id" | "view_limited" => return Err(Refusal::INVALID_MEDIA_ID),
        "article_id" | "article_view_limited" => return Err(Refusal::new(53600, "invalid article_id")),
        _ => return Err(Refusal::INVALID_BUTTON_TYPE),
    }
    Ok(())
}
