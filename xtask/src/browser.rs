//! The browser tests: `web/e2e` drives Chromium against the program that was just built. The tests start
//! `hongyan demo` themselves, on free ports and in a folder of their own; they are told where things are.

use std::path::Path;

use crate::{Outcome, npm, root, steps::Count, steps::counted, tools};

pub fn tests(program: &Path, tests: &mut Count) -> Outcome {
    if !root().join("web/e2e/package.json").exists() {
        return Err("web/e2e is missing".into());
    }
    let chromium = tools::chromium().ok_or("Chromium is missing (Debian: apt-get install chromium)")?;
    let folder = tempfile::Builder::new().prefix("hye2e").tempdir().map_err(|error| error.to_string())?;
    let mut command = npm();
    command.args(["test", "--silent", "--workspace", "web/e2e"]);
    command.env("NO_COLOR", "1").env("HONGYAN_BIN", program).env("CHROMIUM", chromium).env("HONGYAN_E2E_DATA", folder.path());
    counted(&mut command, tests)
}
