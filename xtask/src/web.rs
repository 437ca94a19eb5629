//! The pages: npm's packages when the lock changed, a build when sources are newer than it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::{Outcome, finish, npm, root};

/// Each page application, and the Rust file that embeds what is built from it.
const APPS: [(&str, &str); 2] =
    [("web/console", "crates/hongyan/src/web.rs"), ("web/phone", "crates/wechat-sandbox/src/pages.rs")];

/// `npm ci`, unless the packages on disk are those of the lock file. Whether anything was done.
pub fn packages() -> Outcome<bool> {
    let lock = root().join("package-lock.json");
    let stamp = root().join("node_modules/.installed-lock.json");
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(false);
    }
    finish(npm().args(["ci", "--no-progress"]))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(true)
}

/// Builds every application whose sources are newer than its build. The names of those built. Types are not checked
/// here; the step `lint` does.
pub fn build() -> Outcome<Vec<&'static str>> {
    let mut built = Vec::new();
    for (app, embedder) in APPS {
        let folder = root().join(app);
        let page = folder.join("dist/index.html");
        let before = changed(&page);
        if before.is_some_and(|before| newest_source(&folder) <= Some(before)) {
            continue;
        }
        finish(npm().args(["run", "bundle", "--silent", "--workspace", app]))?;
        if before.is_none() {
            // Cargo watches the files that were embedded; where there were none it watches nothing.
            touch(&root().join(embedder))?;
        }
        built.push(app);
    }
    Ok(built)
}

fn newest_source(folder: &Path) -> Option<SystemTime> {
    let mut newest = changed(&root().join("package-lock.json"));
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if matches!(name, "dist" | "node_modules" | "shots") || name.starts_with('.') || name.contains(".test.") {
            continue;
        }
        match fs::read_dir(&path) {
            Ok(entries) => open.extend(entries.filter_map(|entry| Some(entry.ok()?.path()))),
            Err(_) => newest = newest.max(changed(&path)),
        }
    }
    newest
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

#[expect(clippy::disallowed_methods, reason = "a file's time is the machine's")]
fn touch(path: &PathBuf) -> Outcome {
    let file = fs::File::options().append(true).open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    file.set_modified(SystemTime::now()).map_err(|error| format!("{}: {error}", path.display()))
}

/// The applications that have tests of their own.
pub fn tested() -> Vec<String> {
    APPS.iter().map(|(app, _)| (*app).to_owned()).collect()
}

/// Every folder of the pages that TypeScript checks.
pub fn typed() -> Vec<String> {
    let folders = ["web/console", "web/phone", "web/e2e"];
    folders
        .iter()
        .filter(|folder| root().join(folder).join("tsconfig.json").exists())
        .map(|&folder| folder.to_owned())
        .collect()
}
