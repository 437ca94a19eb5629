//! What becomes of a broadcast: the administrator's word, the checks, who gets it, and the event.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Batch_Sends_and_Originality_Checks.html>

use std::time::Duration;

use tokio::sync::oneshot;
use wechat::wire::{Fields, Value};

use super::{ActError, not_found};
use crate::clock::SECOND;
use crate::push::{Job, OPERATOR, document};
use crate::sandbox::Sandbox;
use crate::world::articles::{bring_out_broadcast, fail_broadcast};
use crate::world::crowd::Crowd;
use crate::world::mass::{Audience, Check, Mass, MassCounts, MassState, Originality};
use crate::world::{Account, World};

impl Sandbox {
    /// Sees a broadcast through.
    pub(crate) fn watch_mass(&self, appid: String, msg_id: u64) {
        let (clock, inner) = (self.0.clock.clone(), std::sync::Arc::downgrade(&self.0));
        tokio::spawn(async move {
            loop {
                let Some(sandbox) = inner.upgrade().map(Sandbox) else { return };
                let Some(due_ms) = sandbox.end_mass(&appid, msg_id) else { return };
                drop(sandbox);
                // Looked at every few seconds all the same, so that a dropped sandbox ends.
                let _ = tokio::time::timeout(Duration::from_secs(5), clock.until(due_ms)).await;
            }
        });
    }

    /// Ends a broadcast whose time has come; otherwise says when that is. `None` when it is over.
    fn end_mass(&self, appid: &str, msg_id: u64) -> Option<i64> {
        let mut world = self.world();
        let now_ms = world.now_ms();
        let job = world.account(appid)?.masses.jobs.get(&msg_id)?;
        match job.state {
            MassState::Waiting | MassState::Sending if now_ms < job.due_ms => return Some(job.due_ms),
            MassState::Waiting => self.stop(&mut world, appid, msg_id, "err(40002)"),
            MassState::Sending => {
                let (state, status, check) = judge(world.account_mut(appid)?, msg_id)?;
                if state == MassState::Success {
                    deliver(&mut world, appid, msg_id, check)?;
                } else {
                    world.account_mut(appid)?.masses.jobs.get_mut(&msg_id)?.check = check;
                    self.stop(&mut world, appid, msg_id, &status);
                }
            }
            _ => return None,
        }
        let event = event(&world, appid, msg_id);
        drop(world);
        self.0.live.tell("mass", || serde_json::json!({"appid": appid, "msg_id": msg_id.to_string()}));
        self.tell_account(appid);
        if let Some(document) = event {
            let (done, _) = oneshot::channel();
            let what = "MASSSENDJOBFINISH".to_owned();
            let appid = appid.to_owned();
            self.push(Job { appid, person: OPERATOR, what, document, speaks: false, articles: 0, done });
        }
        None
    }

    /// Nobody gets it.
    fn stop(&self, world: &mut World, appid: &str, msg_id: u64, status: &str) {
        let now_ms = world.now_ms();
        world.keep_mass(appid, msg_id);
        let Some(account) = world.account_mut(appid) else { return };
        let total = account.masses.jobs.get(&msg_id).map_or(0, |job| audience(account, &job.audience).len());
        if let Some(job) = account.masses.jobs.get_mut(&msg_id) {
            job.state = MassState::Failed;
            job.status = status.to_owned();
            job.counts = MassCounts { total, ..MassCounts::default() };
            job.ended_ms = Some(now_ms);
            if let Some(msg_data_id) = job.msg_data_id {
                fail_broadcast(world, msg_data_id);
            }
        }
    }

    /// An administrator confirms a broadcast that waits, or refuses it.
    pub fn answer_mass(&self, appid: &str, msg_id: u64, confirm: bool) -> Result<(), ActError> {
        let mut world = self.world();
        let now_ms = world.now_ms();
        let account = world.account_mut(appid).ok_or_else(|| not_found("account"))?;
        let people = match account.masses.jobs.get(&msg_id).map(|job| &job.audience) {
            Some(audience_of) => audience(account, audience_of).len(),
            None => return Err(not_found("broadcast")),
        };
        let takes_ms = account.mass.takes_ms(people);
        let job = account.masses.jobs.get_mut(&msg_id).ok_or_else(|| not_found("broadcast"))?;
        if job.state != MassState::Waiting {
            return Err(ActError::Conflict("the broadcast does not wait for anybody".to_owned()));
        }
        job.state = MassState::Sending;
        job.due_ms = now_ms + takes_ms;
        world.keep_mass(appid, msg_id);
        if !confirm {
            self.stop(&mut world, appid, msg_id, "err(40001)");
        }
        let event = (!confirm).then(|| event(&world, appid, msg_id)).flatten();
        drop(world);
        self.0.live.tell("mass", || serde_json::json!({"appid": appid, "msg_id": msg_id.to_string()}));
        match event {
            Some(document) => {
                let (done, _) = oneshot::channel();
                let what = "MASSSENDJOBFINISH".to_owned();
                let appid = appid.to_owned();
                self.push(Job { appid, person: OPERATOR, what, document, speaks: false, articles: 0, done });
            }
            None => self.watch_mass(appid.to_owned(), msg_id),
        }
        Ok(())
    }
}

/// Everybody a broadcast is for, as things stand.
fn audience(account: &Account, audience: &Audience) -> Crowd {
    match audience {
        Audience::All => account.everybody(),
        Audience::Tag(id) => account.fans.tag_crowd(*id),
        Audience::List(people) => people.clone(),
    }
}

