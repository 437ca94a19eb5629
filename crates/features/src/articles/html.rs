//! What WeChat keeps of an article's HTML, and where its pictures are: ours by our own address, WeChat's by theirs.
//! Scripts, frames, forms, classes and foreign pictures go.

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::{Arc, Mutex},
};

use ammonia::Builder;
use kit::{AccountId, MediaId};
use url::{Url, form_urlencoded};
use wechat_client::Pictures;

/// Tags kept besides the usual ones.
const TAGS: [&str; 7] = ["section", "figure", "figcaption", "font", "big", "center", "u"];
/// Beginnings of the names of style properties that say how something looks, not where on the page it is.
const STYLES: [&str; 36] = [
    "color",
    "background",
    "font",
    "text-",
    "line-height",
    "letter-spacing",
    "margin",
    "padding",
    "border",
    "width",
    "height",
    "max-",
    "min-",
    "display",
    "vertical-align",
    "white-space",
    "word-",
    "overflow",
    "list-style",
    "box-sizing",
    "box-shadow",
    "opacity",
    "float",
    "clear",
    "flex",
    "align-",
    "justify-",
    "order",
    "gap",
    "row-gap",
    "column-",
    "transform",
    "visibility",
    "outline",
    "caption-side",
    "table-layout",
];

/// Where a picture is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Src {
    Ours(MediaId),
    /// At one of WeChat's picture hosts.
    Theirs(String),
    Foreign,
}

/// The address in our own API that shows a picture of WeChat's.
pub fn shown_at(account: AccountId, address: &str) -> String {
    if address.is_empty() {
        return String::new();
    }
    let query: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    format!("/api/v1/accounts/{account}/wechat_picture?address={query}")
}

pub fn file_of(id: MediaId) -> String {
    format!("/api/v1/media/{id}/file")
}

/// What an address in an article means.
pub fn src(pictures: &Pictures, value: &str) -> Src {
    let value = value.trim();
    if let Some(id) = value.strip_prefix("/api/v1/media/").and_then(|rest| rest.strip_suffix("/file")) {
        return id.parse().map_or(Src::Foreign, Src::Ours);
    }
    let through_us = value.strip_prefix("/api/v1/accounts/").and_then(|rest| rest.split_once("/wechat_picture?"));
    let address = match through_us {
        Some((_, query)) => form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "address")
            .map(|(_, address)| address.into_owned())
            .unwrap_or_default(),
        // WeChat writes some addresses without a scheme.
        None if value.starts_with("//") => format!("https:{value}"),
        None => value.to_owned(),
    };
    if pictures.allows(&address) { Src::Theirs(address) } else { Src::Foreign }
}

/// Where a picture is to be found in what is made; none when it is left out.
pub type Places = Arc<dyn Fn(Src) -> Option<String> + Send + Sync>;

/// As it is kept.
pub fn kept() -> Places {
    Arc::new(|src| match src {
        Src::Ours(id) => Some(file_of(id)),
        Src::Theirs(address) => Some(address),
        Src::Foreign => None,
    })
}

/// As the console shows it: everything from our own server.
pub fn shown(account: AccountId) -> Places {
    Arc::new(move |src| match src {
        Src::Ours(id) => Some(file_of(id)),
        Src::Theirs(address) => Some(shown_at(account, &address)),
        Src::Foreign => None,
    })
}

/// What WeChat keeps, with pictures where `places` says.
pub fn clean(pictures: &Pictures, html: &str, places: Places) -> String {
    let pictures = pictures.clone();
    let place = move |value: &str| places(src(&pictures, value));
    let filter = move |tag: &str, name: &str, value: &str| match (tag, name) {
        ("img", "src") => place(value),
        (_, "style") => Some(style(value, &place)).filter(|style| !style.is_empty()),
        ("a", "href") => Url::parse(value).is_ok().then(|| value.to_owned()),
        _ => Some(value.to_owned()),
    };
    let cleaned = Builder::default()
        .add_tags(TAGS)
        .add_generic_attributes(["style", "align", "width", "height", "color", "size", "face"])
        .rm_tags(["map", "area"])
        .add_tag_attributes("img", ["src", "alt", "data-ratio", "data-w", "data-type"])
        .add_tag_attributes("a", ["data-miniprogram-appid", "data-miniprogram-path", "target"])
        .url_schemes(HashSet::from(["http", "https"]))
        .link_rel(None)
        .attribute_filter(move |tag, name, value| filter(tag, name, value).map(Cow::Owned))
        .clean(&lazy_pictures(html))
        .to_string();
    without_empty_pictures(&cleaned)
}

