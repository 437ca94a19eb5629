//! The page of an article, as a reader in WeChat sees it: no scripts, no foreign pictures.
//!
//! Who opens it in the phone is known by a cookie and counts as a reader; who opens it elsewhere
//! only looks. What readers do with it are plain forms.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::DateTime;
use chrono_tz::Asia::Shanghai;
use serde::Deserialize;

use crate::act::article::Reading;
use crate::people;
use crate::sandbox::Sandbox;
use crate::world::World;
use crate::world::articles::uploaded;
use crate::world::library::{Comment, DONE, Issue, Out, Written};

/// What a page may load and do.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'self' http://localhost:* http://127.0.0.1:*";
const STYLE: &str = include_str!("article_page.css");

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `en`: the words around the article in English.
    lang: String,
    /// Where the reader comes from; see [`Reading::Read`].
    source: Option<u32>,
    /// What was just done with it.
    done: String,
}

/// The words around an article.
struct Words {
    lang: &'static str,
    original: &'static str,
    reads: &'static str,
    share: &'static str,
    moments: &'static str,
    keep: &'static str,
    comments: &'static str,
    elected: &'static str,
    author: &'static str,
    write: &'static str,
    send: &'static str,
    waits: &'static str,
    fans_only: &'static str,
    closed: &'static str,
    deleted: &'static str,
    nothing: &'static str,
    preview: &'static str,
}

const ZH: Words = Words {
    lang: "zh-CN",
    original: "阅读原文",
    reads: "阅读",
    share: "转发给朋友",
    moments: "分享到朋友圈",
    keep: "收藏",
    comments: "留言",
    elected: "精选留言",
    author: "作者回复",
    write: "写留言…",
    send: "发送",
    waits: "留言已提交，被公众号精选后，其他读者可见。",
    fans_only: "关注公众号后可留言",
    closed: "已完成",
    deleted: "该内容已被发布者删除",
    nothing: "没有这篇文章",
    preview: "草稿预览，尚未发布",
};

const EN: Words = Words {
    lang: "en",
    original: "Read the original",
    reads: "Reads",
    share: "To a friend",
    moments: "To Moments",
    keep: "Favourite",
    comments: "Comments",
    elected: "Elected comments",
    author: "Author",
    write: "Write a comment…",
    send: "Send",
    waits: "Sent. Others see it once the account has elected it.",
    fans_only: "Follow the account to comment",
    closed: "Done",
    deleted: "The publisher has deleted this content",
    nothing: "There is no such article",
    preview: "Preview of a draft, not published yet",
};

fn words(lang: &str) -> &'static Words {
    if lang == "en" { &EN } else { &ZH }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Who is browsing, by the phone's cookie.
fn reader(headers: &HeaderMap) -> Option<u64> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("sandbox_person=")?.parse().ok())
}

fn page(status: StatusCode, words: &Words, title: &str, body: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{}</title><style>{STYLE}</style></head><body>{body}</body></html>",
        words.lang,
        escape(title),
    );
    (
        status,
        [
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        Html(html),
    )
        .into_response()
}

fn note(status: StatusCode, words: &Words, text: &str) -> Response {
    page(status, words, text, &format!("<main class=\"empty\"><p>{}</p></main>", escape(text)))
}

/// GET /s/{slug}: an article that is out, or a draft's preview.
pub(crate) async fn show(
    State(sandbox): State<Sandbox>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let words = words(&asked.lang);
    if let Some(rest) = slug.strip_prefix("preview.") {
        return preview(&sandbox.world(), rest, words);
    }
    let reader = reader(&headers);
    if let Some(person) = reader.filter(|_| asked.done.is_empty()) {
        // One who is no person, or reads what is deleted, is shown the page all the same.
        let _ = sandbox.read_article(person, &slug, &Reading::Read { source: asked.source.unwrap_or(0) });
    }
    let world = sandbox.world();
    match world.library.page(&slug) {
        Some((issue, index)) if issue.status == DONE => match issue.articles.get(index) {
            Some(out) if !out.deleted => page(
                StatusCode::OK,
                words,
                &out.written.title,
                &article(&world, issue, index, out, Seen { reader, asked: &asked, words }),
            ),
            _ => note(StatusCode::OK, words, words.deleted),
        },
        // Out once, and all of it deleted since.
        Some((issue, _)) if !issue.article_id.is_empty() => note(StatusCode::OK, words, words.deleted),
        _ => note(StatusCode::NOT_FOUND, words, words.nothing),
    }
}

