//! Official accounts come, change, and go: by AppID and secret, or by the administrator's scan.
//!
//! The console gets in by [`router`]; WeChat's pushes to the platform by [`platform_push`]; what follows from a
//! scan is the job [`run_grant`]. Fans are imported by another slice, callbacks are taken by the door.

mod model;

mod store;

mod probe;

mod view;

mod direct;

mod deletion;

mod check;

mod platform;

mod release_test;

mod api;

pub use api::router;
pub use platform::{push as platform_push, reread_accounts, run_grant};
pub use release_test::{is_release_test, release_test};

/// Asks for tickets when none came for long. For the schedule, every few minutes.
pub async fn watch_ticket(ctx: kit::Ctx) -> Result<(), kit::Error> {
    entities::accounts::platform::watch_ticket(&ctx).await
}
