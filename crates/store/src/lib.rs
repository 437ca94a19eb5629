//! Both databases behind one face: SQLite in the data folder, or PostgreSQL.
//!
//! One gets in by [`Store::open`], and from there by [`Store::write`] and [`Store::read`], each a
//! transaction ([`Tx`]) that speaks [`Sql`]: one text for both databases. What differs between them
//! lives in this crate and nowhere else. It knows no tenant, no HTTP and nothing of WeChat.

mod bulk;
mod error;
mod migrate;
mod open;
pub mod search;
mod sql;
mod tx;

pub use bulk::{Bulk, OnConflict};
pub use error::Error;
pub use migrate::{Applied, migrate, migrations};
pub use open::{Engine, Options, Store};
pub use sea_orm::{FromQueryResult, TryGetable, Value};
pub use sql::{Sql, sql};
pub use tx::Tx;