fn preview(world: &World, rest: &str, words: &Words) -> Response {
    let found = rest.rsplit_once('.').and_then(|(media_id, index)| {
        let index: usize = index.parse().ok()?;
        match world.library.drafts.get(media_id) {
            Some(draft) => Some((&draft.appid, draft.news, draft.updated_ms, draft.articles.get(index)?.clone())),
            None => {
                let written = uploaded(world, media_id)?.into_iter().nth(index)?;
                world.media.get(media_id).map(|media| (&media.appid, false, media.created_ms, written))
            }
        }
    });
    let Some((appid, news, at_ms, written)) = found else { return note(StatusCode::NOT_FOUND, words, words.nothing) };
    // News of the console are read like any article; what is not out says so.
    let banner = if news { String::new() } else { format!("<p class=\"banner\">{}</p>", words.preview) };
    let body = format!("{banner}<main>{}</main>", text(world, appid, &written, at_ms, words));
    page(StatusCode::OK, words, &written.title, &body)
}

/// Head and body, the same for drafts and what is out.
fn text(world: &World, appid: &str, written: &Written, at_ms: i64, words: &Words) -> String {
    let account = world.account(appid).map(|account| account.nick_name.clone()).unwrap_or_default();
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default().with_timezone(&Shanghai);
    let author =
        if written.author.is_empty() { String::new() } else { format!("<span>{}</span>", escape(&written.author)) };
    let pictures: String = written
        .images
        .iter()
        .filter(|id| world.media.contains_key(*id))
        .map(|id| format!("<figure><img src=\"/sandbox/files/{id}\" alt=\"\"></figure>"))
        .collect();
    let original = if written.content_source_url.is_empty() {
        String::new()
    } else {
        format!(
            "<p class=\"original\"><a href=\"{}\" target=\"_blank\" rel=\"noreferrer noopener\">{}</a></p>",
            escape(&written.content_source_url),
            words.original
        )
    };
    format!(
        "<header><h1>{}</h1><p class=\"by\">{author}<b>{}</b><time datetime=\"{}\">{}</time></p></header>\
         {pictures}<article class=\"{}\">{}</article>{original}",
        escape(&written.title),
        escape(&account),
        at.to_rfc3339(),
        at.format("%Y-%m-%d %H:%M"),
        escape(&written.article_type),
        if written.article_type == "newspic" { escape(&written.content) } else { near(&written.content) },
    )
}

/// Files of the sandbox are asked for where the page came from.
fn near(content: &str) -> String {
    let mut parts = content.split("/sandbox/files/");
    let mut near = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let start = near.rfind(['"', '\'', '(']).map_or(0, |at| at + 1);
        near.truncate(start);
        near.push_str("/sandbox/files/");
        near.push_str(part);
    }
    near
}

/// By whom and how a page is seen.
struct Seen<'a> {
    reader: Option<u64>,
    asked: &'a Asked,
    words: &'static Words,
}

