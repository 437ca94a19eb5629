//! What every slice uses: the context, the unit of work, errors in one envelope, ids, bodies, pages.
//!
//! A handler gets in by [`Allowed`], which is a [`Work`] for a caller who may; a job by [`Work::begin`];
//! the callback door by [`Batch`]. It knows no slice: who signs in and what a row means is theirs.

pub mod capability;
pub mod clock;
mod ctx;
pub mod drill;
mod error;
pub mod http;
mod ids;
pub mod keyring;
mod live;
mod page;
mod text;
mod work;

pub use capability::{Actor, Allowed, Authenticate, Caller, Capability, Role};
pub use ctx::{Ctx, CtxParts, Millis, Public};
pub use error::{Error, FieldError, Problem};
pub use http::{Body, Params, PathId};
pub use ids::*;
pub use keyring::Keyring;
pub use live::{Live, LiveBus, Topic};
pub use page::{Cursor, Page, PageQuery};
pub use work::{Batch, Committed, Work};

pub use store::{Bulk, OnConflict, Sql, Tx, sql};
