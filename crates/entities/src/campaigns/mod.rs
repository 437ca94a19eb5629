//! Campaigns: the same said to many, each of them a line of the send ledger.
//!
//! Whoever wants one makes it by [`create`] and lets it begin by [`schedule`]; the program's loop begins what is due by
//! [`begin_due`] and fills the ledger by [`fill`]; the sender asks before every claim whether it still runs. How it stands is
//! counted from the lines, never kept beside them.

mod model;

mod store;

mod drafts;

mod audience;

mod fill;

pub mod words;

pub use audience::{Cap, Recipient, Reckoned, as_recipient, reckon, some};
pub(crate) use audience::{UNWILLING, within};
pub use drafts::{
    Filter, Named, ask_again, change, counts, delete, deliveries, end_without, list, mark_test, missed, near, refusals,
    tests, using,
};
pub use fill::fill;
pub use model::{Audience, Campaign, CampaignState, NewCampaign, OnQuota};
pub use store::{
    begin_due, create, end_finished, end_strays, find, message_of, schedule, start, stop, stop_for_quota, to_fill,
};
