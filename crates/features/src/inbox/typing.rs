//! That somebody is typing: told to the others who look, and to the fan as far as WeChat shows it.
//!
//! WeChat takes it from an account that may still write, for 30 seconds after the fan did something, and shows it for
//! 15; asked more often it refuses. Whatever it answers is nobody's concern.
//! <https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing.html>

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use entities::{
    accounts::{self, Function, tokens::Keeper},
    conversations::{self, Conversation},
};
use kit::{Caller, ConversationId, Ctx, Error, Live, Millis, PersonId, Topic, Work};
use serde::Serialize;
use wechat::api::custom::set_typing::{CANCEL_TYPING, Request, SetTyping, TYPING};

/// WeChat shows it to fans who did something this lately,
const LATELY_MS: Millis = 30_000;
/// for so long, and takes no other meanwhile.
const SHOWN_MS: Millis = 15_000;

/// When WeChat was last told, by conversation.
#[derive(Default)]
struct Shown(Mutex<HashMap<ConversationId, Millis>>);

#[derive(Serialize)]
struct Told {
    conversation_id: ConversationId,
    person_id: Option<PersonId>,
    name: String,
    typing: bool,
}

/// Tells it. Returns before WeChat has answered.
pub async fn tell(ctx: &Ctx, caller: &Caller, id: ConversationId, typing: bool) -> Result<(), Error> {
    let mut look = Work::reading(ctx, caller.tenant);
    let conversation = conversations::find(&mut look, id).await?;
    let account = accounts::find(&mut look, conversation.account).await?;
    drop(look);
    let told = Told { conversation_id: id, person_id: caller.person(), name: caller.name().to_owned(), typing };
    let data = serde_json::to_string(&told).map_err(Error::internal)?;
    ctx.live().tell(Live { tenant: caller.tenant, topic: Topic::Typing, data: data.into() });
    let Some(command) = command(ctx, &conversation, typing) else { return Ok(()) };
    if account.may(Function::CustomMessage).is_err() {
        return Ok(());
    }
    let (ctx, tenant) = (ctx.clone(), caller.tenant);
    tokio::spawn(async move {
        let keeper = Keeper::new(&ctx, tenant, conversation.account);
        let request = Request { touser: conversation.openid, command: command.to_owned() };
        if let Err(failure) = ctx.wechat().call_as::<SetTyping>(&keeper, &request).await {
            tracing::debug!(%failure, account.id = conversation.account.0, "WeChat does not show that somebody types");
        }
    });
    Ok(())
}

/// What WeChat is told, if anything.
fn command(ctx: &Ctx, conversation: &Conversation, typing: bool) -> Option<&'static str> {
    let now = ctx.now();
    let shown = ctx.slot::<Shown>();
    let mut shown = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
    shown.retain(|_, at| now - *at < SHOWN_MS);
    if !typing {
        return shown.remove(&conversation.id).map(|_| CANCEL_TYPING);
    }
    let lately = conversation.message_at.unwrap_or(0).max(conversation.act_at);
    if shown.contains_key(&conversation.id) || now - lately >= LATELY_MS || now >= conversation.window_until {
        return None;
    }
    shown.insert(conversation.id, now);
    Some(TYPING)
}
