//! Which crate may use which, from the manifests. The crate graph is the first wall of the architecture.

use super::{File, Finding, Tree};

const OURS: [&str; 11] = [
    "wechat",
    "wechat-client",
    "wechat-sandbox",
    "store",
    "jobs",
    "kit",
    "entities",
    "features",
    "hongyan",
    "testkit",
    "hongyan-bench",
];

/// A crate, which of ours it may use, and which of others' it must not.
const LAW: [(&str, &[&str], &[&str]); 12] = [
    ("wechat", &[], &["tokio", "rusqlite", "sqlx", "axum", "reqwest", "chrono", "rand"]),
    ("wechat-client", &["wechat"], &["rusqlite", "sqlx", "axum"]),
    ("wechat-sandbox", &["wechat"], &["sqlx"]),
    ("store", &[], &["axum", "reqwest"]),
    ("jobs", &["store"], &["axum", "reqwest"]),
    ("kit", &["store", "jobs", "wechat", "wechat-client"], &["rusqlite", "sqlx"]),
    ("entities", &["kit", "store", "jobs", "wechat", "wechat-client"], &["axum", "reqwest", "rusqlite", "sqlx"]),
    ("features", &["kit", "store", "jobs", "wechat", "wechat-client", "entities"], &["reqwest", "rusqlite", "sqlx"]),
    (
        "hongyan",
        &["kit", "store", "jobs", "wechat", "wechat-client", "wechat-sandbox", "entities", "features"],
        &["rusqlite", "sqlx"],
    ),
    ("testkit", &["kit", "store", "jobs", "wechat", "wechat-client", "wechat-sandbox", "entities"], &[]),
    (
        "hongyan-bench",
        &["wechat", "wechat-client", "wechat-sandbox", "store", "jobs", "kit", "entities", "hongyan"],
        &[],
    ),
    ("xtask", &[], &[]),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let manifests = tree.files.iter().filter(|file| file.path == "xtask/Cargo.toml" || is_crate(&file.path));
    for file in manifests {
        let (name, dependencies) = read(file);
        let Some((_, allowed, forbidden)) = LAW.iter().find(|(crate_name, ..)| *crate_name == name) else {
            let says = format!("the crate {name} has no line in the law of edges (xtask/src/tidy/manifests.rs)");
            findings.push(Finding::new("edges", &file.path, 1, says));
            continue;
        };
        for dependency in dependencies {
            let used = dependency.name.as_str();
            let why = if dependency.dev {
                // Tests may lean on the testkit and the sandbox; nothing may lean on the program.
                (OURS.contains(&used) && matches!(used, "hongyan" | "hongyan-bench"))
                    .then(|| format!("{name} must not use {used}"))
            } else if used == "testkit" {
                Some("testkit is for [dev-dependencies]".to_owned())
            } else if OURS.contains(&used) && !allowed.contains(&used) {
                Some(format!(
                    "{name} must not use {used}; it may use {}",
                    if allowed.is_empty() { "none of ours".into() } else { allowed.join(", ") }
                ))
            } else {
                forbidden.contains(&used).then(|| format!("{name} must not use {used}"))
            };
            findings.extend(why.map(|says| Finding::new("edges", &file.path, dependency.line, says)));
        }
    }
    findings
}

fn is_crate(path: &str) -> bool {
    path.strip_prefix("crates/")
        .and_then(|rest| rest.strip_suffix("/Cargo.toml"))
        .is_some_and(|name| !name.contains('/'))
}

struct Dependency {
    name: String,
    dev: bool,
    line: usize,
}

/// The name of the crate and what it uses. Manifests here are plain: one dependency a line.
fn read(file: &File) -> (String, Vec<Dependency>) {
    let (mut name, mut section, mut dependencies) = (String::new(), String::new(), Vec::new());
    for (index, line) in file.text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']').to_owned();
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let key = key.trim().split('.').next().unwrap_or_default().trim();
        if section == "package" && key == "name" {
            name = value.trim().trim_matches('"').to_owned();
        }
        if section.ends_with("dependencies") && !line.starts_with('#') {
            dependencies.push(Dependency { name: key.to_owned(), dev: section.starts_with("dev-"), line: index + 1 });
        }
    }
    (name, dependencies)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.says).collect()
    }

    #[test]
    fn the_protocol_uses_no_runtime() {
        let found = says(
            "crates/wechat/Cargo.toml",
            "[package]\nname = \"wechat\"\n[dependencies]\nserde.workspace = true\ntokio.workspace = true\n",
        );
        assert_eq!(found, ["wechat must not use tokio"]);
    }

    #[test]
    fn nothing_uses_the_program_and_tests_may_use_the_testkit() {
        let text = "[package]\nname = \"features\"\n[dependencies]\nhongyan.workspace = true\n[dev-dependencies]\ntestkit.workspace = true\n";
        let found = says("crates/features/Cargo.toml", text);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("features must not use hongyan;"));
    }

    #[test]
    fn a_new_crate_needs_a_line_in_the_law() {
        assert_eq!(says("crates/extra/Cargo.toml", "[package]\nname = \"extra\"\n").len(), 1);
    }
}
