//! What is done with an article: brought to WeChat, chosen, shown to one person, published, copied.

use axum::{Json, extract::State, http::StatusCode};
use entities::{
    accounts::{self, Function},
    articles::{self, Article, NewPublication, Publication, PublicationSource, PublicationState, Syncing, Wish},
    reach,
};
use kit::{AccountId, Allowed, ArticleId, Body, Ctx, CustomerId, Error, PathId, Work, capability::can, http::Faults};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::api::{
    Nothing,
    mass::{
        Content,
        preview::{self, Preview},
    },
    material::{MAX_IMAGES, MAX_OTHERS, get_material_count::GetMaterialCount},
};

use super::{
    copy, decide,
    desk::{Desk, idle, tell, tell_publication, who},
    jobs, publish,
    sync::new_article,
    view::{self, ArticleView},
    wire,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(push_article))
        .routes(routes!(resolve_article))
        .routes(routes!(preview_article))
        .routes(routes!(publish_article))
        .routes(routes!(copy_article))
        .routes(routes!(get_article_sync, sync_articles))
        .routes(routes!(get_material_budget))
}

/// Save an article to WeChat's draft box.
///
/// Its pictures and covers are handed up first. What stands there is compared with what stood there last: when somebody
/// has changed it, nothing is written and the article is in conflict.
#[utoipa::path(post, path = "/api/v1/articles/{article}/push", operation_id = "push_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article.")),
    responses((status = 202, description = "The article; `state` or `problem` say how it ended.", body = ArticleView),
        (status = 409, description = "`article_busy`, `article_conflict`, `article_publishing`, `function_not_allowed`."),
        (status = 422, description = "What WeChat would not take.")))]
async fn push_article(
    mut work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(ArticleId,)>,
) -> Result<(StatusCode, Json<ArticleView>), Error> {
    let mut article = articles::find(&mut work, id).await?;
    accounts::find(&mut work, article.account).await?.may(Function::Materials)?;
    idle(&article)?;
    not_publishing(&mut work, id).await?;
    if article.theirs.is_some() {
        return Err(Error::conflict(
            "article_conflict",
            "the article was changed here and at WeChat; choose one of both first",
        ));
    }
    let mut faults = Faults::default();
    decide::check_whole(&article.items, &mut faults);
    faults.check()?;
    article.wish = Some(Wish::Push);
    super::push::clear(&mut article);
    articles::put(&mut work, &article).await?;
    jobs::work_on(&mut work, id).await?;
    tell(&mut work, article.account, Some(id));
    let view = view::view(&mut work, &article).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn not_publishing(work: &mut Work, id: ArticleId) -> Result<(), Error> {
    if articles::open_publications(work, id).await?.is_empty() {
        return Ok(());
    }
    Err(Error::conflict("article_publishing", "the article is being published"))
}

/// Whose words stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Take {
    Ours,
    Theirs,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResolveBody {
    take: Take,
}

/// End a conflict. With `ours`, push it afterwards: until then WeChat keeps what it has.
#[utoipa::path(post, path = "/api/v1/articles/{article}/resolve", operation_id = "resolve_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article.")), request_body = ResolveBody,
    responses((status = 200, description = "The article.", body = ArticleView),
        (status = 409, description = "`article_no_conflict`, `article_busy`.")))]
