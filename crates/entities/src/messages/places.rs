//! Places in a text that are filled with what is known of somebody: `{{customer.name|朋友}}`. Pure.
//!
//! After the bar stands what is said when nothing is known; without a bar, nothing is said there.

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Place {
        name: &'a str,
        otherwise: Option<&'a str>,
    },
    /// Braces that nothing closes, and all that follows them.
    Open(&'a str),
}

/// A text in pieces, in order.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let Some((inside, behind)) = after.split_once("}}") else {
            pieces.push(Piece::Open(&rest[before.len()..]));
            return pieces;
        };
        let (name, otherwise) =
            inside.split_once('|').map_or((inside, None), |(name, other)| (name, Some(other.trim())));
        pieces.push(Piece::Place { name: name.trim(), otherwise });
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// Whether there is a place in it.
pub fn has_places(text: &str) -> bool {
    pieces(text).iter().any(|piece| matches!(piece, Piece::Place { .. }))
}

/// The text with its places filled by what `known` knows; an empty value is none.
pub fn fill<'a>(text: &str, known: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        out.push_str(match piece {
            Piece::Text(text) | Piece::Open(text) => text,
            Piece::Place { name, otherwise } => {
                known(name).filter(|value| !value.is_empty()).or(otherwise).unwrap_or_default()
            }
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_with_what_is_known_or_what_stands_behind_the_bar() {
        let fill = |text: &str| {
            fill(text, |name| match name {
                "customer.name" => Some("安妮"),
                "customer.email" => Some(""),
                _ => None,
            })
        };
        assert_eq!(fill("你好，{{customer.name|朋友}}！"), "你好，安妮！");
        assert_eq!(fill("{{ customer.city | 本地 }}的朋友"), "本地的朋友");
        assert_eq!(fill("[{{customer.email}}]"), "[]");
        assert_eq!(fill("no places, {{not closed"), "no places, {{not closed");
        assert_eq!(fill("{{a}}{{customer.name}}"), "安妮");
        assert!(has_places("{{a}}") && !has_places("} {{ }"));
    }
}
