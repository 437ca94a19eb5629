//! What faults do to an answer: another in its place, half of it, or none.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::Refusal;
use super::gate::{BODY, json_response};
use crate::faults::{FaultKind, What};
use crate::listener::Wire;

/// How long half an answer takes to be on its way.
const FLUSHED: Duration = Duration::from_millis(20);

/// What some faults answer in place of carrying a call out.
pub(super) enum Instead {
    Refuse(Refusal),
    Drop,
    Html,
    Status(u16),
    Empty,
    OtherJson,
    Redirect,
    Silence(Duration),
}

/// What is answered in place of the call's own answer, if anything.
pub(super) fn answer_instead(fault: &What) -> Option<Instead> {
    match fault.kind {
        FaultKind::Errcode => {
            let code = fault.errcode.unwrap_or(-1);
            Some(Instead::Refuse(Refusal::new(code, if code == -1 { "system error" } else { "fault on request" })))
        }
        FaultKind::DropBefore => Some(Instead::Drop),
        FaultKind::Html => Some(Instead::Html),
        FaultKind::Status => Some(Instead::Status(fault.status.unwrap_or(503))),
        FaultKind::Empty => Some(Instead::Empty),
        FaultKind::OtherJson => Some(Instead::OtherJson),
        FaultKind::Redirect => Some(Instead::Redirect),
        FaultKind::Silence => Some(Instead::Silence(Duration::from_millis(fault.ms.unwrap_or(60_000)))),
        _ => None,
    }
}

/// Does to the answer what the faults want.
pub(super) async fn spoil(
    response: Response,
    instead: Option<Instead>,
    faults: &[What],
    wire: Option<Wire>,
    address: String,
) -> Response {
    match instead {
        Some(Instead::Drop) => return dropped(wire),
        Some(Instead::Html) => {
            let page = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";
            return ([(header::CONTENT_TYPE, "text/html")], page).into_response();
        }
        Some(Instead::Status(status)) => {
            return StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE).into_response();
        }
        Some(Instead::Empty) => return json_response(String::new()),
        Some(Instead::OtherJson) => return json_response(r#"{"status":"accepted"}"#.to_owned()),
        Some(Instead::Redirect) => {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, address)]).into_response();
        }
        Some(Instead::Silence(long)) => {
            tokio::time::sleep(long).await;
            return dropped(wire);
        }
        Some(Instead::Refuse(_)) | None => {}
    }
    for fault in faults {
        match fault.kind {
            FaultKind::DropAfter => return dropped(wire),
            FaultKind::Http5xx => {
                return StatusCode::from_u16(fault.status.unwrap_or(502))
                    .unwrap_or(StatusCode::BAD_GATEWAY)
                    .into_response();
            }
            FaultKind::Truncate => {
                let (mut parts, body) = response.into_parts();
                let mut whole = to_bytes(body, BODY).await.unwrap_or_default();
                if whole.is_empty() {
                    whole = Bytes::from_static(br#"{"errcode":0,"errmsg":"ok"}"#);
                }
                parts.headers.insert(header::CONTENT_LENGTH, whole.len().into());
                return Response::from_parts(parts, broken_body(whole.slice(..whole.len() / 2)));
            }
            _ => {}
        }
    }
    response
}

fn dropped(wire: Option<Wire>) -> Response {
    match wire {
        Some(wire) => {
            wire.cut();
            StatusCode::OK.into_response()
        }
        None => Response::new(broken_body(Bytes::new())),
    }
}

/// A body that ends in an error, which closes the connection under it. The error waits until what
/// came before has been sent.
fn broken_body(start: Bytes) -> Body {
    let broken = async {
        tokio::time::sleep(FLUSHED).await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    };
    let start = futures::stream::once(async { Ok(start) });
    Body::from_stream(futures::StreamExt::chain(start, futures::stream::once(broken)))
}
