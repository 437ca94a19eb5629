//! The people a tenant knows, and the identities that lead to them.
//!
//! A customer comes to be when a fan does (`create_many`), learns things from several sources by
//! [`set_fields`], and turns out to be the same as another by [`join_unionid`]; an id that was given out leads
//! somewhere for ever ([`canonical`]). Which fan is which customer is the business of `fans`.

mod decide;
mod identities;
mod list;
mod merge;
mod model;
mod rows;
mod search;
mod store;

pub use decide::{Known, merged_fields, told};
pub use identities::{Identity, IdentityKind, holders, identities_of, remember_unionids};
pub use list::{ListFilter, Sort, StatusFilter, list};
pub use merge::{join_unionid, merge};
pub use model::{Change, Customer, Field, Fields, Gender, NewCustomer, Origin, Provenance, Source};
pub use rows::{CustomerRow, FanBrief, TagBrief, display_name, rows};
pub use search::{Found, Match, search};
pub use store::{canonical, create_many, describe, find, group, set_fields};
