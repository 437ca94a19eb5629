//! The project's own tool: `cargo xtask <verb>`.
//!
//! It starts the product (`run`), runs every check (`test`), the fast ones (`check`), rewrites generated
//! files (`gen`), holds the rules of the tree (`tidy`), and lends a private PostgreSQL (`pg`). It needs
//! nothing but Rust; what else a verb needs is installed where that is possible and named where it is not.

mod browser;
mod checks;
mod r#gen;
mod postgres;
mod run;
mod slice;
mod steps;
mod teeth;
mod test;
mod tidy;
mod tools;
mod web;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::LazyLock,
};

/// What a verb comes back with: nothing, or a sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask run [arguments of `hongyan demo`]   build everything and start the product beside its sandbox
cargo xtask test [step …]                       every check; with names, only those steps
cargo xtask check                               the fast checks: fmt, tidy, clippy, biome, tsc
cargo xtask gen [--check]                       rewrite (or compare) the generated files
cargo xtask tidy                                the rules of the tree
cargo xtask pg -- <command>                     run a command with a private PostgreSQL in TEST_POSTGRES_URL
cargo xtask bench <name> [arguments]            measure; `bench` alone lists what there is
cargo xtask torture [load] [arguments]          kill the hub under load and check that nothing was lost
cargo xtask torture teeth [mistake …]           make known mistakes and check that they are noticed
cargo xtask new-slice <name>                    a folder for a new capability";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (verb, rest) = arguments.split_first().map_or(("", &[][..]), |(verb, rest)| (verb.as_str(), rest));
    let outcome = match verb {
        "run" => run::run(rest),
        "test" => test::test(rest),
        "check" => test::check(),
        "gen" => r#gen::generate(rest),
        "tidy" => tidy::tidy(),
        "pg" => postgres::with(rest),
        "bench" => run::bench(rest),
        "torture" => run::torture(rest),
        "new-slice" => slice::new_slice(rest),
        "" | "help" | "--help" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("there is no verb `{other}`\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace: the one that cargo runs us in, which is not the one that we were built in when two
/// clones share a target folder.
fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let own = variable("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").to_owned());
        Path::new(&own).parent().expect("xtask lies in the workspace").to_owned()
    });
    &ROOT
}

/// Where cargo puts what it builds.
fn target() -> PathBuf {
    root().join(variable("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// An environment variable that says something.
#[expect(clippy::disallowed_methods, reason = "a tool at a terminal is configured by its environment")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// `cargo`, in the workspace's folder.
fn cargo() -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// `npm`, in the workspace's folder, without its advertisements.
fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(root()).env("NPM_CONFIG_FUND", "false").env("NPM_CONFIG_AUDIT", "false");
    command.env("NPM_CONFIG_UPDATE_NOTIFIER", "false");
    command
}

/// Runs a command to its end; a bad end is an error that names it.
fn finish(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("{}: {error}", show(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", show(command))) }
}

/// The command as a person would type it.
fn show(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
