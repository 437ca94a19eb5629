use axum::{Json, extract::State, http::StatusCode};
use entities::{
    accounts,
    conversations::{self, Entry, NewEntry, State as Standing, Summary},
    people,
};
use kit::{
    Allowed, Body, ConversationId, Ctx, Error, Millis, Page, PageQuery, Params, PathId, PersonId, Work, capability::can,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    chat,
    model::{
        Assignment, ChatLine, ConversationView, ConversationsQuery, InboxQuery, NewNote, NewState, NoteText,
        TypingState,
    },
    page, typing,
};

pub fn router() -> OpenApiRouter<Ctx> {
    OpenApiRouter::new()
        .routes(routes!(get_inbox))
        .routes(routes!(list_conversations))
        .routes(routes!(get_conversation))
        .routes(routes!(list_conversation_messages))
        .routes(routes!(read_conversation))
        .routes(routes!(assign_conversation))
        .routes(routes!(set_conversation_state))
        .routes(routes!(create_conversation_note))
        .routes(routes!(set_conversation_typing))
}

/// How much waits in the inbox. No number is counted beyond 1000.
#[utoipa::path(get, path = "/api/v1/inbox", operation_id = "get_inbox", tag = "inbox", params(InboxQuery),
    responses((status = 200, description = "In numbers.", body = Summary)))]
async fn get_inbox(
    mut work: Allowed<can::MessagesRead>,
    Params(query): Params<InboxQuery>,
) -> Result<Json<Summary>, Error> {
    let me = work.caller().person();
    let accounts: Vec<_> = match query.account {
        Some(account) => vec![accounts::find(&mut work, account).await?.id],
        None => accounts::list(&mut work).await?.into_iter().map(|account| account.id).collect(),
    };
    Ok(Json(conversations::summary(&mut work, &accounts, me).await?))
}

/// List conversations: what somebody has to look at first, then what waits for an answer, then the rest; in each, the
/// window that ends soonest first. Those that are put off or done come newest first.
#[utoipa::path(get, path = "/api/v1/conversations", operation_id = "list_conversations", tag = "inbox",
    params(ConversationsQuery, PageQuery), responses((status = 200, description = "One page.", body = Page<ConversationView>)))]
async fn list_conversations(
    mut work: Allowed<can::MessagesRead>,
    Params(query): Params<ConversationsQuery>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<ConversationView>>, Error> {
    let me = work.caller().person();
    Ok(Json(page::list(&mut work, &query, &paging, me).await?))
}

/// One conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation}", operation_id = "get_conversation", tag = "inbox",
    params(("conversation" = ConversationId, Path, description = "The conversation.")),
    responses((status = 200, description = "The conversation.", body = ConversationView)))]
async fn get_conversation(
    mut work: Allowed<can::MessagesRead>,
    PathId((id,)): PathId<(ConversationId,)>,
) -> Result<Json<ConversationView>, Error> {
    Ok(Json(page::one(&mut work, id).await?))
}

/// What was said and what happened, newest first. The first page begins with what is still on its way out.
#[utoipa::path(get, path = "/api/v1/conversations/{conversation}/messages", operation_id = "list_conversation_messages", tag = "inbox",
    params(("conversation" = ConversationId, Path, description = "The conversation."), PageQuery),
    responses((status = 200, description = "One page.", body = Page<ChatLine>)))]
async fn list_conversation_messages(
    mut work: Allowed<can::MessagesRead>,
    PathId((id,)): PathId<(ConversationId,)>,
    Params(paging): Params<PageQuery>,
) -> Result<Json<Page<ChatLine>>, Error> {
    Ok(Json(chat::lines(&mut work, id, &paging).await?))
}

/// Somebody has looked.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/read", operation_id = "read_conversation", tag = "inbox",
    params(("conversation" = ConversationId, Path, description = "The conversation.")),
    responses((status = 200, description = "The conversation.", body = ConversationView)))]
async fn read_conversation(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(ConversationId,)>,
) -> Result<Json<ConversationView>, Error> {
    if conversations::read(&mut work, id).await? {
        tell(&mut work, id).await?;
    }
    answer(work, id).await
}

/// Hand it to somebody, or to nobody; a word on the way stays beside it.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/assign", operation_id = "assign_conversation", tag = "inbox",
    params(("conversation" = ConversationId, Path, description = "The conversation.")), request_body = Assignment,
    responses((status = 200, description = "The conversation.", body = ConversationView)))]
