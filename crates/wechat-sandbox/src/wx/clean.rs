//! What WeChat keeps of an article's body: no scripts, styles written where they apply, and no
//! pictures but those that were uploaded for articles.

use std::borrow::Cow;
use std::collections::HashSet;

use ammonia::Builder;

const FILES: &str = "/sandbox/files/";
/// Tags kept besides the usual ones.
const TAGS: [&str; 7] = ["section", "figure", "figcaption", "font", "big", "center", "u"];

/// A body as it is stored. `ours` are the files that came from `uploadimg` here.
pub(super) fn clean(html: &str, ours: HashSet<String>) -> String {
    let keep = move |tag: &str, name: &str, value: &str| match (tag, name) {
        ("img", "src" | "data-src") => is_one(&ours, value).then(|| value.to_owned()),
        (_, "style") => Some(style(value, &ours)),
        _ => Some(value.to_owned()),
    };
    Builder::default()
        .add_tags(TAGS)
        .add_generic_attributes(["style", "align", "width", "height", "color", "size", "face"])
        .add_tag_attributes("img", ["src", "data-src", "alt", "data-ratio", "data-w"])
        .add_tag_attributes("a", ["data-miniprogram-appid", "data-miniprogram-path", "target"])
        .url_schemes(HashSet::from(["http", "https"]))
        .link_rel(None)
        .attribute_filter(move |tag, name, value| keep(tag, name, value).map(Cow::Owned))
        .clean(html)
        .to_string()
}

/// The ids of the sandbox's files that a body names. Hosts do not matter, for the sandbox may have
/// moved since: pages ask for a file by its id.
pub(super) fn files_in(html: &str) -> impl Iterator<Item = &str> {
    html.split(FILES).skip(1).map(id_of)
}

fn id_of(rest: &str) -> &str {
    rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).next().unwrap_or_default()
}

fn is_one(ours: &HashSet<String>, url: &str) -> bool {
    url.split_once(FILES).is_some_and(|(_, rest)| ours.contains(id_of(rest)))
}

/// Declarations but those that fetch something foreign.
fn style(value: &str, ours: &HashSet<String>) -> String {
    let keeps = |declaration: &&str| {
        let Some((name, what)) = declaration.split_once(':') else { return false };
        if name.trim().eq_ignore_ascii_case("position") || what.contains('\\') {
            return false;
        }
        let fetched = what.to_ascii_lowercase().matches("url(").count();
        let own = what.split("url(").skip(1).filter(|rest| is_one(ours, rest.split(')').next().unwrap_or_default()));
        own.count() == fetched
    };
    value.split(';').filter(|part| !part.trim().is_empty()).filter(keeps).map(str::trim).collect::<Vec<_>>().join("; ")
}

/// The text of a body, without tags: what a picture message keeps of it.
pub(super) fn plain(html: &str) -> String {
    let bare = Builder::empty().clean_content_tags(HashSet::from(["script", "style"])).clean(html).to_string();
    bare.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The first 54 characters of what one reads.
pub(super) fn digest(html: &str) -> String {
    let plain = plain(&html.replace("</p>", "</p> "));
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(54).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_foreign_pictures_go_and_the_rest_stays() {
        let html = r#"<section style="color:red;position:fixed;background:url(https://evil.example/x.png)" onclick="x()">
            <script>alert(1)</script><img src="https://evil.example/a.png" alt="a"><img src="http://us/sandbox/files/1">
            <p style="background-image: url('http://us/sandbox/files/1')">好</p><a href="javascript:x()">b</a></section>"#;
        let kept = clean(html, HashSet::from(["1".to_owned()]));
        for gone in ["script", "alert", "evil", "onclick", "position", "javascript"] {
            assert!(!kept.contains(gone), "{gone}: {kept}");
        }
        for there in
            ["color:red", r#"src="http://us/sandbox/files/1""#, "url('http://us/sandbox/files/1')", "好", r#"alt="a""#]
        {
            assert!(kept.contains(there), "{there}: {kept}");
        }
    }

    #[test]
    fn a_digest_is_the_beginning_of_what_one_reads() {
        assert_eq!(digest("<p>秋天&amp;冬天</p>\n<p>好 &lt;3</p>"), "秋天&冬天 好 <3");
        assert_eq!(digest("<script>x()</script>好"), "好");
        assert_eq!(digest(&"字".repeat(60)).chars().count(), 54);
    }
}
