//! The event log: everything that happened to a customer, appended and never changed.
//!
//! Writers get in by [`record`]; pages by [`before`]; the [`follow`] loop keeps the per-customer index,
//! the message search, last-seen and the taps on menus behind the log, in sorted batches, so that the callback door only
//! appends. What the follower has not reached yet is read from the tail of the log, so a page is never late.

mod follower;
mod model;
mod store;
mod taps;
mod timeline;

pub use follower::{follow, follow_all};
pub use model::{Channel, Event, EventKind, NewEvent, Period};
pub use store::record;
pub use taps::{QUARTER_MS, Taps, taps};
pub use timeline::{Filter, before, newest, periods, recent};
