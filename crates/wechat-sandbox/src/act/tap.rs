//! Taps on the menu below a chat.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/menu/Custom_Menu_Push_Events>

use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::send::speak;
use super::{ActError, At, Going, Heard, Sent, following, hear_event, is_blacklisted, not_found};
use crate::chance;
use crate::permute::hex;
use crate::push::document;
use crate::sandbox::Sandbox;
use crate::world::chat::From;
use crate::world::fans::Interaction;
use crate::world::{ChatItem, World};

/// Which button, by key or by place, and what the button asks of the fan.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Tap {
    pub key: Option<String>,
    /// `[button]` or `[button, button below it]`, counted from 0.
    pub path: Option<Vec<usize>>,
    /// For `scancode_*`.
    pub scan_result: Option<String>,
    /// For `location_select`.
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub label: Option<String>,
    /// For `pic_*`: how many are sent.
    pub pictures: Option<usize>,
}

fn field<'v>(button: &'v Value, name: &str) -> &'v str {
    button[name].as_str().unwrap_or_default()
}

/// The button that is meant, if it can be tapped.
fn find<'v>(buttons: &'v [Value], tap: &Tap) -> Option<&'v Value> {
    let below = |button: &'v Value| button["sub_button"].as_array().map_or(&[][..], Vec::as_slice);
    match (&tap.path, &tap.key) {
        (Some(path), _) => match path.as_slice() {
            [i] => buttons.get(*i).filter(|button| below(button).is_empty()),
            [i, j] => buttons.get(*i).and_then(|button| below(button).get(*j)),
            _ => None,
        },
        (None, Some(key)) => {
            buttons.iter().chain(buttons.iter().flat_map(below)).find(|button| field(button, "key") == key)
        }
        (None, None) => None,
    }
}

/// What a button gives by itself: a file, or articles. One that only opens a page says nothing.
fn given(world: &World, appid: &str, button: &Value) -> Result<Vec<ChatItem>, ActError> {
    let gone = || ActError::Conflict("what the button shows has been deleted".to_owned());
    let cards = |cards: Option<Vec<_>>| {
        let articles = cards.filter(|cards| !cards.is_empty()).ok_or_else(gone)?;
        Ok(vec![ChatItem { articles: Some(articles), ..ChatItem::new(From::Account, "mpnews") }])
    };
    let id = field(button, "media_id");
    match field(button, "type") {
        "article_id" => cards(world.published_cards(appid, field(button, "article_id"))),
        "media_id" if world.library.draft(appid, id, true).is_some() => cards(world.news_cards(appid, id)),
        "media_id" => {
            let media = world.material(appid, id, &["image", "voice", "video"]).ok_or_else(gone)?;
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            Ok(vec![ChatItem {
                media_url: Some(world.file_url(&media.id)),
                title: some(&media.title),
                description: some(&media.introduction),
                ..ChatItem::new(From::Account, media.kind.clone())
            }])
        }
        _ => world.page_of(appid, button).map(|_| Vec::new()).ok_or_else(gone),
    }
}

impl Sandbox {
    /// A fan taps a button of the menu they see.
    pub fn tap(&self, appid: &str, openid: &str, tap: &Tap) -> Result<Heard, ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        let account = following(&mut world, &at)?;
        let (buttons, menuid) = account.menu_of(at.person).ok_or_else(|| not_found("menu"))?;
        let button = find(buttons, tap).ok_or_else(|| not_found("button"))?.clone();
        let (kind, key) = (field(&button, "type"), field(&button, "key"));
        // Buttons that open something else do not open the window.
        if matches!(kind, "click" | "scancode_push" | "scancode_waitmsg") {
            account.touch(at.person, Interaction::Tap, at.now_ms);
        }
        // What WeChat itself answers or opens is not pushed.
        if let "media_id" | "view_limited" | "article_id" | "article_view_limited" = kind {
            let items = given(&world, appid, &button)?;
            let id = hear_event(&mut world, &at, kind, None);
            for item in items {
                world.hear(appid, at.person, ChatItem { via: Some("menu".to_owned()), ..item });
            }
            drop(world);
            return Ok(self.set_off(&at, id, Going::event(kind, at.event(kind, None), false), true));
        }
        let event = match kind {
            "click" => "CLICK",
            "view" => "VIEW",
            "miniprogram" => "view_miniprogram",
            other => other,
        };
        let key = match kind {
            "view" => field(&button, "url"),
            "miniprogram" => field(&button, "pagepath"),
            _ => key,
        };
        let mut document = at.event(event, Some(key));
        let mut then = Vec::new();
        match kind {
            "view" | "miniprogram" => document.push_number("MenuId", menuid),
            "scancode_push" | "scancode_waitmsg" => {
                document.push(
                    "ScanCodeInfo",
                    document::scanned(tap.scan_result.as_deref().unwrap_or("https://example.com/")),
                );
            }
            "pic_sysphoto" | "pic_photo_or_album" | "pic_weixin" => {
                let count = tap.pictures.unwrap_or(1).clamp(1, 9);
                let sums: Vec<String> = (0..count).map(|_| hex(chance::any(), 32)).collect();
                document.push("SendPicsInfo", document::pictures(&sums));
                then.extend(sums.iter().map(|_| Sent::Image { data: None }));
            }
            "location_select" => {
                let (latitude, longitude) = (tap.latitude.unwrap_or(23.129), tap.longitude.unwrap_or(113.264));
                let label = tap.label.clone().unwrap_or_default();
                document.push("SendLocationInfo", document::place(latitude, longitude, &label));
                then.push(Sent::Location { latitude, longitude, scale: None, label });
            }
            _ => {}
        }
        let id = hear_event(&mut world, &at, event, Some(key));
        let speaks = !matches!(kind, "view" | "miniprogram");
        let unheard = is_blacklisted(&world, &at);
        let mut goings = vec![(id, Going::event(event, document, speaks))];
        for sent in then {
            // The pictures and the place follow as ordinary messages.
            following(&mut world, &at)?.touch(at.person, Interaction::Message, at.now_ms);
            goings.push(speak(&mut world, &at, sent)?);
        }
        drop(world);
        let mut heard = goings.into_iter().map(|(id, going)| self.set_off(&at, id, going, unheard));
        let first = heard.next().ok_or_else(|| not_found("button"))?;
        heard.for_each(drop);
        Ok(first)
    }
}