async fn assign_conversation(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(ConversationId,)>,
    Body(body): Body<Assignment>,
) -> Result<Json<ConversationView>, Error> {
    let (by, me) = (work.caller().name().to_owned(), work.caller().person());
    conversations::find(&mut work, id).await?;
    let to = name_of(&mut work, body.person_id).await?;
    let anew = body.person_id.is_some() && body.person_id != me;
    conversations::assign(&mut work, id, body.person_id, anew).await?;
    let entry = NewEntry::Assigned { to, text: body.note.map(NoteText::into_string) };
    conversations::add_entry(&mut work, id, &by, entry).await?;
    tell(&mut work, id).await?;
    answer(work, id).await
}

/// Somebody who can be handed something.
async fn name_of(work: &mut Work, person: Option<PersonId>) -> Result<Option<String>, Error> {
    let Some(person) = person else { return Ok(None) };
    match people::store::person(work, person).await {
        Ok(person) if person.disabled_at.is_none() => Ok(Some(person.name)),
        Ok(_) | Err(Error::NotFound) => Err(Error::field("person_id", "not_found", "there is nobody of this id")),
        Err(error) => Err(error),
    }
}

/// Nothing is put off for longer.
const LONGEST_MS: Millis = 366 * 86_400_000;

/// Open it, put it off, or call it done. A new message opens it again.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/state", operation_id = "set_conversation_state", tag = "inbox",
    params(("conversation" = ConversationId, Path, description = "The conversation.")), request_body = NewState,
    responses((status = 200, description = "The conversation.", body = ConversationView)))]
async fn set_conversation_state(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(ConversationId,)>,
    Body(body): Body<NewState>,
) -> Result<Json<ConversationView>, Error> {
    let until = until(&body, work.now())?;
    let by = work.caller().name().to_owned();
    conversations::find(&mut work, id).await?;
    conversations::set_state(&mut work, id, body.state, until).await?;
    conversations::add_entry(&mut work, id, &by, NewEntry::State { state: body.state, until }).await?;
    tell(&mut work, id).await?;
    answer(work, id).await
}

fn until(body: &NewState, now: Millis) -> Result<Option<Millis>, Error> {
    match (body.state, body.until) {
        (Standing::Snoozed, Some(until)) if until > now && until <= now + LONGEST_MS => Ok(Some(until)),
        (Standing::Snoozed, _) => {
            Err(Error::field("until", "range", "what is put off is put off until an instant within a year"))
        }
        (_, Some(_)) => Err(Error::field("until", "unexpected", "only what is put off has an end")),
        (_, None) => Ok(None),
    }
}

/// Leave a note beside it, which the fan never sees.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/notes", operation_id = "create_conversation_note", tag = "inbox",
    params(("conversation" = ConversationId, Path, description = "The conversation.")), request_body = NewNote,
    responses((status = 201, description = "The note.", body = Entry)))]
async fn create_conversation_note(
    mut work: Allowed<can::MessagesWrite>,
    PathId((id,)): PathId<(ConversationId,)>,
    Body(body): Body<NewNote>,
) -> Result<(StatusCode, Json<Entry>), Error> {
    let by = work.caller().name().to_owned();
    conversations::find(&mut work, id).await?;
    let note = NewEntry::Note { text: body.text.into_string() };
    let entry = conversations::add_entry(&mut work, id, &by, note).await?;
    tell(&mut work, id).await?;
    work.commit().await?;
    Ok((StatusCode::CREATED, Json(entry)))
}

/// Say that somebody types, or has stopped. The fan sees it as far as WeChat shows it.
#[utoipa::path(post, path = "/api/v1/conversations/{conversation}/typing", operation_id = "set_conversation_typing", tag = "inbox",
    params(("conversation" = ConversationId, Path, description = "The conversation.")), request_body = TypingState,
    responses((status = 204, description = "Told; whether WeChat shows it is not known.")))]
async fn set_conversation_typing(
    work: Allowed<can::MessagesWrite>,
    State(ctx): State<Ctx>,
    PathId((id,)): PathId<(ConversationId,)>,
    Body(body): Body<TypingState>,
) -> Result<StatusCode, Error> {
    let caller = work.caller().clone();
    drop(work);
    typing::tell(&ctx, &caller, id, body.typing).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn tell(work: &mut Work, id: ConversationId) -> Result<(), Error> {
    let conversation = conversations::find(work, id).await?;
    conversations::tell(work, &[(conversation.account, conversation.openid)]);
    Ok(())
}

async fn answer(mut work: Allowed<can::MessagesWrite>, id: ConversationId) -> Result<Json<ConversationView>, Error> {
    let view = page::one(&mut work, id).await?;
    work.commit().await?;
    Ok(Json(view))
}
