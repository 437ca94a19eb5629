//! Names, lengths and front pages.

use super::{File, Finding, Tree};

/// More lines than this need a reason, except in tests, which are read one at a time; more than the second are
/// too many whatever the reason.
const LONG: usize = 400;
const TOO_LONG: usize = 800;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 13] = [
    "util", "utils", "utils2", "helper", "helpers", "common", "misc", "manager", "managers", "stuff", "shared", "impl",
    "new",
];

const SOURCE: [&str; 4] = [".rs", ".ts", ".tsx", ".css"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| is_source(file)) {
        let lines = file.text.lines().count();
        if lines > TOO_LONG {
            findings.push(Finding::new("too-long", &file.path, lines, format!("{lines} lines; {TOO_LONG} is the end")));
        } else if lines > LONG && !file.is_test() {
            findings.push(Finding::new(
                "long",
                &file.path,
                lines,
                format!("{lines} lines; over {LONG} needs a reason"),
            ));
        }
        if EMPTY_NAMES.contains(&file.stem()) {
            findings.push(Finding::new("names", &file.path, 1, "the name says nothing about what is inside"));
        }
        if is_front(file) && !file.text.starts_with("//!") {
            findings.push(Finding::new(
                "front-page",
                &file.path,
                1,
                "a module opens with `//!`: what it is, how one gets in, what it does not do",
            ));
        }
    }
    findings
}

fn is_source(file: &File) -> bool {
    let ours = ["crates/", "xtask/", "web/"].iter().any(|folder| file.path.starts_with(folder));
    let generated = file.path.contains(".gen.") || file.path.ends_with(".d.ts");
    ours && !generated && SOURCE.iter().any(|ending| file.path.ends_with(ending))
}

/// The page that a folder opens with.
fn is_front(file: &File) -> bool {
    file.is_rust() && !file.is_test() && (matches!(file.stem(), "lib" | "mod" | "main"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn lengths_have_two_marks() {
        assert!(rules("crates/a/src/b.rs", &"x\n".repeat(400)).is_empty());
        assert_eq!(rules("crates/a/src/b.rs", &"x\n".repeat(401)), ["long"]);
        assert_eq!(rules("web/a/src/b.tsx", &"x\n".repeat(801)), ["too-long"]);
        assert!(rules("web/a/src/b.gen.ts", &"x\n".repeat(5000)).is_empty());
    }

    #[test]
    fn folders_open_with_a_front_page_and_names_mean_something() {
        assert_eq!(rules("crates/a/src/lib.rs", "pub mod b;"), ["front-page"]);
        assert!(rules("crates/a/src/lib.rs", "//! What it is.\npub mod b;").is_empty());
        assert_eq!(rules("crates/a/src/utils.rs", ""), ["names"]);
    }
}
