//! Broadcasts as they stand, and the administrator's word about those that wait for it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AfterQuery, Ask, ControlError, List, Problem, limit};
use crate::act::{ActError, not_found};
use crate::sandbox::Sandbox;
use crate::world::mass::{Audience, Mass, MassCounts, MassState};

/// A broadcast.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MassView {
    pub msg_id: u64,
    pub msg_data_id: Option<u64>,
    pub clientmsgid: Option<String>,
    /// `all`, `tag` or `list`.
    pub audience: String,
    pub tag_id: Option<u32>,
    /// `text`, `image`, `voice`, `mpvideo`, `mpnews`.
    pub msgtype: String,
    /// A line that tells it apart from others.
    pub summary: String,
    pub articles: Vec<MassArticleView>,
    pub at_ms: i64,
    /// When it ends: when it is sent, or when the administrator has waited too long.
    pub due_ms: i64,
    pub ended_ms: Option<i64>,
    pub state: MassState,
    /// As the event said it; empty until then.
    pub status: String,
    /// Zeros until it is over.
    pub counts: MassCounts,
}

/// An article of a broadcast.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct MassArticleView {
    pub title: String,
    pub url: String,
    pub deleted: bool,
}

impl MassView {
    fn of(job: &Mass) -> Self {
        let (audience, tag_id) = match &job.audience {
            Audience::All => ("all", None),
            Audience::Tag(id) => ("tag", Some(*id)),
            Audience::List(_) => ("list", None),
        };
        let first = job.cards.first().map(|card| card.title.clone());
        Self {
            msg_id: job.msg_id,
            msg_data_id: job.msg_data_id,
            clientmsgid: job.clientmsgid.clone(),
            audience: audience.to_owned(),
            tag_id,
            msgtype: job.msgtype.clone(),
            summary: first.or_else(|| job.item.text.clone()).or_else(|| job.item.title.clone()).unwrap_or_default(),
            articles: job
                .cards
                .iter()
                .map(|card| MassArticleView { title: card.title.clone(), url: card.url.clone(), deleted: card.deleted })
                .collect(),
            at_ms: job.at_ms,
            due_ms: job.due_ms,
            ended_ms: job.ended_ms,
            state: job.state,
            status: job.status.clone(),
            counts: job.counts,
        }
    }
}

impl Sandbox {
    /// The broadcasts of an account, newest first.
    pub fn broadcasts(&self, appid: &str) -> Result<Vec<MassView>, ActError> {
        let world = self.world();
        let account = world.account(appid).ok_or_else(|| not_found("account"))?;
        Ok(account.masses.jobs.values().rev().map(MassView::of).collect())
    }
}

/// The broadcasts of an account, newest first.
#[utoipa::path(get, path = "/accounts/{appid}/broadcasts", operation_id = "list_broadcasts",
    params(("appid" = String, Path), AfterQuery),
    responses((status = 200, description = "broadcasts", body = List<MassView>), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn list_broadcasts(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Ask(ask): Ask<AfterQuery>,
) -> Result<Json<List<MassView>>, ControlError> {
    let world = sandbox.world();
    let account = world.account(&appid).ok_or_else(|| not_found("account"))?;
    let jobs = account.masses.jobs.values().rev();
    let wanted = |job: &&Mass| {
        ask.before.is_none_or(|before| job.msg_id < before) && ask.after.is_none_or(|after| job.msg_id > after)
    };
    let items = jobs.filter(wanted).take(limit(ask.limit)).map(MassView::of).collect();
    Ok(Json(List { items, total: Some(account.masses.jobs.len() as u64) }))
}

/// The administrator confirms a broadcast on their phone.
#[utoipa::path(post, path = "/accounts/{appid}/broadcasts/{msg_id}/confirm", operation_id = "confirm_broadcast",
    params(("appid" = String, Path), ("msg_id" = u64, Path)),
    responses((status = 204, description = "it goes out"), (status = 409, description = "it does not wait", body = Problem)))]
pub(crate) async fn confirm(
    State(sandbox): State<Sandbox>,
    Path((appid, msg_id)): Path<(String, u64)>,
) -> Result<StatusCode, ControlError> {
    sandbox.answer_mass(&appid, msg_id, true)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The administrator refuses a broadcast on their phone.
#[utoipa::path(post, path = "/accounts/{appid}/broadcasts/{msg_id}/refuse", operation_id = "refuse_broadcast",
    params(("appid" = String, Path), ("msg_id" = u64, Path)),
    responses((status = 204, description = "it does not go out"), (status = 409, description = "it does not wait", body = Problem)))]
pub(crate) async fn refuse(
    State(sandbox): State<Sandbox>,
    Path((appid, msg_id)): Path<(String, u64)>,
) -> Result<StatusCode, ControlError> {
    sandbox.answer_mass(&appid, msg_id, false)?;
    Ok(StatusCode::NO_CONTENT)
}
