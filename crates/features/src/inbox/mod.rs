//! The inbox: conversations with fans as a team answers them, and what they need for it.
//!
//! One gets in by [`router`]. What is said goes out by `sending`, and the rows are kept by the entity `conversations`;
//! here is how they are looked at, handed over, put off and noted upon, the answers that are kept for use again, the
//! files that fans send ([`fetch_received_file`]) and that somebody is typing.

mod model;

mod canned;

mod store;

mod page;

mod chat;

mod typing;

mod api;

mod beside;

mod jobs;

pub use jobs::fetch_received_file;

/// The slice's routes.
pub fn router() -> utoipa_axum::router::OpenApiRouter<kit::Ctx> {
    api::router().merge(beside::router())
}
