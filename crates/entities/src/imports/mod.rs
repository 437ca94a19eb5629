//! How far the import of an account's fans has come.
//!
//! [`start`] begins one and gives the work to the job `fan_import`; [`find`] says how it stands. The work itself
//! is in `features/fan_import`. Every step names the place it starts from ([`Run`]), so that of two workers who
//! think they hold the same import only one gets anywhere.

mod model;
mod store;

pub use model::{Import, ImportState, Run};
pub use store::{
    advance, clear_pages, fail, find, finish, listed_at, lock, of_account, open_everywhere, page, pause, resume,
    save_page, set_listed, start, tell, to_running, wait,
};
