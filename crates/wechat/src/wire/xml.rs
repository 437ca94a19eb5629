//! Fields as XML: one pass over quick-xml's events, and WeChat's own way of
//! writing (texts in CDATA, numbers bare, a newline after each top-level field).

use std::borrow::Cow;

use quick_xml::events::{BytesRef, Event};
use quick_xml::reader::Reader;

use super::{DecodeError, Field, Fields, MAX_DEPTH, MAX_FIELDS, Value};

/// An element whose end has not been read yet.
struct Open<'a> {
    name: Cow<'a, str>,
    fields: Vec<Field<'a>>,
    text: Cow<'a, str>,
    /// CDATA was seen, so the text is a text and its blanks are meant.
    cdata: bool,
}

pub(super) fn parse(body: &str) -> Result<Fields<'_>, DecodeError> {
    let mut reader = Reader::from_str(body);
    let mut stack: Vec<Open<'_>> = Vec::with_capacity(4);
    let mut root = None;
    let mut count = 0;
    loop {
        match reader.read_event().map_err(|_| DecodeError::Xml)? {
            Event::Start(tag) => {
                let (len, name_len) = (tag.len(), tag.name().as_ref().len());
                let start = usize::try_from(reader.buffer_position()).ok().and_then(|end| end.checked_sub(len + 1));
                let name = borrow_name(body, start, name_len, tag.name().as_ref());
                if root.is_some() {
                    return Err(DecodeError::Xml);
                }
                if stack.len() >= MAX_DEPTH {
                    return Err(DecodeError::TooDeep);
                }
                let fields = if stack.is_empty() { Vec::with_capacity(12) } else { Vec::new() };
                stack.push(Open { name, fields, text: Cow::Borrowed(""), cdata: false });
            }
            Event::Empty(tag) => {
                let (len, name_len) = (tag.len(), tag.name().as_ref().len());
                let start = usize::try_from(reader.buffer_position()).ok().and_then(|end| end.checked_sub(len + 2));
                let name = borrow_name(body, start, name_len, tag.name().as_ref());
                count_one(&mut count)?;
                match stack.last_mut() {
                    Some(parent) => parent.fields.push(Field { name, value: Value::Text(Cow::Borrowed("")) }),
                    None if root.is_none() => root = Some(Fields(Vec::new())),
                    None => return Err(DecodeError::Xml),
                }
            }
            Event::End(_) => {
                let done = stack.pop().ok_or(DecodeError::Xml)?;
                count_one(&mut count)?;
                match stack.last_mut() {
                    Some(parent) => parent
                        .fields
                        .push(Field { name: done.name, value: value_of(done.fields, done.text, done.cdata) }),
                    None => root = Some(Fields(done.fields)),
                }
            }
            Event::Text(text) => add_text(&mut stack, text.into_inner(), false)?,
            Event::CData(text) => add_text(&mut stack, text.into_inner(), true)?,
            Event::GeneralRef(entity) => {
                let c = resolve(&entity)?;
                add_text(&mut stack, Cow::Owned(c.to_string()), false)?;
            }
            // Entities declared by a document are how XML parsers get attacked; WeChat declares none.
            Event::DocType(_) => return Err(DecodeError::DocType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !stack.is_empty() {
        return Err(DecodeError::Xml);
    }
    root.ok_or(DecodeError::Xml)
}

/// The event lends its name only for as long as it lives; the body has the
/// same bytes, and lends them for longer.
fn borrow_name<'a>(body: &'a str, start: Option<usize>, len: usize, name: &str) -> Cow<'a, str> {
    match start.and_then(|start| body.get(start..start + len)) {
        Some(found) if found == name => Cow::Borrowed(found),
        _ => Cow::Owned(name.to_owned()),
    }
}

fn count_one(count: &mut usize) -> Result<(), DecodeError> {
    *count += 1;
    if *count > MAX_FIELDS { Err(DecodeError::TooManyFields) } else { Ok(()) }
}

fn add_text<'a>(stack: &mut [Open<'a>], text: Cow<'a, str>, cdata: bool) -> Result<(), DecodeError> {
    let Some(open) = stack.last_mut() else {
        return if !cdata && text.trim_ascii().is_empty() { Ok(()) } else { Err(DecodeError::Xml) };
    };
    // Blanks around CDATA, and between elements, are layout and not content.
    if !cdata && (open.cdata || open.text.is_empty()) && text.trim_ascii().is_empty() {
        return Ok(());
    }
    open.cdata |= cdata;
    if open.text.is_empty() {
        open.text = text;
    } else {
        open.text.to_mut().push_str(&text);
    }
    Ok(())
}

fn value_of<'a>(fields: Vec<Field<'a>>, text: Cow<'a, str>, cdata: bool) -> Value<'a> {
    if !fields.is_empty() {
        return Value::Tree(Fields(fields));
    }
    if cdata {
        return Value::Text(text);
    }
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_ascii()),
        Cow::Owned(text) => Cow::Owned(text.trim_ascii().to_owned()),
    };
    if is_number(&text) { Value::Number(text) } else { Value::Text(text) }
}

/// Whether a bare text can be written as a JSON number and read back unchanged.
pub(super) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
        && text.len() <= 40
}

fn resolve(entity: &BytesRef<'_>) -> Result<char, DecodeError> {
    if let Some(c) = entity.resolve_char_ref().map_err(|_| DecodeError::Xml)? {
        return Ok(c);
    }
    match &**entity {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(DecodeError::Xml),
    }
}

/// Writes a document as WeChat does: one newline after each top-level field,
/// none anywhere else.
pub fn to_xml(fields: &Fields<'_>) -> String {
    let mut out = String::with_capacity(64 + fields.0.len() * 64);
    out.push_str("<xml>");
    for field in &fields.0 {
        write_field(&mut out, &field.name, &field.value, "\n");
    }
    out.push_str("</xml>");
    out
}

fn write_field(out: &mut String, name: &str, value: &Value<'_>, after: &str) {
    match value {
        Value::List { item: None, items } => {
            for item in items {
                write_field(out, name, item, after);
            }
            return;
        }
        _ => open(out, name),
    }
    match value {
        Value::Text(text) => write_cdata(out, text),
        Value::Number(number) => out.push_str(number),
        Value::Tree(fields) => {
            for field in &fields.0 {
                write_field(out, &field.name, &field.value, "");
            }
        }
        Value::List { item, items } => {
            for value in items {
                write_field(out, item.unwrap_or("item"), value, "");
            }
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
    out.push_str(after);
}

fn open(out: &mut String, name: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
}

/// A CDATA section cannot hold `]]>`, so a text with it is cut in the middle of
/// it and continues in another section; parsers join the two again.
fn write_cdata(out: &mut String, text: &str) {
    out.push_str("<![CDATA[");
    let mut rest = text;
    while let Some(at) = rest.find("]]>") {
        out.push_str(&rest[..at + 2]);
        out.push_str("]]><![CDATA[");
        rest = &rest[at + 2..];
    }
    out.push_str(rest);
    out.push_str("]]>");
}
