//! The sender: takes what the ledger holds, says it to WeChat once, and writes what came of it.
//!
//! One gets in by [`Sender::run`] and [`campaigns::go_on`], which the program keeps running; WeChat's reports by
//! [`reports::take`]; the daily comparison by [`conservation::check_all`]; a person by [`router`], to say something, and to decide on what is held or in doubt. What follows from an
//! answer, or from none, is decided in [`entities::messages::machine`] and nowhere else.

mod model;

pub mod decide;

mod call;

mod hand;

mod beat;

mod book;

mod going;

pub mod campaigns;

pub mod reports;

mod held;

mod event;

mod form;

mod say;

mod say_filled;

mod doubt;

mod listed;

pub mod conservation;

mod api;

pub mod jobs;

pub use api::router;
pub use beat::Beat;
pub use jobs::Sender;
