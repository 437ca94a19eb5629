//! The whole at a glance, the clock, how pushes are tried, and the stream.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Body;
use super::views::{AccountView, ComponentView};
use crate::sandbox::Sandbox;
use crate::world::PushSettings;

/// Everything there is but the fans.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Whole {
    now_ms: i64,
    component: ComponentView,
    accounts: Vec<AccountView>,
    push: PushSettings,
    /// How many people there are.
    people: u64,
}

/// The sandbox at a glance.
#[utoipa::path(get, path = "/state", operation_id = "get_state", responses((status = 200, description = "the state", body = Whole)))]
pub(crate) async fn state(State(sandbox): State<Sandbox>) -> Json<Whole> {
    let world = sandbox.world();
    Json(Whole {
        now_ms: world.now_ms(),
        component: ComponentView::of(&world.component),
        accounts: world.order.iter().filter_map(|appid| world.account(appid)).map(AccountView::of).collect(),
        push: world.counters.push,
        people: world.people(),
    })
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Advance {
    advance_seconds: u32,
}

/// The time after the clock was moved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Now {
    now_ms: i64,
}

impl Sandbox {
    /// Moves the clock forward; says what time it is then.
    pub fn advance(&self, seconds: u32) -> i64 {
        self.0.clock.advance(seconds);
        let mut world = self.world();
        world.dirty.whole();
        let now_ms = world.now_ms();
        drop(world);
        self.0.live.tell("clock", || Now { now_ms });
        now_ms
    }
}

/// Moves the clock forward.
#[utoipa::path(post, path = "/clock", operation_id = "advance_clock", request_body = Advance,
    responses((status = 200, description = "the time then", body = Now)))]
pub(crate) async fn clock(State(sandbox): State<Sandbox>, Body(body): Body<Advance>) -> Json<Now> {
    Json(Now { now_ms: sandbox.advance(body.advance_seconds) })
}

/// Sets how pushes are tried.
#[utoipa::path(patch, path = "/push", operation_id = "change_push_settings", request_body = PushSettings,
    responses((status = 200, description = "as they are now", body = PushSettings)))]
pub(crate) async fn push_settings(
    State(sandbox): State<Sandbox>,
    Body(settings): Body<PushSettings>,
) -> Json<PushSettings> {
    let mut world = sandbox.world();
    world.counters.push = settings;
    world.dirty.whole();
    Json(settings)
}

/// Server-sent events: `chat`, `push`, `call`, `clock`, `account`, `typing`.
pub(crate) async fn stream(State(sandbox): State<Sandbox>) -> impl IntoResponse {
    sandbox.0.live.stream()
}
