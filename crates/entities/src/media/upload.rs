//! Handing one file up to WeChat. The one place, beside the token keeper, where an entity speaks to it:
//! several features need it, and none may lean on another.

use kit::{AccountId, Ctx, Error, MediaId, Millis, TenantId, Work};
use wechat::api::{
    Upload,
    media::upload_media::{Request, UploadMedia},
};
use wechat_client::Failure;

use super::{WechatMedia, store};
use crate::accounts::tokens::Keeper;

/// WeChat keeps temporary files for three days.
const LIFE_MS: Millis = 3 * 86_400_000;

/// Hands one file up, and keeps the id WeChat gives.
pub async fn upload(
    ctx: &Ctx,
    tenant: TenantId,
    account: AccountId,
    id: MediaId,
) -> Result<WechatMedia, UploadFailure> {
    let mut work = Work::reading(ctx, tenant);
    let file = store::find(&mut work, id).await?;
    let bytes = store::bytes(&mut work, id).await?;
    drop(work);
    let request = Request { kind: file.kind.as_str().to_owned() };
    let upload = Upload { filename: file.file_name, content_type: file.content_type, bytes };
    let keeper = Keeper::new(ctx, tenant, account);
    let response = ctx.wechat().upload_as::<UploadMedia>(&keeper, &request, &upload).await?;
    let given = response
        .media_id
        .or(response.thumb_media_id)
        .ok_or_else(|| Failure::Unclear("the answer names no media".into()))?;
    let mut work = Work::begin(ctx, tenant);
    let kept = WechatMedia { media: id, wechat_media_id: given, expires_at: work.now() + LIFE_MS };
    store::remember(&mut work, account, &kept).await?;
    work.commit().await?;
    Ok(kept)
}

/// Why a file was not handed up: our database, or WeChat.
#[derive(Debug, thiserror::Error)]
pub enum UploadFailure {
    #[error(transparent)]
    Ours(Error),
    #[error(transparent)]
    WeChats(Failure),
}

impl From<Error> for UploadFailure {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Failure> for UploadFailure {
    fn from(failure: Failure) -> Self {
        Self::WeChats(failure)
    }
}
