//! From our buttons to WeChat's and back, and what differs between two menus. Pure.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;
use wechat::api::menu::{self as theirs, get_selfmenu_info};

use super::model::{Button, ButtonKind, KEY, each};

/// The buttons as WeChat is given them. `links` are the addresses of counted links, by button.
pub fn to_wechat(buttons: &[Button], links: &HashMap<String, String>) -> Vec<theirs::Button> {
    buttons.iter().map(|button| one_to_wechat(button, links)).collect()
}

fn one_to_wechat(button: &Button, links: &HashMap<String, String>) -> theirs::Button {
    let mut out = theirs::Button { name: button.name.clone(), ..theirs::Button::default() };
    if !button.buttons.is_empty() {
        out.sub_button = Some(to_wechat(&button.buttons, links));
        return out;
    }
    let Some(kind) = button.kind else { return out };
    out.kind = kind.word().map(str::to_owned);
    match kind {
        ButtonKind::View => {
            out.url = match links.get(&button.id) {
                Some(link) if button.count_visits => Some(link.clone()),
                _ => button.url.clone(),
            };
        }
        ButtonKind::MediaId | ButtonKind::ViewLimited => out.media_id.clone_from(&button.material),
        ButtonKind::ArticleId | ButtonKind::ArticleViewLimited => out.article_id.clone_from(&button.article),
        ButtonKind::Miniprogram => {
            out.url.clone_from(&button.url);
            out.appid.clone_from(&button.app_id);
            out.pagepath.clone_from(&button.page_path);
        }
        ButtonKind::Console => {}
        _ => out.key = Some(button.event_key()),
    }
    out
}

/// Whether two menus are one to a fan. WeChat writes empty lists and fields that it was not given.
pub fn same(one: &[theirs::Button], other: &[theirs::Button]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_button(one, other))
}

fn same_button(one: &theirs::Button, other: &theirs::Button) -> bool {
    if one.name != other.name || !same(one.items(), other.items()) {
        return false;
    }
    // A button with others below it does nothing itself.
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    !one.items().is_empty()
        || text(&one.kind) == text(&other.kind)
            && [
                (&one.key, &other.key),
                (&one.url, &other.url),
                (&one.media_id, &other.media_id),
                (&one.article_id, &other.article_id),
                (&one.appid, &other.appid),
                (&one.pagepath, &other.pagepath),
            ]
            .into_iter()
            .all(|(one, other)| text(one) == text(other))
}

/// The console's menu in the form of the API's, with what the API has no word for beside it.
pub fn from_console(buttons: &[get_selfmenu_info::Button]) -> Vec<Button> {
    let one = |button: &get_selfmenu_info::Button| {
        let word = button.kind.clone().unwrap_or_default();
        let kind = button.kind.as_deref().map(ButtonKind::of);
        let is_console = kind == Some(ButtonKind::Console);
        let news = button.news_info.as_ref().and_then(|news| news["list"][0]["title"].as_str()).map(str::to_owned);
        Button {
            name: button.name.clone(),
            kind,
            key: button.key.clone(),
            url: button.url.clone(),
            material: match kind {
                Some(ButtonKind::MediaId | ButtonKind::ViewLimited) => button.value.clone(),
                _ => None,
            },
            app_id: button.appid.clone(),
            page_path: button.pagepath.clone(),
            console_type: is_console.then_some(word),
            console_value: if is_console { news.or_else(|| button.value.clone()) } else { None },
            buttons: button.sub_button.as_ref().map(|below| from_console(&below.list)).unwrap_or_default(),
            ..Button::default()
        }
    };
    buttons.iter().map(one).collect()
}

/// WeChat's buttons as ours, without ids.
pub fn from_wechat(buttons: &[theirs::Button]) -> Vec<Button> {
    let one = |button: &theirs::Button| Button {
        name: button.name.clone(),
        kind: if button.items().is_empty() { button.kind.as_deref().map(ButtonKind::of) } else { None },
        key: button.key.clone().filter(|key| !key.is_empty()),
        url: button.url.clone(),
        material: button.media_id.clone(),
        article: button.article_id.clone(),
        app_id: button.appid.clone(),
        page_path: button.pagepath.clone(),
        console_type: button.kind.clone().filter(|word| ButtonKind::of(word) == ButtonKind::Console),
        buttons: from_wechat(button.items()),
        ..Button::default()
    };
    buttons.iter().map(one).collect()
}

/// Which of the buttons that we know each of these is: it then keeps its id, its answer and its counting. `links` are
/// the addresses of counted links, by button.
pub fn recognise(found: &mut [Button], known: &[Button], links: &HashMap<String, String>) {
    let mut free: Vec<&Button> = each(known).collect();
    recognise_in(found, &mut free, links);
}

fn recognise_in(found: &mut [Button], free: &mut Vec<&Button>, links: &HashMap<String, String>) {
    for button in found {
        recognise_in(&mut button.buttons, free, links);
        let Some(at) = free.iter().position(|known| is_the_same(button, known, links)) else { continue };
        let known = free.remove(at);
        button.id.clone_from(&known.id);
        if button.buttons.is_empty() {
            button.answer.clone_from(&known.answer);
            button.key.clone_from(&known.key);
            if known.count_visits && button.kind == Some(ButtonKind::View) {
                (button.url, button.count_visits) = (known.url.clone(), true);
            }
        }
    }
}

