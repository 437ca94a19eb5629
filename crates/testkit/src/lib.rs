//! What tests stand on: a fresh database of each kind, a clock that can be moved, ids that do not ascend.
//!
//! SQLite always; PostgreSQL too when `TEST_POSTGRES_URL` names a server. Every test gets a database of its
//! own, copied from one that was migrated once.

mod clock;
mod databases;
mod ids;

pub use clock::TestClock;
pub use databases::{TestDb, databases};
pub use ids::{ascending_event_ids, scrambled_ids};
