//! Who wrote it and what it says: signatures, the AES scheme, and the envelopes
//! that carry its ciphertext.
//!
//! The order on receipt is: [`envelope::parse_sealed`], [`signature::verify`],
//! [`MsgCipher::decrypt`]. Nothing here compares timestamps; replays are the
//! caller's to judge, who has a clock.
//!
//! <https://developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.html>

pub mod cipher;
pub mod envelope;
pub mod signature;

pub use cipher::{CryptoError, EncodingAesKey, KeyAge, MsgCipher, Opened};
pub use envelope::{Outer, ReplyEnvelope, Sealed};
