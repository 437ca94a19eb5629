//! What the checks need besides Rust: Node, PostgreSQL, Chromium, Chinese fonts. What apt can bring is
//! installed when we may; what is missing then is named, with the way to get it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Outcome, finish, postgres, variable};

/// Node below this cannot build the pages.
const NODE: (u32, u32) = (20, 19);

struct Missing {
    what: &'static str,
    package: &'static str,
}

/// Everything `cargo xtask test` needs, installed or named.
pub fn all() -> Outcome {
    node()?;
    let missing = missing();
    if !missing.is_empty() {
        install(&missing)?;
    }
    let still: Vec<String> = self::missing()
        .iter()
        .map(|missing| format!("{} (Debian: apt-get install {})", missing.what, missing.package))
        .collect();
    if !still.is_empty() {
        return Err(format!("missing: {}", still.join("; ")));
    }
    let bin = postgres::programs().expect("found a moment ago");
    println!("PostgreSQL  {}", version(&bin.join("postgres")));
    println!("Chromium    {}", version(&chromium().expect("found a moment ago")));
    Ok(())
}

/// Node and npm, new enough.
pub fn node() -> Outcome {
    let text = version(Path::new("node"));
    let mut numbers = text.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NODE {
        let have = if text.is_empty() { "none".into() } else { text };
        return Err(format!(
            "Node.js {}.{} or newer is needed, with npm; here is {have}. See https://nodejs.org",
            NODE.0, NODE.1
        ));
    }
    println!("Node.js     {text}");
    Ok(())
}

pub fn chromium() -> Option<PathBuf> {
    if let Some(given) = variable("CHROMIUM") {
        return Some(given.into());
    }
    let known =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable", "/usr/bin/google-chrome"];
    known.iter().map(PathBuf::from).find(|path| path.exists())
}

pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn missing() -> Vec<Missing> {
    let mut missing = Vec::new();
    if postgres::programs().is_none() {
        missing.push(Missing { what: "PostgreSQL 15 or newer, with its server", package: "postgresql" });
    }
    if chromium().is_none() {
        missing.push(Missing { what: "Chromium", package: "chromium" });
    }
    if !has_chinese_font() {
        missing.push(Missing { what: "a font with Chinese signs", package: "fonts-noto-cjk" });
    }
    missing
}

/// Without fontconfig one cannot tell, and nothing is claimed to be missing.
fn has_chinese_font() -> bool {
    match Command::new("fc-list").arg(":lang=zh").output() {
        Ok(output) => !output.stdout.trim_ascii().is_empty(),
        Err(_) => chromium().is_some(),
    }
}

fn install(missing: &[Missing]) -> Outcome {
    if !Path::new("/usr/bin/apt-get").exists() {
        return Ok(());
    }
    let sudo = !is_root();
    if sudo && !quietly(Command::new("sudo").args(["-n", "true"])) {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|missing| missing.package).collect();
    println!("installing {}", packages.join(" "));
    let apt = |words: &[&str]| {
        let mut command = if sudo {
            let mut command = Command::new("sudo");
            command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            command
        } else {
            let mut command = Command::new("apt-get");
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        command.args(words).stdin(Stdio::null()).stdout(Stdio::null());
        command
    };
    let words: Vec<&str> = ["install", "-y", "--no-install-recommends"].into_iter().chain(packages).collect();
    // Old package lists are the usual cause of a first failure.
    finish(&mut apt(&words)).or_else(|_| finish(&mut apt(&["update"])).and_then(|()| finish(&mut apt(&words))))
}

fn quietly(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn version(program: &Path) -> String {
    let output = Command::new(program).arg("--version").stderr(Stdio::null()).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
