//! What people do with their phones, and what owners do in their consoles.
//!
//! Every act changes the world first and then sets off the pushes that follow
//! from it. [`Heard`] says which line of the chat it made and lets one wait for
//! what became of the push.

pub(crate) mod article;
pub(crate) mod authorize;
mod form;
mod mass;
mod owner;
mod publish;
mod samples;
mod send;
mod tap;

use tokio::sync::oneshot;
use wechat::wire::Fields;

use crate::clock::SECOND;
use crate::push::{Job, Outcome, document};
use crate::sandbox::Sandbox;
use crate::world::chat::From;
use crate::world::fans::Interaction;
use crate::world::{Account, ChatItem, World};
pub use form::Choice;
pub use owner::AccountKind;
pub use send::Sent;
pub use tap::Tap;

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActError {
    /// There is no such account, fan, code….
    #[error("{0}")]
    NotFound(String),
    /// Not as things stand: a stranger who speaks, a fan who follows twice.
    #[error("{0}")]
    Conflict(String),
    /// The request makes no sense.
    #[error("{0}")]
    Invalid(String),
    /// Only somebody else may.
    #[error("{0}")]
    Forbidden(String),
}

pub(crate) fn not_found(what: &str) -> ActError {
    ActError::NotFound(format!("there is no such {what}"))
}

/// A line of a chat, and the push it set off.
pub struct Heard {
    /// The number of the line.
    pub id: u64,
    outcome: oneshot::Receiver<Outcome>,
}

impl Heard {
    /// Waits until the push has been answered or given up.
    pub async fn outcome(self) -> Outcome {
        let lost = || Outcome { outcome: "failed".to_owned(), attempts: 0, answer: None, elapsed_ms: 0 };
        self.outcome.await.unwrap_or_else(|_| lost())
    }
}

/// Somebody in front of their phone.
pub(crate) struct At {
    pub appid: String,
    pub person: u64,
    pub openid: String,
    pub original_id: String,
    pub now_ms: i64,
}

impl At {
    pub fn created_s(&self) -> i64 {
        self.now_ms / SECOND
    }

    /// A person before an account: their openid with it, or just their number.
    pub fn find(world: &World, appid: &str, fan: &str) -> Result<At, ActError> {
        let account = world.account(appid).ok_or_else(|| not_found("account"))?;
        let person =
            account.fans.ids.person(fan).or_else(|| fan.parse().ok().filter(|&person| person < world.people()));
        let person = person.ok_or_else(|| not_found("fan"))?;
        let (openid, original_id) = (account.fans.ids.id(person), account.original_id.clone());
        Ok(At { appid: appid.to_owned(), person, openid, original_id, now_ms: world.now_ms() })
    }

    pub fn event(&self, event: &str, key: Option<&str>) -> Fields<'static> {
        document::event(&self.original_id, &self.openid, self.created_s(), event, key)
    }
}

/// A push about to be set off.
pub(crate) struct Going {
    pub what: String,
    pub document: Fields<'static>,
    /// The fan waits for an answer.
    pub speaks: bool,
    /// Articles it may have: one for what a fan sends, eight for what they do.
    pub articles: usize,
}

impl Going {
    pub fn event(name: &str, document: Fields<'static>, speaks: bool) -> Self {
        Self { what: name.to_owned(), document, speaks, articles: 8 }
    }
}

impl Sandbox {
    /// Sets a push off, unless nobody is to know: a blacklisted fan speaks to the wall.
    pub(crate) fn set_off(&self, at: &At, id: u64, going: Going, unheard: bool) -> Heard {
        let (done, outcome) = oneshot::channel();
        if unheard {
            let _ = done.send(Outcome { outcome: "not_pushed".to_owned(), attempts: 0, answer: None, elapsed_ms: 0 });
        } else {
            let Going { what, document, speaks, articles } = going;
            self.push(Job { appid: at.appid.clone(), person: at.person, what, document, speaks, articles, done });
        }
        Heard { id, outcome }
    }

    /// A fan writes.
    pub fn say(&self, appid: &str, openid: &str, text: &str) -> Result<Heard, ActError> {
        self.send(appid, openid, Sent::Text { text: text.to_owned(), menu_id: None })
    }

