//! Both databases behind one face: SQLite in the data folder, or PostgreSQL.
//!
//! One gets in by [`Store::open`], and from there by [`Store::write`] and [`Store::read`], each a
//! transaction ([`Tx`]) that speaks [`Sql`]: one text for both databases. What differs between them
//! lives in this crate and nowhere else. It knows no tenant, no HTTP and nothing of WeChat.

mod bulk;
mod error;
mod migrate;
mod open;
mod postgres;
mod row;
pub mod search;
mod sql;
mod sqlite;
mod tx;
mod value;

pub use bulk::{Bulk, OnConflict};
pub use error::Error;
pub use migrate::{Applied, migrate, migrations};
pub use open::{Engine, Options, Store};
/// Makes a struct of a row: its fields are named as the columns are.
pub use serde::Deserialize as FromRow;
pub use serde::de::DeserializeOwned as Readable;
pub use sql::{Sql, sql};
pub use tx::{Committed, Tx};
pub use value::{Column, Kind, Value};
