//! What is found in one content.

use entities::{broadcasts::Content, media::MediaKind, messages::places};
use kit::MediaId;

use super::Findings;
use crate::broadcasts::facts::{Facts, Severity};

/// Bytes of a text.
pub const LONGEST_TEXT: usize = 2048;
const MOST_PICTURES: usize = 20;
/// WeChat's own rules for what accounts publish.
const WECHATS_RULES: &str = "https://mp.weixin.qq.com/cgi-bin/announce?action=getannouncement&announce_id=11503282731";

/// Words for which WeChat has stopped broadcasts or punished accounts.
const PUNISHED: [&str; 18] = [
    "转发有奖",
    "转发抽奖",
    "分享到朋友圈",
    "分享朋友圈",
    "集赞",
    "关注后领",
    "加微信领",
    "微信红包",
    "现金红包",
    "最便宜",
    "国家级",
    "全网第一",
    "稳赚",
    "包赚",
    "刷单",
    "兼职日结",
    "免费领取现金",
    "互粉",
];

pub(super) fn one(facts: &Facts, content: &Content, place: &str, found: &mut Findings) {
    use Severity::{Error, Warning};
    let field = |name: &str| format!("{place}.{name}");
    match content {
        Content::Text { text } => {
            let at = field("text");
            if text.trim().is_empty() {
                found.add("text_empty", Error, &at, "文字是空的", "The text is empty");
            }
            if text.len() > LONGEST_TEXT {
                let n = text.len();
                found.add(
                    "text_too_long",
                    Error,
                    &at,
                    format!("文字有 {n} 字节，最多 {LONGEST_TEXT} 字节（一个汉字 3 字节）"),
                    format!("The text has {n} bytes; at most {LONGEST_TEXT} are taken (a Chinese character has 3)"),
                );
            }
            if places::has_places(text) {
                found.add(
                    "text_places",
                    Error,
                    &at,
                    "群发对所有人说同样的话，不能有 {{…}}",
                    "A broadcast says the same to everybody: there can be no {{…}} in it",
                );
            }
            advertising(text, &at, found);
        }
        Content::Article { article_id } => {
            let at = field("article_id");
            match facts.articles.get(article_id) {
                Some(article) => {
                    if let Some(code) = article.refused {
                        let (zh, en) = refused(code);
                        found.add(code, Error, &at, zh, en);
                    }
                    items(&article.items, &at, found);
                }
                None => {
                    let (zh, en) =
                        ("图文不存在，或属于另一个公众号", "There is no such article, or it is another account's");
                    found.add("article_missing", Error, &at, zh, en);
                }
            }
        }
        Content::Images { media_ids, recommend, .. } => {
            let at = field("media_ids");
            if media_ids.is_empty() {
                found.add("pictures_missing", Error, &at, "还没有图片", "There is no picture yet");
            }
            if media_ids.len() > MOST_PICTURES {
                found.add("pictures_too_many", Error, &at, "最多 20 张图片", "At most 20 pictures are taken");
            }
            for id in media_ids {
                file(facts, *id, MediaKind::Image, &at, found);
            }
            advertising(recommend.as_deref().unwrap_or_default(), &field("recommend"), found);
        }
        Content::Voice { media_id } => file(facts, *media_id, MediaKind::Voice, &field("media_id"), found),
        Content::Video { media_id, title, description } => {
            file(facts, *media_id, MediaKind::Video, &field("media_id"), found);
            if title.trim().is_empty() {
                found.add("title_empty", Error, &field("title"), "视频没有标题", "The film has no title");
            }
            if description.trim().is_empty() {
                found.add(
                    "description_empty",
                    Warning,
                    &field("description"),
                    "视频没有描述",
                    "The film has no description",
                );
            }
            advertising(title, &field("title"), found);
            advertising(description, &field("description"), found);
        }
    }
}

/// Why an article cannot be sent as it is.
fn refused(code: &str) -> (&'static str, &'static str) {
    match code {
        "article_busy" => ("图文正在保存到微信", "The article is being saved to WeChat"),
        "article_publishing" => ("图文正在发布", "The article is being published"),
        "article_unsaved_changes" => {
            ("图文有修改，请先保存到微信", "The article was changed here; save it to WeChat first")
        }
        "article_conflict" => (
            "图文在这里和微信都被修改过，请先选择保留哪一份",
            "The article was changed here and at WeChat; choose one of both first",
        ),
        "article_gone" => (
            "微信草稿箱里已没有这篇图文，请重新保存到微信",
            "WeChat's draft box does not have the article any more; save it there again first",
        ),
        _ => ("图文还没有保存到微信", "The article is not saved to WeChat yet"),
    }
}

fn file(facts: &Facts, id: MediaId, kind: MediaKind, at: &str, found: &mut Findings) {
    use Severity::Error;
    let Some(file) = facts.files.get(&id) else {
        found.add("file_missing", Error, at, "文件不存在", "There is no such file");
        return;
    };
    if file.kind != kind {
        found.add("file_wrong_kind", Error, at, "文件的种类不对", "The file is of another kind");
    }
    let most = match kind {
        MediaKind::Image | MediaKind::Video => 10 << 20,
        MediaKind::Voice => 2 << 20,
        MediaKind::Thumb => 64 << 10,
    };
    if file.bytes > most {
        found.add("file_too_big", Error, at, "文件超过微信的上限", "The file is larger than WeChat takes");
    }
}

/// What one reads in each item of an article, by the rules of a text.
fn items(items: &[String], at: &str, found: &mut Findings) {
    for (n, text) in items.iter().enumerate() {
        let place = n + 1;
        advertising_of((&format!("第 {place} 篇"), &format!("Article {place}: ")), text, at, found);
        // An article may well be about braces, so it is no error.
        if places::has_places(text) {
            found.add(
                "text_places",
                Severity::Warning,
                at,
                format!("第 {place} 篇里有 {{{{…}}}}：群发对所有人说同样的话，读者看到的就是这几个字符"),
                format!("There is {{{{…}}}} in article {place}: a broadcast says the same to everybody, and readers see it as it stands"),
            );
        }
    }
}

/// Words that WeChat punishes.
fn advertising(text: &str, at: &str, found: &mut Findings) {
    advertising_of(("", ""), text, at, found);
}

/// The same, said of something, whose name stands before the sentence in both languages.
fn advertising_of((zh, en): (&str, &str), text: &str, at: &str, found: &mut Findings) {
    let words = PUNISHED.into_iter().filter(|word| text.contains(word)).collect::<Vec<_>>().join("、");
    if words.is_empty() {
        return;
    }
    found
        .add(
            "punished_words",
            Severity::Warning,
            at,
            format!("{zh}含有微信可能判为诱导或广告的词：{words}"),
            format!("{en}Holds words that WeChat may take for inducement or advertising: {words}"),
        )
        .link = Some(WECHATS_RULES);
}
