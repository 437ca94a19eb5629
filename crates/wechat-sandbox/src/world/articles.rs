//! Articles on their way through a broadcast: from the draft box to pages of their own.
//!
//! They are numbered when the broadcast is taken, and can be read once it has gone out. One that
//! fails leaves the draft in the box.

use super::World;
use super::library::{DONE, Issue, Out, UNDER_WAY, Written, consume_draft};

/// `publish_status` of what did not come out.
const FAILED: i64 = 3;

/// The articles behind a media_id of the account: a draft, news of its console, or what was
/// uploaded for broadcasts before there were drafts.
pub(crate) fn articles_of(world: &World, appid: &str, media_id: &str) -> Option<Vec<Written>> {
    let kept = |news| world.library.draft(appid, media_id, news);
    match kept(false).or_else(|| kept(true)) {
        Some(draft) => Some(draft.articles.clone()),
        None => world.usable_media(appid, media_id).and_then(|_| uploaded(world, media_id)),
    }
}

/// The articles of an upload.
pub(crate) fn uploaded(world: &World, media_id: &str) -> Option<Vec<Written>> {
    let news = world.media.get(media_id).filter(|media| media.kind == "news")?;
    serde_json::from_slice(&news.bytes).ok()
}

/// Numbers the articles of a broadcast that has been taken: its `msg_data_id`.
pub(crate) fn take_broadcast(world: &mut World, appid: &str, articles: Vec<Written>) -> u64 {
    let msg_data_id = world.next_msg_data_id();
    let now_ms = world.now_ms();
    world.library.file(Issue {
        msg_data_id,
        appid: appid.to_owned(),
        status: UNDER_WAY,
        broadcast: true,
        articles: articles.into_iter().map(Out::new).collect(),
        created_ms: now_ms,
        out_ms: now_ms,
        ..Issue::default()
    });
    world.dirty.issue(msg_data_id);
    msg_data_id
}

/// A broadcast has gone out to so many people: its pages are there, and its draft is used up.
pub(crate) fn bring_out_broadcast(world: &mut World, msg_data_id: u64, media_id: &str, target_user: u64) {
    let now_ms = world.now_ms();
    let appid = world.change_issue(msg_data_id, |issue| {
        (issue.status, issue.out_ms, issue.target_user) = (DONE, now_ms, target_user);
        issue.appid.clone()
    });
    if let Some(appid) = appid {
        consume_draft(world, &appid, media_id);
    }
}

/// A broadcast has failed: there are no pages.
pub(crate) fn fail_broadcast(world: &mut World, msg_data_id: u64) {
    world.change_issue(msg_data_id, |issue| issue.status = FAILED);
}
