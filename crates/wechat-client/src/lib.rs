//! Sends the calls of `wechat::api` over HTTP and says, of every answer, what one does next.
//!
//! One gets in by [`Client::call`] with a token, or by [`Client::call_as`] with a [`TokenSource`], which
//! gives a token and is told when WeChat refuses it. Nothing here stores anything, retries a send, or
//! follows a redirect; what was perhaps executed is [`Failure::Unclear`], never guessed at.

mod client;
mod clock;
mod next;
mod pictures;
mod token;

pub use client::{Client, Download, Failure, Options, Refusal};
pub use clock::Clock;
pub use next::Next;
pub use pictures::{NoPicture, Picture, Pictures};
pub use token::{Token, TokenError, TokenSource};
