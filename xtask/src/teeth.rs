//! That the tests can bite: the program makes a known mistake (`kit::drill`), and the run that is there to notice must fail.
//!
//! No build is needed for it: programs of the dev profile make a mistake when `HONGYAN_DRILL` names it; releases cannot.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use crate::{Outcome, cargo, run, show, steps::human};

/// What must notice a mistake.
enum Bite {
    /// `hongyan-bench torture` with these words.
    Torture(&'static [&'static str]),
    /// The tests of the whole program that this names.
    Tests(&'static str),
}

const TEETH: [(&str, Bite); 9] = [
    ("resend_on_restart", Bite::Torture(&["sends", "--kills", "15"])),
    ("call_before_intent", Bite::Torture(&["sends", "--kills", "15"])),
    ("retry_what_is_unclear", Bite::Torture(&["sends", "--kills", "5"])),
    ("another_id_each_time", Bite::Torture(&["sends", "--kills", "5"])),
    ("answer_before_commit", Bite::Torture(&["callbacks", "--kills", "15"])),
    ("take_repeats", Bite::Torture(&["callbacks", "--kills", "5"])),
    ("ignore_gates", Bite::Tests("gates::")),
    ("call_late", Bite::Tests("sending::call::")),
    ("fetch_tokens_at_will", Bite::Tests("p16_")),
];

/// Each of them, or those that are named.
pub fn teeth(only: &[String]) -> Outcome {
    if let Some(unknown) = only.iter().find(|name| !TEETH.iter().any(|(known, _)| known == name)) {
        let known: Vec<&str> = TEETH.iter().map(|(name, _)| *name).collect();
        return Err(format!("no mistake is called {unknown}; there are {}", known.join(", ")));
    }
    let built = run::dev_programs()?;
    let wanted = |name: &str| only.is_empty() || only.iter().any(|only| only == name);
    let mut blunt = Vec::new();
    for (name, bite) in TEETH.iter().filter(|(name, _)| wanted(name)) {
        if let Err(why) = noticed(&built, name, bite) {
            blunt.push(why);
        }
    }
    if blunt.is_empty() { Ok(()) } else { Err(blunt.join("; ")) }
}

/// The quickest of them.
pub fn one(built: &Path) -> Outcome {
    let Some((name, bite)) = TEETH.iter().find(|(name, _)| *name == "retry_what_is_unclear") else {
        return Err("the quickest mistake is not among them".into());
    };
    noticed(built, name, bite)
}

/// Makes the mistake. Fails when nobody notices.
fn noticed(built: &Path, name: &str, bite: &Bite) -> Outcome {
    let began = Instant::now();
    let mut command = match bite {
        Bite::Torture(words) => {
            let mut command = run::torturing(built);
            command.args(*words);
            command
        }
        Bite::Tests(filter) => {
            let mut command = cargo();
            command.args(["test", "--quiet", "--package", "hongyan", "--package", "features", "--", filter]);
            command
        }
    };
    let output = drilled(&mut command, name)?;
    // Not because it does not build, or found no test.
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let was_looked_at = match bite {
        Bite::Torture(_) => said.contains("the books are wrong"),
        Bite::Tests(_) => said.contains("test result: FAILED"),
    };
    match (output.status.success(), was_looked_at) {
        (false, true) => {
            println!("{name}: noticed by `{}` in {}", show(&command), human(began.elapsed()));
            Ok(())
        }
        (true, _) => Err(format!("{name} is not noticed by `{}`", show(&command))),
        (false, false) => Err(format!("{name}: `{}` came to no verdict:\n{said}", show(&command))),
    }
}

fn drilled(command: &mut Command, name: &str) -> Outcome<std::process::Output> {
    let command = command.env("HONGYAN_DRILL", format!("mistake={name}")).stdin(Stdio::null());
    command.output().map_err(|error| format!("{}: {error}", show(command)))
}
