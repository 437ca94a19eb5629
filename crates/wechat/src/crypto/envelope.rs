//! What carries a ciphertext: pushes one way, replies the other, in XML or JSON.
//!
//! <https://developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.html>

use std::borrow::Cow;

use super::signature;
use crate::wire::{self, DecodeError, Fields, Format, Value};

/// A push as it arrives in safe or compatible mode. In compatible mode the
/// plain fields beside it are not looked at: only the ciphertext is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The account's original id, or the component's appid.
    pub to: Option<String>,
    /// The ciphertext, base64.
    pub encrypt: String,
}

/// Reads the envelope of a push.
pub fn parse_sealed(body: &[u8]) -> Result<Sealed, DecodeError> {
    let fields = wire::parse(body)?;
    let to = fields.filled("ToUserName").or_else(|| fields.filled("AppId")).map(str::to_owned);
    let encrypt = fields.filled("Encrypt").ok_or(DecodeError::Missing("Encrypt"))?.to_owned();
    Ok(Sealed { to, encrypt })
}

/// Who the outside of a safe-mode push is addressed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outer<'a> {
    /// `ToUserName`: messages and events of an account.
    Account(&'a str),
    /// `AppId`: pushes to a component.
    Component(&'a str),
}

/// A safe-mode push as WeChat sends it.
pub fn seal_push(format: Format, outer: Outer<'_>, encrypt: &str) -> String {
    let mut fields = Fields::default();
    match outer {
        Outer::Account(to) => fields.push_text("ToUserName", to),
        Outer::Component(app_id) => fields.push_text("AppId", app_id),
    }
    fields.push_text("Encrypt", encrypt);
    wire::write(format, &fields)
}

/// A compatible-mode push: every field of the plain document, and the ciphertext of that document.
pub fn seal_push_compatible(plain: &[u8], encrypt: &str) -> Result<String, DecodeError> {
    let mut fields = wire::parse(plain)?;
    fields.push_text("Encrypt", encrypt);
    Ok(wire::write(Format::of(plain), &fields))
}

/// An encrypted reply. `timestamp` (seconds) and `nonce` are the reply's own; both are signed.
pub fn seal_reply(format: Format, token: &str, encrypt: &str, timestamp: i64, nonce: &str) -> String {
    let timestamp = timestamp.to_string();
    let msg_signature = signature::sign(&[token, &timestamp, nonce, encrypt]);
    let mut fields = Fields::default();
    fields.push_text("Encrypt", encrypt);
    fields.push_text("MsgSignature", msg_signature);
    fields.push("TimeStamp", Value::Number(Cow::Owned(timestamp)));
    fields.push_text("Nonce", nonce);
    wire::write(format, &fields)
}

/// An encrypted reply as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyEnvelope {
    pub encrypt: String,
    pub msg_signature: String,
    /// As written: the signature is over the text.
    pub timestamp: String,
    pub nonce: String,
}

impl ReplyEnvelope {
    /// Whether the reply is signed with the token.
    pub fn verify(&self, token: &str) -> bool {
        signature::verify(&[token, &self.timestamp, &self.nonce, &self.encrypt], &self.msg_signature)
    }
}

/// Reads the envelope of a reply. [`DecodeError::Missing`] for `Encrypt` means it is a plain one.
pub fn parse_reply_envelope(body: &[u8]) -> Result<ReplyEnvelope, DecodeError> {
    let fields = wire::parse(body)?;
    let take = |name| fields.filled(name).map(str::to_owned).ok_or(DecodeError::Missing(name));
    Ok(ReplyEnvelope {
        encrypt: take("Encrypt")?,
        msg_signature: take("MsgSignature")?,
        timestamp: take("TimeStamp")?,
        nonce: take("Nonce")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_to_an_account_and_one_to_a_component_differ_outside() {
        let account = seal_push(Format::Xml, Outer::Account("gh_a"), "QUJD");
        assert_eq!(
            account,
            "<xml><ToUserName><![CDATA[gh_a]]></ToUserName>\n<Encrypt><![CDATA[QUJD]]></Encrypt>\n</xml>"
        );
        let component = seal_push(Format::Json, Outer::Component("wxc"), "QUJD");
        assert_eq!(component, r#"{"AppId":"wxc","Encrypt":"QUJD"}"#);
        for (body, to) in [(account, "gh_a"), (component, "wxc")] {
            let sealed = parse_sealed(body.as_bytes()).expect("sealed");
            assert_eq!(sealed, Sealed { to: Some(to.to_owned()), encrypt: "QUJD".to_owned() });
        }
    }

    #[test]
    fn a_compatible_push_has_the_plain_fields_and_the_ciphertext() {
        let plain = "<xml><ToUserName><![CDATA[gh_a]]></ToUserName>\n<CreateTime>5</CreateTime>\n</xml>";
        let both = seal_push_compatible(plain.as_bytes(), "QUJD").expect("well-formed");
        assert_eq!(parse_sealed(both.as_bytes()).expect("sealed").encrypt, "QUJD");
        assert!(both.contains("<CreateTime>5</CreateTime>"), "{both}");
    }

    #[test]
    fn a_plain_document_is_not_taken_for_a_sealed_one() {
        let plain = b"<xml><ToUserName><![CDATA[gh_a]]></ToUserName></xml>";
        assert_eq!(parse_sealed(plain), Err(DecodeError::Missing("Encrypt")));
    }

    #[test]
    fn a_reply_verifies_with_its_own_token_only() {
        for format in [Format::Xml, Format::Json] {
            let body = seal_reply(format, "tok", "QUJD", 1_700_000_000, "n1");
            let reply = parse_reply_envelope(body.as_bytes()).expect("an envelope");
            assert_eq!(reply.timestamp, "1700000000");
            assert!(reply.verify("tok"));
            assert!(!reply.verify("kot"));
        }
    }
}
