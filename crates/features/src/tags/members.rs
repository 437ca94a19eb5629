//! Who has a tag: what changed at WeChat is taken over here, then what changed here is sent to WeChat.

use std::collections::HashMap;

use entities::{
    fans,
    tags::{self as own, TagSource},
};
use kit::{CustomerId, Error, TagId};
use wechat::{
    ErrCode,
    api::tag::{MAX_TAGS_OF_USER, MAX_USERS, list_tag_users, tag_users, untag_users},
};
use wechat_client::{Failure, Next};

use super::{
    decide,
    mirror::{Mirror, Stopped},
    store::{self, Apart},
};

/// Fans whose agreement is written in one transaction.
const CHUNK: usize = 500;
const BATCH: i64 = 1000;

/// Takes over what changed at WeChat.
pub async fn pull(mirror: &mut Mirror, wechat_id: i64, tag: TagId) -> Result<(), Stopped> {
    let now = listed(mirror, wechat_id).await?;
    let before = store::agreed(&mut mirror.read(), mirror.account, wechat_id).await?;
    let (came, went) = decide::difference(&before, &now);
    for openids in came.chunks(CHUNK) {
        take_over(mirror, wechat_id, tag, openids, true).await?;
    }
    for openids in went.chunks(CHUNK) {
        take_over(mirror, wechat_id, tag, openids, false).await?;
    }
    Ok(())
}

/// Everybody who has the tag at WeChat, sorted by byte.
async fn listed(mirror: &Mirror, wechat_id: i64) -> Result<Vec<String>, Stopped> {
    let mut openids: Vec<String> = Vec::new();
    loop {
        mirror.time()?;
        let next_openid = openids.last().cloned().unwrap_or_default();
        let answer = mirror
            .call::<list_tag_users::ListTagUsers>(&list_tag_users::Request { tagid: wechat_id, next_openid })
            .await?;
        let page = answer.data.unwrap_or_default().openid;
        if page.is_empty() {
            break;
        }
        openids.extend(page.into_iter().map(|openid| AsRef::<str>::as_ref(&openid).to_owned()));
    }
    openids.sort_unstable();
    openids.dedup();
    Ok(openids)
}

async fn take_over(mirror: &Mirror, wechat_id: i64, tag: TagId, openids: &[&str], has: bool) -> Result<(), Error> {
    let mut work = mirror.write().await?;
    // Fans whom we do not know yet bring their tags along when they are imported.
    let mut fans = fans::find_many(&mut work, mirror.account, openids).await?;
    fans.retain(|fan| fan.wechat_tags.contains(&wechat_id) != has);
    let customers: Vec<CustomerId> = fans.iter().map(|fan| fan.customer).collect();
    if has {
        own::put_many(&mut work, tag, &customers, TagSource::Wechat, Some(mirror.account)).await?;
    } else {
        own::remove_many(&mut work, tag, &customers, TagSource::Wechat, Some(mirror.account)).await?;
    }
    for fan in &fans {
        store::agree(&mut work, mirror.account, &fan.openid, &with(&fan.wechat_tags, wechat_id, has)).await?;
    }
    work.commit().await
}

/// Sends what changed here.
pub async fn push(mirror: &mut Mirror, wechat_id: i64, tag: TagId) -> Result<(), Stopped> {
    for has in [true, false] {
        let mut after = String::new();
        loop {
            let mut work = mirror.read();
            let apart = match has {
                true => store::to_tag(&mut work, mirror.account, wechat_id, tag, &after, BATCH).await?,
                false => store::to_untag(&mut work, mirror.account, wechat_id, tag, &after, BATCH).await?,
            };
            drop(work);
            let Some(last) = apart.last() else { break };
            after.clone_from(&last.openid);
            let whole = apart.len() < BATCH as usize;
            send(mirror, wechat_id, apart, has).await?;
            if whole {
                break;
            }
        }
    }
    Ok(())
}

async fn send(mirror: &mut Mirror, wechat_id: i64, apart: Vec<Apart>, has: bool) -> Result<(), Stopped> {
    let mut known: HashMap<String, Vec<i64>> = HashMap::new();
    for fan in apart {
        let tags: Vec<i64> = serde_json::from_str(&fan.wechat_tags)
            .map_err(|_| Error::broken("fans", mirror.account.0, "wechat_tags is no list of numbers"))?;
        if has && tags.len() >= MAX_TAGS_OF_USER {
            mirror.problem = Some("fan_tag_limit");
            continue;
        }
        known.insert(fan.openid, tags);
    }
    let mut openids: Vec<String> = known.keys().cloned().collect();
    openids.sort_unstable();
    for batch in openids.chunks(MAX_USERS) {
        mirror.time()?;
        let done = call(mirror, wechat_id, batch, has).await?;
        let mut work = mirror.write().await?;
        for openid in done {
            store::agree(&mut work, mirror.account, &openid, &with(&known[&openid], wechat_id, has)).await?;
        }
        work.commit().await?;
    }
    Ok(())
}

/// The fans for whom WeChat did it. One whom WeChat will not take spoils a call: then halves are tried.
async fn call(mirror: &mut Mirror, wechat_id: i64, openids: &[String], has: bool) -> Result<Vec<String>, Failure> {
    let request = tag_users::Request { openid_list: openids.to_vec(), tagid: wechat_id };
    let answer = match has {
        true => mirror.call::<tag_users::TagUsers>(&request).await,
        false => mirror.call::<untag_users::UntagUsers>(&request).await,
    };
    let failure = match answer {
        Ok(_) => return Ok(openids.to_vec()),
        Err(failure) => failure,
    };
    let full = failure.errcode() == Some(ErrCode(45059));
    if full {
        mirror.problem = Some("fan_tag_limit");
    }
    if !full && failure.next() != Next::GiveUpRecipient {
        return Err(failure);
    }
    if openids.len() == 1 {
        return Ok(Vec::new());
    }
    let (one, two) = openids.split_at(openids.len() / 2);
    let mut done = Box::pin(call(mirror, wechat_id, one, has)).await?;
    done.extend(Box::pin(call(mirror, wechat_id, two, has)).await?);
    Ok(done)
}

fn with(tags: &[i64], wechat_id: i64, has: bool) -> Vec<i64> {
    let mut tags: Vec<i64> = tags.iter().copied().filter(|tag| *tag != wechat_id).collect();
    if has {
        tags.push(wechat_id);
    }
    tags.sort_unstable();
    tags
}