fn article(world: &World, issue: &Issue, index: usize, out: &Out, seen: Seen<'_>) -> String {
    let words = seen.words;
    let (reads, _) = world.reads_of(&issue.appid, &issue.msgid(index));
    let lang = if words.lang == "en" { "?lang=en" } else { "" };
    let button = |action: &str, scene: &str, label: &str| {
        format!(
            "<form method=\"post\" action=\"/s/{}{lang}\"><input type=\"hidden\" name=\"action\" value=\"{action}\">\
             <input type=\"hidden\" name=\"scene\" value=\"{scene}\"><button>{label}</button></form>",
            out.slug
        )
    };
    let acts = if seen.reader.is_some() {
        let all = [("share", "1", words.share), ("share", "2", words.moments), ("favourite", "", words.keep)];
        all.map(|(action, scene, label)| button(action, scene, label)).concat()
    } else {
        String::new()
    };
    let done = match seen.asked.done.as_str() {
        "" => String::new(),
        "comment" => format!("<p class=\"done\" role=\"status\">{}</p>", words.waits),
        "fans_only" => format!("<p class=\"done\" role=\"status\">{}</p>", words.fans_only),
        _ => format!("<p class=\"done\" role=\"status\">{}</p>", words.closed),
    };
    format!(
        "<main>{}<footer><span class=\"reads\">{} {reads}</span>{acts}</footer>{done}{}</main>",
        text(world, &issue.appid, &out.written, issue.out_ms, words),
        words.reads,
        comments(out, &seen, lang),
    )
}

/// The elected ones and one's own, and a place to write.
fn comments(out: &Out, seen: &Seen<'_>, lang: &str) -> String {
    let words = seen.words;
    let shown = |comment: &&Comment| comment.elected || Some(comment.person) == seen.reader;
    let one = |comment: &Comment| {
        let reply = comment.reply.as_ref().map_or_else(String::new, |reply| {
            format!("<p class=\"reply\"><b>{}</b>{}</p>", words.author, escape(&reply.content))
        });
        format!(
            "<li><img src=\"/sandbox/files/avatar-{}.jpg\" alt=\"\"><div><b>{}</b><p>{}</p>{reply}</div></li>",
            comment.person,
            escape(&people::person(comment.person).name),
            escape(&comment.content)
        )
    };
    let list: String = out.comments.iter().rev().filter(shown).map(one).collect();
    if list.is_empty() && !out.comments_open {
        return String::new();
    }
    let form = if out.comments_open && seen.reader.is_some() {
        format!(
            "<form class=\"write\" method=\"post\" action=\"/s/{}{lang}\"><input type=\"hidden\" name=\"action\" value=\"comment\">\
             <textarea name=\"text\" rows=\"2\" maxlength=\"600\" required placeholder=\"{}\" aria-label=\"{}\"></textarea><button>{}</button></form>",
            out.slug, words.write, words.write, words.send
        )
    } else {
        String::new()
    };
    let title = if list.is_empty() { words.comments } else { words.elected };
    format!("<section class=\"comments\"><h2>{title}</h2>{form}<ul>{list}</ul></section>")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Act {
    action: String,
    scene: String,
    text: String,
}

/// POST /s/{slug}: what the reader in the phone does with it.
pub(crate) async fn act(
    State(sandbox): State<Sandbox>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    Form(act): Form<Act>,
) -> Response {
    let Some(person) = reader(&headers) else { return StatusCode::FORBIDDEN.into_response() };
    let reading = match act.action.as_str() {
        "share" => Reading::Share { scene: act.scene.parse().unwrap_or(1) },
        "favourite" => Reading::Favourite,
        "comment" => Reading::Comment { text: act.text },
        _ => return StatusCode::BAD_REQUEST.into_response(),
    };
    let done = match sandbox.read_article(person, &slug, &reading) {
        Ok(Some(_)) => "comment",
        Ok(None) => "act",
        Err(crate::act::ActError::NotFound(_)) => return StatusCode::NOT_FOUND.into_response(),
        Err(crate::act::ActError::Conflict(_)) => "fans_only",
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let lang = if asked.lang == "en" { "&lang=en" } else { "" };
    Redirect::to(&format!("/s/{slug}?done={done}{lang}")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_asked_for_where_the_page_came_from() {
        let content =
            r#"<img src="http://127.0.0.1:9/sandbox/files/a"><p style="background:url('http://x/sandbox/files/b')">"#;
        let wanted = r#"<img src="/sandbox/files/a"><p style="background:url('/sandbox/files/b')">"#;
        assert_eq!(near(content), wanted);
    }
}
