//! What a content needs of WeChat before it can be said: files are handed up, a film is made fit for broadcasts, articles
//! get a draft. All of it can be done again without anybody noticing.

use std::collections::HashMap;

use entities::{
    accounts::tokens::Keeper,
    articles,
    broadcasts::{Content, Way},
    media::{self, UploadFailure},
};
use kit::{AccountId, ArticleId, Ctx, Error, MediaId, Millis, TenantId, Work};
use wechat::api::{
    draft::{
        add_draft::{self, AddDraft},
        get_draft::{self, GetDraft},
    },
    mass::{
        self,
        upload_video::{self, UploadVideo},
    },
};
use wechat_client::{Failure, Next};

use super::decide::{self, Known};

/// A repetition a day later is still to find its files.
const A_DAY: Millis = 25 * 3_600_000;

/// Why it is not ready.
#[derive(Debug)]
pub enum NotReady {
    /// It may be, later.
    Later(String),
    /// Never as it is: a stable word, and what is known.
    Never(&'static str, String),
}

impl From<Error> for NotReady {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::Never("file", "a file or article is no longer there".into()),
            Error::Conflict { code, detail, .. } => match code {
                "article_busy" | "article_publishing" => Self::Later(detail),
                _ => Self::Never("article", detail),
            },
            other => Self::Later(other.to_string()),
        }
    }
}

impl From<Failure> for NotReady {
    fn from(failure: Failure) -> Self {
        match failure.next() {
            Next::FixRequest | Next::GiveUpRecipient => Self::Never("file", failure.to_string()),
            _ => Self::Later(failure.to_string()),
        }
    }
}

impl From<UploadFailure> for NotReady {
    fn from(failure: UploadFailure) -> Self {
        match failure {
            UploadFailure::Ours(error) => error.into(),
            UploadFailure::WeChats(failure) => failure.into(),
        }
    }
}

/// Makes it ready. `copy`: articles go out more than once, and WeChat uses a draft up, so this one is a copy.
pub async fn make(
    ctx: &Ctx,
    tenant: TenantId,
    account: AccountId,
    content: &Content,
    way: Way,
    copy: bool,
) -> Result<mass::Content, NotReady> {
    let mut known = Known { files: files(ctx, tenant, account, &content.media()).await?, ..Known::default() };
    match content {
        Content::Video { media_id, title, description } => {
            let media_id = known.files.get(media_id).cloned().unwrap_or_default();
            let request = upload_video::Request { media_id, title: title.clone(), description: description.clone() };
            let keeper = Keeper::new(ctx, tenant, account);
            known.film = Some(ctx.wechat().call_as::<UploadVideo>(&keeper, &request).await?.media_id);
        }
        Content::Article { article_id } => known.draft = Some(draft(ctx, tenant, account, *article_id, copy).await?),
        _ => {}
    }
    decide::said(content, &known, way).ok_or_else(|| NotReady::Never("file", "WeChat has no such file".into()))
}

async fn files(
    ctx: &Ctx,
    tenant: TenantId,
    account: AccountId,
    needed: &[MediaId],
) -> Result<HashMap<MediaId, String>, NotReady> {
    let mut known = HashMap::new();
    if needed.is_empty() {
        return Ok(known);
    }
    let mut look = Work::reading(ctx, tenant);
    let tomorrow = look.now() + A_DAY;
    for file in media::wechat_ids(&mut look, account, tomorrow).await? {
        known.insert(file.media, file.wechat_media_id);
    }
    drop(look);
    for id in needed {
        if !known.contains_key(id) {
            known.insert(*id, media::upload(ctx, tenant, account, *id).await?.wechat_media_id);
        }
    }
    Ok(known)
}

async fn draft(
    ctx: &Ctx,
    tenant: TenantId,
    account: AccountId,
    article: ArticleId,
    copy: bool,
) -> Result<String, NotReady> {
    let mut look = Work::reading(ctx, tenant);
    let media_id = articles::sendable(&mut look, account, article).await?.draft_media_id;
    drop(look);
    if !copy {
        return Ok(media_id);
    }
    let keeper = Keeper::new(ctx, tenant, account);
    let articles = ctx.wechat().call_as::<GetDraft>(&keeper, &get_draft::Request { media_id }).await?.news_item;
    Ok(ctx.wechat().call_as::<AddDraft>(&keeper, &add_draft::Request { articles }).await?.media_id)
}
