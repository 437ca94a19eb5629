//! Every check there is, as named steps. `check` is the part that takes seconds once things are built.
//!
//! Everything Rust is built once, in the dev profile, and its lints are read while it is built: the tests, the
//! generated files and the browser tests use the same build. The tests run on SQLite and on a private PostgreSQL
//! in one pass: each test takes a fresh database of either kind.

use std::{iter, path::Path, process::Command};

use crate::{
    Outcome, browser, cargo, checks, finish, r#gen, npm,
    postgres::Postgres,
    root, run,
    steps::{Steps, counted},
    target, teeth, tidy, tools, web,
};

/// What the names of `cargo xtask test <step …>` are.
const STEPS: [&str; 13] = [
    "tools",
    "packages",
    "fmt",
    "tidy",
    "dependencies",
    "pages",
    "lint",
    "pages-tests",
    "build",
    "generated",
    "tests",
    "torture",
    "browser",
];

pub fn test(only: &[String]) -> Outcome {
    if let Some(unknown) = only.iter().find(|name| !STEPS.contains(&name.as_str())) {
        return Err(format!("no step is called {unknown}; there are {}", STEPS.join(", ")));
    }
    let mut steps = Steps::new(only);
    steps.run("tools", |_| tools::all());
    steps.run("packages", |_| packages());
    steps.run("fmt", |_| fmt());
    steps.run("tidy", |_| tidy::tidy());
    steps.run("dependencies", |_| checks::dependencies());
    steps.run("pages", |_| web::build().map(|built| println!("built: {}", built.join(", "))));
    steps.run("lint", |_| lint());
    steps.run("pages-tests", |tests| {
        web::build()?;
        for app in web::tested() {
            let arguments = ["run", "test-built", "--silent", "--workspace", &app];
            counted(npm().env("NO_COLOR", "1").args(arguments), tests)?;
        }
        Ok(())
    });
    let built = steps.run("build", |_| finish(linting().args(["build", "--locked", "--workspace", "--all-targets"])));
    if built {
        steps.run("generated", |_| r#gen::check());
        steps.run("tests", |tests| {
            let server = Postgres::start()?;
            println!("SQLite, and PostgreSQL at {}", server.url());
            let mut command = linting();
            // All test programs run even when one fails. Much of what a test does is to wait, so there are more at
            // once than processors.
            command.args(["test", "--workspace", "--no-fail-fast"]).env("TEST_POSTGRES_URL", server.url());
            counted(command.env("RUST_TEST_THREADS", threads().to_string()), tests)
        });
        steps.run("torture", |_| torture());
        steps.run("browser", |tests| browser::tests(&target().join("debug/hongyan"), tests));
    }
    steps.verdict()
}

/// Cargo, with Clippy as the compiler of our own packages: it lints while it compiles, so that a fresh clone compiles
/// everything once and not twice. What Clippy says is an error. Where nothing has been built there is nothing to
/// build on, and what the next build could use of this one is not written down: that takes a sixth of the time.
fn linting() -> Command {
    let mut command = cargo();
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings");
    if !built_before() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

fn built_before() -> bool {
    let Ok(entries) = std::fs::read_dir(target().join("debug/incremental")) else { return false };
    entries.flatten().any(|entry| entry.file_name().as_encoded_bytes().starts_with(b"features-"))
}

/// How many tests run at once.
fn threads() -> usize {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    processors * 2
}

/// Forty kills under each load, some on PostgreSQL, and two nodes of which one stands still, of
/// the program that the step before has built. Fails when anything is lost, doubled or unexplained, and when the load
/// was too small to say so. Then the program makes a mistake, and it must be noticed.
fn torture() -> Outcome {
    let built = target().join("debug");
    run::with_postgres(run::torturing(&built).args(["--kills", "40"]))?;
    teeth::one(&built)
}

pub fn check() -> Outcome {
    let mut steps = Steps::new(&[]);
    steps.run("packages", |_| packages());
    steps.run("fmt", |_| fmt());
    steps.run("tidy", |_| tidy::tidy());
    steps.run("lint", |_| lint());
    steps.run("clippy", |_| clippy());
    steps.verdict()
}

fn packages() -> Outcome {
    let done = web::packages()?;
    println!("npm packages: {}", if done { "installed" } else { "up to date" });
    Ok(())
}

fn fmt() -> Outcome {
    finish(cargo().args(["fmt", "--all", "--", "--check"]))
}

fn clippy() -> Outcome {
    finish(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// Biome over everything, the type checker over each application, side by side.
fn lint() -> Outcome {
    let mut biome = Command::new(bin("biome"));
    biome.current_dir(root()).args(["ci", "--colors=off", "--error-on-warnings", "."]);
    let types = web::typed().into_iter().map(|app| {
        let mut tsc = Command::new(bin("tsc"));
        tsc.current_dir(root().join(app)).arg("--noEmit");
        tsc
    });
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let running: Vec<_> =
            iter::once(biome).chain(types).map(|mut command| scope.spawn(move || finish(&mut command))).collect();
        running.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
    });
    outcomes.into_iter().collect()
}

/// A program that npm installed.
fn bin(name: &str) -> std::path::PathBuf {
    Path::new(root()).join("node_modules/.bin").join(name)
}
