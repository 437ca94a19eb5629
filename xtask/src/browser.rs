//! The browser tests: `web/e2e` drives Chromium against the program that was just built. The tests start
//! `hongyan demo` themselves, on free ports and in a folder of their own; they are told where things are.

use std::path::Path;

use crate::{Outcome, npm, root, steps::Count, steps::counted, tools};

pub fn tests(program: &Path, tests: &mut Count) -> Outcome {
    if !root().join("web/e2e/package.json").exists() {
        return Err("web/e2e is missing".into());
    }
    let chromium = tools::chromium().ok_or("Chromium is missing (Debian: apt-get install chromium)")?;
    let mut command = npm();
    command.args(["run", "e2e", "--silent", "--workspace", "web/e2e"]);
    command.env("NO_COLOR", "1").env("HONGYAN_BIN", program).env("CHROMIUM", chromium);
    counted(&mut command, tests)
}