fn is_the_same(found: &Button, known: &Button, links: &HashMap<String, String>) -> bool {
    if found.buttons.is_empty() != known.buttons.is_empty() {
        return false;
    }
    if !found.buttons.is_empty() {
        return found.name == known.name;
    }
    found.kind == known.kind
        && match found.kind {
            Some(kind) if kind.has_key() => found.event_key() == known.event_key(),
            Some(ButtonKind::View) => {
                found.url == known.url || known.count_visits && found.url.as_ref() == links.get(&known.id)
            }
            Some(ButtonKind::Console) => found.name == known.name && found.console_type == known.console_type,
            _ => {
                found.material == known.material
                    && found.article == known.article
                    && found.page_path == known.page_path
                    && found.app_id == known.app_id
            }
        }
}

/// Gives every button without an id one from `new`.
pub fn name_buttons(buttons: &mut [Button], new: &mut impl FnMut() -> String) {
    for button in buttons {
        if button.id.is_empty() {
            // A key that we made holds the id it was made from.
            let own = button.key.as_deref().and_then(|key| key.strip_prefix(KEY)).filter(|id| !id.is_empty());
            button.id = own.map_or_else(&mut *new, str::to_owned);
        }
        name_buttons(&mut button.buttons, new);
    }
}

/// What is different about a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    Added,
    Removed,
    Changed,
    Moved,
}

/// One difference between the draft and what is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Change {
    pub change: ChangeKind,
    /// The button's id.
    pub button: String,
    pub name: String,
    /// Its name before, when it had another.
    pub name_before: Option<String>,
    /// What was changed: `name`, `type`, `url`, `answer`, …
    pub fields: Vec<&'static str>,
}

/// What publishing `draft` would change.
pub fn changes(live: &[Button], draft: &[Button]) -> Vec<Change> {
    let before = places(live);
    let after = places(draft);
    let mut out = Vec::new();
    for button in each(draft) {
        let change = |change, name_before, fields| Change {
            change,
            button: button.id.clone(),
            name: button.name.clone(),
            name_before,
            fields,
        };
        let Some((was, below)) = before.get(button.id.as_str()) else {
            out.push(change(ChangeKind::Added, None, Vec::new()));
            continue;
        };
        let fields = differing(was, button);
        let moved = after.get(button.id.as_str()).is_some_and(|(_, now)| now != below);
        if !fields.is_empty() {
            let name_before = (was.name != button.name).then(|| was.name.clone());
            out.push(change(ChangeKind::Changed, name_before, fields));
        } else if moved {
            out.push(change(ChangeKind::Moved, None, Vec::new()));
        }
    }
    let moved = reordered(live, draft);
    for button in each(draft).filter(|button| moved.contains(button.id.as_str())) {
        if !out.iter().any(|change| change.button == button.id) {
            out.push(Change {
                change: ChangeKind::Moved,
                button: button.id.clone(),
                name: button.name.clone(),
                name_before: None,
                fields: Vec::new(),
            });
        }
    }
    for button in each(live).filter(|button| !after.contains_key(button.id.as_str())) {
        out.push(Change {
            change: ChangeKind::Removed,
            button: button.id.clone(),
            name: button.name.clone(),
            name_before: None,
            fields: Vec::new(),
        });
    }
    out
}

/// Each button, and the one it is below.
fn places(buttons: &[Button]) -> HashMap<&str, (&Button, Option<&str>)> {
    let mut out = HashMap::new();
    for button in buttons {
        out.insert(button.id.as_str(), (button, None));
        for below in &button.buttons {
            out.insert(below.id.as_str(), (below, Some(button.id.as_str())));
        }
    }
    out
}

/// Buttons that stand in another order among those that both menus have in the same place.
fn reordered<'a>(live: &'a [Button], draft: &'a [Button]) -> HashSet<&'a str> {
    fn among<'a>(live: &'a [Button], draft: &'a [Button], out: &mut HashSet<&'a str>) {
        let both = |button: &&Button, other: &[Button]| other.iter().any(|one| one.id == button.id);
        let before: Vec<&Button> = live.iter().filter(|button| both(button, draft)).collect();
        let after: Vec<&Button> = draft.iter().filter(|button| both(button, live)).collect();
        out.extend(before.iter().zip(&after).filter(|(was, is)| was.id != is.id).map(|(_, is)| is.id.as_str()));
        for (was, is) in live.iter().flat_map(|was| draft.iter().filter(|is| is.id == was.id).map(move |is| (was, is)))
        {
            among(&was.buttons, &is.buttons, out);
        }
    }
    let mut out = HashSet::new();
    among(live, draft, &mut out);
    out
}

fn differing(was: &Button, is: &Button) -> Vec<&'static str> {
    let key = |button: &Button| button.kind.is_some_and(ButtonKind::has_key).then(|| button.event_key());
    [
        ("name", was.name != is.name),
        ("type", was.kind != is.kind || was.buttons.is_empty() != is.buttons.is_empty()),
        ("key", key(was) != key(is)),
        ("url", was.url != is.url),
        ("count_visits", was.count_visits != is.count_visits),
        ("material", was.material != is.material),
        ("article", was.article != is.article),
        ("app_id", was.app_id != is.app_id),
        ("page_path", was.page_path != is.page_path),
        ("answer", was.answer != is.answer),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}
