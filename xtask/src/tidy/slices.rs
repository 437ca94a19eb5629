//! Edges inside `features` and `entities`: a feature never uses another, an entity uses only those declared
//! above it, and inside a folder things flow one way.

use super::{File, Finding, Tree, paths::paths};

/// Who, inside one folder, must not use whom. Files with names of their own hold nothing but nouns: what they
/// may use is what they are (see `statements` for those that are stores).
const FORBIDDEN: [(&str, &[&str]); 4] = [
    ("model", &["store", "decide", "api", "jobs"]),
    ("decide", &["store", "api", "jobs"]),
    ("store", &["decide", "api", "jobs"]),
    ("jobs", &["api"]),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (krate, folder) in [("features", "crates/features/src/"), ("entities", "crates/entities/src/")] {
        let declared = declared(tree.find(&format!("{folder}lib.rs")));
        for file in tree.under(folder).filter(|file| file.is_rust() && file.path != format!("{folder}lib.rs")) {
            let inner = file.path.trim_start_matches(folder);
            let own = inner.split('/').next().unwrap_or_default().trim_end_matches(".rs");
            let test = file.is_test();
            for path in paths(&file.program()) {
                let parts: Vec<&str> = path.parts.iter().map(String::as_str).collect();
                if let Some(other) = other_slice(&parts, krate, inner, &declared, own) {
                    let above =
                        declared.iter().position(|name| name == other) < declared.iter().position(|name| name == own);
                    if krate == "features" {
                        let says =
                            format!("the feature {own} uses the feature {other}; what two features share is an entity");
                        findings.push(Finding::new("edges", &file.path, path.line, says));
                    } else if !above {
                        let says = format!("the entity {own} uses {other}, which is declared below it in lib.rs");
                        findings.push(Finding::new("edges", &file.path, path.line, says));
                    }
                }
                if !test
                    && let Some(used) = sibling(&parts)
                    && forbidden(file.stem(), used)
                {
                    findings.push(Finding::new(
                        "flow",
                        &file.path,
                        path.line,
                        format!("{} must not use {used}", file.stem()),
                    ));
                }
            }
            if file.stem() == "decide"
                && let Some(token) =
                    file.program().iter().find(|token| matches!(token.name(), Some("async" | "Work" | "Ctx")))
            {
                findings.push(Finding::new(
                    "flow",
                    &file.path,
                    token.line,
                    "deciding is pure: no async, no Work, no Ctx",
                ));
            }
        }
    }
    findings
}

/// The modules of a crate, in their order.
fn declared(list: Option<&File>) -> Vec<String> {
    let Some(list) = list else { return Vec::new() };
    let tokens = list.program();
    tokens
        .windows(2)
        .filter(|pair| pair[0].name() == Some("mod"))
        .filter_map(|pair| pair[1].name().map(str::to_owned))
        .collect()
}

/// The other slice that a path leads into.
fn other_slice<'a>(parts: &[&'a str], krate: &str, inner: &str, declared: &[String], own: &str) -> Option<&'a str> {
    let supers = parts.iter().take_while(|part| **part == "super").count();
    // `super` once for every folder above the file leads to the crate; `mod.rs` is its folder.
    let depth = inner.matches('/').count() + usize::from(!inner.ends_with("mod.rs"));
    let target = match parts {
        ["crate", target, ..] => target,
        [first, target, ..] if *first == krate => target,
        _ if supers > 0 && supers == depth => parts.get(supers)?,
        _ => return None,
    };
    (*target != own && declared.iter().any(|name| name == target)).then_some(target)
}

/// The file beside this one that a path leads into.
fn sibling<'a>(parts: &[&'a str]) -> Option<&'a str> {
    match parts {
        ["super", used, ..] => Some(used),
        _ => None,
    }
}

fn forbidden(stem: &str, used: &str) -> bool {
    let by_name = FORBIDDEN.iter().any(|(from, to)| *from == stem && to.contains(&used));
    // Nobody uses an api but the front page, which hands out its router.
    by_name || (used == "api" && !matches!(stem, "mod" | "api"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).into_iter().map(|finding| finding.says).collect()
    }

    #[test]
    fn a_feature_does_not_use_another() {
        let found = says(&[
            ("crates/features/src/lib.rs", "pub mod binding;\npub mod replies;"),
            ("crates/features/src/replies/jobs.rs", "use crate::binding::find;"),
            ("crates/features/src/replies/store.rs", "use super::super::binding; use crate::replies::model;"),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn an_entity_uses_those_above_it() {
        let list = ("crates/entities/src/lib.rs", "pub mod events;\npub mod fans;");
        assert!(says(&[list, ("crates/entities/src/fans/store.rs", "use crate::events::record;")]).is_empty());
        assert_eq!(says(&[list, ("crates/entities/src/events/store.rs", "use crate::fans::find;")]).len(), 1);
    }

    #[test]
    fn deciding_is_pure_and_stores_decide_nothing() {
        let list = ("crates/features/src/lib.rs", "pub mod replies;");
        assert_eq!(says(&[list, ("crates/features/src/replies/decide.rs", "use super::store;")]).len(), 1);
        assert_eq!(says(&[list, ("crates/features/src/replies/decide.rs", "pub async fn choose() {}")]).len(), 1);
        assert_eq!(says(&[list, ("crates/features/src/replies/store.rs", "use super::{decide, model};")]).len(), 1);
        assert_eq!(says(&[list, ("crates/features/src/replies/check.rs", "use super::api::View;")]).len(), 1);
        assert!(says(&[list, ("crates/features/src/replies/api.rs", "use super::{decide, model, store};")]).is_empty());
        assert!(says(&[list, ("crates/features/src/replies/mod.rs", "mod api; pub use api::router;")]).is_empty());
    }
}
