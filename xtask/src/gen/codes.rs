//! The page of error codes, read from the program: `kit::Error` for those every operation can answer, the
//! slices for those of their own, the console's English for what each means.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Outcome,
    tidy::{Token, Tree},
};

const ERROR: &str = "crates/kit/src/error.rs";
const SENTENCES: &str = "web/console/src/locales/en-US/problems.json";

const HEAD: &str = "\
# Error codes

Errors are `application/problem+json` with a `code`. Codes are stable: programs decide by them, the console
translates by them. This page is generated (`cargo xtask gen`).

";

pub fn page(tree: &Tree) -> Outcome<String> {
    let kit = tree.find(ERROR).ok_or(format!("{ERROR} is missing"))?.program();
    let mut codes: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
    let statuses = arms(&kit, "status", status);
    for (variant, code) in arms(&kit, "code", |tokens| tokens[0].text().map(str::to_owned)) {
        if let Some(status) = statuses.get(&variant) {
            codes.entry(code).or_default().insert(*status);
        }
    }
    let mut fields = BTreeSet::new();
    for file in tree.under("crates/").filter(|file| {
        file.is_rust() && !file.is_test() && file.path != ERROR && !file.path.starts_with("crates/wechat")
    }) {
        let tokens = file.program();
        for (status, code) in own(&tokens) {
            codes.entry(code).or_default().insert(status);
        }
        fields.extend(field_codes(&tokens));
    }
    let sentences = sentences(tree);
    let mut page = String::from(HEAD);
    page.push_str("| code | status | what the console says |\n|---|---|---|\n");
    for (code, statuses) in &codes {
        let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
        let says = sentences.get(code).map_or("", String::as_str);
        page.push_str(&format!("| `{code}` | {} | {says} |\n", statuses.join(", ")));
    }
    page.push_str("\n`invalid` lists what is wrong in `errors`: `field` is a path into the body, `code` is one of\n\n");
    let fields: Vec<String> = fields.into_iter().map(|code| format!("`{code}`")).collect();
    page.push_str(&format!("{}.\n", fields.join(", ")));
    Ok(page)
}

/// `Self::A | Self::B(..) => value` in a function: the value of each variant.
fn arms<T: Clone>(tokens: &[Token], function: &str, value: impl Fn(&[Token]) -> Option<T>) -> BTreeMap<String, T> {
    let mut out = BTreeMap::new();
    let Some(start) =
        tokens.windows(2).position(|pair| pair[0].name() == Some("fn") && pair[1].name() == Some(function))
    else {
        return out;
    };
    let mut variants: Vec<String> = Vec::new();
    for at in start + 2..tokens.len() {
        match tokens[at].name() {
            Some("fn") => break,
            Some("Self") if tokens.get(at + 3).is_some() => variants.extend(tokens[at + 3].name().map(str::to_owned)),
            _ => {}
        }
        if tokens[at].is('=') && tokens.get(at + 1).is_some_and(|next| next.is('>')) {
            if let Some(value) = tokens.get(at + 2..).and_then(&value) {
                out.extend(variants.iter().map(|variant| (variant.clone(), value.clone())));
            }
            variants.clear();
        }
    }
    out
}

fn status(tokens: &[Token]) -> Option<u16> {
    Some(match tokens.get(3)?.name()? {
        "UNAUTHORIZED" => 401,
        "FORBIDDEN" => 403,
        "NOT_FOUND" => 404,
        "CONFLICT" => 409,
        "PAYLOAD_TOO_LARGE" => 413,
        "UNPROCESSABLE_ENTITY" => 422,
        "TOO_MANY_REQUESTS" => 429,
        "INTERNAL_SERVER_ERROR" => 500,
        "BAD_GATEWAY" => 502,
        "SERVICE_UNAVAILABLE" => 503,
        _ => return None,
    })
}

/// `Error::conflict("…")`, `Error::Conflict { code: "…" }`, and the same of `unacceptable`.
fn own(tokens: &[Token]) -> Vec<(u16, String)> {
    let mut out = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let status = match token.name() {
            Some("conflict" | "Conflict") => 409,
            Some("unacceptable" | "Unacceptable") => 422,
            _ => continue,
        };
        let code = match tokens.get(at + 1) {
            Some(next) if next.is('(') => tokens.get(at + 2),
            Some(next) if next.is('{') && tokens.get(at + 2).and_then(Token::name) == Some("code") => {
                tokens.get(at + 4)
            }
            _ => None,
        };
        out.extend(code.and_then(Token::text).map(|code| (status, code.to_owned())));
    }
    out
}

/// `Error::field("field", "code", …)`, `FieldError::new("field", "code", …)`.
fn field_codes(tokens: &[Token]) -> Vec<String> {
    let mut out = Vec::new();
    for window in tokens.windows(6) {
        let call = window[0].name() == Some("field") || (window[0].name() == Some("new"));
        if call && window[1].is('(') && window[2].text().is_some() && window[3].is(',') && window[5].is(',') {
            out.extend(
                window[4]
                    .text()
                    .filter(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
                    .map(str::to_owned),
            );
        }
    }
    out
}

/// The flat strings of the console's catalogue; the first of a name is the error's.
fn sentences(tree: &Tree) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for line in tree.find(SENTENCES).map_or("", |file| file.text.as_str()).lines() {
        let mut parts = line.trim().trim_end_matches(',').splitn(2, "\": \"");
        if let (Some(key), Some(value)) = (parts.next(), parts.next()) {
            let value = value.trim_end_matches('"').replace("\\\"", "\"").replace('|', "\\|");
            out.entry(key.trim_matches('"').to_owned()).or_insert(value);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::lex;

    #[test]
    fn codes_are_read_where_errors_are_made() {
        let tokens = lex(
            "Error::conflict(\"account_taken\", x); Error::Unacceptable { code: \"odd\", detail }; Error::field(\"name\", \"required\", m)",
        );
        assert_eq!(own(&tokens), [(409, "account_taken".into()), (422, "odd".into())]);
        assert_eq!(field_codes(&tokens), ["required"]);
    }

    #[test]
    fn arms_give_each_variant_its_value() {
        let tokens = lex(
            "fn status(&self) -> S { match self { Self::A | Self::B(_) => StatusCode::FORBIDDEN, Self::C => StatusCode::CONFLICT } } fn code() {}",
        );
        let statuses = arms(&tokens, "status", status);
        assert_eq!(statuses, [("A".to_owned(), 403), ("B".to_owned(), 403), ("C".to_owned(), 409)].into());
    }
}
