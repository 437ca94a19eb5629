use axum::{Json, http::StatusCode};
use entities::{
    accounts::{self, Function, tokens::Keeper},
    campaigns::{self, CampaignState},
    templates::{self, TemplateKind, grants},
};
use kit::{AccountId, Allowed, Body, Ctx, Error, PathId, TemplateId, TenantId, Work, capability::can, http::Faults};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::api::{
    subscribe::{
        MAX_KEYWORDS, MAX_SCENE_CHARS, MIN_KEYWORDS,
        add_notice_template::{self, AddNoticeTemplate},
        delete_notice_template::{self, DeleteNoticeTemplate},
    },
    template::{
        add_template::{self, AddTemplate},
        delete_template::{self, DeleteTemplate},
    },
};
use wechat_client::Failure;

use super::{
    library_api,
    model::{AddedTemplate, NewTemplate, TemplateLibrary, TemplateView},
    shelf::{library, refused},
    sync,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_templates, create_template))
        .routes(routes!(sync_templates))
        .routes(routes!(get_template, delete_template))
        .merge(library_api::router())
}

/// List the account's templates, of template messages and of notices, as they were when last compared with WeChat's.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/templates", operation_id = "list_templates", tag = "templates",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The library.", body = TemplateLibrary)))]
async fn list_templates(
    mut work: Allowed<can::MessagesRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<TemplateLibrary>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(library(&mut work, account).await?))
}

/// Compare the library with WeChat's now. It is done in a moment; the library is told of on the live stream.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/templates/sync", operation_id = "sync_templates", tag = "templates",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 202, description = "The library as it is before.", body = TemplateLibrary),
        (status = 409, description = "`function_not_allowed` (R4).")))]
async fn sync_templates(
    mut work: Allowed<can::MessagesWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<(StatusCode, Json<TemplateLibrary>), Error> {
    accounts::find(&mut work, account).await?.may(Function::Template)?;
    sync::ask(&mut work, account).await?;
    let library = library(&mut work, account).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(library)))
}

/// One template, and where it is used.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/templates/{template}", operation_id = "get_template", tag = "templates",
    params(("account" = AccountId, Path, description = "The account."), ("template" = TemplateId, Path, description = "The template.")),
    responses((status = 200, description = "The template.", body = TemplateView)))]
async fn get_template(
    mut work: Allowed<can::MessagesRead>,
    PathId((account, id)): PathId<(AccountId, TemplateId)>,
) -> Result<Json<TemplateView>, Error> {
    let template = templates::find(&mut work, account, id).await?;
    let used_by = campaigns::using(&mut work, account, &template.wechat_id).await?;
    let granted = grants::count(&mut work, account).await?.remove(&template.wechat_id).unwrap_or_default();
    Ok(Json(TemplateView::new(template, granted, used_by)))
}

/// Add a template of WeChat's library to the account.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/templates", operation_id = "create_template", tag = "templates",
    params(("account" = AccountId, Path, description = "The account.")), request_body = NewTemplate,
    responses((status = 201, description = "It is in the account.", body = AddedTemplate),
        (status = 409, description = "`function_not_allowed` (R4); `templates_full`: 25 of a kind are the most; `template_industry`: it is of another industry."),
        (status = 422, description = "`template_unknown`: the library has none of this number, or not these keywords.")))]
async fn create_template(
    mut work: Allowed<can::MessagesWrite>,
    PathId((account,)): PathId<(AccountId,)>,
    Body(new): Body<NewTemplate>,
) -> Result<(StatusCode, Json<AddedTemplate>), Error> {
    let function = if matches!(new, NewTemplate::Notice { .. }) { Function::Notice } else { Function::Template };
    accounts::find(&mut work, account).await?.may(function)?;
    check(&new)?;
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    drop(work);
    let wechat_id = add(&ctx, &Keeper::new(&ctx, tenant, account), new).await.map_err(|failure| refused(&failure))?;
    // It is there, whatever comes of reading it now.
    if sync::compare(&ctx, tenant, account).await.is_err() {
        let mut work = Work::begin(&ctx, tenant);
        sync::ask(&mut work, account).await?;
        work.commit().await?;
    }
    let library = library(&mut Work::reading(&ctx, tenant), account).await?;
    Ok((StatusCode::CREATED, Json(AddedTemplate { wechat_id, library })))
}

