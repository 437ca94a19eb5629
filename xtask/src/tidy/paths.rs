//! The paths a file names: those of `use` trees, spread out, and those written in place.

use super::{Token, lexer::Word};

#[derive(Debug, PartialEq, Eq)]
pub struct Path {
    pub line: usize,
    pub parts: Vec<String>,
}

pub fn paths(tokens: &[Token]) -> Vec<Path> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at].name() == Some("use") {
            at = tree(tokens, at + 1, &mut Vec::new(), &mut out);
            continue;
        }
        let Some(first) = tokens[at].name() else {
            at += 1;
            continue;
        };
        let (line, mut parts) = (tokens[at].line, vec![first.to_owned()]);
        at += 1;
        while at + 2 < tokens.len() && tokens[at].is(':') && tokens[at + 1].is(':') {
            let Some(next) = tokens[at + 2].name() else { break };
            parts.push(next.to_owned());
            at += 3;
        }
        if parts.len() > 1 {
            out.push(Path { line, parts });
        }
    }
    out
}

/// Reads a `use` tree from `at`; where it ends.
fn tree(tokens: &[Token], mut at: usize, before: &mut Vec<String>, out: &mut Vec<Path>) -> usize {
    let depth = before.len();
    let mut line = 0;
    while let Some(token) = tokens.get(at) {
        match &token.word {
            Word::Name(name) if name == "as" => at += 2,
            Word::Name(name) => {
                line = token.line;
                before.push(name.clone());
                at += 1;
            }
            Word::Sign('*') => {
                line = token.line;
                before.push("*".to_owned());
                at += 1;
            }
            Word::Sign(':') => at += 1,
            Word::Sign('{') => {
                at += 1;
                while tokens.get(at).is_some_and(|token| !token.is('}')) {
                    at = tree(tokens, at, &mut before.clone(), out);
                    if tokens.get(at).is_some_and(|token| token.is(',')) {
                        at += 1;
                    }
                }
                before.truncate(depth);
                return at + 1;
            }
            _ => break,
        }
    }
    if before.len() > depth {
        out.push(Path { line, parts: before.clone() });
        before.truncate(depth);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{super::lex, *};

    fn spread(source: &str) -> Vec<String> {
        paths(&lex(source)).into_iter().map(|path| path.parts.join("::")).collect()
    }

    #[test]
    fn trees_are_spread_out() {
        assert_eq!(
            spread("use super::{model::{A, B}, store, decide as d}; use kit::*;"),
            ["super::model::A", "super::model::B", "super::store", "super::decide", "kit::*"]
        );
    }

    #[test]
    fn paths_in_place_are_seen() {
        assert_eq!(
            spread("fn a() { crate::binding::find(x); let b: Vec<u8> = Vec::new(); }"),
            ["crate::binding::find", "Vec::new"]
        );
    }
}
