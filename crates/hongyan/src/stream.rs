//! The live stream: what happens in a tenant, told to its consoles as server-sent events.
//!
//! It is a convenience, never the record: a console that missed something asks.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use kit::{Allowed, Ctx, Error, Live, capability::can::CustomersRead};
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::background::Stop;

/// A session that ended is noticed within this time even when nothing happens.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(get_stream))
}

/// Hear what happens: server-sent events `account`, `binding`, `import`, `event`, `tags`, `templates`, `campaigns`, `conversations`, `typing`, and `lost` when some were missed.
#[utoipa::path(get, path = "/api/v1/stream", operation_id = "get_stream", tag = "home",
    responses((status = 200, description = "A stream of server-sent events; `data` is JSON", content_type = "text/event-stream")))]
async fn get_stream(
    work: Allowed<CustomersRead>,
    State(ctx): State<Ctx>,
    Extension(stop): Extension<Stop>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let tenant = work.tenant();
    drop(work);
    let mut heard = ctx.live().listen();
    let (sender, receiver) = mpsc::channel::<Result<Event, Infallible>>(64);
    // Some proxies pass nothing on before there is a body; a console that is not told it is connected asks in vain.
    let _ = sender.try_send(Ok(Event::default().comment("listening")));
    tokio::spawn(async move {
        let stopped = stop.wait();
        tokio::pin!(stopped);
        loop {
            let live = tokio::select! {
                () = &mut stopped => return,
                () = sender.closed() => return,
                live = tokio::time::timeout(LOOK_AGAIN, heard.recv()) => live,
            };
            let event = match live {
                Ok(Ok(Live { tenant: whose, topic, data })) if whose == tenant => {
                    Some(Event::default().event(topic.as_str()).data(&*data))
                }
                Ok(Ok(_)) => continue,
                Ok(Err(RecvError::Lagged(_))) => Some(Event::default().event("lost").data("{}")),
                Ok(Err(RecvError::Closed)) => return,
                Err(_) => None,
            };
            // Asked before anything is told, so that who was shut out hears nothing more (P29).
            if !features::team::still_in(&ctx, &headers).await {
                return;
            }
            if let Some(event) = event
                && sender.send(Ok(event)).await.is_err()
            {
                return;
            }
        }
    });
    let stream = Sse::new(ReceiverStream::new(receiver)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    let mut response = stream.into_response();
    // Proxies that gather answers would hold the stream back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}