fn check(new: &NewTemplate) -> Result<(), Error> {
    let mut faults = Faults::default();
    match new {
        NewTemplate::Template { short_id, keywords } => {
            if short_id.trim().is_empty() || short_id.len() > 20 {
                faults.add("short_id", "length", "the number that WeChat's library gives it");
            }
            if keywords.len() > 10 || keywords.iter().any(|keyword| keyword.trim().is_empty()) {
                faults.add("keywords", "length", "at most ten keywords, none of them empty");
            }
        }
        NewTemplate::Notice { keyword_ids, scene, .. } => {
            if !(MIN_KEYWORDS..=MAX_KEYWORDS).contains(&keyword_ids.len()) {
                faults.add("keyword_ids", "range", format!("{MIN_KEYWORDS} to {MAX_KEYWORDS} keywords"));
            }
            if scene.trim().is_empty() || scene.chars().count() > MAX_SCENE_CHARS {
                faults.add("scene", "length", format!("1 to {MAX_SCENE_CHARS} characters"));
            }
        }
    }
    faults.check()
}

async fn add(ctx: &Ctx, keeper: &Keeper, new: NewTemplate) -> Result<String, Failure> {
    Ok(match new {
        NewTemplate::Template { short_id, keywords } => {
            let keywords = keywords.into_iter().map(|keyword| keyword.trim().to_owned()).collect();
            let request =
                add_template::Request { template_id_short: short_id.trim().to_owned(), keyword_name_list: keywords };
            ctx.wechat().call_as::<AddTemplate>(keeper, &request).await?.template_id
        }
        NewTemplate::Notice { title_id, keyword_ids, scene } => {
            let request = add_notice_template::Request {
                tid: title_id.to_string(),
                kid_list: keyword_ids,
                scene_desc: scene.trim().to_owned(),
            };
            ctx.wechat().call_as::<AddNoticeTemplate>(keeper, &request).await?.pri_tmpl_id
        }
    })
}

/// Delete a template, at WeChat too. Drafts that use it are marked.
#[utoipa::path(delete, path = "/api/v1/accounts/{account}/templates/{template}", operation_id = "delete_template", tag = "templates",
    params(("account" = AccountId, Path, description = "The account."), ("template" = TemplateId, Path, description = "The template.")),
    responses((status = 204, description = "It is gone."),
        (status = 409, description = "`template_used`: a campaign with it runs or is to begin; `function_not_allowed` (R4).")))]
async fn delete_template(
    mut work: Allowed<can::MessagesWrite>,
    PathId((account, id)): PathId<(AccountId, TemplateId)>,
) -> Result<StatusCode, Error> {
    let template = templates::find(&mut work, account, id).await?;
    let is_notice = template.kind == TemplateKind::Notice;
    accounts::find(&mut work, account).await?.may(if is_notice { Function::Notice } else { Function::Template })?;
    let used = campaigns::using(&mut work, account, &template.wechat_id).await?;
    let open = used.iter().find(|one| matches!(one.state, CampaignState::Running | CampaignState::Scheduled));
    if let Some(open) = open {
        return Err(Error::Conflict {
            code: "template_used",
            detail: "a campaign with this template runs or is to begin".into(),
            params: serde_json::json!({ "campaign": open.name }),
        });
    }
    let (ctx, tenant) = (work.ctx().clone(), work.tenant());
    drop(work);
    if template.gone_at.is_none() {
        match delete(&ctx, tenant, account, is_notice, &template.wechat_id).await {
            Ok(()) => {}
            // It had been deleted there before.
            Err(failure) if failure.errcode() == Some(wechat::ErrCode::INVALID_TEMPLATE_ID) => {}
            Err(failure) => return Err(refused(&failure)),
        }
    }
    let mut work = Work::begin(&ctx, tenant);
    templates::remove(&mut work, &template).await?;
    work.tell(kit::Topic::Templates, &serde_json::json!({ "account_id": account }));
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(ctx: &Ctx, tenant: TenantId, account: AccountId, is_notice: bool, id: &str) -> Result<(), Failure> {
    let keeper = Keeper::new(ctx, tenant, account);
    if is_notice {
        let request = delete_notice_template::Request { pri_tmpl_id: id.to_owned() };
        ctx.wechat().call_as::<DeleteNoticeTemplate>(&keeper, &request).await?;
    } else {
        let request = delete_template::Request { template_id: id.to_owned() };
        ctx.wechat().call_as::<DeleteTemplate>(&keeper, &request).await?;
    }
    Ok(())
}
