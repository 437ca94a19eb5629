//! What stands in the places of a message to many, for one who hears it. Pure.

use std::collections::BTreeMap;

use entities::{
    campaigns::Recipient,
    messages::{Message, places},
};

/// Whether everybody hears another message.
pub fn is_personal(message: &Message) -> bool {
    let data = match message {
        Message::Template(message) => &message.data,
        Message::Notice(message) => &message.data,
        Message::Custom(_) => return false,
    };
    data.values().any(|text| places::has_places(text))
}

/// Every value as this one hears it.
pub fn fill_all(data: &BTreeMap<String, String>, recipient: &Recipient) -> BTreeMap<String, String> {
    let known = |name: &str| {
        let value = match name {
            "customer.name" => &recipient.name,
            "customer.phone" => &recipient.phone,
            "customer.email" => &recipient.email,
            "customer.city" => &recipient.city,
            "customer.province" => &recipient.province,
            "customer.birthday" => &recipient.birthday,
            _ => return None,
        };
        value.as_deref()
    };
    data.iter().map(|(key, text)| (key.clone(), places::fill(text, known))).collect()
}
