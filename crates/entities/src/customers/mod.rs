//! The people a tenant knows, and the identities that lead to them.
//!
//! A customer comes to be when a fan does (`create_many`), learns things from several sources by
//! [`set_fields`], and turns out to be the same as another by [`join_unionid`], or after all not ([`apart`]); an id
//! that was given out leads somewhere for ever ([`canonical`]). Which fan is which customer is the business of `fans`.

mod apart;
mod decide;
mod identities;
mod list;
mod merge;
pub mod merges;
mod model;
mod rows;
mod search;
mod store;

pub use apart::apart;
pub use decide::{Known, merged_fields, told};
pub use identities::{Identity, IdentityKind, holders, identities_of, remember_unionids};
pub use list::{ListFilter, Sort, StatusFilter, list};
pub use merge::{join_proposed, join_unionid};
pub use merges::{Merge, MergeState};
use merges::{Moved, MovedFan, MovedField, MovedTag, Reason};
pub use model::{Change, Customer, Field, Fields, Gender, NewCustomer, Origin, Provenance, Source};
pub use rows::{CustomerRow, FanBrief, TagBrief, display_name, rows};
pub use search::{Found, Match, search};
pub use store::{canonical, create_many, describe, find, group, groups, own, set_fields};
