//! Every check there is, as named steps. `check` is the part that takes seconds once things are built.
//!
//! Everything Rust is built once, in the dev profile: the tests, the generated files and the browser tests
//! use the same build. The tests run on SQLite and on a private PostgreSQL in one pass: each test takes a
//! fresh database of either kind.

use std::{path::Path, process::Command};

use crate::{
    Outcome, browser, cargo, checks, finish, r#gen, npm,
    postgres::Postgres,
    root, run,
    steps::{Steps, counted},
    target, teeth, tidy, tools, web,
};

/// What the names of `cargo xtask test <step …>` are.
const STEPS: [&str; 14] = [
    "tools",
    "packages",
    "fmt",
    "tidy",
    "dependencies",
    "clippy",
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
    steps.run("clippy", |_| clippy());
    steps.run("pages", |_| web::build().map(|built| println!("built: {}", built.join(", "))));
    steps.run("lint", |_| lint());
    steps.run("pages-tests", |tests| {
        for app in web::tested() {
            counted(npm().env("NO_COLOR", "1").args(["test", "--silent", "--workspace", &app]), tests)?;
        }
        Ok(())
    });
    let built = steps.run("build", |_| finish(cargo().args(["build", "--locked", "--workspace", "--all-targets"])));
    if built {
        steps.run("generated", |_| r#gen::check());
        steps.run("tests", |tests| {
            let server = Postgres::start()?;
            println!("SQLite, and PostgreSQL at {}", server.url());
            let mut command = cargo();
            // All test programs run even when one fails.
            command.args(["test", "--workspace", "--no-fail-fast"]).env("TEST_POSTGRES_URL", server.url());
            counted(&mut command, tests)
        });
        steps.run("torture", |_| torture());
        steps.run("browser", |tests| browser::tests(&target().join("debug/hongyan"), tests));
    }
    steps.verdict()
}

/// Sixty kills under each load, some on PostgreSQL, and two nodes of which one stands still, of
/// the program that the step before has built. Fails when anything is lost, doubled or unexplained, and when the load
/// was too small to say so. Then the program makes a mistake, and it must be noticed.
fn torture() -> Outcome {
    let built = target().join("debug");
    run::with_postgres(&mut run::torturing(&built))?;
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

/// Biome over everything, the type checker over each application.
fn lint() -> Outcome {
    finish(Command::new(bin("biome")).current_dir(root()).args(["ci", "--colors=off", "--error-on-warnings", "."]))?;
    for app in web::typed() {
        finish(Command::new(bin("tsc")).current_dir(root().join(app)).arg("--noEmit"))?;
    }
    Ok(())
}

/// A program that npm installed.
fn bin(name: &str) -> std::path::PathBuf {
    Path::new(root()).join("node_modules/.bin").join(name)
}
