//! A load generator of our own: what WeChat's servers would send, as cheaply as can be.
//!
//! `pushes` writes and seals documents and reads answers; `ring` makes requests ready before a run, each
//! with a ciphertext and signature of its own; `run` sends them over raw keep-alive connections, closed loop
//! or at a rate, on one thread. It follows no redirects and knows no chunked answers: the door sends none.

mod line;
mod pushes;
mod ring;
mod run;

pub use line::Line;
pub use pushes::{Push, Receiver, Said};
pub use ring::{Mix, Ring, Vocabulary};
pub use run::{Load, Pace, run};
