use wechat::{
    crypto::{
        EncodingAesKey, KeyAge, MsgCipher,
        envelope::{Outer, parse_reply_envelope, seal_push},
        signature,
    },
    message::{self, Event, Kind, Message, Text},
    reply::{self, Reply},
    wire::Format,
};

use crate::Result;

/// Where pushes of one account go, and its secrets.
#[derive(Clone)]
pub struct Receiver {
    /// `/wx/…`
    pub path: String,
    /// `host:port`, for the request's head.
    pub host: String,
    pub original_id: String,
    pub token: String,
    cipher: MsgCipher,
}

/// What is pushed: one document, however often it is delivered.
#[derive(Debug, Clone)]
pub struct Push {
    pub openid: String,
    /// Seconds.
    pub create_time: i64,
    pub said: Said,
}

#[derive(Debug, Clone)]
pub enum Said {
    Text { msg_id: u64, text: String },
    Follow,
    Unfollow,
}

impl Receiver {
    /// `url` is the account's callback address as the hub gives it.
    pub fn new(url: &str, app_id: &str, original_id: &str, token: &str, encoding_aes_key: &str) -> Result<Self> {
        let url = url::Url::parse(url)?;
        let host = format!("{}:{}", url.host_str().unwrap_or("127.0.0.1"), url.port_or_known_default().unwrap_or(80));
        Ok(Self {
            path: url.path().to_owned(),
            host,
            original_id: original_id.to_owned(),
            token: token.to_owned(),
            cipher: MsgCipher::new(app_id, EncodingAesKey::parse(encoding_aes_key)?, None),
        })
    }

    /// The document WeChat would push.
    pub fn document(&self, push: &Push) -> Result<String> {
        let (msg_id, kind) = match &push.said {
            Said::Text { msg_id, text } => (Some(*msg_id), Kind::Text(Text { content: text.clone(), menu_id: None })),
            Said::Follow => (None, Kind::Event(Event::Subscribe { key: String::new(), ticket: None })),
            Said::Unfollow => (None, Kind::Event(Event::Unsubscribe { key: String::new() })),
        };
        let to = self.original_id.as_str().try_into().map_err(|_| "the original id is not one")?;
        let from = push.openid.as_str().try_into().map_err(|_| "the openid is not one")?;
        Ok(message::encode_xml(&Message { to, from, create_time: push.create_time, msg_id, article: None, kind }))
    }

    /// A delivery of a document: sealed and signed for itself, head and all, added to `out`.
    pub fn write_request(&self, document: &str, openid: &str, timestamp: i64, random: [u8; 16], out: &mut Vec<u8>) {
        let encrypt = self.cipher.encrypt(document.as_bytes(), random, KeyAge::Current);
        let timestamp = timestamp.to_string();
        let nonce =
            (u64::from_le_bytes([random[0], random[1], random[2], random[3], 0, 0, 0, 0]) % 2_000_000_000).to_string();
        let plain = signature::sign(&[&self.token, &timestamp, &nonce]);
        let sealed = signature::sign(&[&self.token, &timestamp, &nonce, &encrypt]);
        let body = seal_push(Format::Xml, Outer::Account(&self.original_id), &encrypt);
        let Self { path, host, .. } = self;
        let length = body.len();
        let head = format!(
            "POST {path}?signature={plain}&timestamp={timestamp}&nonce={nonce}&openid={openid}&encrypt_type=aes&msg_signature={sealed} HTTP/1.1\r\n\
             host: {host}\r\nuser-agent: Mozilla/4.0\r\naccept: */*\r\ncontent-type: text/xml\r\ncontent-length: {length}\r\n\r\n"
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(body.as_bytes());
    }

    /// Reads an answer as WeChat does: signed, sealed, and addressed to the fan. `None` is "success".
    pub fn read_answer(&self, body: &[u8], openid: &str) -> Result<Option<Reply>> {
        if reply::decode(body).is_ok_and(|answer| answer.is_none()) {
            return Ok(None);
        }
        let envelope = parse_reply_envelope(body)?;
        if !envelope.verify(&self.token) {
            return Err("an answer is not signed with the account's token".into());
        }
        let opened = self.cipher.decrypt(&envelope.encrypt)?;
        let answer = reply::decode(&opened.message)?.ok_or("an answer with nothing inside")?;
        if answer.to != openid || answer.from != self.original_id {
            return Err("an answer is addressed to somebody else".into());
        }
        Ok(Some(answer.reply))
    }
}
