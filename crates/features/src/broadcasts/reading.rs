//! What one reads of an article, without the tags. Pure.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::Builder;
use regex::Regex;

/// Where a line ends: words of two paragraphs are no word together, as those on both sides of a `<b>` are.
static ENDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)</?(?:p|div|section|article|h[1-6]|ul|ol|li|blockquote|pre|figure|figcaption|table|tr|td|th|br|hr)\b",
    )
    .expect("it is written here")
});

/// The title, the digest and the text, from which the tags are gone.
pub fn of(title: &str, digest: &str, html: &str) -> String {
    format!("{title}\n{digest}\n{}", text(html))
}

fn text(html: &str) -> String {
    let lines = ENDS.replace_all(html, "\n$0");
    let bare = Builder::empty().clean_content_tags(HashSet::from(["script", "style"])).clean(&lines).to_string();
    bare.replace("&nbsp;", " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_part_no_words_and_paragraphs_do() {
        let read = of(
            "标题",
            "摘要",
            "<style>p{}</style><p>转发<b style=\"color:red\">有</b>奖</p><p>集</p><P>赞<br>a&nbsp;b</P>",
        );
        assert!(read.starts_with("标题\n摘要\n") && read.contains("转发有奖\n") && read.contains("a b"), "{read}");
        assert!(!read.contains("集赞") && !read.contains('<') && !read.contains("color"), "{read}");
    }
}
