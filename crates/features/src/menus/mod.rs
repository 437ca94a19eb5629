//! The menu below an account's chat: written beside the phone, published, compared, put back, counted.
//!
//! Doors: [`api::router`] from the console; [`links::router`] for visitors of counted links; [`prepare`] from the
//! callback, which knows what each button is called and what it answers; the job [`jobs::run_sync`], which makes
//! WeChat's menus what they should be, and [`jobs::keep_schedules`], which publishes by the clock. The numbers come
//! from the event log (`entities::events`). Who a visitor is, is not asked here: that needs web OAuth.

pub mod model;

pub mod check;

pub mod decide;

pub mod store;

pub mod conditionals;

pub mod schedules;

pub mod links;

pub mod book;

pub mod turn;

pub mod publish;

pub mod sync;

pub mod import;

pub mod materials;

pub mod jobs;

pub mod view;

pub mod numbers;

pub mod api;

pub mod more;

#[cfg(test)]
mod tests;

pub use jobs::{keep_schedules, run_sync};
pub use links::router as links_router;
pub use turn::{Prepared, prepare};

use kit::Ctx;
use utoipa_axum::router::OpenApiRouter;

pub fn router() -> OpenApiRouter<Ctx> {
    api::router().merge(more::router()).merge(materials::router())
}
