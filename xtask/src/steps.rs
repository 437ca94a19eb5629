//! Named and timed steps, and the summary at the end. One makes a [`Steps`], runs closures or commands
//! through it, and asks for the verdict. A step that fails does not stop the ones after it.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Outcome, show};

pub struct Steps {
    only: Vec<String>,
    began: Instant,
    done: Vec<Step>,
}

struct Step {
    name: String,
    took: Duration,
    outcome: Outcome,
    tests: Count,
}

/// Tests that a runner reported.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
    pub ignored: u64,
}

impl Steps {
    /// `only` empty means every step.
    pub fn new(only: &[String]) -> Self {
        Self { only: only.to_vec(), began: Instant::now(), done: Vec::new() }
    }

    pub fn wanted(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }

    /// Runs a step; whether it went well (a step nobody asked for did).
    pub fn run(&mut self, name: &str, work: impl FnOnce(&mut Count) -> Outcome) -> bool {
        if !self.wanted(name) {
            return true;
        }
        println!("\n── {name} ──");
        let start = Instant::now();
        let mut tests = Count::default();
        let outcome = work(&mut tests);
        let took = start.elapsed();
        match &outcome {
            Ok(()) => println!("── {name}: ok in {} ──", human(took)),
            Err(why) => println!("── {name}: FAILED after {}: {why} ──", human(took)),
        }
        let well = outcome.is_ok();
        self.done.push(Step { name: name.to_owned(), took, outcome, tests });
        well
    }

    /// Prints what ran, and is an error when anything failed, or nothing ran.
    pub fn verdict(self) -> Outcome {
        println!("\n── summary, {} in all ──", human(self.began.elapsed()));
        let mut tests = Count::default();
        for step in &self.done {
            let verdict = if step.outcome.is_ok() { "ok    " } else { "FAILED" };
            let counted = if step.tests == Count::default() { String::new() } else { format!("   {}", step.tests) };
            println!("{verdict} {:>9}  {}{counted}", human(step.took), step.name);
            tests.passed += step.tests.passed;
            tests.failed += step.tests.failed;
            tests.ignored += step.tests.ignored;
        }
        println!("tests: {tests}");
        let failed: Vec<&str> =
            self.done.iter().filter(|step| step.outcome.is_err()).map(|step| step.name.as_str()).collect();
        println!("steps: {} passed, {} failed", self.done.len() - failed.len(), failed.len());
        if self.done.is_empty() {
            return Err(format!("no step is called {}", self.only.join(" or ")));
        }
        if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.ignored > 0 { write!(f, ", {} ignored", self.ignored) } else { Ok(()) }
    }
}

/// Runs a test runner, shows what it says, and counts the tests it reports.
pub fn counted(command: &mut Command, tests: &mut Count) -> Outcome {
    let name = show(command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("{name}: {error}"))?;
    let out = child.stdout.take().expect("the output is piped");
    for line in BufReader::new(out).split(b'\n') {
        let line = line.map_err(|error| format!("{name}: {error}"))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(more) = count(&line) {
            tests.passed += more.passed;
            tests.failed += more.failed;
            tests.ignored += more.ignored;
        }
    }
    let _ = std::io::stdout().flush();
    let status = child.wait().map_err(|error| format!("{name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name}: {status}")) }
}

/// The closing line of cargo's runner, of Vitest, or of node's.
fn count(line: &str) -> Option<Count> {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("test result:") {
        return Some(numbers(rest));
    }
    if let Some(rest) = line.strip_prefix("Tests ") {
        return Some(numbers(rest));
    }
    // node --test, one line a number
    let rest = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# "))?;
    let (word, number) = rest.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Count { passed: number, ..Count::default() }),
        "fail" => Some(Count { failed: number, ..Count::default() }),
        "skipped" => Some(Count { ignored: number, ..Count::default() }),
        _ => None,
    }
}

/// Every `<number> passed|failed|ignored|skipped` in the text.
fn numbers(text: &str) -> Count {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut count = Count::default();
    for pair in words.windows(2) {
        let Ok(number) = pair[0].parse::<u64>() else { continue };
        match pair[1] {
            "passed" => count.passed += number,
            "failed" => count.failed += number,
            "ignored" | "skipped" | "todo" => count.ignored += number,
            _ => {}
        }
    }
    count
}

/// `0.4 s`, `12 s`, `3 min 20 s`.
pub fn human(took: Duration) -> String {
    let seconds = took.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", took.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runners_closing_lines_are_counted() {
        let cargo =
            "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.30s";
        assert_eq!(count(cargo), Some(Count { passed: 12, failed: 1, ignored: 2 }));
        assert_eq!(count("      Tests  1 failed | 34 passed (35)"), Some(Count { passed: 34, failed: 1, ignored: 0 }));
        assert_eq!(count(" Test Files  6 passed (6)"), None);
        assert_eq!(count("ℹ pass 9"), Some(Count { passed: 9, ..Count::default() }));
        assert_eq!(count("# fail 2"), Some(Count { failed: 2, ..Count::default() }));
        assert_eq!(count("running 12 tests"), None);
    }

    #[test]
    fn a_failing_step_fails_the_run_and_the_next_still_runs() {
        let mut steps = Steps::new(&[]);
        assert!(!steps.run("one", |_| Err("no".into())));
        let mut ran = false;
        assert!(steps.run("two", |tests| {
            ran = true;
            tests.passed = 3;
            Ok(())
        }));
        assert!(ran);
        assert_eq!(steps.verdict(), Err("failed: one".into()));
    }

    #[test]
    fn a_name_nobody_has_is_not_a_success() {
        let mut steps = Steps::new(&["clipy".into()]);
        assert!(steps.run("clippy", |_| Err("not asked for".into())));
        assert!(steps.verdict().is_err());
    }
}
