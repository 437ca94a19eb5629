//! Templates of an account, and what its fans decide about notices.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fans::{Done, Wait, done};
use super::{Ask, Body, ControlError, List, Problem};
use crate::act::{At, Choice, not_found};
use crate::sandbox::Sandbox;
use crate::world::forms::{Consent, Form};

/// The templates of an account: for template messages, and for notices.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Forms {
    items: Vec<Form>,
    /// The template of messages somebody agrees to once.
    once_template_id: String,
}

/// The templates of an account.
#[utoipa::path(get, path = "/accounts/{appid}/templates", operation_id = "list_templates", params(("appid" = String, Path)),
    responses((status = 200, description = "templates", body = Forms), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn list_templates(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
) -> Result<Json<Forms>, ControlError> {
    let world = sandbox.world();
    let account = world.account(&appid).ok_or_else(|| not_found("account"))?;
    Ok(Json(Forms { items: account.forms.list.clone(), once_template_id: account.once_template_id() }))
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Disable {
    disabled: bool,
}

/// WeChat disables a template, or allows it again.
#[utoipa::path(patch, path = "/accounts/{appid}/templates/{template_id}", operation_id = "change_template",
    params(("appid" = String, Path), ("template_id" = String, Path)), request_body = Disable,
    responses((status = 204, description = "done"), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn change_template(
    State(sandbox): State<Sandbox>,
    Path((appid, template_id)): Path<(String, String)>,
    Body(body): Body<Disable>,
) -> Result<StatusCode, ControlError> {
    let mut world = sandbox.world();
    world.dirty.account(&appid);
    let account = world.account_mut(&appid).ok_or_else(|| not_found("account"))?;
    let form = account.forms.list.iter_mut().find(|form| form.template_id == template_id);
    form.ok_or_else(|| not_found("template"))?.disabled = body.disabled;
    Ok(StatusCode::NO_CONTENT)
}

/// A template of notices, and what a fan agreed to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeView {
    #[serde(flatten)]
    form: Form,
    consent: Consent,
}

/// The notices of an account as one fan sees them.
#[utoipa::path(get, path = "/accounts/{appid}/fans/{openid}/notices", operation_id = "list_notices",
    params(("appid" = String, Path), ("openid" = String, Path)),
    responses((status = 200, description = "notices", body = List<NoticeView>), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn list_notices(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
) -> Result<Json<List<NoticeView>>, ControlError> {
    let world = sandbox.world();
    let at = At::find(&world, &appid, &openid)?;
    let account = world.account(&appid).ok_or_else(|| not_found("account"))?;
    let fan = account.fans.view(at.person);
    let view = |form: &Form| NoticeView {
        form: form.clone(),
        consent: fan.consents.get(&form.template_id).copied().unwrap_or_default(),
    };
    Ok(Json(List { items: account.forms.of_kind(true).map(view).collect(), total: None }))
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Choices {
    choices: Vec<Choice>,
    /// 1 on a web page, 2 in an article.
    #[serde(default = "page")]
    scene: u8,
}

fn page() -> u8 {
    1
}

/// A fan is asked whether they want notices, and answers.
#[utoipa::path(post, path = "/accounts/{appid}/fans/{openid}/choose-notices", operation_id = "choose_notices",
    params(("appid" = String, Path), ("openid" = String, Path), Wait), request_body = Choices,
    responses((status = 202, description = "set off", body = Done), (status = 200, description = "dealt with", body = Done),
        (status = 404, description = "no such template", body = Problem)))]
pub(crate) async fn choose_notices(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
    Ask(wait): Ask<Wait>,
    Body(body): Body<Choices>,
) -> Result<Response, ControlError> {
    done(sandbox.choose_notices(&appid, &openid, &body.choices, body.scene), wait).await
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Refuse {
    template_id: String,
}

/// A fan takes a consent back.
#[utoipa::path(post, path = "/accounts/{appid}/fans/{openid}/refuse-notices", operation_id = "refuse_notices",
    params(("appid" = String, Path), ("openid" = String, Path), Wait), request_body = Refuse,
    responses((status = 202, description = "set off", body = Done), (status = 200, description = "dealt with", body = Done),
        (status = 409, description = "none was given", body = Problem)))]
pub(crate) async fn refuse_notices(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
    Ask(wait): Ask<Wait>,
    Body(body): Body<Refuse>,
) -> Result<Response, ControlError> {
    done(sandbox.refuse_notices(&appid, &openid, &body.template_id), wait).await
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Once {
    /// 0 to 10000.
    scene: u32,
}

/// A person agrees to one message on WeChat's page for that.
#[utoipa::path(post, path = "/accounts/{appid}/fans/{openid}/agree-once", operation_id = "agree_once",
    params(("appid" = String, Path), ("openid" = String, Path)), request_body = Once,
    responses((status = 204, description = "done"), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn agree_once(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
    Body(body): Body<Once>,
) -> Result<StatusCode, ControlError> {
    sandbox.agree_once(&appid, &openid, body.scene)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Failing {
    on: bool,
}

/// Nothing reaches the fan's phone any more, though WeChat tries; or it does again.
#[utoipa::path(post, path = "/accounts/{appid}/fans/{openid}/failing", operation_id = "fail_deliveries",
    params(("appid" = String, Path), ("openid" = String, Path)), request_body = Failing,
    responses((status = 204, description = "done"), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn fail_deliveries(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
    Body(body): Body<Failing>,
) -> Result<StatusCode, ControlError> {
    sandbox.fail_deliveries(&appid, &openid, body.on)?;
    Ok(StatusCode::NO_CONTENT)
}
