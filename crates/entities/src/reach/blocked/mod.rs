//! WeChat's blacklist of an account, as far as we know: whom it keeps from writing to the account and from hearing of it.
//!
//! WeChat is asked first, by whoever changes it; what it then says is noted here. A daily comparison finds what was
//! changed elsewhere.

mod store;

pub(super) use store::among;
pub use store::{is_blocked, note, note_listed, of_account};
