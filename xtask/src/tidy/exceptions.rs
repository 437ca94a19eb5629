//! Exceptions: `rule place — reason`, one a line. One that nothing needs any more is a finding itself.

use std::collections::BTreeSet;

use super::Finding;
use crate::Outcome;

#[derive(Debug, PartialEq, Eq)]
pub struct Exception {
    rule: String,
    place: String,
    line: usize,
}

pub fn parse(text: &str) -> Outcome<Vec<Exception>> {
    let mut exceptions = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = || format!("exceptions.txt, line {}: `rule place — reason` is expected", index + 1);
        let (what, reason) = line.split_once(" — ").ok_or_else(wrong)?;
        let (rule, place) = what.split_once(' ').ok_or_else(wrong)?;
        if reason.trim().len() < 10 {
            return Err(wrong());
        }
        exceptions.push(Exception { rule: rule.into(), place: place.trim().into(), line: index + 1 });
    }
    Ok(exceptions)
}

/// What is left of the findings, and the exceptions that excuse nothing.
pub fn apply(findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    let mut used = BTreeSet::new();
    let mut left: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| {
            let excuse = exceptions
                .iter()
                .position(|exception| exception.rule == finding.rule && exception.place == finding.place);
            if let Some(index) = excuse {
                used.insert(index);
            }
            excuse.is_none()
        })
        .collect();
    for (index, exception) in exceptions.iter().enumerate() {
        if !used.contains(&index) {
            let says = format!("`{} {}` excuses nothing any more: remove it", exception.rule, exception.place);
            left.push(Finding::new("exceptions", "xtask/src/tidy/exceptions.txt", exception.line, says));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_excuses_its_place_and_no_other() {
        let exceptions = parse("# why\ntenant a.rs::claim — one queue serves every tenant\n").expect("well formed");
        let findings =
            vec![Finding::new("tenant", "a.rs::claim", 3, "x"), Finding::new("tenant", "a.rs::list", 9, "y")];
        let left = apply(findings, &exceptions);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].place, "a.rs::list");
    }

    #[test]
    fn an_exception_that_excuses_nothing_is_found() {
        let exceptions = parse("tenant a.rs::claim — one queue serves every tenant").expect("well formed");
        assert_eq!(apply(Vec::new(), &exceptions)[0].rule, "exceptions");
    }

    #[test]
    fn an_exception_needs_a_reason() {
        assert!(parse("tenant a.rs::claim").is_err());
        assert!(parse("tenant a.rs::claim — so").is_err());
    }
}
