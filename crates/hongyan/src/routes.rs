//! Every route, in one place, and what lies around them.

use std::sync::Arc;

use axum::{Extension, Router, extract::DefaultBodyLimit, middleware};
use features::team::Authenticator;
use kit::{Authenticate, Ctx};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::{Config, background::Stop, callback, docs, health, idempotency, layers, stream, web};

/// JSON is never larger; a route for files sets its own.
const LARGEST_BODY: usize = 1 << 20;

/// The slices' routes, with their descriptions.
fn api() -> OpenApiRouter<Ctx> {
    OpenApiRouter::with_openapi(docs::preface())
        .merge(features::team::router())
        .merge(features::home::router())
        .merge(features::binding::router())
        .merge(features::fan_import::router())
        .merge(features::customers::router())
        .merge(features::pictures::router())
        .merge(features::tags::router())
        .merge(features::replies::router())
        .merge(features::menus::router())
        .merge(features::qrcodes::router())
        .merge(features::articles::router())
        .merge(features::media::router())
        .merge(features::sending::router())
        .merge(features::inbox::router())
        .merge(stream::router())
}

/// The description of the API, as `/api/openapi.json` gives it.
pub fn document() -> OpenApi {
    docs::finish(api().into_openapi())
}

/// Everything that the hub answers, on one address.
pub fn service(ctx: &Ctx, config: &Config, callbacks: callback::Callbacks, stop: Stop) -> Router {
    let (api, document) = api().split_for_parts();
    let document = docs::finish(document);
    let authenticate: Arc<dyn Authenticate> = Arc::new(Authenticator);
    let hub = api
        .layer(middleware::from_fn_with_state((ctx.clone(), authenticate), idempotency::once))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .merge(docs::router(&document))
        .layer(Extension(stop))
        .merge(features::menus::links_router())
        .merge(health::router(config.server.metrics_token.clone()))
        .method_not_allowed_fallback(layers::method_not_allowed)
        .fallback(web::fallback)
        .layer(CompressionLayer::new().gzip(true))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(middleware::from_fn_with_state(config.server.behind_proxy, layers::around))
        .with_state(ctx.clone());
    hub.merge(callback::router(ctx.clone(), callbacks))
}
