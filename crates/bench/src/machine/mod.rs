//! The machine under a run: child processes, what they cost, and what time it is.

mod child;
mod clock;
mod cost;
mod postgres;

pub use child::{Child, free_address};
pub use clock::now_ms;
pub use cost::{Cost, cost, machine_us};
pub use postgres::Database;
