//! Answers kept for use again: what may stand in one. Pure.

use entities::messages::{
    LONGEST_TEXT,
    places::{Piece, pieces},
};
use kit::{Error, http::Faults};

use super::model::NewCannedAnswer;

/// What can stand in braces.
pub const NAMES: [&str; 3] = ["customer.name", "account.name", "person.name"];

/// Says what is wrong with it, everything at once.
pub fn check(new: &NewCannedAnswer) -> Result<(), Error> {
    let mut faults = Faults::default();
    if new.shortcut.as_str().contains(|c: char| c.is_whitespace() || c == '/') {
        faults.add("shortcut", "shape", "a shortcut has no spaces and no slashes");
    }
    if new.text.trim().is_empty() {
        faults.add("text", "empty", "the text is empty");
    }
    if new.text.len() > LONGEST_TEXT {
        faults.add(
            "text",
            "too_long",
            format!("the text has {} bytes; WeChat takes at most {LONGEST_TEXT}", new.text.len()),
        );
    }
    for piece in pieces(&new.text) {
        match piece {
            Piece::Place { name, .. } if !NAMES.contains(&name) => {
                faults.add("text", "unknown_name", format!("nothing is called {name:?}; there are {NAMES:?}"))
            }
            Piece::Open(_) => faults.add("text", "braces", "a {{ has no }}"),
            Piece::Text(_) | Piece::Place { .. } => {}
        }
    }
    faults.check()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(text: &str) -> bool {
        let shortcut = super::super::model::Shortcut::try_from("hi".to_owned()).unwrap();
        check(&NewCannedAnswer { shortcut, text: text.into() }).is_ok()
    }

    #[test]
    fn only_names_that_are_known_stand_in_braces() {
        for fine in ["hello", "{{customer.name|friend}}, hello", "{{ account.name }} {{person.name|}}", "} { }}"] {
            assert!(check_text(fine), "{fine}");
        }
        for wrong in ["", "  ", "{{customer.phone}}", "{{customer.name", "{{}}", &"字".repeat(683)] {
            assert!(!check_text(wrong), "{wrong}");
        }
    }
}
