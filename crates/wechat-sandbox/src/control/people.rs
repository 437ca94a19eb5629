//! People, and the chats each has.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::fans::is_called;
use super::views::{ChatRow, PersonView};
use super::{Ask, ControlError, List, PageQuery, Problem, limit};
use crate::act::not_found;
use crate::sandbox::Sandbox;

/// How many people a search by name looks at.
const SEARCHED: u64 = 200_000;

/// Everybody there is.
#[utoipa::path(get, path = "/people", operation_id = "list_people", params(PageQuery),
    responses((status = 200, description = "people", body = List<PersonView>)))]
pub(crate) async fn list_people(State(sandbox): State<Sandbox>, Ask(page): Ask<PageQuery>) -> Json<List<PersonView>> {
    let all = sandbox.world().people();
    if page.query.is_empty() {
        let items = (0..all).skip(page.offset).take(limit(page.limit)).map(PersonView::of).collect();
        return Json(List { items, total: Some(all) });
    }
    let found: Vec<u64> = (0..all.min(SEARCHED)).filter(|&person| is_called(person, &page.query)).collect();
    let items = found.iter().skip(page.offset).take(limit(page.limit)).map(|&person| PersonView::of(person)).collect();
    Json(List { items, total: Some(found.len() as u64) })
}

/// A person and their chats, one for every account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonPage {
    #[serde(flatten)]
    person: PersonView,
    /// Last spoken in first; then the accounts in the order they were made.
    chats: Vec<ChatRow>,
}

/// One person.
#[utoipa::path(get, path = "/people/{n}", operation_id = "get_person", params(("n" = u64, Path)),
    responses((status = 200, description = "the person", body = PersonPage), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn get_person(
    State(sandbox): State<Sandbox>,
    Path(n): Path<u64>,
) -> Result<Json<PersonPage>, ControlError> {
    let world = sandbox.world();
    if n >= world.people() {
        return Err(not_found("person").into());
    }
    let row = |account: &crate::world::Account| ChatRow {
        appid: account.appid.clone(),
        openid: account.fans.ids.id(n),
        nick_name: account.nick_name.clone(),
        kind: account.kind().to_owned(),
        following: account.fans.follows(n),
        last: account.last_line(n).cloned(),
        unread: account.unread(n),
    };
    let mut chats: Vec<ChatRow> = world.order.iter().filter_map(|appid| world.account(appid)).map(row).collect();
    chats.sort_by_key(|chat| std::cmp::Reverse(chat.last.as_ref().map_or(0, |item| item.id)));
    Ok(Json(PersonPage { person: PersonView::of(n), chats }))
}