    /// A person follows, perhaps through a QR code.
    pub fn follow(&self, appid: &str, openid: &str, ticket: Option<&str>) -> Result<Heard, ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        if world.account(appid).is_some_and(|account| account.fans.follows(at.person)) {
            return Err(ActError::Conflict("they follow already".to_owned()));
        }
        let (id, going) = begin_following(&mut world, &at, ticket)?;
        drop(world);
        Ok(self.set_off(&at, id, going, false))
    }

    /// A fan stops following. What the account knew of them stays, but it may not speak to them.
    pub fn unfollow(&self, appid: &str, openid: &str) -> Result<Heard, ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        let account = following(&mut world, &at)?;
        let how = account.fans.change(at.person, |fan| {
            fan.following = false;
            fan.window = None;
            fan.scene.clone()
        });
        world.count_went(appid, &how);
        let id = hear_event(&mut world, &at, "unsubscribe", None);
        drop(world);
        self.tell_account(appid);
        Ok(self.set_off(&at, id, Going::event("unsubscribe", at.event("unsubscribe", Some("")), false), false))
    }

    /// Scans a QR code with parameters; who does not follow yet does so then.
    pub fn scan(&self, appid: &str, openid: &str, ticket: &str) -> Result<Heard, ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        if !world.account(appid).is_some_and(|account| account.fans.follows(at.person)) {
            let (id, going) = begin_following(&mut world, &at, Some(ticket))?;
            drop(world);
            self.tell_account(appid);
            return Ok(self.set_off(&at, id, going, false));
        }
        let scene = scene_of(&world, &at, ticket)?;
        if let Some(account) = world.account_mut(appid) {
            account.touch(at.person, Interaction::Scan, at.now_ms);
        }
        let id = hear_event(&mut world, &at, "SCAN", Some(&scene));
        let mut document = at.event("SCAN", Some(&scene));
        document.push_text("Ticket", ticket.to_owned());
        let unheard = is_blacklisted(&world, &at);
        drop(world);
        Ok(self.set_off(&at, id, Going::event("SCAN", document, true), unheard))
    }

    /// Receives no more messages of the account, or does again.
    pub fn mute(&self, appid: &str, openid: &str, on: bool) -> Result<(), ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        following(&mut world, &at)?.fans.change(at.person, |fan| fan.muted = on);
        world.dirty.fan(appid, at.person);
        Ok(())
    }

    /// Has seen everything in the chat.
    pub(crate) fn read(&self, appid: &str, openid: &str) -> Result<(), ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        world.dirty.fan(appid, at.person);
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        if let Some(last) = account.last_line(at.person).map(|item| item.id) {
            account.fans.change(at.person, |fan| (fan.unread, fan.read_id) = (0, last));
        }
        Ok(())
    }

    pub(crate) fn tell_account(&self, appid: &str) {
        self.0.live.tell("account", || serde_json::json!({"appid": appid}));
    }
}

/// The account, if the person follows it.
pub(crate) fn following<'w>(world: &'w mut World, at: &At) -> Result<&'w mut Account, ActError> {
    world.dirty.fan(&at.appid, at.person);
    let account = world.account_mut(&at.appid).ok_or_else(|| not_found("account"))?;
    if account.fans.follows(at.person) {
        Ok(account)
    } else {
        Err(ActError::Conflict("they do not follow the account".to_owned()))
    }
}

pub(crate) fn is_blacklisted(world: &World, at: &At) -> bool {
    world.account(&at.appid).and_then(|account| account.fans.get(at.person)).is_some_and(|fan| fan.blacklisted)
}

/// The scene of a code of this account that has not run out.
fn scene_of(world: &World, at: &At, ticket: &str) -> Result<String, ActError> {
    let qr = world.qrs.get(ticket).filter(|qr| qr.appid == at.appid).ok_or_else(|| not_found("QR code"))?;
    if qr.is_live(at.now_ms) { Ok(qr.scene()) } else { Err(ActError::Conflict("the QR code has expired".to_owned())) }
}

fn begin_following(world: &mut World, at: &At, ticket: Option<&str>) -> Result<(u64, Going), ActError> {
    let scene = ticket.map(|ticket| scene_of(world, at, ticket)).transpose()?;
    let qr = ticket.and_then(|ticket| world.qrs.get(ticket)).map(|qr| (qr.scene_id, qr.scene_str.clone()));
    let account = world.account_mut(&at.appid).ok_or_else(|| not_found("account"))?;
    account.fans.change(at.person, |fan| {
        fan.following = true;
        fan.subscribe_ms = at.now_ms / SECOND * SECOND;
        fan.scene = if qr.is_some() { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" }.to_owned();
        (fan.qr_scene, fan.qr_scene_str) = qr.unwrap_or_default();
    });
    account.touch(at.person, Interaction::Follow, at.now_ms);
    let how = account.fans.view(at.person).scene.clone();
    world.count_came(&at.appid, &how, 1);
    let key = scene.map_or_else(String::new, |scene| format!("qrscene_{scene}"));
    let id = hear_event(world, at, "subscribe", Some(&key));
    let mut document = at.event("subscribe", Some(&key));
    if let Some(ticket) = ticket {
        document.push_text("Ticket", ticket.to_owned());
    }
    Ok((id, Going::event("subscribe", document, true)))
}

/// A line of the chat that says what the fan did.
pub(crate) fn hear_event(world: &mut World, at: &At, event: &str, key: Option<&str>) -> u64 {
    let item = ChatItem {
        event: Some(event.to_owned()),
        key: key.filter(|key| !key.is_empty()).map(str::to_owned),
        ..ChatItem::new(From::Fan, "event")
    };
    world.hear(&at.appid, at.person, item)
}
