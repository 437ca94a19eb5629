//! What becomes of publications: after their time on the sandbox's clock they are out, or have
//! failed as the account is set, and the account is told.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/publish.html>

use std::sync::Arc;

use tokio::sync::oneshot;
use wechat::wire::{Fields, Value};

use crate::chance;
use crate::clock::SECOND;
use crate::permute::url_letters;
use crate::push::{Job, OPERATOR, document};
use crate::sandbox::Sandbox;
use crate::world::World;
use crate::world::library::{DONE, Issue, UNDER_WAY, consume_draft, urls_of};

const EVENT: &str = "PUBLISHJOBFINISH";

impl Sandbox {
    /// Takes up the publications that were under way when the sandbox was closed.
    pub(crate) fn publish_what_waits(&self) {
        let waiting: Vec<u64> = {
            let world = self.world();
            world
                .library
                .issues
                .values()
                .filter(|issue| issue.status == UNDER_WAY && !issue.broadcast)
                .map(|issue| issue.msg_data_id)
                .collect()
        };
        for msg_data_id in waiting {
            self.publish_in_time(msg_data_id);
        }
    }

    /// Ends a publication when its time has come.
    pub(crate) fn publish_in_time(&self, msg_data_id: u64) {
        let Some(due_ms) = self.world().library.issues.get(&msg_data_id).map(|issue| issue.out_ms) else { return };
        let (inner, clock) = (Arc::downgrade(&self.0), self.0.clock.clone());
        tokio::spawn(async move {
            clock.until(due_ms).await;
            if let Some(inner) = inner.upgrade() {
                Sandbox(inner).end_publication(msg_data_id);
            }
        });
    }

    fn end_publication(&self, msg_data_id: u64) {
        let mut world = self.world();
        let Some(job) = end(&mut world, msg_data_id) else { return };
        let appid = job.appid.clone();
        drop(world);
        self.tell_account(&appid);
        self.push(job);
    }
}

/// Ends it, and writes the event.
fn end(world: &mut World, msg_data_id: u64) -> Option<Job> {
    let now_ms = world.now_ms();
    let issue = world.library.issues.get(&msg_data_id).filter(|issue| issue.status == UNDER_WAY)?.clone();
    let account = world.account(&issue.appid)?;
    let (publishing, original_id) = (account.publishing.clone(), account.original_id.clone());
    let openid = account.fans.ids.id(OPERATOR);
    // A draft that was deleted meanwhile cannot come out.
    let there = world.library.draft(&issue.appid, &issue.draft, false).is_some();
    let mut ended = Issue { status: if there { publishing.outcome.status() } else { 3 }, out_ms: now_ms, ..issue };
    if ended.status == DONE {
        ended.article_id = url_letters(chance::any(), 64);
        consume_draft(world, &ended.appid, &ended.draft);
    } else if matches!(ended.status, 2 | 4) {
        let all = (1..=ended.articles.len()).collect();
        ended.fail_idx = if publishing.fail_idx.is_empty() { all } else { publishing.fail_idx };
    }
    let mut document = document::event(&original_id, &openid, now_ms / SECOND, EVENT, None);
    document.push("PublishEventInfo", info(world, &ended));
    let job = Job {
        appid: ended.appid.clone(),
        person: OPERATOR,
        what: EVENT.to_owned(),
        document,
        speaks: false,
        articles: 0,
        done: oneshot::channel().0,
    };
    world.library.file(ended);
    world.dirty.issue(msg_data_id);
    Some(job)
}

fn info(world: &World, issue: &Issue) -> Value<'static> {
    let mut info = Fields::default();
    info.push_number("publish_id", issue.msg_data_id);
    info.push_number("publish_status", issue.status);
    if issue.status == DONE {
        info.push_text("article_id", issue.article_id.clone());
        let mut detail = Fields::default();
        detail.push_number("count", issue.articles.len());
        for (index, url) in urls_of(world, issue).into_iter().enumerate() {
            let mut item = Fields::default();
            item.push_number("idx", index + 1);
            item.push_text("article_url", url);
            detail.push("item", Value::Tree(item));
        }
        info.push("article_detail", Value::Tree(detail));
    }
    for index in &issue.fail_idx {
        info.push_number("fail_idx", index);
    }
    Value::Tree(info)
}
