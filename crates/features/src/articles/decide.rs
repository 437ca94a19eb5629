//! What an article must be: while it is written, and when WeChat is to take it. And what one does about a failed call.

use entities::articles::Item;
use kit::{Error, Millis, http::Faults};
use url::Url;
use wechat::api::draft::{
    CONTENT_BYTES, CONTENT_CHARS, MAX_ARTICLES, MAX_AUTHOR_CHARS, MAX_DIGEST_CHARS, MAX_SOURCE_URL_BYTES,
    MAX_TITLE_CHARS,
};
use wechat_client::{Failure, Next};

/// What no article may be, however unfinished.
pub fn check_written(items: &[Item], faults: &mut Faults) {
    if items.is_empty() || items.len() > MAX_ARTICLES {
        faults.add("items", "count", format!("there must be 1 to {MAX_ARTICLES} articles"));
    }
    for (n, item) in items.iter().enumerate() {
        let mut long = |field: &str, text: &str, most: usize| {
            if text.chars().count() > most {
                faults.add(format!("items[{n}].{field}"), "too_long", format!("at most {most} characters"));
            }
        };
        long("title", &item.title, MAX_TITLE_CHARS);
        long("author", &item.author, MAX_AUTHOR_CHARS);
        long("digest", &item.digest, MAX_DIGEST_CHARS);
        long("html", &item.html, CONTENT_CHARS - 1);
        if item.html.len() >= CONTENT_BYTES {
            faults.add(format!("items[{n}].html"), "too_long", "less than 1 MB");
        }
        let url = &item.source_url;
        let is_address = Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if !url.is_empty() && (url.len() > MAX_SOURCE_URL_BYTES || !is_address) {
            faults.add(format!("items[{n}].source_url"), "url", "must be an http address of at most 1 KB");
        }
    }
}

/// What WeChat demands besides.
pub fn check_whole(items: &[Item], faults: &mut Faults) {
    check_written(items, faults);
    for (n, item) in items.iter().enumerate() {
        let is_pictures = item.wechat.as_ref().is_some_and(|at| at.kind == "newspic");
        if item.title.trim().is_empty() {
            faults.add(format!("items[{n}].title"), "empty", "WeChat takes no article without a title");
        }
        if item.html.trim().is_empty() && !is_pictures {
            faults.add(format!("items[{n}].html"), "empty", "WeChat takes no article without content");
        }
        let has_cover = item.cover_media_id.is_some() || item.wechat.as_ref().is_some_and(|at| !at.cover_id.is_empty());
        if !has_cover && !is_pictures {
            faults.add(format!("items[{n}].cover_media_id"), "empty", "WeChat takes no article without a cover");
        }
    }
}

const MINUTE_MS: Millis = 60_000;

/// What is known after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was not done, and will not be.
    Refused(&'static str, Option<i64>),
    /// It was not done; again in so many milliseconds.
    Wait(Millis),
    /// It may have been done.
    Unclear,
}

pub fn verdict(failure: &Failure) -> Verdict {
    let errcode = failure.errcode().map(|code| code.0);
    match failure.next() {
        Next::WaitMinute => Verdict::Wait(MINUTE_MS),
        Next::WaitDay | Next::WaitMonth => Verdict::Refused("wechat_quota", errcode),
        Next::NotAllowed | Next::Unauthorized => Verdict::Refused("not_allowed", errcode),
        Next::TellPerson | Next::FixRequest | Next::GiveUpRecipient => Verdict::Refused("wechat_refused", errcode),
        Next::FreshToken | Next::Unclear | Next::AlreadyDone | Next::SameIdTooSoon => Verdict::Unclear,
    }
}

/// A failed call, in the caller's terms.
pub fn refusal(failure: Failure) -> Error {
    match failure.next() {
        Next::Unclear | Next::FreshToken => Error::WeChatAway(failure.to_string()),
        _ => Error::WeChatRefused { errcode: failure.errcode().map_or(0, |code| code.0), errmsg: failure.to_string() },
    }
}
