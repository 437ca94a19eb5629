//! What the program is made of: that the lock file is the one the manifests ask for, and that every package in
//! it has a licence from `deny.toml` and is not banned there. `cargo deny check` does the same and more.

use std::{collections::BTreeSet, fs};

use crate::{Outcome, cargo, root, show};

pub fn dependencies() -> Outcome {
    let law = fs::read_to_string(root().join("deny.toml")).map_err(|error| format!("deny.toml: {error}"))?;
    let (allowed, banned) = (listed(&law, "allow = ["), banned(&law));
    let mut command = cargo();
    command.args([
        "tree",
        "--locked",
        "--workspace",
        "--prefix",
        "none",
        "--edges",
        "normal,build",
        "--format",
        "{p}|{l}",
    ]);
    let output = command.output().map_err(|error| format!("{}: {error}", show(&command)))?;
    if !output.status.success() {
        return Err(format!("{}: {}", show(&command), String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let packages: BTreeSet<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    let mut wrong = 0;
    for line in &packages {
        let (package, licence) = line.split_once('|').unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or_default();
        // What cargo has said once it marks with (*) afterwards.
        let licence = licence.trim_end_matches(" (*)");
        if banned.iter().any(|banned| banned == name) {
            wrong += 1;
            println!("{package} is banned by deny.toml");
        } else if !is_allowed(licence, &allowed) {
            wrong += 1;
            println!("{package}: its licence is {licence:?}, which deny.toml does not allow");
        }
    }
    if wrong > 0 {
        return Err(format!("{wrong} packages that must not be here"));
    }
    println!("{} packages, all of allowed licences", packages.len());
    Ok(())
}

/// The strings of a list in the file.
fn listed(text: &str, start: &str) -> Vec<String> {
    let body = text.split_once(start).map_or("", |(_, rest)| rest.split(']').next().unwrap_or_default());
    body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn banned(text: &str) -> Vec<String> {
    text.split("{ crate = \"").skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

/// Whether one of the alternatives is allowed in all its parts. `/` is how `OR` used to be written.
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let plain = licence.replace('/', " OR ").replace(['(', ')'], "");
    let is_known = |part: &str| allowed.iter().any(|known| known == part.trim());
    !plain.trim().is_empty() && plain.split(" OR ").any(|choice| choice.split(" AND ").all(is_known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_needs_one_choice_that_is_allowed_in_all_its_parts() {
        let allowed = listed("[licenses]\nallow = [\n  \"MIT\",\n  \"ISC\",\n]", "allow = [");
        assert_eq!(allowed, ["MIT", "ISC"]);
        assert!(is_allowed("MIT OR GPL-3.0", &allowed));
        assert!(is_allowed("Apache-2.0/MIT", &allowed));
        assert!(is_allowed("(MIT OR Apache-2.0) AND ISC", &["MIT".into(), "ISC".into()]));
        assert!(!is_allowed("MIT AND GPL-3.0", &allowed));
        assert!(!is_allowed("", &allowed));
    }

    #[test]
    fn bans_are_read() {
        assert_eq!(banned("deny = [\n { crate = \"openssl-sys\" },\n]"), ["openssl-sys"]);
    }
}
