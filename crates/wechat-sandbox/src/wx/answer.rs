//! What a call brings and what it is answered.

use std::borrow::Cow;
use std::net::IpAddr;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Refusal;
use crate::world::tokens::Bearer;
use crate::world::{Account, World};

/// A file of a multipart body.
pub(crate) struct Upload {
    pub file_name: String,
    pub content_type: String,
    pub bytes: Bytes,
    /// The other parts of the body.
    pub fields: Vec<(String, String)>,
}

impl Upload {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A call, once it is let in.
pub(crate) struct Ctx {
    pub query: Vec<(String, String)>,
    pub body: Bytes,
    pub upload: Option<Upload>,
    pub ip: IpAddr,
    pub now_ms: i64,
    /// Whose token it came with; `None` for calls without one.
    pub bearer: Option<Bearer>,
    /// The account it acts on, or the component.
    pub appid: String,
}

impl Ctx {
    pub fn query(&self, name: &str) -> &str {
        self.query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The body as JSON: 44002 when empty, 40033 when it escapes what should be written out, 47001 when it is not JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        check_text(&self.body)?;
        serde_json::from_slice(&self.body).map_err(|_| Refusal::BAD_JSON)
    }

    pub fn value(&self) -> Result<Value, Refusal> {
        self.json::<Value>().and_then(|value| if value.is_object() { Ok(value) } else { Err(Refusal::BAD_JSON) })
    }

    /// The account the token is for.
    pub fn account<'w>(&self, world: &'w World) -> Result<&'w Account, Refusal> {
        world.accounts.get(&self.appid).ok_or(Refusal::INVALID_APPID)
    }

    pub fn account_mut<'w>(&self, world: &'w mut World) -> Result<&'w mut Account, Refusal> {
        world.dirty.account(&self.appid);
        world.accounts.get_mut(&self.appid).ok_or(Refusal::INVALID_APPID)
    }

    /// The person behind one of the account's openids.
    pub fn person(&self, world: &World, openid: &str) -> Result<u64, Refusal> {
        person_of(self.account(world)?, openid)
    }
}

/// The person behind an openid of the account: 40003 for anything else.
pub(crate) fn person_of(account: &Account, openid: &str) -> Result<u64, Refusal> {
    account.fans.ids.person(openid).filter(|&person| account.fans.knows(person)).ok_or(Refusal::INVALID_OPENID)
}

/// Bodies must be there, and write Chinese as Chinese: escapes are stored letter by letter, or refused.
pub(crate) fn check_text(body: &[u8]) -> Result<(), Refusal> {
    if body.is_empty() {
        return Err(Refusal::EMPTY_BODY);
    }
    let mut rest = body;
    while let Some(at) = rest.iter().position(|&b| b == b'\\') {
        let escape = rest.get(at + 1..).unwrap_or_default();
        let ascii = matches!(escape.get(1..4), Some([b'0', b'0', b'0'..=b'7']));
        if escape.first() == Some(&b'u') && !ascii {
            return Err(Refusal::INVALID_CHARSET);
        }
        rest = escape.get(1..).unwrap_or_default();
    }
    Ok(())
}

pub(crate) enum Answer {
    Json(String),
    /// Made after the world has been let go, because it is long.
    Later(Box<dyn FnOnce() -> String + Send>),
    /// As [`Answer::Json`], but it was done before and is not done again.
    Repeated(String),
    /// Done, though the caller is told that it was not.
    DoneBut(Refusal),
    /// A file, as `media/get` gives it.
    File {
        content_type: String,
        file_name: String,
        bytes: Bytes,
    },
}

impl Answer {
    /// `{"errcode":0,"errmsg":"ok"}`.
    pub fn ok() -> Self {
        Answer::Json(r#"{"errcode":0,"errmsg":"ok"}"#.to_owned())
    }

    /// A value as it is, without an errcode.
    pub fn value(value: &Value) -> Self {
        Answer::Json(value.to_string())
    }
}

/// A text or number of a JSON object, as text; "" when it is not there.
pub(crate) fn text<'v>(value: &'v Value, name: &str) -> Cow<'v, str> {
    match value.get(name) {
        Some(Value::String(text)) => Cow::Borrowed(text),
        Some(Value::Number(number)) => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(""),
    }
}

/// A number, or a text that is one.
pub(crate) fn number(value: &Value, name: &str) -> Option<i64> {
    match value.get(name)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_chinese_is_refused_and_control_characters_are_not() {
        assert_eq!(check_text(br#"{"a":"\u4f60"}"#), Err(Refusal::INVALID_CHARSET));
        assert_eq!(check_text(br#"{"a":"\u00e9"}"#), Err(Refusal::INVALID_CHARSET));
        assert_eq!(check_text(br#"{"a":"\\u4f60 \n \u0007"}"#), Ok(()));
        assert_eq!(check_text("{\"a\":\"你\"}".as_bytes()), Ok(()));
        assert_eq!(check_text(b""), Err(Refusal::EMPTY_BODY));
    }
}
