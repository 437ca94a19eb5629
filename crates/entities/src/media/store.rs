//! The media tables. Every statement stays inside the caller's tenant.

use kit::{AccountId, Error, MediaId, Millis, Work, sql};
use store::FromRow;

use super::{Media, MediaKind, WechatMedia};

#[derive(FromRow)]
struct Row {
    id: i64,
    kind: String,
    file_name: String,
    content_type: String,
    size: i64,
    created_at: i64,
}

#[derive(FromRow)]
struct WechatRow {
    media_id: i64,
    wechat_media_id: String,
    expires_at: i64,
}

/// Keeps a file.
pub async fn add(
    work: &mut Work,
    kind: MediaKind,
    file_name: &str,
    content_type: &str,
    bytes: Vec<u8>,
) -> Result<Media, Error> {
    let row = Row {
        id: work.new_id(),
        kind: kind.as_str().to_owned(),
        file_name: file_name.to_owned(),
        content_type: content_type.to_owned(),
        size: bytes.len() as i64,
        created_at: work.now(),
    };
    let query = sql("insert into media (tenant_id, id, kind, file_name, content_type, size, bytes, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(work.tenant())
        .bind(row.id)
        .bind(row.kind.as_str())
        .bind(file_name)
        .bind(content_type)
        .bind(row.size)
        .bind(bytes)
        .bind(row.created_at);
    work.execute(query).await?;
    Media::try_from(row)
}

pub async fn find(work: &mut Work, id: MediaId) -> Result<Media, Error> {
    let query =
        sql("select id, kind, file_name, content_type, size, created_at from media where tenant_id = ? and id = ?")
            .bind(work.tenant())
            .bind(id);
    work.one::<Row>(query).await?.map(Media::try_from).transpose()?.ok_or(Error::NotFound)
}

/// Newest first.
pub async fn list(
    work: &mut Work,
    kind: Option<MediaKind>,
    before: Option<MediaId>,
    limit: u64,
) -> Result<Vec<Media>, Error> {
    let mut query = sql("select id, kind, file_name, content_type, size, created_at from media where tenant_id = ?")
        .bind(work.tenant());
    if let Some(kind) = kind {
        query = query.push(" and kind = ?").bind(kind.as_str());
    }
    if let Some(before) = before {
        query = query.push(" and id < ?").bind(before);
    }
    query = query.push(" order by id desc limit ?").bind(limit as i64);
    work.all::<Row>(query).await?.into_iter().map(Media::try_from).collect()
}

pub async fn bytes(work: &mut Work, id: MediaId) -> Result<Vec<u8>, Error> {
    let query = sql("select bytes from media where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    work.scalar(query).await?.ok_or(Error::NotFound)
}

pub async fn remove(work: &mut Work, id: MediaId) -> Result<(), Error> {
    let query = sql("delete from media where tenant_id = ? and id = ?").bind(work.tenant()).bind(id);
    if work.execute(query).await? == 0 { Err(Error::NotFound) } else { Ok(()) }
}

/// What WeChat calls the tenant's files for this account, of those it will still know at `at`.
pub async fn wechat_ids(work: &mut Work, account: AccountId, at: Millis) -> Result<Vec<WechatMedia>, Error> {
    let query = sql("select media_id, wechat_media_id, expires_at from wechat_media where tenant_id = ? and account_id = ? and expires_at > ?")
        .bind(work.tenant())
        .bind(account)
        .bind(at);
    let rows: Vec<WechatRow> = work.all(query).await?;
    Ok(rows
        .into_iter()
        .map(|row| WechatMedia {
            media: MediaId(row.media_id),
            wechat_media_id: row.wechat_media_id,
            expires_at: row.expires_at,
        })
        .collect())
}

/// Files of this account whose id at WeChat ends before `at`.
pub async fn renewable(work: &mut Work, account: AccountId, at: Millis) -> Result<Vec<MediaId>, Error> {
    let query = sql("select media_id from wechat_media where tenant_id = ? and account_id = ? and expires_at <= ?")
        .bind(work.tenant())
        .bind(account)
        .bind(at);
    Ok(work.scalars::<i64>(query).await?.into_iter().map(MediaId).collect())
}

/// Keeps the id that WeChat gave.
pub async fn remember(work: &mut Work, account: AccountId, given: &WechatMedia) -> Result<(), Error> {
    let query = sql("insert into wechat_media (tenant_id, account_id, media_id, wechat_media_id, expires_at) values (?, ?, ?, ?, ?)
         on conflict (tenant_id, account_id, media_id) do update set wechat_media_id = excluded.wechat_media_id, expires_at = excluded.expires_at")
        .bind(work.tenant())
        .bind(account)
        .bind(given.media)
        .bind(given.wechat_media_id.as_str())
        .bind(given.expires_at);
    work.execute(query).await?;
    Ok(())
}

impl TryFrom<Row> for Media {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let kind = MediaKind::parse(&row.kind).ok_or_else(|| Error::broken("media", row.id, "unknown kind"))?;
        Ok(Self {
            id: MediaId(row.id),
            kind,
            file_name: row.file_name,
            content_type: row.content_type,
            size: row.size,
            url: format!("/api/v1/media/{}/file", row.id),
            created_at: row.created_at,
        })
    }
}
