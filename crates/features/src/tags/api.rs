use axum::{Json, http::StatusCode};
use entities::{
    accounts::{self, Function},
    customers,
    tags::{self as own, DOOMED, Tag, TagSource},
};
use kit::{AccountId, Actor, Allowed, Body, Ctx, CustomerId, Error, Page, PathId, TagId, Work, capability::can};
use utoipa_axum::{router::OpenApiRouter, routes};
use wechat::api::tag::MAX_TAGS;

use super::{
    model::{Draft, NewTag, SyncState, TagPatch, WechatTagView, WechatTags, is_wechats_own},
    store,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(list_tags, create_tag))
        .routes(routes!(update_tag, delete_tag))
        .routes(routes!(put_customer_tag, remove_customer_tag))
        .routes(routes!(list_wechat_tags))
        .routes(routes!(sync_wechat_tags))
}

/// List the tenant's tags.
#[utoipa::path(get, path = "/api/v1/tags", operation_id = "list_tags", tag = "tags",
    responses((status = 200, description = "All tags, by group and name.", body = Page<Tag>)))]
async fn list_tags(mut work: Allowed<can::CustomersRead>) -> Result<Json<Page<Tag>>, Error> {
    Ok(Json(Page::whole(own::list(&mut work).await?)))
}

/// Add a tag, and at WeChat too if that is wished.
#[utoipa::path(post, path = "/api/v1/tags", operation_id = "create_tag", tag = "tags", request_body = NewTag,
    responses((status = 201, description = "The tag.", body = Tag)))]
async fn create_tag(
    mut work: Allowed<can::CustomersWrite>,
    Body(body): Body<NewTag>,
) -> Result<(StatusCode, Json<Tag>), Error> {
    let draft = Draft::check(body.name, body.group, body.colour)?;
    let id = own::add(&mut work, draft.name.as_str(), draft.group.as_ref().map(|group| group.as_str()), &draft.colour)
        .await?;
    want(&mut work, id, &draft, &body.mirror_accounts).await?;
    let tag = own::find(&mut work, id).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(tag)))
}

/// Rename a tag, move it, or say at which accounts WeChat is to have it.
#[utoipa::path(patch, path = "/api/v1/tags/{tag}", operation_id = "update_tag", tag = "tags",
    params(("tag" = TagId, Path, description = "The tag.")), request_body = TagPatch,
    responses((status = 200, description = "The tag.", body = Tag)))]
async fn update_tag(
    mut work: Allowed<can::CustomersWrite>,
    PathId((id,)): PathId<(TagId,)>,
    Body(patch): Body<TagPatch>,
) -> Result<Json<Tag>, Error> {
    let before = own::find(&mut work, id).await?;
    let draft = Draft::check(
        patch.name.unwrap_or(before.name),
        patch.group.unwrap_or(before.group),
        Some(patch.colour.unwrap_or(before.colour)),
    )?;
    own::change(&mut work, id, draft.name.as_str(), draft.group.as_ref().map(|group| group.as_str()), &draft.colour)
        .await?;
    let mirrored = own::mirrored_accounts(&mut work, id).await?;
    want(&mut work, id, &draft, &patch.mirror_accounts.unwrap_or(mirrored)).await?;
    let tag = own::find(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(tag))
}

/// Delete a tag, and at WeChat too where it is mirrored.
#[utoipa::path(delete, path = "/api/v1/tags/{tag}", operation_id = "delete_tag", tag = "tags",
    params(("tag" = TagId, Path, description = "The tag.")),
    responses((status = 204, description = "Deleted.")))]
