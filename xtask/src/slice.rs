//! `cargo xtask new-slice NAME`: a folder under `crates/features/src` with its front page and its first
//! files, and the line in `lib.rs`. The rest is in docs/adding-a-feature.md.

use std::fs;

use crate::{Outcome, root};

const FRONT: &str = "\
//! NAME: say here in two to six lines what it does for people, how one gets in, and what it does not do.

mod api;
mod model;
mod store;

pub use api::router;
";

const MODEL: &str = "\
//! What NAME speaks of. Parsed at the door; afterwards the type is the proof.
";

const STORE: &str = "\
//! The rows of NAME. One statement a function, each inside the caller's tenant.
";

const API: &str = "\
//! The operations of NAME: take the parsed request, call one function, commit, answer.

use kit::Ctx;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
}
";

pub fn new_slice(arguments: &[String]) -> Outcome {
    let [name] = arguments else {
        return Err("usage: cargo xtask new-slice <name>".into());
    };
    let good = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !good {
        return Err(format!("`{name}`: a slice is named like a module, in lower case with underscores"));
    }
    let features = root().join("crates/features/src");
    let folder = features.join(name);
    if folder.exists() {
        return Err(format!("{} exists", folder.display()));
    }
    let failed = |error: std::io::Error| error.to_string();
    fs::create_dir(&folder).map_err(failed)?;
    for (file, text) in [("mod.rs", FRONT), ("model.rs", MODEL), ("store.rs", STORE), ("api.rs", API)] {
        fs::write(folder.join(file), text.replace("NAME", name)).map_err(failed)?;
    }
    let list = features.join("lib.rs");
    let text = fs::read_to_string(&list).map_err(failed)?;
    fs::write(&list, format!("{}\npub mod {name};\n", text.trim_end())).map_err(failed)?;
    println!("{} is there, and declared in {}.", folder.display(), list.display());
    println!(
        "Next: its routes in crates/hongyan/src/routes.rs, a line for each operation in access.rs, and see docs/adding-a-feature.md."
    );
    Ok(())
}
