//! The protocol of WeChat Official Accounts: messages, replies, API calls,
//! signatures, AES, error codes and rights.
//!
//! Usable from both sides: what one side encodes the other side decodes. There
//! is no IO here, no clock and no randomness: the caller brings the bytes, the
//! instant and the nonce, and gets values or bytes back.

pub mod errcode;
pub mod ids;
pub mod secret;

pub mod wire;

pub mod crypto;

pub mod message;
pub mod reply;

pub mod api;

pub mod rights;

pub use errcode::ErrCode;
pub use ids::{AppId, OpenId, OriginalId};
pub use message::Message;
pub use reply::Reply;
pub use secret::Secret;
pub use wire::{DecodeError, Format};
