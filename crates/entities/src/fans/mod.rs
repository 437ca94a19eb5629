//! Followers of an account, past and present, and which customer each of them is.
//!
//! The callback door gets in by [`customers_of`], [`arrive`], [`followed`] and [`unfollowed`]; the import by
//! [`insert_many`]. Follow states are a register in which the later instant of WeChat's wins, so that late
//! and repeated events never move a fan backwards.

mod arrival;
mod decide;
mod model;
mod store;

pub use arrival::{Arrival, arrive, followed, unfollowed};
pub use decide::later;
pub use model::{Fan, FanStatus, NewFan};
pub use store::{Met, customers_of, find, find_many, former_customers_of, freeze, insert_many, of_customers, spoke};