async fn resolve_article(
    mut work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(ArticleId,)>,
    Body(body): Body<ResolveBody>,
) -> Result<Json<ArticleView>, Error> {
    let mut article = articles::find(&mut work, id).await?;
    idle(&article)?;
    let Some(theirs) = article.theirs.take() else {
        return Err(Error::conflict("article_no_conflict", "the article is not in conflict"));
    };
    if body.take == Take::Theirs {
        let pictures = work.ctx().pictures().clone();
        let ours = Desk::new(work.ctx(), work.tenant(), article.account, 1).ours(&mut work).await?;
        let items: Vec<_> = theirs.iter().map(|one| wire::from_wechat(&pictures, one, &ours)).collect();
        let by = who(&work);
        articles::rewrite(&mut work, id, &items, article.revision, by).await?;
        article.revision += 1;
        article.synced_revision = article.media_id.as_ref().map(|_| article.revision);
        article.synced_at = Some(work.now());
    }
    if article.media_id.is_some() {
        article.base = Some(theirs);
    }
    super::push::clear(&mut article);
    articles::put(&mut work, &article).await?;
    tell(&mut work, article.account, Some(id));
    let article = articles::find(&mut work, id).await?;
    let view = view::view(&mut work, &article).await?;
    work.commit().await?;
    Ok(Json(view))
}

/// To whom; one of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ArticlePreviewBody)]
struct PreviewBody {
    openid: Option<String>,
    /// As the person has set it in WeChat; 100 a day.
    wechat_id: Option<String>,
    customer_id: Option<CustomerId>,
}

/// Show an article to one person who follows the account, in their WeChat.
#[utoipa::path(post, path = "/api/v1/articles/{article}/preview", operation_id = "preview_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article.")), request_body = PreviewBody,
    responses((status = 204, description = "Sent."), (status = 409, description = "What has to be done first; `not_a_fan`.")))]
async fn preview_article(
    State(ctx): State<Ctx>,
    work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(ArticleId,)>,
    Body(body): Body<PreviewBody>,
) -> Result<StatusCode, Error> {
    let tenant = work.tenant();
    drop(work);
    let mut reading = Work::reading(&ctx, tenant);
    let article = articles::find(&mut reading, id).await?;
    accounts::find(&mut reading, article.account).await?.may(Function::Broadcast)?;
    let sendable = articles::sendable(&mut reading, article.account, id).await?;
    let (touser, towxname) = match (body.openid, body.wechat_id, body.customer_id) {
        (Some(openid), None, None) => (Some(openid), None),
        (None, Some(wechat_id), None) => (None, Some(wechat_id)),
        (None, None, Some(customer)) => (Some(openid_of(&mut reading, article.account, customer).await?), None),
        _ => return Err(Error::field("openid", "one_of", "name an openid, a wechat_id or a customer_id")),
    };
    drop(reading);
    let request = preview::Request { touser, towxname, content: Content::mpnews(sendable.draft_media_id) };
    let desk = Desk::new(&ctx, tenant, article.account, 1);
    desk.call::<Preview>(&request).await.map_err(decide::refusal)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn openid_of(work: &mut Work, account: AccountId, customer: CustomerId) -> Result<String, Error> {
    let reaches = reach::of_customer(work, customer).await?;
    let fan = reaches.into_iter().find(|reach| reach.account_id == account).map(|reach| reach.openid);
    fan.ok_or_else(|| Error::conflict("not_a_fan", "they are no fan of this account"))
}

/// Publish an article: each item gets a page, and nobody is told. It leaves the draft box.
#[utoipa::path(post, path = "/api/v1/articles/{article}/publish", operation_id = "publish_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article.")),
    responses((status = 202, description = "The publication.", body = Publication),
        (status = 409, description = "What has to be done first: `article_not_saved`, `article_unsaved_changes`, `article_conflict`, `article_gone`, `article_publishing`.")))]
async fn publish_article(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(ArticleId,)>,
) -> Result<(StatusCode, Json<Publication>), Error> {
    let article = articles::find(&mut work, id).await?;
    let account = accounts::find(&mut work, article.account).await?;
    account.may(Function::Materials)?;
    account.may(Function::Broadcast)?;
    let sendable = articles::sendable(&mut work, article.account, id).await?;
    let made_by = who(&work);
    let new = NewPublication {
        account: article.account,
        article: Some(id),
        source: PublicationSource::Hub,
        state: PublicationState::Waiting,
        draft_media_id: Some(sendable.draft_media_id),
        titles: sendable.titles,
        made_by,
    };
    let made = articles::add_publication(&mut work, new).await?;
    let now = work.now();
    publish::follow(&mut work, made.id, now, true).await?;
    tell_publication(&mut work, article.account, Some(id), made.id);
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(made)))
}