/// Whether a broadcast may go out: what was set to become of it, and the originality check of articles.
fn judge(account: &mut Account, msg_id: u64) -> Option<(MassState, String, Check)> {
    let job = account.masses.jobs.get(&msg_id)?;
    let articles = u32::try_from(job.cards.len()).unwrap_or(0);
    let settings = &account.mass;
    let mut check = Check::default();
    let mut stopped = None;
    if articles > 0 {
        let found = || settings.checked_articles.iter().copied().filter(|i| (1..=articles).contains(i)).collect();
        let goes_on = job.ignore_reprint;
        match settings.originality {
            Originality::Original => check.state = 1,
            Originality::Reprint => {
                check = Check { found: found(), can_reprint: true, state: 2 };
                stopped = (!goes_on).then_some("err(30003)");
            }
            Originality::Forbidden => {
                check = Check { found: found(), can_reprint: false, state: 3 };
                stopped = Some(if goes_on { "err(30002)" } else { "err(30003)" });
            }
            Originality::Error => stopped = (!goes_on).then_some("err(30001)"),
        }
    }
    match account.mass.next_status.take().or(stopped.map(str::to_owned)) {
        Some(status) => Some((MassState::Failed, status, check)),
        None => Some((MassState::Success, "send success".to_owned(), check)),
    }
}

/// It goes out: to whom it can, in one line for all of them.
fn deliver(world: &mut World, appid: &str, msg_id: u64, check: Check) -> Option<()> {
    let now_ms = world.now_ms();
    let line = world.next_chat_id();
    world.keep_mass(appid, msg_id);
    world.dirty.account(appid);
    let account = world.account_mut(appid)?;
    let whole = audience(account, &account.masses.jobs.get(&msg_id)?.audience);
    let mut left = whole.and(&account.everybody()).without(&account.fans.unwilling());
    if account.is_service() {
        left = left.without(account.masses.full(now_ms));
    }
    let failed = left.and(&account.fans.failing());
    let sent = left.without(&failed);
    account.masses.count(&sent, now_ms);
    let job = account.masses.jobs.get_mut(&msg_id)?;
    job.counts = MassCounts { total: whole.len(), filter: left.len(), sent: sent.len(), error: failed.len() };
    job.state = MassState::Success;
    job.status = "send success".to_owned();
    job.check = check;
    job.item.id = line;
    job.item.at_ms = now_ms;
    job.sent = sent;
    job.ended_ms = Some(now_ms);
    if let Some(msg_data_id) = job.msg_data_id {
        let (material, sent) = (job.material.clone(), job.counts.sent);
        bring_out_broadcast(world, msg_data_id, &material, sent);
    }
    Some(())
}

/// The event about a broadcast that is over.
fn event(world: &World, appid: &str, msg_id: u64) -> Option<Fields<'static>> {
    let account = world.account(appid)?;
    let job = account.masses.jobs.get(&msg_id)?;
    let created_s = job.ended_ms? / SECOND;
    let operator = account.fans.ids.id(OPERATOR);
    let mut fields = document::event(&account.original_id, &operator, created_s, "MASSSENDJOBFINISH", None);
    fields.push_number("MsgID", msg_id);
    fields.push_text("Status", job.status.clone());
    fields.push_number("TotalCount", job.counts.total);
    fields.push_number("FilterCount", job.counts.filter);
    fields.push_number("SentCount", job.counts.sent);
    fields.push_number("ErrorCount", job.counts.error);
    fields.push("CopyrightCheckResult", copyright(job));
    fields.push("ArticleUrlResult", urls(job));
    Some(fields)
}

fn list(items: Vec<Fields<'static>>) -> Value<'static> {
    Value::List { item: Some("item"), items: items.into_iter().map(Value::Tree).collect() }
}

fn copyright(job: &Mass) -> Value<'static> {
    let found = |index: &u32| {
        let flag = u8::from(job.check.can_reprint);
        let mut fields = Fields::default();
        fields.push_number("ArticleIdx", index);
        fields.push_number("UserDeclareState", 0);
        fields.push_number("AuditState", 2);
        fields.push_text("OriginalArticleUrl", "http://mp.weixin.qq.com/s/original");
        fields.push_number("OriginalArticleType", 1);
        fields.push_number("CanReprint", flag);
        fields.push_number("NeedReplaceContent", flag);
        fields.push_number("NeedShowReprintSource", flag);
        fields
    };
    let mut fields = Fields::default();
    fields.push_number("Count", job.check.found.len());
    fields.push("ResultList", list(job.check.found.iter().map(found).collect()));
    fields.push_number("CheckState", job.check.state);
    Value::Tree(fields)
}

/// Where the articles are, if they went out.
fn urls(job: &Mass) -> Value<'static> {
    let cards = if job.state == MassState::Failed { &[] } else { job.cards.as_slice() };
    let article = |(index, card): (usize, &crate::world::mass::Card)| {
        let mut fields = Fields::default();
        fields.push_number("ArticleIdx", index + 1);
        fields.push_text("ArticleUrl", card.url.clone());
        fields
    };
    let mut fields = Fields::default();
    fields.push_number("Count", cards.len());
    fields.push("ResultList", list(cards.iter().enumerate().map(article).collect()));
    Value::Tree(fields)
}
