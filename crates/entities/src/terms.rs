//! Cuts text into the terms that the search index holds: words of letters, and for scripts that are written
//! without spaces single characters and pairs of them.
//!
//! Writers of documents get in by [`of`], searchers by [`query`]; both fold width and case in the same way.
//! It knows no grammar: a search finds what holds all its terms, wherever they stand.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A text longer than this is indexed by its beginning; WeChat's are at most 2,048 bytes.
const LONGEST_TEXT: usize = 2000;
/// Characters of a word; the rest is cut off on both sides alike.
const LONGEST_WORD: usize = 40;
/// Terms of a query; more only make it slower.
const MOST_QUERY_TERMS: usize = 16;

/// The terms of a document, each once, in order of appearance.
pub fn of(text: &str) -> Vec<String> {
    let mut terms = Terms::default();
    cut(text, |run| match run {
        Run::Word(word) => terms.add(word.iter().collect()),
        Run::Dense(chars) => {
            for (n, char) in chars.iter().enumerate() {
                terms.add(char.to_string());
                if let Some(next) = chars.get(n + 1) {
                    terms.add([*char, *next].iter().collect());
                }
            }
        }
    });
    terms.list
}

/// The terms a document must hold to be found by `text`. Pairs alone where there are two characters or more:
/// they say more than the characters by themselves.
pub fn query(text: &str) -> Vec<String> {
    let mut terms = Terms::default();
    cut(text, |run| match run {
        Run::Word(word) => terms.add(word.iter().collect()),
        Run::Dense([char]) => terms.add(char.to_string()),
        Run::Dense(chars) => {
            for pair in chars.windows(2) {
                terms.add(pair.iter().collect());
            }
        }
    });
    terms.list.truncate(MOST_QUERY_TERMS);
    terms.list
}

/// Whether the last term of a query may be the beginning of a word that is still being typed.
pub fn begun(text: &str) -> bool {
    text.nfkc().last().is_some_and(|last| is_letter(last) && !is_dense(last))
}

#[derive(Default)]
struct Terms {
    known: HashSet<String>,
    list: Vec<String>,
}

impl Terms {
    fn add(&mut self, term: String) {
        if self.known.insert(term.clone()) {
            self.list.push(term);
        }
    }
}

enum Run<'a> {
    Word(&'a [char]),
    /// Characters of a script without spaces.
    Dense(&'a [char]),
}

fn cut(text: &str, mut each: impl FnMut(Run)) {
    let folded = text.nfkc().take(LONGEST_TEXT).flat_map(char::to_lowercase);
    let mut run: Vec<char> = Vec::new();
    let mut dense = false;
    let mut end = |run: &mut Vec<char>, dense: bool| {
        if run.is_empty() {
            return;
        }
        if dense {
            each(Run::Dense(run));
        } else {
            each(Run::Word(&run[..run.len().min(LONGEST_WORD)]));
        }
        run.clear();
    };
    for char in folded {
        if !is_letter(char) {
            end(&mut run, dense);
            continue;
        }
        if is_dense(char) != dense {
            end(&mut run, dense);
            dense = is_dense(char);
        }
        run.push(char);
    }
    end(&mut run, dense);
}

/// Combining marks end a word: the databases' own cutters disagree about them, and a term must stay in one piece.
fn is_letter(char: char) -> bool {
    char.is_alphanumeric() && !is_combining_mark(char)
}

/// Han, kana, hangul: read in pairs.
fn is_dense(char: char) -> bool {
    matches!(char, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_han_is_cut_into_characters_and_pairs() {
        let check = |text: &str, terms: &[&str]| assert_eq!(of(text), terms, "{text:?}");
        check("Hello, WORLD hello", &["hello", "world"]);
        check("价格表", &["价", "价格", "格", "格表", "表"]);
        check("买ＶＩＰ卡", &["买", "vip", "卡"]);
        check("order12345", &["order12345"]);
        check("🎉！？", &[]);
        check("", &[]);
    }

    #[test]
    fn a_query_asks_for_pairs_where_it_can() {
        let check = |text: &str, terms: &[&str]| assert_eq!(query(text), terms, "{text:?}");
        check("价格表", &["价格", "格表"]);
        check("价", &["价"]);
        check("Hello 价格", &["hello", "价格"]);
        assert_eq!(query(&"一二三四五六七八九十".repeat(10)).len(), 10);
        assert_eq!(query(&(0..100).map(|n| format!("w{n} ")).collect::<String>()).len(), MOST_QUERY_TERMS);
    }

    #[test]
    fn every_part_of_a_text_finds_it() {
        let text = "你好，请问 Fresh 咖啡豆多少钱？";
        let terms: HashSet<String> = of(text).into_iter().collect();
        for part in ["请问", "咖啡豆", "豆", "fresh", "FRESH 咖啡", "多少钱"] {
            assert!(query(part).iter().all(|term| terms.contains(term)), "{part:?}");
        }
    }

    #[test]
    fn only_a_word_of_letters_may_be_begun() {
        assert!(begun("hel"));
        assert!(!begun("你好"));
        assert!(!begun("hello "));
    }
}
