//! What handlers take from a request, refused in the house envelope when it does not parse.

use std::{fmt::Display, str::FromStr};

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, Query, Request, rejection::JsonRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use crate::{Error, FieldError};

/// A JSON body, parsed into a type that cannot be wrong.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let Json(value) =
            <Json<serde_json::Value> as FromRequest<S>>::from_request(request, state).await.map_err(refused)?;
        shaped(value)
    }
}

/// One that may be left out; an empty one is left out, whatever it says that it is.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Error> {
        let bytes = Bytes::from_request(request, state).await.map_err(|_| Error::TooLarge)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let Json(value) = Json::<serde_json::Value>::from_bytes(&bytes).map_err(refused)?;
        shaped(value).map(Some)
    }
}

fn refused(rejection: JsonRejection) -> Error {
    match rejection {
        JsonRejection::BytesRejection(_) => Error::TooLarge,
        JsonRejection::MissingJsonContentType(_) => {
            Error::field("body", "content_type", "send Content-Type: application/json")
        }
        other => Error::field("body", "json", &other.body_text()),
    }
}

/// Out of a value, not out of bytes: the message then speaks of the field, not of a column.
fn shaped<T: DeserializeOwned>(value: serde_json::Value) -> Result<Body<T>, Error> {
    serde_json::from_value(value).map(Body).map_err(|error| Error::field("body", "shape", &error.to_string()))
}

/// Query parameters.
pub struct Params<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Query(value) = Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Error::field("query", "shape", &rejection.body_text()))?;
        Ok(Self(value))
    }
}

/// Ids in the path. One that cannot be an id is as absent as one never issued.
pub struct PathId<T>(pub T);

impl<S: Send + Sync, T: FromPath> FromRequestParts<S> for PathId<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let Path(segments) =
            Path::<Vec<(String, String)>>::from_request_parts(parts, state).await.map_err(|_| Error::NotFound)?;
        T::from_path(&segments.into_iter().map(|(_, value)| value).collect::<Vec<_>>()).map(Self).ok_or(Error::NotFound)
    }
}

/// One id, or two, from the path's variables in order.
pub trait FromPath: Sized {
    fn from_path(segments: &[String]) -> Option<Self>;
}

impl<A: FromStr> FromPath for (A,) {
    fn from_path(segments: &[String]) -> Option<Self> {
        let [a] = segments else { return None };
        Some((a.parse().ok()?,))
    }
}

impl<A: FromStr, B: FromStr> FromPath for (A, B) {
    fn from_path(segments: &[String]) -> Option<Self> {
        let [a, b] = segments else { return None };
        Some((a.parse().ok()?, b.parse().ok()?))
    }
}

/// Collects what is wrong with a body, so that a form learns everything at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    pub fn add(&mut self, field: impl Into<String>, code: &'static str, message: impl Display) {
        self.0.push(FieldError::new(field, code, message));
    }

    /// Takes the value, or notes the fault.
    pub fn take<T, E: Display>(&mut self, field: &str, code: &'static str, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.add(field, code, error)).ok()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was found, for a body that may be kept all the same.
    pub fn into_list(self) -> Vec<FieldError> {
        self.0
    }

    pub fn check(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }
}

tokio::task_local! {
    static TRACE_ID: String;
}

/// Runs a request under its id, so that a problem can name it.
pub async fn with_trace_id<F: Future>(id: String, future: F) -> F::Output {
    TRACE_ID.scope(id, future).await
}

/// The id of the request being answered; empty outside one.
pub(crate) fn current_trace_id() -> String {
    TRACE_ID.try_with(Clone::clone).unwrap_or_default()
}
