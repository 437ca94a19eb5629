//! What went wrong, in the caller's terms, and the one envelope it leaves in. Only `IntoResponse` knows statuses.

use std::fmt::Display;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value as Json_;

use crate::Capability;

/// One field of a body that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    /// A path into the body: `trigger.words[1]`.
    pub field: String,
    /// Stable; the console translates by it.
    pub code: &'static str,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: &'static str, message: impl Display) -> Self {
        Self { field: field.into(), code, message: message.to_string() }
    }
}

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("sign in first")]
    Unauthenticated,
    #[error("this needs the permission {}", .0.as_str())]
    Forbidden(Capability),
    #[error("the request did not come from our pages: the x-csrf-token header is missing or wrong")]
    Csrf,
    #[error("not found")]
    NotFound,
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    /// The state of things forbids it. `code` is stable; `params` fill the console's sentence.
    #[error("{detail}")]
    Conflict { code: &'static str, detail: String, params: Json_ },
    /// A body that is well formed and cannot be accepted.
    #[error("{detail}")]
    Unacceptable { code: &'static str, detail: String, params: Json_ },
    #[error("WeChat refused: {errmsg} ({errcode})")]
    WeChatRefused { errcode: i64, errmsg: String },
    /// WeChat did not answer, or not in a way that can be read.
    #[error("WeChat could not be reached: {0}")]
    WeChatAway(String),
    #[error("too large")]
    TooLarge,
    #[error("too many tries; wait {seconds} s")]
    RateLimited { seconds: u64 },
    #[error("the database is away for the moment")]
    Away(String),
    /// Two changes at once stood in each other's way. Nothing of this one was written.
    #[error("others changed the same things at the same moment, and nothing was changed; try again")]
    Collided(String),
    #[error("internal error")]
    Broken { table: &'static str, id: i64, why: String },
    #[error("internal error")]
    Internal(String),
}

impl Error {
    /// One field that is wrong.
    pub fn field(field: &str, code: &'static str, message: &str) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, message)])
    }

    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Conflict { code, detail: detail.into(), params: Json_::Null }
    }

    pub fn unacceptable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::Unacceptable { code, detail: detail.into(), params: Json_::Null }
    }

    pub fn internal(error: impl Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// A row that makes no sense, with its address.
    pub fn broken(table: &'static str, id: i64, why: impl Display) -> Self {
        Self::Broken { table, id, why: why.to_string() }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Csrf => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Invalid(_) | Self::Unacceptable { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::WeChatRefused { .. } | Self::WeChatAway(_) => StatusCode::BAD_GATEWAY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Away(_) | Self::Collided(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken { .. } | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable word for it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden(_) => "forbidden",
            Self::Csrf => "csrf",
            Self::NotFound => "not_found",
            Self::Invalid(_) => "invalid",
            Self::Conflict { code, .. } | Self::Unacceptable { code, .. } => code,
            Self::WeChatRefused { .. } => "wechat_refused",
            Self::WeChatAway(_) => "wechat_away",
            Self::TooLarge => "too_large",
            Self::RateLimited { .. } => "rate_limited",
            Self::Away(_) => "unavailable",
            Self::Collided(_) => "collided",
            Self::Broken { .. } | Self::Internal(_) => "internal",
        }
    }

    fn params(&self) -> Json_ {
        match self {
            Self::Conflict { params, .. } | Self::Unacceptable { params, .. } => params.clone(),
            Self::Forbidden(capability) => serde_json::json!({ "capability": capability.as_str() }),
            Self::WeChatRefused { errcode, errmsg } => serde_json::json!({ "errcode": errcode, "errmsg": errmsg }),
            Self::RateLimited { seconds } => serde_json::json!({ "seconds": seconds }),
            _ => Json_::Null,
        }
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Away(why) => Self::Away(why),
            store::Error::Collided(why) => Self::Collided(why),
            other => Self::Internal(other.to_string()),
        }
    }
}

/// An error as it leaves: `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Where the code is explained.
    pub r#type: String,
    pub title: &'static str,
    pub status: u16,
    /// Stable; translate by this.
    pub code: &'static str,
    /// English, for people reading logs.
    pub detail: String,
    pub errors: Vec<FieldError>,
    /// Facts for the sentence that the code stands for.
    #[serde(skip_serializing_if = "Json_::is_null")]
    pub params: Json_,
    /// Find it in the log by this; the response header `x-request-id` carries the same.
    pub trace_id: String,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        match &self {
            Self::Broken { table, id, why } => {
                tracing::error!(row.table = table, row.id = id, why, "a row makes no sense")
            }
            Self::Internal(why) => tracing::error!(why, "a request failed"),
            Self::Away(why) => tracing::warn!(why, "the database is away"),
            Self::Collided(why) => tracing::warn!(why, "two transactions stood in each other's way"),
            _ => {}
        }
        let problem = Problem {
            r#type: format!("/api/docs#{}", self.code()),
            title: status.canonical_reason().unwrap_or("error"),
            status: status.as_u16(),
            code: self.code(),
            detail: self.to_string(),
            params: self.params(),
            errors: match self {
                Self::Invalid(errors) => errors,
                _ => Vec::new(),
            },
            trace_id: crate::http::current_trace_id(),
        };
        let mut response = (status, Json(problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
