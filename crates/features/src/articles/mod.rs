//! Articles: written here, kept in WeChat's draft box, published, and what readers write below them.
//!
//! Doors: [`router`] from the console; [`heard`] from the callback, when WeChat has ended a publication; the jobs
//! [`run_work`] (brings one article into the box, deletes it there, or hosts its pictures anew), [`run_publication`]
//! and [`run_sync`] (compares the box with what is here). Broadcasts ask `entities::articles` for what they send.

pub mod html;

pub mod wire;

pub mod decide;

pub mod view;

pub mod desk;

pub mod uploads;

pub mod push;

pub mod copy;

pub mod sync;

pub mod publish;

pub mod jobs;

pub mod api;

pub mod actions;

pub mod out;

pub mod comments;

#[cfg(test)]
mod tests;

pub use jobs::{run_publication, run_sync, run_work, sync_all};
pub use publish::heard;

use kit::Ctx;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<Ctx> {
    api::router().merge(actions::router()).merge(out::router()).merge(comments::router())
}
