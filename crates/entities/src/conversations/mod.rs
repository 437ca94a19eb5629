//! Conversations: what is said with one fan of one account, as the people who answer see it.
//!
//! The callback door leaves what it has heard ([`leave`]); [`follow`] folds that into the rows a moment later, many at
//! a time, so that the hot path only appends. Whoever says something by hand tells it here ([`said`]), and whoever
//! learns that it did not arrive ([`failed`]). Pages get in by [`list`] and [`details`].
//!
//! What a keyword answered needs nobody: such a message is in the conversation, but neither opens it nor counts as
//! unread. The default answer ("we will be back at nine") is no answer to what was asked, and does both.

mod arrivals;
mod decide;
mod entries;
mod list;
mod model;
mod store;

pub use arrivals::{Arrival, follow, leave, nudge};
pub use entries::{Entry, NewEntry, add as add_entry, before as entries_before};
pub use list::{Assigned, Filter, Only, Place, list, of_customers};
pub use model::{Assignee, Attention, Conversation, Last, Said, State, Summary};
pub use store::{assign, details, failed, find, of_fan, read, said, set_state, summary, tell};
