//! For whoever runs the machine: is the process up, can it work, what has it counted.

use std::{net::SocketAddr, sync::OnceLock};

use axum::{
    Json, Router,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};
use kit::{Ctx, sql};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use subtle::ConstantTimeEq;
use wechat::Secret;

/// The recorder is the process's; several hubs in one process count together.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count. More than once does nothing more.
pub fn start_counting() {
    RECORDER.get_or_init(|| {
        let buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
        let recorder = PrometheusBuilder::new().set_buckets(&buckets).ok()?.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok()?;
        Some(handle)
    });
}

/// `/healthz`, `/readyz`, `/metrics`.
pub fn router(metrics_token: Option<Secret>) -> Router<Ctx> {
    Router::new().route("/healthz", routing::get(async || "ok")).route("/readyz", routing::get(ready)).route(
        "/metrics",
        routing::get(async move |peer: ConnectInfo<SocketAddr>, headers: HeaderMap| {
            counted(metrics_token.as_ref(), peer, &headers)
        }),
    )
}

/// Whether the database answers and has the schema of this program.
async fn ready(State(ctx): State<Ctx>) -> Response {
    let newest = store::migrations().last().map_or(0, |last| last.version);
    let at = async {
        ctx.store().read().await?.scalar::<Option<i64>>(sql("select max(version) from schema_migrations")).await
    };
    match at.await.map(Option::flatten) {
        Ok(Some(at)) if at >= newest => Json(json!({ "ready": true })).into_response(),
        Ok(at) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "schema": at, "needed": newest })))
            .into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "database": "away" }))).into_response()
        }
    }
}

fn counted(token: Option<&Secret>, ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: &HeaderMap) -> Response {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let allowed = match token {
        Some(token) => given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(token.expose().as_bytes()))),
        // A proxy on this machine would pass strangers on as neighbours.
        None => peer.ip().is_loopback() && !headers.contains_key("x-forwarded-for"),
    };
    if !allowed {
        return kit::Error::Unauthenticated.into_response();
    }
    let text = RECORDER.get().and_then(Option::as_ref).map(|handle| {
        handle.run_upkeep();
        handle.render()
    });
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.unwrap_or_default()).into_response()
}
