//! The control API: what a person at the phone, a test or another program does
//! to the sandbox from outside. JSON under `/sandbox/api`, described by itself
//! at `/sandbox/api/openapi.json`. It is open to whoever reaches the port.

mod accounts;
mod articles;
mod authorizations;
mod fans;
mod forms;
pub(crate) mod mass;
mod people;
mod state;
pub(crate) mod views;
mod watch;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::act::ActError;
use crate::sandbox::Sandbox;

#[derive(OpenApi)]
#[openapi(info(title = "WeChat sandbox control API", description = "Accounts, fans and faults of the sandbox."))]
struct Document;

/// All of it, with its description.
pub(crate) fn router() -> Router<Sandbox> {
    let api = OpenApiRouter::<Sandbox>::new()
        .routes(routes!(state::state))
        .routes(routes!(state::clock))
        .routes(routes!(state::push_settings))
        .routes(routes!(accounts::create_account))
        .routes(routes!(accounts::get_account, accounts::change_account))
        .routes(routes!(accounts::unauthorize))
        .routes(routes!(accounts::authorize_other))
        .routes(routes!(fans::list_fans, fans::add_fans))
        .routes(routes!(fans::get_fan))
        .routes(routes!(fans::say))
        .routes(routes!(fans::send))
        .routes(routes!(fans::follow))
        .routes(routes!(fans::unfollow))
        .routes(routes!(fans::scan))
        .routes(routes!(fans::tap))
        .routes(routes!(fans::mute))
        .routes(routes!(fans::read))
        .routes(routes!(fans::chat))
        .routes(routes!(people::list_people))
        .routes(routes!(people::get_person))
        .routes(routes!(authorizations::change_component))
        .routes(routes!(authorizations::push_ticket))
        .routes(routes!(authorizations::get_authorization))
        .routes(routes!(authorizations::confirm_authorization))
        .routes(routes!(authorizations::release_test))
        .routes(routes!(watch::list_qrcodes))
        .routes(routes!(watch::list_faults, watch::add_fault, watch::clear_faults))
        .routes(routes!(watch::remove_fault))
        .routes(routes!(watch::journal, watch::clear_journal))
        .routes(routes!(watch::pushes))
        .routes(routes!(articles::list_articles))
        .routes(routes!(articles::make_news))
        .routes(routes!(articles::read_article))
        .routes(routes!(mass::list_broadcasts))
        .routes(routes!(mass::confirm))
        .routes(routes!(mass::refuse))
        .routes(routes!(forms::list_templates))
        .routes(routes!(forms::change_template))
        .routes(routes!(forms::list_notices))
        .routes(routes!(forms::choose_notices))
        .routes(routes!(forms::refuse_notices))
        .routes(routes!(forms::agree_once))
        .routes(routes!(forms::fail_deliveries));
    let (router, document) =
        OpenApiRouter::with_openapi(Document::openapi()).nest("/sandbox/api", api).split_for_parts();
    router
        .route("/sandbox/api/openapi.json", get(async move || Json(document.clone())))
        .route("/sandbox/api/stream", get(state::stream))
}

/// What went wrong, in a sentence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    error: String,
}

#[derive(Debug)]
pub(crate) struct ControlError(StatusCode, String);

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.0, Json(Problem { error: self.1 })).into_response()
    }
}

impl From<ActError> for ControlError {
    fn from(error: ActError) -> Self {
        let status = match &error {
            ActError::NotFound(_) => StatusCode::NOT_FOUND,
            ActError::Conflict(_) => StatusCode::CONFLICT,
            ActError::Invalid(_) => StatusCode::BAD_REQUEST,
            ActError::Forbidden(_) => StatusCode::FORBIDDEN,
        };
        Self(status, error.to_string())
    }
}

impl From<QueryRejection> for ControlError {
    fn from(rejection: QueryRejection) -> Self {
        Self(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

/// A JSON body, refused in a sentence. An empty one is `{}`, and what it calls itself does not matter.
pub(crate) struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ControlError> {
        let refuse = |why: String| ControlError(StatusCode::BAD_REQUEST, why);
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| refuse(rejection.body_text()))?;
        let body: &[u8] = if bytes.trim_ascii().is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(body).map(Body).map_err(|error| refuse(format!("the body does not fit: {error}")))
    }
}

/// A query, refused in a sentence.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(ControlError))]
pub(crate) struct Ask<T>(pub T);

/// A page of something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// Where a page begins and how long it is.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    pub offset: usize,
    /// 50 if not given, 500 at most.
    pub limit: Option<usize>,
    /// A part of a name, an openid, or a person's number.
    pub query: String,
}

/// What a list that grows is read by.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct AfterQuery {
    /// Only what came after this id.
    pub after: Option<u64>,
    /// Only what came before this id.
    pub before: Option<u64>,
    pub limit: Option<usize>,
    pub key: Option<String>,
    pub appid: Option<String>,
    /// Of the journal: so many totals at most, 10,000 unless asked.
    pub totals: Option<usize>,
}

pub(crate) fn limit(asked: Option<usize>) -> usize {
    asked.unwrap_or(50).clamp(1, 500)
}