async fn delete_tag(
    mut work: Allowed<can::CustomersWrite>,
    PathId((id,)): PathId<(TagId,)>,
) -> Result<StatusCode, Error> {
    for account in own::mirrored_accounts(&mut work, id).await? {
        own::doom(&mut work, account, id).await?;
        own::mirror(&mut work, account, false).await?;
    }
    own::delete(&mut work, id).await?;
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts the wish down that WeChat has the tag at these accounts and no others.
async fn want(work: &mut Work, tag: TagId, draft: &Draft, accounts: &[AccountId]) -> Result<(), Error> {
    let mirrored = own::mirrored_accounts(work, tag).await?;
    for account in mirrored.iter().filter(|account| !accounts.contains(account)) {
        own::doom(work, *account, tag).await?;
        own::mirror(work, *account, false).await?;
    }
    if accounts.is_empty() {
        return Ok(());
    }
    draft.fits_wechat()?;
    for account in accounts {
        if !mirrored.contains(account) {
            let found = match accounts::find(work, *account).await {
                Err(Error::NotFound) => {
                    return Err(Error::field("mirror_accounts", "not_found", "there is no such account"));
                }
                found => found?,
            };
            found.may(Function::Tags)?;
            let have = own::wechat_tags(work, *account).await?;
            if have.iter().filter(|tag| !is_wechats_own(tag.wechat_id)).count() >= MAX_TAGS {
                return Err(Error::field(
                    "mirror_accounts",
                    "wechat_tags_full",
                    "this account has 100 tags at WeChat already, which is the most",
                ));
            }
            own::want(work, *account, tag, draft.name.as_str()).await?;
        }
        own::mirror(work, *account, false).await?;
    }
    Ok(())
}

fn source(work: &Allowed<can::CustomersWrite>) -> TagSource {
    match work.caller().actor {
        Actor::Person { .. } => TagSource::Person,
        Actor::Key { .. } => TagSource::Api,
    }
}

/// Put a tag on a customer.
#[utoipa::path(put, path = "/api/v1/customers/{customer}/tags/{tag}", operation_id = "put_customer_tag", tag = "tags",
    params(("customer" = CustomerId, Path, description = "The customer."), ("tag" = TagId, Path, description = "The tag.")),
    responses((status = 204, description = "They have it.")))]
async fn put_customer_tag(
    mut work: Allowed<can::CustomersWrite>,
    PathId((customer, tag)): PathId<(CustomerId, TagId)>,
) -> Result<StatusCode, Error> {
    let source = source(&work);
    let customer = customers::canonical(&mut work, customer).await?;
    if own::put(&mut work, tag, customer, source).await? {
        mirror(&mut work, tag).await?;
    }
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a tag off a customer.
#[utoipa::path(delete, path = "/api/v1/customers/{customer}/tags/{tag}", operation_id = "remove_customer_tag", tag = "tags",
    params(("customer" = CustomerId, Path, description = "The customer."), ("tag" = TagId, Path, description = "The tag.")),
    responses((status = 204, description = "They do not have it.")))]
async fn remove_customer_tag(
    mut work: Allowed<can::CustomersWrite>,
    PathId((customer, tag)): PathId<(CustomerId, TagId)>,
) -> Result<StatusCode, Error> {
    let source = source(&work);
    let customer = customers::canonical(&mut work, customer).await?;
    if own::remove(&mut work, tag, customer, source).await? {
        mirror(&mut work, tag).await?;
    }
    work.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn mirror(work: &mut Work, tag: TagId) -> Result<(), Error> {
    for account in own::mirrored_accounts(work, tag).await? {
        own::mirror(work, account, false).await?;
    }
    Ok(())
}

/// List the account's tags at WeChat.
#[utoipa::path(get, path = "/api/v1/accounts/{account}/wechat_tags", operation_id = "list_wechat_tags", tag = "tags",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The tags as they were when last compared.", body = WechatTags)))]
async fn list_wechat_tags(
    mut work: Allowed<can::CustomersRead>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<Json<WechatTags>, Error> {
    accounts::find(&mut work, account).await?;
    Ok(Json(view(&mut work, account).await?))
}

/// Compare the account's tags with WeChat's now.
#[utoipa::path(post, path = "/api/v1/accounts/{account}/wechat_tags/sync", operation_id = "sync_wechat_tags", tag = "tags",
    params(("account" = AccountId, Path, description = "The account.")),
    responses((status = 202, description = "The tags as they are before.", body = WechatTags)))]
async fn sync_wechat_tags(
    mut work: Allowed<can::CustomersWrite>,
    PathId((account,)): PathId<(AccountId,)>,
) -> Result<(StatusCode, Json<WechatTags>), Error> {
    accounts::find(&mut work, account).await?.may(Function::Tags)?;
    own::mirror(&mut work, account, true).await?;
    let view = view(&mut work, account).await?;
    work.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(view)))
}

async fn view(work: &mut Work, account: AccountId) -> Result<WechatTags, Error> {
    let tags = own::wechat_tags(work, account).await?;
    let synced = store::synced(work, account).await?;
    let state = match store::is_running(work, account).await? {
        true => SyncState::Running,
        false if synced.tags_problem.is_some() => SyncState::Failed,
        false => SyncState::Idle,
    };
    let items = tags
        .into_iter()
        .map(|tag| WechatTagView {
            wechat_id: (tag.wechat_id >= 0).then_some(tag.wechat_id),
            name: tag.name,
            count: tag.fans,
            tag_id: tag.tag.filter(|tag| *tag != DOOMED),
        })
        .collect();
    Ok(WechatTags { items, synced_at: synced.tags_synced_at, state, problem: synced.tags_problem })
}
