//! What fans decide about notices, and telling the account what became of what it sent.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/push.html>

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;
use wechat::wire::{Fields, Value};

use super::{ActError, At, Going, Heard, hear_event, not_found};
use crate::clock::SECOND;
use crate::push::{Job, document};
use crate::sandbox::Sandbox;
use crate::world::World;
use crate::world::forms::Told;
use crate::world::mass::MassState;

/// A consent to long-term notices.
const LONG_TERM: i64 = 3;

/// An answer to the question whether one wants notices of a template.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Choice {
    pub template_id: String,
    /// Yes, or no.
    pub accept: bool,
}

fn choice(template_id: &str, accept: bool, scene: Option<u8>) -> Value<'static> {
    let mut fields = Fields::default();
    fields.push_text("TemplateId", template_id.to_owned());
    fields.push_text("SubscribeStatusString", if accept { "accept" } else { "reject" });
    if let Some(scene) = scene {
        fields.push_number("PopupScene", scene);
    }
    Value::Tree(fields)
}

/// An event whose fields are in a list.
fn listed(mut document: Fields<'static>, around: &'static str, items: Vec<Value<'static>>) -> Fields<'static> {
    document.push(around, Value::List { item: Some("List"), items });
    document
}

impl Sandbox {
    /// A fan is asked whether they want notices, on a page (1) or in an article (2), and answers.
    pub fn choose_notices(&self, appid: &str, openid: &str, choices: &[Choice], scene: u8) -> Result<Heard, ActError> {
        if choices.is_empty() || !matches!(scene, 1 | 2) {
            return Err(ActError::Invalid(
                "a question is about a template, on a page (1) or in an article (2)".to_owned(),
            ));
        }
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        for choice in choices {
            let form = account.forms.find(&choice.template_id, true).ok_or_else(|| not_found("template"))?;
            let lasting = form.kind == LONG_TERM;
            if choice.accept {
                account.fans.change(at.person, |fan| {
                    let consent = fan.consents.entry(choice.template_id.clone()).or_default();
                    consent.lasting |= lasting;
                    consent.left += u32::from(!lasting);
                });
            }
        }
        world.dirty.fan(appid, at.person);
        let name = "subscribe_msg_popup_event";
        let items = choices.iter().map(|one| choice(&one.template_id, one.accept, Some(scene))).collect();
        let document = listed(at.event(name, None), "SubscribeMsgPopupEvent", items);
        let id = hear_event(&mut world, &at, name, None);
        drop(world);
        Ok(self.set_off(&at, id, Going::event(name, document, false), false))
    }

    /// A fan takes a consent back.
    pub fn refuse_notices(&self, appid: &str, openid: &str, template_id: &str) -> Result<Heard, ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        let given = account.fans.view(at.person).consents.get(template_id).is_some_and(|consent| consent.is_given());
        if !given {
            return Err(ActError::Conflict("they have not agreed to it".to_owned()));
        }
        account.fans.change(at.person, |fan| fan.consents.remove(template_id));
        world.dirty.fan(appid, at.person);
        let name = "subscribe_msg_change_event";
        let items = vec![choice(template_id, false, None)];
        let document = listed(at.event(name, None), "SubscribeMsgChangeEvent", items);
        let id = hear_event(&mut world, &at, name, None);
        drop(world);
        Ok(self.set_off(&at, id, Going::event(name, document, false), false))
    }

    /// A person, follower or not, agrees to one message on WeChat's page for that.
    pub fn agree_once(&self, appid: &str, openid: &str, scene: u32) -> Result<(), ActError> {
        if scene > 10_000 {
            return Err(ActError::Invalid("a scene is 0 to 10000".to_owned()));
        }
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        world.dirty.fan(appid, at.person);
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        account.fans.change(at.person, |fan| fan.consents.entry(format!("once {scene}")).or_default().left = 1);
        Ok(())
    }

    /// From now on nothing reaches the fan's phone, or it does again.
    pub fn fail_deliveries(&self, appid: &str, openid: &str, on: bool) -> Result<(), ActError> {
        let mut world = self.world();
        let at = At::find(&world, appid, openid)?;
        world.dirty.fan(appid, at.person);
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        account.fans.change(at.person, |fan| fan.failing = on);
        Ok(())
    }

    /// Tells the account what became of its template messages and notices, when it is time.
    pub(crate) fn watch_forms(&self, appid: String) {
        // One is enough, however much is sent.
        match self.world().account_mut(&appid) {
            Some(account) if !account.forms.watched => account.forms.watched = true,
            _ => return,
        }
        let (clock, inner) = (self.0.clock.clone(), Arc::downgrade(&self.0));
        tokio::spawn(async move {
            loop {
                let Some(sandbox) = inner.upgrade().map(Sandbox) else { return };
                let Some(due_ms) = sandbox.tell_forms(&appid) else { return };
                drop(sandbox);
                let _ = tokio::time::timeout(Duration::from_secs(5), clock.until(due_ms)).await;
            }
        });
    }

    /// Tells what is due; says when the next is.
    fn tell_forms(&self, appid: &str) -> Option<i64> {
        let mut world = self.world();
        let now_ms = world.now_ms();
        let forms = &mut world.account_mut(appid)?.forms;
        let due: Vec<Told> = forms.told.extract_if(.., |one| one.due_ms <= now_ms).collect();
        let next = forms.told.iter().map(|one| one.due_ms).min();
        forms.watched = next.is_some();
        if !due.is_empty() {
            world.dirty.account(appid);
        }
        let jobs: Vec<Job> = due.iter().filter_map(|one| about(&world, appid, one)).collect();
        drop(world);
        for job in jobs {
            self.push(job);
        }
        next
    }

    /// Takes up what a former run of this sandbox left undone.
    pub(crate) fn take_up(&self) {
        let world = self.world();
        let (mut masses, mut forms) = (Vec::new(), Vec::new());
        for (appid, account) in &world.accounts {
            let open = account.masses.jobs.values();
            let open = open.filter(|job| matches!(job.state, MassState::Waiting | MassState::Sending));
            masses.extend(open.map(|job| (appid.clone(), job.msg_id)));
            if !account.forms.told.is_empty() {
                forms.push(appid.clone());
            }
        }
        drop(world);
        masses.into_iter().for_each(|(appid, msg_id)| self.watch_mass(appid, msg_id));
        forms.into_iter().for_each(|appid| self.watch_forms(appid));
    }
}

/// The event about one template message or notice.
fn about(world: &World, appid: &str, one: &Told) -> Option<Job> {
    let account = world.account(appid)?;
    let openid = account.fans.ids.id(one.person);
    let name = if one.notice.is_some() { "subscribe_msg_sent_event" } else { "TEMPLATESENDJOBFINISH" };
    let mut document = document::event(&account.original_id, &openid, one.due_ms / SECOND, name, None);
    match &one.notice {
        None => {
            document.push_number("MsgID", one.msg_id);
            document.push_text("Status", one.status.clone());
        }
        Some(template_id) => {
            let mut fields = Fields::default();
            fields.push_text("TemplateId", template_id.clone());
            fields.push_number("MsgID", one.msg_id);
            fields.push_number("ErrorCode", one.code);
            fields.push_text("ErrorStatus", one.status.clone());
            document = listed(document, "SubscribeMsgSentEvent", vec![Value::Tree(fields)]);
        }
    }
    let (done, _) = oneshot::channel();
    let (appid, what) = (appid.to_owned(), name.to_owned());
    Some(Job { appid, person: one.person, what, document, speaks: false, articles: 0, done })
}
