//! What the program is made of: licences, bans and known flaws by cargo-deny, where it is installed; always
//! that the lock file is the one the manifests ask for.

use std::process::Command;

use crate::{Outcome, cargo, finish};

pub fn dependencies() -> Outcome {
    finish(cargo().args(["metadata", "--locked", "--format-version", "1"]).stdout(std::process::Stdio::null()))?;
    let here = Command::new("cargo-deny").arg("--version").output().is_ok_and(|output| output.status.success());
    if !here {
        println!(
            "cargo-deny is not installed: licences, sources and advisories are not looked at (cargo install cargo-deny)"
        );
        return Ok(());
    }
    finish(cargo().args(["deny", "--all-features", "check", "licenses", "bans", "sources"]))
}
