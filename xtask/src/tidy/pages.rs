//! Edges of the pages: app → features → account, answers, person, template → api, ui, lib. A feature never uses another; what is drawn calls no API.
//! An `import type` is free: a shape is no edge, and is gone when the program runs.

use super::{Finding, Tree};

/// Who must not use whom. A folder that is in no line is free.
const FORBIDDEN: [(&str, &[&str]); 8] = [
    ("features", &["app"]),
    ("account", &["app", "features"]),
    ("answers", &["app", "features"]),
    ("person", &["app", "features"]),
    ("template", &["app", "features"]),
    ("ui", &["app", "features", "api"]),
    ("api", &["app", "features", "ui"]),
    ("lib", &["app", "features"]),
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.under("web/").filter(|file| file.path.ends_with(".ts") || file.path.ends_with(".tsx")) {
        let Some((app, inner)) = file.path.split_once("/src/") else { continue };
        if file.is_test() {
            continue;
        }
        let from: Vec<&str> = inner.split('/').collect();
        for (index, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("import type ") {
                continue;
            }
            let Some(to) = imported(line).and_then(|path| resolve(&from, path)) else { continue };
            let (own, used) = (from[0], to[0].as_str());
            if own == "features" && used == "features" && from.len() > 2 && to.len() > 1 && from[1] != to[1] {
                let says = format!("the feature {} uses the feature {}", from[1], to[1]);
                findings.push(Finding::new("edges", &file.path, index + 1, says));
            } else if FORBIDDEN.iter().any(|(folder, never)| *folder == own && never.contains(&used)) {
                findings.push(Finding::new(
                    "edges",
                    &file.path,
                    index + 1,
                    format!("{app}: {own} must not use {used}"),
                ));
            }
        }
    }
    findings
}

/// What `from "…"` or `import("…")` names.
fn imported(line: &str) -> Option<&str> {
    let after =
        ["from \"", "import(\"", "import \""].iter().find_map(|start| line.split_once(start).map(|(_, rest)| rest))?;
    after.split('"').next()
}

/// The folders under `src` that an import leads through; none for packages.
fn resolve(from: &[&str], path: &str) -> Option<Vec<String>> {
    if let Some(rest) = path.strip_prefix("@/") {
        return Some(rest.split('/').map(str::to_owned).collect());
    }
    if !path.starts_with('.') {
        return None;
    }
    let mut folders: Vec<String> = from[..from.len() - 1].iter().map(|part| (*part).to_owned()).collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                folders.pop()?;
            }
            part => folders.push(part.to_owned()),
        }
    }
    (!folders.is_empty()).then_some(folders)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.says).collect()
    }

    #[test]
    fn features_keep_to_themselves() {
        let path = "web/console/src/features/replies/Page.tsx";
        assert_eq!(
            says(path, "import { Row } from \"../customers/Row\";"),
            ["the feature replies uses the feature customers"]
        );
        assert_eq!(says(path, "import { Row } from \"@/features/customers/Row\";").len(), 1);
        assert!(
            says(
                path,
                "import { Row } from \"./Row\";\nimport { Button } from \"@/ui/Button\";\nimport React from \"react\";"
            )
            .is_empty()
        );
    }

    #[test]
    fn what_is_drawn_calls_no_api() {
        assert_eq!(says("web/phone/src/ui/bubble.tsx", "import { call } from \"../api/client\";").len(), 1);
        assert!(says("web/phone/src/ui/bubble.tsx", "import type { Picture } from \"../api/types\";").is_empty());
        assert!(says("web/phone/src/phone/chat.tsx", "import { call } from \"../api/client\";").is_empty());
    }
}