/// WeChat's own pages name a picture in `data-src`.
fn lazy_pictures(html: &str) -> Cow<'_, str> {
    if !html.contains("data-src=") {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    for (n, part) in html.split("<img").enumerate() {
        if n > 0 {
            out.push_str("<img");
        }
        let end = if n > 0 { end_of_tag(part) } else { 0 };
        let (tag, rest) = part.split_at(end);
        if tag.contains(" src=") {
            out.push_str(tag)
        } else {
            out.push_str(&tag.replacen("data-src=", "src=", 1))
        }
        out.push_str(rest);
    }
    Cow::Owned(out)
}

/// Where the tag that `rest` begins inside of ends: behind its `>`, which may stand in quotes too.
fn end_of_tag(rest: &str) -> usize {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    rest.len()
}

fn without_empty_pictures(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for (n, part) in html.split("<img").enumerate() {
        if n == 0 {
            out.push_str(part);
            continue;
        }
        let (tag, rest) = part.split_at(end_of_tag(part));
        if tag.contains(" src=\"") {
            out.push_str("<img");
            out.push_str(tag);
        }
        out.push_str(rest);
    }
    out
}

/// The declarations that may stay, with pictures where they are to be.
fn style(value: &str, place: &dyn Fn(&str) -> Option<String>) -> String {
    let keep = |declaration: &str| {
        let (name, what) = declaration.split_once(':')?;
        let (name, what) = (name.trim().to_ascii_lowercase(), what.trim());
        let bare = name.strip_prefix("-webkit-").unwrap_or(&name);
        let lower = what.to_ascii_lowercase();
        let is_known = STYLES.iter().any(|known| bare.starts_with(known));
        if !is_known
            || what.is_empty()
            || ["\\", "expression", "javascript", "@", "<"].iter().any(|bad| lower.contains(bad))
        {
            return None;
        }
        if !lower.contains("url(") {
            return Some(format!("{name}: {what}"));
        }
        let (before, rest) = what.split_at(lower.find("url(")?);
        let (inside, after) = rest[4..].split_once(')')?;
        if after.to_ascii_lowercase().contains("url(") {
            return None;
        }
        let address = place(inside.trim().trim_matches(['"', '\'']))?;
        Some(format!("{name}: {before}url('{}'){after}", address.replace('\'', "%27")))
    };
    declarations(value).into_iter().filter_map(keep).collect::<Vec<_>>().join("; ")
}

/// Parted at semicolons, but not at those inside of brackets: addresses may hold them.
fn declarations(value: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_i32);
    for (at, c) in value.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ';' if depth <= 0 => {
                parts.push(&value[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&value[start..]);
    parts
}

/// The pictures of a body, in order.
pub fn pictures_in(pictures: &Pictures, html: &str) -> Vec<Src> {
    let found = Arc::new(Mutex::new(Vec::new()));
    let into = found.clone();
    let note: Places = Arc::new(move |src| {
        if let Ok(mut found) = into.lock() {
            found.push(src);
        }
        None
    });
    clean(pictures, html, note);
    found.lock().map(|found| found.clone()).unwrap_or_default()
}

/// What one reads, in one line: two bodies that read the same are taken for the same.
pub fn plain(html: &str) -> String {
    let bare = Builder::empty().clean_content_tags(HashSet::from(["script", "style"])).clean(html).to_string();
    bare.replace("&nbsp;", " ").split_whitespace().collect()
}
