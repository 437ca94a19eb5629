//! Fetching what fans sent, once, while WeChat still has it.

use entities::{
    accounts::{self, tokens::Keeper},
    conversations,
    received::{self, FileKind, FileState, KEPT_BY_WECHAT_MS, ReceivedFile},
};
use jobs::{Job, Outcome};
use kit::{Ctx, Error, Millis, ReceivedFileId, TenantId, Work};
use serde::Deserialize;
use wechat::api::media::get_media::{GetMedia, Request, Response};
use wechat_client::{Failure, Next, NoPicture};

/// Films are at most 10 MB at WeChat; ours may be a little more than they say.
const LARGEST: usize = 24 << 20;
/// Tried again after this, and then after twice as long, up to the longest.
const FIRST_PAUSE_MS: Millis = 2_000;
const LONGEST_PAUSE_MS: Millis = 30 * 60_000;

#[derive(Deserialize)]
struct Payload {
    file: ReceivedFileId,
}

/// How a try went.
enum Fetched {
    Here(Vec<u8>),
    /// Perhaps later.
    NotYet(String),
    /// Never; a stable word for why.
    Gone(&'static str),
}

/// The job `fetch_received_file`: our copy of one file that a fan sent.
pub async fn fetch_received_file(ctx: Ctx, job: Job) -> Outcome {
    let payload: Payload = match serde_json::from_value(job.payload.clone()) {
        Ok(payload) => payload,
        Err(error) => return Outcome::GiveUp(error.to_string()),
    };
    match try_once(&ctx, TenantId(job.tenant), payload.file).await {
        Ok(None) | Err(Error::NotFound) => Outcome::Done,
        Ok(Some(problem)) => again(&ctx, &job, problem),
        Err(error) => again(&ctx, &job, error.to_string()),
    }
}

fn again(ctx: &Ctx, job: &Job, problem: String) -> Outcome {
    let pause = (FIRST_PAUSE_MS << job.attempts.clamp(0, 20)).min(LONGEST_PAUSE_MS);
    Outcome::Again { at: ctx.now() + pause, problem: Some(problem) }
}

/// What stands in the way for now; nothing when it is settled.
async fn try_once(ctx: &Ctx, tenant: TenantId, id: ReceivedFileId) -> Result<Option<String>, Error> {
    let mut look = Work::reading(ctx, tenant);
    let file = received::find(&mut look, id).await?;
    if file.state != FileState::Waiting {
        return Ok(None);
    }
    let bound = accounts::find(&mut look, file.account).await.is_ok_and(|account| account.is_bound());
    drop(look);
    let fetched = if ctx.now() - file.sent_at >= KEPT_BY_WECHAT_MS {
        Fetched::Gone(if bound { "expired" } else { "unbound" })
    } else if bound {
        fetch(ctx, tenant, &file).await
    } else {
        Fetched::NotYet("the account is not bound".into())
    };
    let mut work = Work::begin(ctx, tenant);
    match fetched {
        Fetched::NotYet(problem) => return Ok(Some(problem)),
        Fetched::Gone(problem) => received::lose(&mut work, id, problem).await?,
        Fetched::Here(bytes) => {
            let content_type = received::content_type(&bytes);
            received::keep(&mut work, id, content_type, bytes).await?;
        }
    }
    // Whoever looks at the message sees it now.
    conversations::tell(&mut work, &[(file.account, file.openid)]);
    work.commit().await?;
    Ok(None)
}

async fn fetch(ctx: &Ctx, tenant: TenantId, file: &ReceivedFile) -> Fetched {
    let keeper = Keeper::new(ctx, tenant, file.account);
    let request = Request { media_id: file.wechat_media_id.clone() };
    let download = match ctx.wechat().download_as::<GetMedia>(&keeper, &request).await {
        Ok(download) => download,
        Err(failure) => return failed(&failure),
    };
    if file.kind != FileKind::Video {
        return Fetched::Here(download.bytes.to_vec());
    }
    // Of a film, WeChat says where it is; some servers hand it over at once.
    let Ok(Response { video_url }) = serde_json::from_slice(&download.bytes) else {
        return Fetched::Here(download.bytes.to_vec());
    };
    match ctx.pictures().film(&video_url, LARGEST).await {
        Ok(bytes) => Fetched::Here(bytes.to_vec()),
        Err(NoPicture::Away(why)) => Fetched::NotYet(why),
        Err(NoPicture::NotAllowed) => Fetched::Gone("not_allowed"),
        Err(NoPicture::Refused(_)) => Fetched::Gone("refused"),
    }
}

fn failed(failure: &Failure) -> Fetched {
    match failure.next() {
        // WeChat knows no such file: it was forgotten, or is another account's.
        Next::FixRequest | Next::GiveUpRecipient => Fetched::Gone("expired"),
        Next::NotAllowed => Fetched::Gone("refused"),
        _ => Fetched::NotYet(failure.to_string()),
    }
}
