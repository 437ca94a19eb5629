//! Who was made one with whom, and the list of those of whom a person has to say whether they are one.

use axum::Json;
use entities::customers::{self, FanBrief, Field, Merge, MergeState};
use kit::{Allowed, Ctx, CustomerId, Error, MergeId, Millis, Page, PageQuery, Params, PathId, Work, capability::can};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new().routes(routes!(list_merges)).routes(routes!(join_merge)).routes(routes!(part_merge))
}

/// Two customers who are one, may be one, or are not one.
#[derive(Serialize, ToSchema)]
pub struct MergeView {
    pub id: MergeId,
    #[schema(inline)]
    pub state: MergeState,
    /// Why they are one: `unionid` is WeChat's name for a person across accounts.
    pub cause: String,
    /// The older one, who stays when they are joined.
    pub kept: MergedOne,
    pub other: MergedOne,
    /// What speaks against it, of a merge that waits for a person.
    #[schema(inline)]
    pub contradiction: Option<Contradiction>,
    /// When they were joined, or found to contradict each other.
    pub created_at: Millis,
    /// When a person decided, if one did.
    pub decided_at: Option<Millis>,
    pub decided_by: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct MergedOne {
    pub id: CustomerId,
    pub display_name: String,
    /// None of one who is joined with another.
    pub fans: Vec<FanBrief>,
    /// Absent when they have never done anything that we saw.
    pub last_seen_at: Option<Millis>,
}

/// Two strong identities of one kind, which no person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Contradiction {
    /// Both are fans of one account, under different openids.
    Openids,
    /// Each has a UnionID of their own.
    Unionids,
}

fn contradiction(kept: &MergedOne, other: &MergedOne) -> Contradiction {
    let is_of_both =
        |one: &FanBrief| other.fans.iter().any(|two| two.account_id == one.account_id && two.openid != one.openid);
    if kept.fans.iter().any(is_of_both) { Contradiction::Openids } else { Contradiction::Unionids }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MergesQuery {
    /// `proposed` when absent: those that wait for a person.
    #[param(inline)]
    state: Option<MergeState>,
}

/// List merges, newest first; those that wait for a person's word when no state is asked for.
#[utoipa::path(get, path = "/api/v1/merges", operation_id = "list_merges", tag = "customers", params(MergesQuery, PageQuery),
    responses((status = 200, description = "One page.", body = Page<MergeView>)))]
async fn list_merges(
    mut work: Allowed<can::CustomersRead>,
    Params(query): Params<MergesQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<MergeView>>, Error> {
    let (state, limit) = (query.state.unwrap_or(MergeState::Proposed), paging.limit()?);
    let found = customers::merges::in_state(&mut work, state, paging.after()?, limit).await?;
    let page = Page::cut(found, limit, |merge| (merge.created_at, merge.id));
    let next_cursor = page.next_cursor;
    let items = views(&mut work, page.items).await?;
    Ok(Json(Page { items, next_cursor }))
}

/// Say that these two are one: they are joined.
#[utoipa::path(post, path = "/api/v1/merges/{merge}/join", operation_id = "join_merge", tag = "customers",
    params(("merge" = MergeId, Path, description = "The merge.")),
    responses((status = 200, description = "As it stands now.", body = MergeView)))]
async fn join_merge(
    mut work: Allowed<can::CustomersWrite>,
    PathId((id,)): PathId<(MergeId,)>,
) -> Result<Json<MergeView>, Error> {
    let by = work.caller().name().to_owned();
    let mut merge = customers::merges::find(&mut work, id).await?;
    if merge.state != MergeState::Joined {
        customers::join_proposed(&mut work, &mut merge, &by).await?;
    }
    answer(work, merge).await
}

/// Say that these two are not one. Joined ones are taken apart, and are not joined by themselves again.
#[utoipa::path(post, path = "/api/v1/merges/{merge}/part", operation_id = "part_merge", tag = "customers",
    params(("merge" = MergeId, Path, description = "The merge.")),
    responses((status = 200, description = "As it stands now.", body = MergeView)))]
async fn part_merge(
    mut work: Allowed<can::CustomersWrite>,
    PathId((id,)): PathId<(MergeId,)>,
) -> Result<Json<MergeView>, Error> {
    let by = work.caller().name().to_owned();
    let mut merge = customers::merges::find(&mut work, id).await?;
    if merge.state != MergeState::Apart {
        customers::apart(&mut work, &mut merge, &by).await?;
    }
    answer(work, merge).await
}

async fn answer(mut work: Allowed<can::CustomersWrite>, merge: Merge) -> Result<Json<MergeView>, Error> {
    let view = views(&mut work, vec![merge]).await?.pop().ok_or(Error::NotFound)?;
    work.commit().await?;
    Ok(Json(view))
}

/// The merges that are about these ids of one customer.
pub async fn of(work: &mut Work, group: &[CustomerId]) -> Result<Vec<MergeView>, Error> {
    let merges = customers::merges::of_customers(work, group).await?;
    views(work, merges).await
}

async fn views(work: &mut Work, merges: Vec<Merge>) -> Result<Vec<MergeView>, Error> {
    let mut views = Vec::with_capacity(merges.len());
    for merge in merges {
        let openid = merge.others_openid().map(str::to_owned);
        let kept = one(work, merge.kept, None).await?;
        let other = one(work, merge.other, openid.as_deref()).await?;
        views.push(MergeView {
            id: merge.id,
            state: merge.state,
            cause: merge.reason.cause,
            contradiction: (merge.state == MergeState::Proposed).then(|| contradiction(&kept, &other)),
            kept,
            other,
            created_at: merge.created_at,
            decided_at: merge.decided_at,
            decided_by: merge.decided_by,
        });
    }
    Ok(views)
}

/// As lists show them; one who is joined with another has no line, and is called as they were before.
async fn one(work: &mut Work, id: CustomerId, openid: Option<&str>) -> Result<MergedOne, Error> {
    if let Some(row) = customers::rows(work, &[id]).await?.pop() {
        let (display_name, fans, last_seen_at) = (row.display_name, row.fans, row.last_seen_at);
        return Ok(MergedOne { id, display_name, fans, last_seen_at });
    }
    let own = customers::own(work, id).await?;
    let display_name = customers::display_name(own.get(Field::Name), None, openid, id);
    Ok(MergedOne { id, display_name, fans: Vec::new(), last_seen_at: None })
}
