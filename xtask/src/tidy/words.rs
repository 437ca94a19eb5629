//! Words that do not belong: what is left to do, what helped somebody at a keyboard, paths of one machine.

use super::{File, Finding, Tree};

/// In program text, as whole words.
const UNFINISHED: [&str; 6] = ["todo!", "unimplemented!", "dbg!", "TODO", "FIXME", "XXX"];

/// A word and a number after it tell how the work was cut up, which is nothing to a reader.
const CUTS: [&str; 4] = ["session", "sprint", "milestone", "iteration"];

/// Folders of somebody's machine.
const MACHINE: [&str; 3] = ["/home/", "/Users/", "/root/"];

const TEXT: [&str; 10] = [".rs", ".ts", ".tsx", ".css", ".md", ".toml", ".sql", ".json", ".mjs", ".html"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| is_text(file)) {
        for (index, line) in file.text.lines().enumerate() {
            findings.extend(judge(file, line).map(|says| Finding::new("words", &file.path, index + 1, says)));
        }
    }
    findings
}

fn is_text(file: &File) -> bool {
    // This file names what it looks for.
    file.path != "xtask/src/tidy/words.rs"
        && !file.path.ends_with("package-lock.json")
        && TEXT.iter().any(|ending| file.path.ends_with(ending))
}

fn judge(file: &File, line: &str) -> Option<String> {
    if !file.path.ends_with(".md")
        && let Some(word) = UNFINISHED.into_iter().find(|word| is_there(line, word))
    {
        return Some(format!("`{word}`: finish it or leave it out"));
    }
    if let Some(folder) = MACHINE.into_iter().find(|folder| is_path(line, folder)) {
        return Some(format!("`{folder}` is a folder of one machine"));
    }
    let lower = line.to_lowercase();
    let comment = file.path.ends_with(".md") || lower.contains("//") || lower.contains("--");
    let cut = CUTS.into_iter().find(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let rest = lower[at + word.len()..].trim_start_matches('s');
            rest.strip_prefix(' ').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    });
    cut.filter(|_| comment).map(|word| format!("`{word} <number>` tells how the work was cut up"))
}

/// A path that begins there; not a route of ours in quotes, nor the middle of an address.
fn is_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + folder.len()..].chars().next();
        !before.is_some_and(|c| c.is_alphanumeric() || "./-_$}".contains(c)) && after.is_some_and(char::is_alphanumeric)
    })
}

fn is_there(line: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word)
        .any(|(at, _)| !letter(line[..at].chars().next_back()) && !letter(line[at + word.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn unfinished_work_is_found() {
        assert_eq!(count("crates/a/src/b.rs", "fn a() { todo!() }\n// TODO later"), 2);
        assert_eq!(count("crates/a/src/b.rs", "let mastodon = 1; // XXXX"), 0);
    }

    #[test]
    fn machines_and_cuts_are_found() {
        assert_eq!(count("README.md", "see /home/me/notes"), 1);
        assert_eq!(count("README.md", "built in session 3"), 1);
        assert_eq!(count("crates/a/src/b.rs", "let session = sessions[0];"), 0);
        assert_eq!(count("README.md", "https://host/home/here"), 0);
    }
}
