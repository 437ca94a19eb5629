//! Fans, what they do, and their chats.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::views::FanView;
use super::{AfterQuery, Ask, Body, ControlError, List, PageQuery, Problem, limit};
use crate::act::{ActError, At, Heard, Sent, Tap, not_found};
use crate::people;
use crate::push::Outcome;
use crate::sandbox::Sandbox;
use crate::world::{ChatItem, World};
use crate::wx::trim_buttons;

/// How many people a search by name looks at: nothing else happens meanwhile.
const SEARCHED: usize = 20_000;

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct More {
    count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Followers {
    fans: u64,
}

/// So many more people follow.
#[utoipa::path(post, path = "/accounts/{appid}/fans", operation_id = "add_fans", params(("appid" = String, Path)), request_body = More,
    responses((status = 200, description = "how many follow now", body = Followers), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn add_fans(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Body(more): Body<More>,
) -> Result<Json<Followers>, ControlError> {
    Ok(Json(Followers { fans: sandbox.add_fans(&appid, more.count)? }))
}

/// The people an account has met.
#[utoipa::path(get, path = "/accounts/{appid}/fans", operation_id = "list_fans", params(("appid" = String, Path), PageQuery),
    responses((status = 200, description = "fans", body = List<FanView>), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn list_fans(
    State(sandbox): State<Sandbox>,
    Path(appid): Path<String>,
    Ask(page): Ask<PageQuery>,
) -> Result<Json<List<FanView>>, ControlError> {
    let world = sandbox.world();
    let account = world.account(&appid).ok_or_else(|| not_found("account"))?;
    let (people, total): (Vec<u64>, u64) = if page.query.is_empty() {
        (account.fans.known().skip(page.offset).take(limit(page.limit)).collect(), account.fans.known_total())
    } else {
        // Openids and numbers are looked up, however many people there are; names are searched for.
        let exact = account.fans.ids.person(&page.query).or_else(|| page.query.parse().ok());
        let exact = exact.filter(|&person| account.fans.knows(person));
        let called = |&person: &u64| exact != Some(person) && is_called(person, &page.query);
        let found: Vec<u64> = exact.into_iter().chain(account.fans.known().take(SEARCHED).filter(called)).collect();
        let total = found.len() as u64;
        (found.into_iter().skip(page.offset).take(limit(page.limit)).collect(), total)
    };
    let items = people.into_iter().map(|person| FanView::of(&world, account, person)).collect();
    Ok(Json(List { items, total: Some(total) }))
}

/// Whether a person's name has the text in it, or their number is it.
pub(super) fn is_called(person: u64, query: &str) -> bool {
    person.to_string() == query || people::person(person).name.to_lowercase().contains(&query.to_lowercase())
}

impl Sandbox {
    /// A person as a fan of an account, by openid or number.
    pub fn fan(&self, appid: &str, openid: &str) -> Result<FanView, ActError> {
        let world = self.world();
        let at = At::find(&world, appid, openid)?;
        let account = world.account(appid).ok_or_else(|| not_found("account"))?;
        Ok(FanView::of(&world, account, at.person))
    }

    /// The last lines of a chat, oldest first.
    pub fn chat(&self, appid: &str, openid: &str) -> Result<Vec<ChatItem>, ActError> {
        let world = self.world();
        let at = At::find(&world, appid, openid)?;
        let account = world.account(appid).ok_or_else(|| not_found("account"))?;
        Ok(account.chat(at.person).into_iter().cloned().collect())
    }
}

/// One fan.
#[utoipa::path(get, path = "/accounts/{appid}/fans/{openid}", operation_id = "get_fan",
    params(("appid" = String, Path), ("openid" = String, Path)),
    responses((status = 200, description = "the fan", body = FanView), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn get_fan(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
) -> Result<Json<FanView>, ControlError> {
    Ok(Json(sandbox.fan(&appid, &openid)?))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wait {
    /// `true`: answer when the push has been dealt with.
    wait: bool,
}

/// The line an act made; the rest only when it was waited for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Done {
    id: u64,
    #[serde(flatten)]
    outcome: Option<Outcome>,
}

pub(super) async fn done(heard: Result<Heard, ActError>, wait: Wait) -> Result<Response, ControlError> {
    let heard = heard?;
    let id = heard.id;
    if !wait.wait {
        return Ok((StatusCode::ACCEPTED, Json(Done { id, outcome: None })).into_response());
    }
    let outcome = heard.outcome().await;
    Ok(Json(Done { id, outcome: Some(outcome) }).into_response())
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Say {
    text: String,
    /// The line of a msgmenu that was tapped.
    #[serde(default)]
    menu_id: Option<String>,
}

macro_rules! act {
    ($(#[$doc:meta])* $name:ident $path:literal ($body:ty) $do:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, params(("appid" = String, Path), ("openid" = String, Path), Wait), request_body = $body,
            responses((status = 202, description = "set off", body = Done), (status = 200, description = "dealt with", body = Done),
                (status = 409, description = "not as things stand", body = Problem)))]
        pub(crate) async fn $name(
            State(sandbox): State<Sandbox>,
            Path((appid, openid)): Path<(String, String)>,
            Ask(wait): Ask<Wait>,
            Body(body): Body<$body>,
        ) -> Result<Response, ControlError> {
            let act: fn(&Sandbox, &str, &str, $body) -> Result<Heard, ActError> = $do;
            done(act(&sandbox, &appid, &openid, body), wait).await
        }
    };
}

/// A code that was scanned.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Scanned {
    ticket: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Scan {
    ticket: String,
}

act! {
    /// A fan writes.
    say "/accounts/{appid}/fans/{openid}/say" (Say)
    |sandbox, appid, openid, body| sandbox.send(appid, openid, Sent::Text { text: body.text, menu_id: body.menu_id })
}
act! {
    /// A fan sends something else.
    send "/accounts/{appid}/fans/{openid}/send" (Sent)
    |sandbox, appid, openid, body| sandbox.send(appid, openid, body)
}
act! {
    /// A person follows, perhaps through a QR code.
    follow "/accounts/{appid}/fans/{openid}/follow" (Scanned)
    |sandbox, appid, openid, body| sandbox.follow(appid, openid, body.ticket.as_deref())
}
act! {
    /// A fan stops following.
    unfollow "/accounts/{appid}/fans/{openid}/unfollow" (Scanned)
    |sandbox, appid, openid, _| sandbox.unfollow(appid, openid)
}
act! {
    /// A QR code is scanned; strangers follow by it.
    scan "/accounts/{appid}/fans/{openid}/scan" (Scan)
    |sandbox, appid, openid, body| sandbox.scan(appid, openid, &body.ticket)
}
act! {
    /// A button of the menu is tapped.
    tap "/accounts/{appid}/fans/{openid}/tap" (Tap)
    |sandbox, appid, openid, body| sandbox.tap(appid, openid, &body)
}

#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Mute {
    on: bool,
}

/// A fan wants no more messages, or wants them again.
#[utoipa::path(post, path = "/accounts/{appid}/fans/{openid}/mute", operation_id = "mute",
    params(("appid" = String, Path), ("openid" = String, Path)), request_body = Mute,
    responses((status = 204, description = "done"), (status = 409, description = "not a fan", body = Problem)))]
pub(crate) async fn mute(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
    Body(body): Body<Mute>,
) -> Result<StatusCode, ControlError> {
    sandbox.mute(&appid, &openid, body.on)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The chat has been looked at.
#[utoipa::path(post, path = "/accounts/{appid}/fans/{openid}/read", operation_id = "read_chat",
    params(("appid" = String, Path), ("openid" = String, Path)),
    responses((status = 204, description = "nothing is unread"), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn read(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
) -> Result<StatusCode, ControlError> {
    sandbox.read(&appid, &openid)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A chat as the phone shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Chat {
    /// Oldest first.
    items: Vec<ChatItem>,
    following: bool,
    /// `{"button":[…]}`, the menu this fan sees.
    menu: Option<Value>,
    typing_until_ms: Option<i64>,
    unread: u32,
}

/// The buttons, those that open an article with where it is.
fn opening(world: &World, appid: &str, buttons: &[Value]) -> Value {
    let mut shown = trim_buttons(buttons);
    for button in shown.as_array_mut().into_iter().flatten() {
        if let Some(url) = world.page_of(appid, button) {
            button["url"] = url.into();
        }
        for button in button["sub_button"].as_array_mut().into_iter().flatten() {
            if let Some(url) = world.page_of(appid, button) {
                button["url"] = url.into();
            }
        }
    }
    shown
}

/// A chat: the newest lines, those after an id, or those before one.
#[utoipa::path(get, path = "/accounts/{appid}/fans/{openid}/chat", operation_id = "get_chat",
    params(("appid" = String, Path), ("openid" = String, Path), AfterQuery),
    responses((status = 200, description = "the chat", body = Chat), (status = 404, description = "none", body = Problem)))]
pub(crate) async fn chat(
    State(sandbox): State<Sandbox>,
    Path((appid, openid)): Path<(String, String)>,
    Ask(ask): Ask<AfterQuery>,
) -> Result<Json<Chat>, ControlError> {
    let world = sandbox.world();
    let at = At::find(&world, &appid, &openid)?;
    let account = world.account(&appid).ok_or_else(|| not_found("account"))?;
    let fan = account.fans.view(at.person);
    let lines = account.chat(at.person);
    let items = match ask.after {
        Some(after) => lines.into_iter().filter(|item| item.id > after).take(limit(ask.limit)).cloned().collect(),
        None => {
            let older = lines.into_iter().rev().filter(|item| ask.before.is_none_or(|before| item.id < before));
            let mut items: Vec<ChatItem> = older.take(limit(ask.limit)).cloned().collect();
            items.reverse();
            items
        }
    };
    Ok(Json(Chat {
        items,
        following: fan.following,
        menu: account.menu_of(at.person).map(|(button, _)| json!({"button": opening(&world, &appid, button)})),
        typing_until_ms: (fan.typing_until_ms > at.now_ms).then_some(fan.typing_until_ms),
        unread: account.unread(at.person),
    }))
}
