//! What stands in the places of a message to many, for one who hears it. Pure.

use std::collections::BTreeMap;

use super::Recipient;
use crate::{
    customers::Field,
    messages::{
        Message, NoticeMessage, TemplateMessage,
        places::{self, Piece},
    },
};

/// What of a customer a place of this name is filled with; nothing for a name that means nothing of them.
pub fn field(name: &str) -> Option<Field> {
    Some(match name {
        "customer.name" => Field::Name,
        "customer.phone" => Field::Phone,
        "customer.email" => Field::Email,
        "customer.city" => Field::City,
        "customer.province" => Field::Province,
        "customer.birthday" => Field::Birthday,
        _ => return None,
    })
}

/// Whether everybody hears another message.
pub fn is_personal(message: &Message) -> bool {
    message.data().is_some_and(|data| data.values().any(|text| places::has_places(text)))
}

/// What is known of this one under a name; an empty value is none.
pub fn value<'a>(recipient: &'a Recipient, name: &str) -> Option<&'a str> {
    let value = match field(name)? {
        Field::Name => &recipient.name,
        Field::Phone => &recipient.phone,
        Field::Email => &recipient.email,
        Field::City => &recipient.city,
        Field::Province => &recipient.province,
        Field::Birthday => &recipient.birthday,
        _ => return None,
    };
    value.as_deref()
}

/// Every value as this one hears it.
pub fn fill_all(data: &BTreeMap<String, String>, recipient: &Recipient) -> BTreeMap<String, String> {
    data.iter().map(|(key, text)| (key.clone(), places::fill(text, |name| value(recipient, name)))).collect()
}

/// The message as this one hears it.
pub fn said(message: &Message, recipient: &Recipient) -> Message {
    match message {
        Message::Template(message) => {
            Message::Template(TemplateMessage { data: fill_all(&message.data, recipient), ..message.clone() })
        }
        Message::Notice(message) => {
            Message::Notice(NoticeMessage { data: fill_all(&message.data, recipient), ..message.clone() })
        }
        Message::Custom(_) => message.clone(),
    }
}

/// A place of a text that nobody can fill: a name that nothing is known under, or braces that nothing closes.
pub fn unknown(text: &str) -> Option<&str> {
    places::pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Place { name, .. } if field(name).is_none() => Some(name),
        Piece::Open(rest) => Some(rest),
        _ => None,
    })
}

/// A name that stands in a message, where, and what is said when nothing is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub name: String,
    pub keys: Vec<String>,
    /// Of the first place that has one.
    pub otherwise: Option<String>,
    /// There is a place without one.
    pub bare: bool,
}

/// Every name that stands in the data, in the order of the keys.
pub fn wanted(data: &BTreeMap<String, String>) -> Vec<Wanted> {
    let mut all: Vec<Wanted> = Vec::new();
    for (key, text) in data {
        for piece in places::pieces(text) {
            let Piece::Place { name, otherwise } = piece else { continue };
            let otherwise = otherwise.filter(|text| !text.is_empty());
            let n = all.iter().position(|one| one.name == name).unwrap_or_else(|| {
                all.push(Wanted { name: name.to_owned(), keys: Vec::new(), otherwise: None, bare: false });
                all.len() - 1
            });
            let one = &mut all[n];
            if !one.keys.contains(key) {
                one.keys.push(key.clone());
            }
            one.otherwise = one.otherwise.take().or_else(|| otherwise.map(str::to_owned));
            one.bare |= otherwise.is_none();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_their_fallbacks_and_unknown_ones_are_pointed_at() {
        let data = BTreeMap::from([
            ("thing1".to_owned(), "{{customer.name|朋友}}，您好".to_owned()),
            ("thing2".to_owned(), "{{customer.city}} {{ customer.name }}".to_owned()),
        ]);
        let wanted = wanted(&data);
        assert_eq!(wanted.len(), 2);
        assert_eq!(
            (&*wanted[0].name, wanted[0].otherwise.as_deref(), wanted[0].bare),
            ("customer.name", Some("朋友"), true)
        );
        assert_eq!((wanted[0].keys.len(), wanted[1].bare), (2, true));
        assert_eq!(unknown("{{customer.name}} {{customer.shoe}}"), Some("customer.shoe"));
        assert_eq!(unknown("{{customer.name"), Some("{{customer.name"));
        assert_eq!(unknown("{{customer.name|x}}"), None);
    }
}
