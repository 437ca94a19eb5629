//! The durable queue: work for later is written in the transaction that wants it, and runs after the commit.
//!
//! [`enqueue`] puts a job in; a [`Runner`] leases what is due, lets the database go while the job runs,
//! and writes the outcome. A lease that expires, or whose holder is known dead ([`free_abandoned`]), is taken up
//! again, so every job must bear running twice, also at the same time; only the latest try's outcome counts.
//! It knows no tenant rules and nothing of WeChat: a job is a name and some JSON to it.

mod queue;
mod runner;

pub use queue::{NewJob, any_abandoned, enqueue, free_abandoned, hurry};
pub use runner::{Handler, Job, Outcome, Runner, RunnerOptions};
