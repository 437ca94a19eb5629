//! A private PostgreSQL for tests: a unix socket in a short temporary folder and no network port, so that
//! it never meets another server. It is stopped and its folder removed however this process ends.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use tempfile::TempDir;

use crate::{Outcome, finish, root, steps, tools, variable};

pub struct Postgres {
    folder: TempDir,
    keeper: Option<Child>,
}

/// `cargo xtask pg -- <command>`.
pub fn with(arguments: &[String]) -> Outcome {
    let words = match arguments.split_first() {
        Some((dashes, words)) if dashes == "--" => words,
        _ => arguments,
    };
    let Some((program, words)) = words.split_first() else {
        return Err("usage: cargo xtask pg -- <command>".into());
    };
    let began = Instant::now();
    let server = Postgres::start()?;
    eprintln!("PostgreSQL is ready after {}: {}", steps::human(began.elapsed()), server.url());
    finish(Command::new(program).args(words).current_dir(root()).env("TEST_POSTGRES_URL", server.url()))
}

impl Postgres {
    /// For tests: quick, and it would lose everything in a power cut.
    pub fn start() -> Outcome<Self> {
        Self::start_with("-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=256MB")
    }

    /// One that flushes what it commits, which the product insists on.
    pub fn durable() -> Outcome<Self> {
        Self::start_with("-c shared_buffers=1GB -c max_wal_size=4GB")
    }

    fn start_with(settings: &str) -> Outcome<Self> {
        let bin = programs().ok_or("no PostgreSQL server is installed (Debian: apt-get install postgresql)")?;
        // The path of a unix socket must stay under 107 bytes, so the folder is not in TMPDIR.
        let folder =
            tempfile::Builder::new().prefix("hypg").tempdir_in("/tmp").map_err(|error| format!("/tmp: {error}"))?;
        if tools::is_root() {
            finish(Command::new("chown").arg("postgres").arg(folder.path()))?;
        }
        let data = folder.path().join("data");
        finish(
            as_server(&bin, "initdb", folder.path())
                .args(["-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-D"])
                .arg(&data)
                .stdout(Stdio::null()),
        )?;
        // Before the server exists, so that there is no instant in which it could outlive us.
        let keeper = keeper(&bin, folder.path())?;
        let server = Self { folder, keeper: Some(keeper) };
        // Durability is what the product's own start refuses to go without; tests of that start see these
        // settings refused, the others are told to accept them.
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories={} -c max_connections=400 {settings}",
            server.folder.path().display()
        );
        finish(
            as_server(&bin, "pg_ctl", server.folder.path())
                .args(["-w", "-s", "-l"])
                .arg(server.folder.path().join("log"))
                .arg("-D")
                .arg(&data)
                .arg("-o")
                .arg(options)
                .arg("start"),
        )?;
        Ok(server)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.path().display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            // Closing its input is the word to stop.
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
    }
}

/// A shell that waits until our end of its input is closed, by us or by our death, then stops the server
/// and removes the folder. Ctrl-C reaches it too, and it takes no notice.
fn keeper(bin: &Path, folder: &Path) -> Outcome<Child> {
    let stop =
        crate::show(as_server(bin, "pg_ctl", folder).args(["-s", "-m", "immediate", "-D"]).arg(folder.join("data")));
    let script =
        format!("trap '' INT TERM HUP; cat >/dev/null; {stop} stop >/dev/null 2>&1; rm -rf '{}'", folder.display());
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map_err(|error| format!("sh: {error}"))
}

/// The newest server's programs on this machine.
pub fn programs() -> Option<PathBuf> {
    if let Some(given) = variable("PG_BIN") {
        return Some(given.into());
    }
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(|entry| {
        let entry = entry.ok()?;
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        let bin = entry.path().join("bin");
        bin.join("initdb").exists().then_some((version, bin))
    });
    if let Some((_, bin)) = debian.max() {
        return Some(bin);
    }
    let told = Command::new("pg_config").arg("--bindir").output().ok()?;
    let bin = PathBuf::from(String::from_utf8_lossy(&told.stdout).trim());
    bin.join("initdb").exists().then_some(bin)
}

/// The server refuses to run as root: then it runs as `postgres`.
fn as_server(bin: &Path, program: &str, folder: &Path) -> Command {
    let mut command = if tools::is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(bin.join(program));
        command
    } else {
        Command::new(bin.join(program))
    };
    // Not the caller's folder, which the other user may not be allowed to enter.
    command.current_dir(folder);
    command
}
