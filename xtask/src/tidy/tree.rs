//! The files that are judged: everything git knows or would add, as text.

use std::{fs, path::Path, process::Command};

use super::{Token, lex, program};
use crate::Outcome;

pub struct Tree {
    pub files: Vec<File>,
}

pub struct File {
    /// From the root, with `/`.
    pub path: String,
    pub text: String,
}

impl Tree {
    pub fn read(root: &Path) -> Outcome<Self> {
        let output = Command::new("git")
            .current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .map_err(|error| format!("git: {error}"))?;
        if !output.status.success() {
            return Err(format!("git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim()));
        }
        let names = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut files: Vec<File> = names
            .split('\0')
            .filter(|path| !path.is_empty())
            // Pictures and the like are no text; a file just removed is not there.
            .filter_map(|path| {
                Some(File { path: path.to_owned(), text: String::from_utf8(fs::read(root.join(path)).ok()?).ok()? })
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        Ok(Self { files })
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect() }
    }

    pub fn find(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder))
    }
}

impl File {
    /// The name without folders and ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Tests may do what the program may not.
    pub fn is_test(&self) -> bool {
        self.stem() == "tests"
            || self.path.contains("/tests/")
            || self.path.contains("/benches/")
            || self.path.contains(".test.")
    }

    /// The program's words: no comments, no `#[cfg(test)]` modules.
    pub fn program(&self) -> Vec<Token> {
        program(&lex(&self.text))
    }
}
