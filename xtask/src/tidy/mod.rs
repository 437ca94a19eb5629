//! The rules of the tree that no compiler holds: who may import whom, where statements live and that each
//! names its tenant, how long files are and what they are called, words that do not belong.
//!
//! One gets in by [`tidy`]. Each rule reads a [`tree::Tree`] and returns [`Finding`]s; an exception is a line
//! with a reason in `exceptions.txt`. It judges text: what types can hold is left to the compiler.

mod exceptions;
mod files;
mod lexer;
mod manifests;
mod pages;
mod paths;
mod slices;
mod statements;
mod tables;
mod tree;
mod words;

use std::collections::BTreeMap;

pub use lexer::{Token, program, words as lex};
pub use tree::{File, Tree};

use crate::{Outcome, root};

/// Something that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: &'static str,
    /// The file, or `file::function`: what an exception names.
    pub place: String,
    pub line: usize,
    pub says: String,
}

impl Finding {
    pub fn new(rule: &'static str, place: impl Into<String>, line: usize, says: impl Into<String>) -> Self {
        Self { rule, place: place.into(), line, says: says.into() }
    }
}

pub fn tidy() -> Outcome {
    let tree = Tree::read(root())?;
    let findings = judge(&tree);
    let exceptions = exceptions::parse(include_str!("exceptions.txt"))?;
    let left = exceptions::apply(findings, &exceptions);
    let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &left {
        *rules.entry(finding.rule).or_default() += 1;
        println!("{}:{}: {}: {}", finding.place, finding.line, finding.rule, finding.says);
    }
    if left.is_empty() {
        println!("{} files are tidy", tree.files.len());
        return Ok(());
    }
    let counted: Vec<String> = rules.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    Err(format!("{} (an exception is a line with a reason in xtask/src/tidy/exceptions.txt)", counted.join(", ")))
}

/// Every rule, over a tree.
fn judge(tree: &Tree) -> Vec<Finding> {
    let tables = tables::of(tree);
    let mut findings = Vec::new();
    findings.extend(manifests::check(tree));
    findings.extend(slices::check(tree));
    findings.extend(statements::check(tree, &tables));
    findings.extend(files::check(tree));
    findings.extend(pages::check(tree));
    findings.extend(words::check(tree));
    findings
}
