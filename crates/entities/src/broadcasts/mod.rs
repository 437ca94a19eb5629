//! Broadcasts: what is said to many in a few calls, each of them a part with one id at WeChat.
//!
//! Whoever wants one makes it by [`create`], lets it begin by [`schedule`] or [`start`]; the program fills the parts
//! ([`fill`]), claims one at a time for an account ([`parts::claim`]), and writes what came of it ([`settle`]). What
//! follows from an answer is decided in [`machine`] and nowhere else. WeChat's word at the end is taken by
//! [`reports::take`]. [`month`] knows who has had how many this month, [`unwanted`] who wants none, [`heard`] what of them one
//! person has had. How it stands is counted from the parts.

mod model;

pub mod machine;

mod store;

mod counts;

pub mod parts;

pub mod settle;

pub mod fill;

pub mod month;

pub mod reports;

pub mod trials;

mod standing;

mod uses;

pub mod unwanted;

pub mod heard;

pub use counts::count;
pub use model::{
    Broadcast, BroadcastState, Comments, Content, Counts, Criterion, NewBroadcast, Part, PartState, Trial, Way,
};
pub use standing::{InDoubt, Per, Waiting, in_doubt, spent, waiting};
pub use store::{
    Filter, approve, begin_due, change, create, decide_winner, delete, end_finished, find, list, lock, moving,
    of_month, restart, schedule, set_stats_at, stop, stop_for_quota, tell, testing, wait_for_approval,
};
pub use uses::uses_of_file;
