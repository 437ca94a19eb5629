//! Fields as JSON. An array becomes repeated fields of one name, which is what
//! it is in XML; numbers and strings both become text one can parse.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserializer, Serialize, Serializer};

use super::{DecodeError, Field, Fields, MAX_DEPTH, MAX_FIELDS, Value};

pub(super) fn parse(body: &str) -> Result<Fields<'_>, DecodeError> {
    let limits = Limits { fields: Cell::new(0), broken: Cell::new(None) };
    let mut reader = serde_json::Deserializer::from_str(body);
    let parsed =
        Seed { limits: &limits, depth: 0 }.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    match parsed {
        Ok(Value::Tree(fields)) => Ok(fields),
        Ok(_) => Err(DecodeError::Json),
        Err(_) => Err(limits.broken.take().unwrap_or(DecodeError::Json)),
    }
}

struct Limits {
    fields: Cell<usize>,
    broken: Cell<Option<DecodeError>>,
}

impl Limits {
    fn refuse<E: serde::de::Error>(&self, why: DecodeError) -> E {
        let error = E::custom(&why);
        self.broken.set(Some(why));
        error
    }

    fn count<E: serde::de::Error>(&self) -> Result<(), E> {
        self.fields.set(self.fields.get() + 1);
        if self.fields.get() > MAX_FIELDS { Err(self.refuse(DecodeError::TooManyFields)) } else { Ok(()) }
    }
}

#[derive(Clone, Copy)]
struct Seed<'l> {
    limits: &'l Limits,
    depth: usize,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.limits.refuse(DecodeError::TooDeep));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text)))
    }

    fn visit_bool<E>(self, on: bool) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(if on { "true" } else { "false" })))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed("")))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(value) = seq.next_element_seed(inner)? {
            self.limits.count()?;
            items.push(value);
        }
        Ok(Value::List { item: None, items })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut fields = Vec::with_capacity(if self.depth == 0 { 12 } else { 0 });
        while let Some(name) = map.next_key_seed(Name)? {
            self.limits.count()?;
            match map.next_value_seed(inner)? {
                Value::List { items, .. } => {
                    flatten(items, &mut |value| fields.push(Field { name: name.clone(), value }));
                }
                value => fields.push(Field { name, value }),
            }
        }
        // `{}` says nothing but that it is there, as `<a></a>` does.
        if fields.is_empty() && self.depth > 0 {
            return Ok(Value::Text(Cow::Borrowed("")));
        }
        Ok(Value::Tree(Fields(fields)))
    }
}

/// An array in an array says no more than one array does.
fn flatten<'a>(items: Vec<Value<'a>>, push: &mut impl FnMut(Value<'a>)) {
    for value in items {
        match value {
            Value::List { items, .. } => flatten(items, push),
            value => push(value),
        }
    }
}

/// A key, borrowed when it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Cow<'de, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// Writes a document as one flat JSON object.
pub fn to_json(fields: &Fields<'_>) -> String {
    serde_json::to_string(fields).expect("fields are strings, numbers, maps and lists")
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (at, field) in self.0.iter().enumerate() {
            let name = &*field.name;
            if self.0[..at].iter().any(|before| before.name == name) {
                continue; // Written with the first of its name.
            }
            match &field.value {
                // Subscription notices: at the top level, and bare when there is only one.
                // https://developers.weixin.qq.com/community/develop/doc (reported, not documented)
                Value::List { item: Some("List"), items } => match items.as_slice() {
                    [only] => map.serialize_entry("List", only)?,
                    _ => map.serialize_entry("List", items)?,
                },
                value => {
                    let same: Vec<&Value<'_>> =
                        self.0[at..].iter().filter(|later| later.name == name).map(|later| &later.value).collect();
                    match same.as_slice() {
                        [_] => map.serialize_entry(name, value)?,
                        _ => map.serialize_entry(name, &same)?,
                    }
                }
            }
        }
        map.end()
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Number(number) => {
                if let Ok(number) = number.parse::<u64>() {
                    serializer.serialize_u64(number)
                } else if let Ok(number) = number.parse::<i64>() {
                    serializer.serialize_i64(number)
                } else if let Ok(number) = number.parse::<f64>()
                    && number.is_finite()
                {
                    serializer.serialize_f64(number)
                } else {
                    serializer.serialize_str(number)
                }
            }
            Value::Tree(fields) => fields.serialize(serializer),
            Value::List { items, .. } => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(item)?;
                }
                seq.end()
            }
        }
    }
}
