//! The one spelling used on both sides of a comparison.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Full and half width, case and outer space made one: `ＡＢＣ ` and `abc` are the same word.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.to_lowercase()
    } else {
        text.nfkc().collect::<String>().trim().to_lowercase()
    }
}

/// What a folded text asks, for grouping only: without the marks at its end, and without spaces except between
/// words of letters. A text of nothing but marks is the first of them.
pub fn gist(folded: &str) -> String {
    let is_mark = |c: char| {
        c.is_whitespace() || "?!.,;:~-_'\"()[]<>{}。、，；：？！～…·—‘’“”（）「」『』《》【】〈〉".contains(c)
    };
    let text = folded.trim().trim_end_matches(is_mark);
    if text.is_empty() {
        return folded.chars().take(1).collect();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let between = out.chars().next_back().zip(word.chars().next());
        if between.is_some_and(|(before, after)| before.is_ascii() && after.is_ascii()) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{fold, gist};

    #[test]
    fn texts_that_ask_the_same_are_one_group() {
        let same = |a: &str, b: &str| assert_eq!(gist(&fold(a)), gist(&fold(b)), "{a:?} {b:?}");
        same("几点开门", "几点开门？");
        same("几点开门", "几点开门?? ");
        same("几点开门", " 几点 开门！～");
        same("几点开门", "几点开门。。。");
        same("ＯＰＥＮ ｎｏｗ？", "open  now");
        same("？？？", "?");
        same("wifi密码", "WiFi 密码…");
        let differ = |a: &str, b: &str| assert_ne!(gist(&fold(a)), gist(&fold(b)), "{a:?} {b:?}");
        differ("now here", "nowhere");
        differ("c++", "c");
        differ("？", "。");
    }

    #[test]
    fn width_case_and_outer_space_do_not_matter() {
        let check = |a: &str, b: &str| assert_eq!(fold(a), fold(b), "{a:?} {b:?}");
        check("ＰＲＩＣＥ", "price");
        check("  Price　", "price");
        check("价格？", "价格?");
        check("ｶﾞ", "ガ");
        assert_ne!(fold("价格"), fold("价 格"));
    }
}
