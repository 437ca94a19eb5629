//! The callback door: what WeChat pushes comes in here, is proved to be WeChat's, and is answered after it
//! is durable.
//!
//! `door` proves and decodes; `writer` gathers what has arrived and gives it one transaction; `batch`
//! records, decides and acts inside it, in the order of this file's list; `spool` keeps callbacks in a file
//! while the database is away. Nothing here speaks to WeChat: what is said later goes through the ledger.

mod batch;
mod door;
mod items;
mod spool;
mod sweep;
mod writer;

pub use door::router;
pub use items::{Item, StoredAnswer};
pub use sweep::sweep;
pub use writer::{Callbacks, Options};
