//! Broadcasts: what is said to all fans of an account, to those with a tag, or to a list, in a few of WeChat's calls.
//!
//! One gets in by [`router`]; the program keeps [`Postman::run`] (the calls), [`turns::go_on`] (what begins, is divided into
//! parts, is counted and ends) and [`ask::go_on`] (WeChat is asked how jobs stand, trials are decided) running; WeChat's word at the
//! end comes by [`reports::take`]. What follows from an answer is decided in [`entities::broadcasts::machine`] and nowhere
//! else; what is said before one begins, in [`lint`].

mod model;

mod decide;

mod facts;

mod reading;

pub mod lint;

mod check;

mod allowance;

mod ready;

mod post;

pub mod turns;

pub mod ask;

pub mod reports;

mod shares;

mod trial;

pub mod stats;

mod begin;

mod acts;

mod view;

mod api;

mod acts_api;

pub use api::router;
pub use post::Postman;
