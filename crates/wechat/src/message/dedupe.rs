//! Telling a repeated push from a new one.
//!
//! WeChat repeats a push that was not answered in five seconds, and a message
//! has an id to know it by. An event has none, and a fan can cause two in one
//! second, so an event is known by all it says.

use sha1::{Digest, Sha1};

use super::{Kind, Message};
use crate::wire::{Fields, Value};

/// The identity of a push within its account. Equal for all tries of one push, and for its two spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dedupe {
    /// Seconds; pushes are repeated within about 15 s of it.
    pub sent_at: i64,
    /// Of a message its id, big-endian, and eight bytes that depend on the fan as well; of an event a hash. WeChat's
    /// ids ascend, so who keeps many of these in order keeps a message's next to those of the same moment.
    pub digest: [u8; 16],
}

impl Dedupe {
    /// A number as good as drawn by lot, the same for all tries of the push.
    pub fn lot(&self) -> u64 {
        let mut half = [0; 8];
        half.copy_from_slice(&self.digest[8..]);
        u64::from_be_bytes(half)
    }
}

impl Message {
    /// The identity of this push within its account.
    pub fn dedupe(&self) -> Dedupe {
        let mut hash = Canonical(Sha1::new());
        hash.text(self.from.as_str());
        match self.msg_id {
            Some(id) => {
                hash.mark(MESSAGE);
                hash.0.update(id.to_be_bytes());
            }
            None => {
                hash.mark(EVENT);
                hash.0.update(self.create_time.to_be_bytes());
                hash.text(self.kind.msg_type());
                match &self.kind {
                    Kind::Unknown(unknown) => {
                        hash.text(&unknown.event.as_deref().unwrap_or("").to_ascii_lowercase());
                        hash.fields(&unknown.fields);
                    }
                    kind => {
                        hash.text(kind.event().unwrap_or(""));
                        let mut fields = Fields::default();
                        kind.put(&mut fields);
                        hash.fields(&fields);
                    }
                }
            }
        }
        let mut digest = [0; 16];
        let hash = hash.0.finalize();
        match self.msg_id {
            Some(id) => {
                digest[..8].copy_from_slice(&id.to_be_bytes());
                digest[8..].copy_from_slice(&hash[..8]);
            }
            None => digest.copy_from_slice(&hash[..16]),
        }
        Dedupe { sent_at: self.create_time, digest }
    }
}

const MESSAGE: u8 = 1;
const EVENT: u8 = 2;
const OPEN: u8 = 3;
const CLOSE: u8 = 4;

/// Hashes values so that no two different ones run together.
struct Canonical(Sha1);

impl Canonical {
    fn mark(&mut self, mark: u8) {
        self.0.update([mark]);
    }

    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text);
    }

    fn fields(&mut self, fields: &Fields<'_>) {
        self.mark(OPEN);
        for field in &fields.0 {
            self.field(&field.name, &field.value);
        }
        self.mark(CLOSE);
    }

    fn field(&mut self, name: &str, value: &Value<'_>) {
        match value {
            Value::Text(text) | Value::Number(text) => {
                self.text(name);
                self.text(text);
            }
            Value::Tree(fields) => {
                self.text(name);
                self.fields(fields);
            }
            Value::List { items, .. } => items.iter().for_each(|item| self.field(name, item)),
        }
    }
}
