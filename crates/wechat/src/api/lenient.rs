//! Fields that WeChat writes now as a number, now as a string.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// A string, or a number as its digits.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or a whole number")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<String, E> {
            Ok(number.to_string())
        }

        fn visit_unit<E: Error>(self) -> Result<String, E> {
            Ok(String::new())
        }
    }
    deserializer.deserialize_any(Text)
}

/// A whole number, or a string of its digits; an empty string is none.
pub(super) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let text = text(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| D::Error::custom("a whole number was expected"))
}

/// A whole number, or a string of its digits; nothing is 0.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    id(deserializer).map(Option::unwrap_or_default)
}

/// A whole number beyond what 32 bits and a float hold, or a string of its digits; absent or empty is 0.
pub(super) fn big<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    big_or_none(deserializer).map(Option::unwrap_or_default)
}

/// As [`big`]; an empty string is none.
pub(super) fn big_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text = text(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| D::Error::custom("a whole number was expected"))
}

/// Writes a number as a string, as some samples of the documentation do.
pub(super) fn as_text<S: serde::Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}
