//! Generated files: the API's description, TypeScript's view of it, the sample configuration, the pages of
//! error codes and of proofs. `gen` writes them; `gen --check` compares and names those that are stale.

mod codes;
mod proofs;

use std::{fs, process::Command};

use crate::{Outcome, cargo, finish, root, show, target, tidy::Tree};

const OPENAPI: &str = "docs/openapi.json";
const TYPES: &str = "web/console/src/api/schema.gen.ts";
const SAMPLE: &str = "docs/operate/hongyan.sample.toml";
const CODES: &str = "docs/error-codes.md";
const PROOFS: &str = "docs/proofs.md";

/// A file, and what should be in it.
type Made = (&'static str, String);

pub fn generate(arguments: &[String]) -> Outcome {
    match arguments {
        [] => {
            build()?;
            for (path, text) in made()? {
                if stale(path, &text) {
                    fs::write(root().join(path), text).map_err(|error| format!("{path}: {error}"))?;
                    println!("wrote {path}");
                } else {
                    println!("{path} is as it should be");
                }
            }
            Ok(())
        }
        [only] if only == "--check" => {
            build()?;
            check()
        }
        _ => Err("usage: cargo xtask gen [--check]".into()),
    }
}

/// Compares, with the program as it was last built.
pub fn check() -> Outcome {
    let stale: Vec<&str> = made()?.iter().filter(|(path, text)| stale(path, text)).map(|(path, _)| *path).collect();
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("stale: {}; run `cargo xtask gen` and commit what it wrote", stale.join(", ")))
}

fn stale(path: &str, text: &str) -> bool {
    fs::read_to_string(root().join(path)).map_or(true, |there| there != text)
}

fn made() -> Outcome<Vec<Made>> {
    let openapi = says(&["openapi"])?;
    let types = types(&openapi)?;
    let tree = Tree::read(root())?;
    Ok(vec![
        (OPENAPI, openapi),
        (TYPES, types),
        (SAMPLE, says(&["config", "sample"])?),
        (CODES, codes::page(&tree)?),
        (PROOFS, proofs::page(&tree)),
    ])
}

fn build() -> Outcome {
    finish(cargo().args(["build", "--quiet", "--package", "hongyan"]))
}

/// What the program prints.
fn says(arguments: &[&str]) -> Outcome<String> {
    said(Command::new(target().join("debug/hongyan")).args(arguments))
}

/// The description as types, by the tool that the client library belongs to.
fn types(openapi: &str) -> Outcome<String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let file = folder.path().join("openapi.json");
    fs::write(&file, openapi).map_err(|error| error.to_string())?;
    let tool = root().join("node_modules/.bin/openapi-typescript");
    said(Command::new(tool).current_dir(root()).arg(&file).arg("--alphabetize"))
}

fn said(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| format!("{}: {error}", show(command)))?;
    if !output.status.success() {
        return Err(format!("{}: {}\n{}", show(command), output.status, String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
