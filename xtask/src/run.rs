//! Starting things: the product beside its sandbox, the measurements, the torture. Each is built with
//! optimisation first. The product then takes this process's place, so that Ctrl-C goes to it and to nobody else.

use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{Outcome, cargo, finish, postgres, root, steps::human, target, teeth, tools, variable, web};

pub fn run(arguments: &[String]) -> Outcome {
    tools::node()?;
    timed("npm packages", || web::packages().map(|done| if done { "installed" } else { "up to date" }.to_owned()))?;
    timed("pages", || {
        web::build()
            .map(|built| if built.is_empty() { "up to date".into() } else { format!("built {}", built.join(", ")) })
    })?;
    timed("program (optimised; the first time takes about ten minutes on two cores)", || {
        finish(cargo().args(["build", "--release", "--package", "hongyan"])).map(|()| "built".to_owned())
    })?;
    let mut program = Command::new(target().join("release/hongyan"));
    become_it(program.arg("demo").args(arguments))
}

/// `cargo xtask bench …`.
pub fn bench(arguments: &[String]) -> Outcome {
    pages_and_program()?;
    with_postgres(Command::new(target().join("release/hongyan-bench")).args(arguments))
}

/// `cargo xtask torture …`: the program as it is run, and the one of the dev profile where it is to die at named places.
pub fn torture(arguments: &[String]) -> Outcome {
    match arguments.split_first() {
        Some((teeth, rest)) if teeth == "teeth" => return teeth::teeth(rest),
        Some((points, _)) if points == "points" => {
            let built = dev_programs()?;
            return with_postgres(torturing(&built).args(arguments));
        }
        _ => {}
    }
    pages_and_program()?;
    with_postgres(Command::new(target().join("release/hongyan-bench")).arg("torture").args(arguments))?;
    if !arguments.iter().any(|argument| argument == "--nightly") {
        return Ok(());
    }
    let built = dev_programs()?;
    with_postgres(torturing(&built).args(["points", "--nightly"]))?;
    teeth::teeth(&[])
}

/// The programs of the dev profile.
pub fn dev_programs() -> Outcome<PathBuf> {
    web::build()?;
    finish(cargo().args(["build", "--quiet", "--package", "hongyan", "--package", "hongyan-bench"]))?;
    Ok(target().join("debug"))
}

/// `hongyan-bench torture` of the programs in this folder.
pub fn torturing(built: &Path) -> Command {
    let mut command = Command::new(built.join("hongyan-bench"));
    command.current_dir(root()).arg("torture").arg("--hub").arg(built.join("hongyan"));
    command
}

/// Runs it with a private PostgreSQL that flushes, unless `BENCH_POSTGRES_URL` names another. Where none is installed,
/// it runs without.
pub fn with_postgres(command: &mut Command) -> Outcome {
    if variable("BENCH_POSTGRES_URL").is_some() || postgres::programs().is_none() {
        return finish(command);
    }
    let server = postgres::Postgres::durable()?;
    finish(command.env("BENCH_POSTGRES_URL", server.url()))
}

/// What a measurement measures is the program as it is run, pages included.
fn pages_and_program() -> Outcome {
    tools::node()?;
    web::packages()?;
    web::build()?;
    finish(cargo().args(["build", "--quiet", "--release", "--package", "hongyan", "--package", "hongyan-bench"]))
}

fn timed(name: &str, work: impl FnOnce() -> Outcome<String>) -> Outcome {
    let began = Instant::now();
    println!("{name} …");
    let what = work()?;
    println!("{name}: {what}, {}", human(began.elapsed()));
    Ok(())
}

fn become_it(command: &mut Command) -> Outcome {
    let error = command.current_dir(root()).exec();
    Err(format!("{}: {error}", crate::show(command)))
}
