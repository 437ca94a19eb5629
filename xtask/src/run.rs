//! Starting things: the product beside its sandbox, the measurements, the torture. Each is built with
//! optimisation first, and then takes this process's place, so that Ctrl-C goes to it and to nobody else.

use std::{os::unix::process::CommandExt, process::Command, time::Instant};

use crate::{Outcome, cargo, finish, root, steps::human, target, tools, web};

pub fn run(arguments: &[String]) -> Outcome {
    tools::node()?;
    timed("npm packages", || web::packages().map(|done| if done { "installed" } else { "up to date" }.to_owned()))?;
    timed("pages", || {
        web::build()
            .map(|built| if built.is_empty() { "up to date".into() } else { format!("built {}", built.join(", ")) })
    })?;
    timed("program (optimised; the first time takes some minutes)", || {
        finish(cargo().args(["build", "--release", "--package", "hongyan"])).map(|()| "built".to_owned())
    })?;
    let mut program = Command::new(target().join("release/hongyan"));
    become_it(program.arg("demo").args(arguments))
}

/// `cargo xtask bench …`.
pub fn bench(arguments: &[String]) -> Outcome {
    pages_and_program()?;
    become_it(cargo().args(["run", "--quiet", "--release", "--package", "hongyan-bench", "--"]).args(arguments))
}

/// `cargo xtask torture …`.
pub fn torture(arguments: &[String]) -> Outcome {
    pages_and_program()?;
    become_it(
        cargo().args(["run", "--quiet", "--release", "--package", "hongyan-bench", "--", "torture"]).args(arguments),
    )
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
