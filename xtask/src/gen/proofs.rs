//! The page that says which test proves which promise or rule, read from the names of tests.

use std::collections::BTreeMap;

use crate::tidy::Tree;

const HEAD: &str = "\
# Proofs

Which test proves which [promise](promises.md) (P) or [rule](rules.md) (R), by the numbers in their names. This page is
generated (`cargo xtask gen`).
";

/// A letter and a number, as tests carry them.
type Mark = (char, u32);

pub fn page(tree: &Tree) -> String {
    let mut proofs: BTreeMap<Mark, Vec<(String, String)>> = BTreeMap::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with("crates/") && file.is_rust()) {
        for pair in crate::tidy::lex(&file.text).windows(2) {
            let name = pair[1].name().filter(|_| pair[0].name() == Some("fn"));
            for mark in name.map(marks).unwrap_or_default() {
                proofs
                    .entry(mark)
                    .or_default()
                    .push((pair[1].name().unwrap_or_default().to_owned(), file.path.clone()));
            }
        }
    }
    let mut page = String::from(HEAD);
    for ((letter, number), tests) in proofs {
        page.push_str(&format!("\n## {}{number}\n\n", letter.to_ascii_uppercase()));
        for (name, path) in tests {
            page.push_str(&format!("- `{name}` in `{path}`\n"));
        }
    }
    page
}

/// The marks a name begins with: `r19_r20_deleting…` has two; `…_and_r16_…` later on counts too.
fn marks(name: &str) -> Vec<Mark> {
    let mut words = name.split('_').map(mark);
    let Some(Some(first)) = words.next() else { return Vec::new() };
    std::iter::once(first).chain(words.flatten()).collect()
}

fn mark(word: &str) -> Option<Mark> {
    let letter = word.chars().next().filter(|letter| matches!(letter, 'p' | 'r'))?;
    Some((letter, word[1..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_their_marks() {
        assert_eq!(marks("p14_late_and_r16_kept"), [('p', 14), ('r', 16)]);
        assert_eq!(marks("reads_p14"), []);
        assert_eq!(marks("pages_are_cut"), []);
    }

    #[test]
    fn the_page_lists_tests_by_number() {
        let tree = Tree::of(&[("crates/a/src/b.rs", "#[cfg(test)] mod tests { #[test] fn p2_lost_is_unknown() {} }")]);
        assert!(page(&tree).contains("## P2\n\n- `p2_lost_is_unknown` in `crates/a/src/b.rs`"));
    }
}
