//! A row as it came back, and how it becomes a struct: by the names of its columns, with serde.
//!
//! A value of another type than the field, or a null where none may be, is an error that names the column.

use std::{fmt, sync::Arc};

use serde::{
    de::{
        self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor,
        value::SeqDeserializer,
    },
    forward_to_deserialize_any,
};

use crate::{Error, Value};

/// A row, apart from the database that gave it.
#[derive(Debug)]
pub(crate) struct Row {
    pub names: Arc<[Box<str>]>,
    pub values: Vec<Value>,
}

impl Row {
    pub(crate) fn read<T: DeserializeOwned>(self) -> Result<T, Error> {
        T::deserialize(Fields { row: self, at: 0, value: None }).map_err(|Odd(what)| Error::Refused(what))
    }

    /// The first column.
    pub(crate) fn scalar<T: DeserializeOwned>(mut self) -> Result<T, Error> {
        if self.values.is_empty() {
            return Err(Error::Refused("a row without columns".into()));
        }
        let name = self.names.first().map_or("", |name| name).to_owned();
        let value = self.values.swap_remove(0);
        T::deserialize(Field { value }).map_err(|Odd(what)| Error::Refused(format!("column {name}: {what}")))
    }
}

/// What is wrong with a row.
#[derive(Debug)]
struct Odd(String);

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Odd {}

impl de::Error for Odd {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }
}

/// A row as a map from column to value.
struct Fields {
    row: Row,
    at: usize,
    value: Option<Value>,
}

impl<'de> Deserializer<'de> for Fields {
    type Error = Odd;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Odd;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Odd> {
        if self.at == self.row.values.len() {
            return Ok(None);
        }
        self.value = Some(std::mem::replace(&mut self.row.values[self.at], Value::Bool(false)));
        let name: &str = &self.row.names[self.at];
        self.at += 1;
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Odd> {
        let value = self.value.take().ok_or_else(|| Odd("a column without a value".into()))?;
        seed.deserialize(Field { value })
            .map_err(|Odd(what)| Odd(format!("column {}: {what}", self.row.names[self.at - 1])))
    }
}

/// One value.
struct Field {
    value: Value,
}

impl<'de> Deserializer<'de> for Field {
    type Error = Odd;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        match self.value {
            Value::Null(_) => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Int(value) => visitor.visit_i64(value),
            Value::Real(value) => visitor.visit_f64(value),
            Value::Text(value) => visitor.visit_string(value),
            // As `Vec<u8>` asks for it.
            Value::Blob(value) => visitor.visit_seq(SeqDeserializer::<_, Odd>::new(value.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        match self.value {
            Value::Null(_) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    /// SQLite keeps a boolean as 0 or 1.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Odd> {
        match self.value {
            Value::Int(value @ (0 | 1)) => visitor.visit_bool(value == 1),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Odd> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::value::Kind;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Thing {
        id: i64,
        name: Option<String>,
        on: bool,
        bytes: Vec<u8>,
    }

    fn row(id: Value, name: Value) -> Row {
        let names = ["name", "id", "other", "on", "bytes"].map(Box::from);
        Row { names: Arc::new(names), values: vec![name, id, Value::Real(0.5), Value::Int(1), Value::Blob(vec![1, 2])] }
    }

    #[test]
    fn columns_find_their_fields_by_name() {
        let thing: Thing = row(Value::Int(7), Value::Null(Kind::Text)).read().unwrap();
        assert_eq!(thing, Thing { id: 7, name: None, on: true, bytes: vec![1, 2] });
    }

    #[test]
    fn a_value_of_another_type_is_an_error_that_names_its_column() {
        let error = row(Value::Text("7".into()), Value::Null(Kind::Text)).read::<Thing>().unwrap_err();
        assert!(error.to_string().contains("column id"), "{error}");
        let error = row(Value::Int(7), Value::Int(1)).read::<Thing>().unwrap_err();
        assert!(error.to_string().contains("column name"), "{error}");
        let error = row(Value::Null(Kind::Int), Value::Null(Kind::Text)).read::<Thing>().unwrap_err();
        assert!(error.to_string().contains("column id"), "{error}");
    }
}
