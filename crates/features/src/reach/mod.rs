//! What keeps messages from a customer by somebody's will: their own (opt-outs), the account's (WeChat's blacklist) and the
//! tenant's (quiet hours, frequency cap).
//!
//! One gets in by [`router`] and the job [`run_blacklist`]. Whether somebody can be reached is answered in [`entities::reach`], which
//! all who speak ask; nothing is sent from here.

mod api;

mod blacklist;

pub use api::router;
pub use blacklist::{compare_all, run_blacklist};
