//! Handing files up to WeChat: a reconciler between the files an account's rules name and what WeChat holds.

use std::collections::HashSet;

use entities::{
    accounts::{self, Function},
    media::{self, UploadFailure},
};
use jobs::{Job, Outcome};
use kit::{AccountId, Ctx, Error, MediaId, Millis, TenantId, Work};
use serde::Deserialize;
use wechat_client::Next;

use super::store;

/// Handed up again when less than this is left.
const RENEW_MS: Millis = 12 * 3_600_000;

#[derive(Deserialize)]
struct Payload {
    account: AccountId,
}

/// The job `upload_media`: hands up what the account's rules need and WeChat does not have.
pub async fn upload_media(ctx: Ctx, job: Job) -> Outcome {
    let payload: Payload = match serde_json::from_value(job.payload.clone()) {
        Ok(payload) => payload,
        Err(error) => return Outcome::GiveUp(error.to_string()),
    };
    match reconcile(&ctx, TenantId(job.tenant), payload.account).await {
        Ok(()) => Outcome::Done,
        Err(Error::NotFound) => Outcome::Done,
        Err(error) if job.attempts < 8 => {
            Outcome::Again { at: ctx.now() + 5_000 * (1 << job.attempts.min(8)), problem: Some(error.to_string()) }
        }
        Err(error) => Outcome::GiveUp(error.to_string()),
    }
}

/// Queues `upload_media` for every account whose files WeChat is about to forget. On a timer.
pub async fn renew(ctx: &Ctx) -> Result<(), Error> {
    let holders = store::holders(&ctx.store().read().await?).await?;
    for (tenant, account) in holders {
        let mut work = Work::begin(ctx, TenantId(tenant));
        let until = work.now() + RENEW_MS;
        if media::renewable(&mut work, AccountId(account), until).await?.is_empty() {
            continue;
        }
        let run_at = work.now();
        work.enqueue(jobs::NewJob {
            name: "upload_media",
            payload: serde_json::json!({ "account": AccountId(account) }),
            run_at,
            dedupe_key: Some(account.to_string()),
        })
        .await?;
        work.commit().await?;
    }
    Ok(())
}

async fn reconcile(ctx: &Ctx, tenant: TenantId, account: AccountId) -> Result<(), Error> {
    let mut work = Work::reading(ctx, tenant);
    if accounts::find(&mut work, account).await?.may(Function::ReplyKeyword).is_err() {
        return Ok(());
    }
    let mut bodies = store::rule_bodies(&mut work, account).await?;
    bodies.extend(store::menu_bodies(&mut work, account).await?);
    let mut wanted: HashSet<MediaId> = bodies.iter().flat_map(|body| store::files_in(body)).collect();
    for files in store::code_files(&mut work, account).await? {
        let files: Vec<MediaId> =
            serde_json::from_str(&files).map_err(|error| Error::broken("qrcodes", account.0, error))?;
        wanted.extend(files);
    }
    let until = work.now() + RENEW_MS;
    let held: HashSet<MediaId> =
        media::wechat_ids(&mut work, account, until).await?.into_iter().map(|file| file.media).collect();
    drop(work);
    let mut uploaded = false;
    for id in wanted.difference(&held) {
        media::upload(ctx, tenant, account, *id).await.map_err(into_error)?;
        uploaded = true;
    }
    if uploaded {
        // The callback door keeps WeChat's ids in memory, by the account's version.
        let mut work = Work::begin(ctx, tenant);
        accounts::bump(&mut work, account).await?;
        work.commit().await?;
    }
    Ok(())
}

fn into_error(failure: UploadFailure) -> Error {
    match failure {
        UploadFailure::Ours(error) => error,
        UploadFailure::WeChats(failure) => match failure.next() {
            Next::Unclear => Error::WeChatAway(failure.to_string()),
            _ => Error::WeChatRefused {
                errcode: failure.errcode().map_or(0, |code| code.0),
                errmsg: failure.to_string(),
            },
        },
    }
}
