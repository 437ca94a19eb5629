//! The document shape behind every push and reply: named fields in order, each
//! a text, a number, or more fields, spelled as XML or as JSON.
//!
//! Get in with [`parse`], out with [`to_xml`] and [`to_json`]. Parsing borrows
//! from the body wherever it can. What the fields mean is `message`'s and
//! `reply`'s business.

mod fields;
mod json;
mod xml;

pub use fields::{Field, Fields, Value};
pub(crate) use fields::{Nested, Take, nested, put_all};

/// Bodies longer than this are refused unread; real pushes are a few KB.
pub const MAX_BODY: usize = 1024 * 1024;
/// Deepest nesting accepted; WeChat's own documents reach four.
pub(crate) const MAX_DEPTH: usize = 16;
/// Most fields accepted in one document, nested ones counted.
pub(crate) const MAX_FIELDS: usize = 4096;

/// The two spellings of a document. An account uses one of them, set in its console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Xml,
    Json,
}

impl Format {
    /// What a body is written in, by its first visible byte.
    pub fn of(body: &[u8]) -> Format {
        let first = body.strip_prefix(BOM).unwrap_or(body).trim_ascii_start().first();
        if first == Some(&b'{') { Format::Json } else { Format::Xml }
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Why a document could not be read. No variant carries any of its text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the body is longer than {MAX_BODY} bytes")]
    TooLong,
    #[error("the body is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    #[error("the body has more than {MAX_FIELDS} fields")]
    TooManyFields,
    #[error("the body is not UTF-8")]
    NotUtf8,
    #[error("the body declares a document type, which is refused")]
    DocType,
    #[error("the body is not well-formed XML")]
    Xml,
    #[error("the body is not a JSON object")]
    Json,
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} has an impossible value")]
    Invalid(&'static str),
}

/// Reads an XML or JSON document into its fields.
pub fn parse(body: &[u8]) -> Result<Fields<'_>, DecodeError> {
    if body.len() > MAX_BODY {
        return Err(DecodeError::TooLong);
    }
    let body = body.strip_prefix(BOM).unwrap_or(body);
    let text = std::str::from_utf8(body).map_err(|_| DecodeError::NotUtf8)?;
    match Format::of(body) {
        Format::Xml => xml::parse(text),
        Format::Json => json::parse(text),
    }
}

/// Writes fields in the given spelling.
pub fn write(format: Format, fields: &Fields<'_>) -> String {
    match format {
        Format::Xml => to_xml(fields),
        Format::Json => to_json(fields),
    }
}

pub use json::to_json;
pub use xml::to_xml;

#[cfg(test)]
mod tests;