/// For whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CopyBody {
    account_id: AccountId,
}

/// Copy an article for another account, or for the same. Pictures that only WeChat has are fetched and kept here.
#[utoipa::path(post, path = "/api/v1/articles/{article}/copy", operation_id = "copy_article", tag = "articles",
    params(("article" = ArticleId, Path, description = "The article.")), request_body = CopyBody,
    responses((status = 202, description = "The new article; `wish` is `copy` until its pictures are here.", body = ArticleView),
        (status = 409, description = "`article_pictures_only`: a message of pictures is material of its own account.")))]
async fn copy_article(
    mut work: Allowed<can::RepliesWrite>,
    PathId((id,)): PathId<(ArticleId,)>,
    Body(body): Body<CopyBody>,
) -> Result<(StatusCode, Json<ArticleView>), Error> {
    let from = articles::find(&mut work, id).await?;
    let account = accounts::find(&mut work, body.account_id).await?;
    account.could(Function::Materials)?;
    if from.items.iter().any(|item| item.wechat.as_ref().is_some_and(|at| at.kind == "newspic")) {
        return Err(Error::conflict(
            "article_pictures_only",
            "a message of pictures is made of material that only its own account has",
        ));
    }
    let items = from.items.iter().map(copy::copied).collect();
    let by = who(&work);
    let made = Article {
        made_by: by.clone(),
        updated_by: by,
        wish: Some(Wish::Copy),
        ..new_article(ArticleId(work.new_id()), account.id, items, work.now())
    };
    articles::add(&mut work, &made).await?;
    jobs::work_on(&mut work, made.id).await?;
    tell(&mut work, account.id, Some(made.id));
    let view = view::view(&mut work, &made).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

/// How the last comparison with the account's draft box stands.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/articles/sync", operation_id = "get_article_sync", tag = "articles",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "How it stands.", body = Syncing)))]
async fn get_article_sync(
    mut work: Allowed<can::RepliesRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<Syncing>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(articles::sync(&mut work, account).await?))
}

/// Compare the account's draft box with what is here, both ways.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/articles/sync", operation_id = "sync_articles", tag = "articles",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 202, description = "It is running.", body = Syncing)))]
async fn sync_articles(
    mut work: Allowed<can::RepliesWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<(StatusCode, Json<Syncing>), Error> {
    accounts::find(&mut work, account).await?.may(Function::Materials)?;
    let sync = jobs::begin_sync(&mut work, account).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(sync)))
}

/// How much permanent material there is of a kind, and how much WeChat keeps.
#[derive(Serialize, ToSchema)]
struct Stock {
    used: u64,
    limit: u64,
}

/// An account's permanent material at WeChat.
#[derive(Serialize, ToSchema)]
struct MaterialBudget {
    images: Stock,
    voices: Stock,
    videos: Stock,
}

/// How much permanent material the account has, as WeChat counts it now. Covers are kept there; pictures in bodies are not counted.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/material_budget", operation_id = "get_material_budget", tag = "articles",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "By kind.", body = MaterialBudget)))]
async fn get_material_budget(
    State(ctx): State<Ctx>,
    mut work: Allowed<can::RepliesRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<MaterialBudget>, Error> {
    accounts::find(&mut work, account).await?.may(Function::Materials)?;
    let tenant = work.tenant();
    drop(work);
    let desk = Desk::new(&ctx, tenant, account, 1);
    let count = desk.call::<GetMaterialCount>(&Nothing {}).await.map_err(decide::refusal)?;
    let others = |used| Stock { used, limit: MAX_OTHERS as u64 };
    Ok(Json(MaterialBudget {
        images: Stock { used: count.image_count, limit: MAX_IMAGES as u64 },
        voices: others(count.voice_count),
        videos: others(count.video_count),
    }))
}
