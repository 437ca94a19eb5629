//! Places in a message that are filled with what is known of the one who hears it: `{{customer.name|朋友}}`. Pure.
//!
//! After the bar stands what is said when nothing is known; without a bar, nothing is said there.

use std::collections::BTreeMap;

use entities::{campaigns::Recipient, messages::Message};

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Place { name: &'a str, otherwise: Option<&'a str> },
}

/// What may stand in a place.
pub const NAMES: [&str; 6] =
    ["customer.name", "customer.phone", "customer.email", "customer.city", "customer.province", "customer.birthday"];

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let Some(length) = rest[start + 2..].find("}}") else { break };
        let inside = &rest[start + 2..start + 2 + length];
        let (name, otherwise) =
            inside.split_once('|').map_or((inside, None), |(name, other)| (name, Some(other.trim())));
        pieces.push(Piece::Text(&rest[..start]));
        pieces.push(Piece::Place { name: name.trim(), otherwise });
        rest = &rest[start + length + 4..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

fn places(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| if let Piece::Place { name, .. } = piece { Some(name) } else { None })
}

/// Names that stand in places and that nobody knows.
pub fn unknown(text: &str) -> Vec<String> {
    places(text).filter(|name| !NAMES.contains(name)).map(str::to_owned).collect()
}

/// Whether everybody hears another message.
pub fn is_personal(message: &Message) -> bool {
    let data = match message {
        Message::Template(message) => &message.data,
        Message::Notice(message) => &message.data,
        Message::Custom(_) => return false,
    };
    data.values().any(|text| places(text).next().is_some())
}

fn known<'a>(recipient: &'a Recipient, name: &str) -> Option<&'a str> {
    let value = match name {
        "customer.name" => &recipient.name,
        "customer.phone" => &recipient.phone,
        "customer.email" => &recipient.email,
        "customer.city" => &recipient.city,
        "customer.province" => &recipient.province,
        "customer.birthday" => &recipient.birthday,
        _ => return None,
    };
    value.as_deref().filter(|value| !value.is_empty())
}

/// The text as this one hears it.
pub fn fill(text: &str, recipient: &Recipient) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(text) => text.to_owned(),
        Piece::Place { name, otherwise } => known(recipient, name).or(otherwise).unwrap_or_default().to_owned(),
    };
    pieces(text).into_iter().map(piece).collect()
}

/// Every value as this one hears it.
pub fn fill_all(data: &BTreeMap<String, String>, recipient: &Recipient) -> BTreeMap<String, String> {
    data.iter().map(|(key, text)| (key.clone(), fill(text, recipient))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann() -> Recipient {
        Recipient {
            openid: "oAnn".into(),
            customer_id: 1,
            name: Some("安妮".into()),
            phone: None,
            email: Some(String::new()),
            city: None,
            province: None,
            birthday: None,
        }
    }

    #[test]
    fn places_are_filled_with_what_is_known_or_what_stands_behind_the_bar() {
        let fill = |text: &str| fill(text, &ann());
        assert_eq!(fill("你好，{{customer.name|朋友}}！"), "你好，安妮！");
        assert_eq!(fill("{{ customer.city | 本地 }}的朋友"), "本地的朋友");
        assert_eq!(fill("[{{customer.email}}]"), "[]");
        assert_eq!(fill("no places, {{not closed"), "no places, {{not closed");
        assert_eq!(fill("{{a}}{{customer.name}}"), "安妮");
    }

    #[test]
    fn names_that_nobody_knows_are_said() {
        assert_eq!(unknown("{{customer.name}} {{custmer.name|x}} {{}}"), ["custmer.name", ""]);
    }
}
